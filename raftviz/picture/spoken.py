"""The picture in words, thing by thing, with what can be done to each: for those who do not see it."""

from collections.abc import Iterator

from raftviz.picture.geometry import Box
from raftviz.picture.hover import describe, server_lines
from raftviz.picture.primitives import (
    ClusterPicture,
    Picked,
    PickedClient,
    PickedMessage,
    PickedServer,
    PickedVote,
)
from raftviz.raft.messages import message_name
from raftviz.raft.names import name
from raftviz.raft.server import Leader
from raftviz.raft.values import value
from raftviz.sim import acts
from raftviz.sim.acts import Act, Choice
from raftviz.sim.history import Moment
from raftviz.sim.host import Host, Status
from raftviz.sim.network import Flight, Held


@value
class Spoken:
    """One thing: its name in a line, what else there is to say, where it is, what can be done."""

    picked: Picked
    name: str
    more: str
    box: Box
    actions: tuple[tuple[str, Act], ...] = ()


def spoken(moment: Moment, time_us: float, picture: ClusterPicture) -> Iterator[Spoken]:
    """All servers, votes, and clients, then the messages in flight in the order they were sent."""
    state = moment.state
    for server in picture.servers:
        host = state.hosts[server.id]
        first, *rest = server_lines(host, time_us)
        reach = server.radius
        box = Box(server.x - reach, server.y - reach, 2 * reach, 2 * reach)
        yield Spoken(PickedServer(server.id), first, "\n".join(rest), box, _on_server(host))
    for pip in picture.pips:
        vote = PickedVote(pip.candidate, pip.voter, pip.term)
        title, _, more = describe(moment, time_us, vote).partition(": ")
        box = Box(pip.x - pip.radius, pip.y - pip.radius, 2 * pip.radius, 2 * pip.radius)
        yield Spoken(vote, title, more, box)
    for client in picture.clients:
        first, *rest = describe(moment, time_us, PickedClient(client.id)).split("\n")
        half = client.half
        box = Box(client.x - half, client.y - half, 2 * half, 2 * half)
        yield Spoken(PickedClient(client.id), first, "\n".join(rest), box)
    for sign in sorted(picture.messages, key=lambda sign: sign.id):
        flight = state.flights.get(sign.id)
        if flight is not None:
            _, *rest = describe(moment, time_us, PickedMessage(sign.id)).split("\n")
            title = _message_name(flight)
            yield Spoken(
                PickedMessage(sign.id), title, "\n".join(rest), sign.box, _on_message(flight)
            )


def _message_name(flight: Flight) -> str:
    held = ", held" if isinstance(flight, Held) else ""
    term = getattr(flight.message, "term", None)
    in_term = "" if term is None else f", term {term}"
    ends = f"from {name(flight.source)} to {name(flight.target)}"
    return f"{message_name(flight.message)} {ends}{in_term}{held}"


def _on_server(host: Host) -> tuple[tuple[str, Act], ...]:
    if host.status is Status.CRASHED:
        return (("Restart", acts.Restart(host.id)),)
    crash = ("Crash", acts.Crash(host.id))
    if host.status is Status.PAUSED:
        return (crash, ("Resume", acts.Resume(host.id)))
    what = "Send heartbeats now" if isinstance(host.server.role, Leader) else "Time out now"
    return (
        crash,
        ("Pause", acts.Pause(host.id)),
        (what, acts.Timeout(host.id)),
        ("Cut off", acts.Partition(((host.id,),))),
    )


def _on_message(flight: Flight) -> tuple[tuple[str, Act], ...]:
    choice = Choice(message_name(flight.message), flight.source, flight.target, id=flight.id)
    wait = (
        ("Release", acts.Release(choice))
        if isinstance(flight, Held)
        else ("Hold", acts.Hold(choice))
    )
    return (
        ("Deliver now", acts.Deliver(choice)),
        ("Drop", acts.Drop(choice)),
        wait,
        ("Duplicate", acts.Duplicate(choice)),
    )

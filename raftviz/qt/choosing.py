"""Selecting, by keys, what one would otherwise click: entries of a log, and votes."""

from raftviz.picture.logs import NOOP, entry_text
from raftviz.picture.primitives import PickedEntry, PickedVote
from raftviz.qt.conductor import Conductor
from raftviz.raft.names import name
from raftviz.raft.server import Candidate, Leader
from raftviz.sim.history import State
from raftviz.sim.host import Host, Status


def choose_entry(conductor: Conductor, step: int) -> None:
    """Select the newest entry of a log, or the one ``step`` places from the one that is selected.

    The log is that of the selected server, or else of the leader.
    """
    host = _whose_log(conductor.session.moment.state, conductor.selected_server)
    log = host.disk.durable.log if host.status is Status.CRASHED else host.server.log
    first, last = log.snapshot_index + 1, log.last_index
    if first > last:
        conductor.said.emit(f"{name(host.id)} holds no entries.")
        return
    picked = conductor.selected
    at = picked.index + step if isinstance(picked, PickedEntry) else last
    entry = log[min(max(at, first), last)]
    conductor.select(PickedEntry(host.id, entry.index, entry.term))
    text = entry_text(entry)
    what = "a no-op" if text == NOOP else text
    conductor.said.emit(f"Entry {entry.index} of {name(host.id)}: {what}. Q tells why.")


def _whose_log(state: State, selected: int | None) -> Host:
    if selected is not None and selected in state.hosts:
        return state.hosts[selected]
    leaders = [h for h in state.hosts.values() if h.is_up and isinstance(h.server.role, Leader)]
    every = list(state.hosts.values())
    return max(leaders or every[:1], key=lambda host: host.server.current_term)


def choose_vote(conductor: Conductor, step: int) -> None:
    """Select one vote after the other, of all elections that are under way."""
    hosts = conductor.session.moment.state.hosts
    votes = [
        PickedVote(host.id, voter, host.server.current_term)
        for host in hosts.values()
        if host.is_up and isinstance(host.server.role, Candidate)
        for voter in hosts
    ]
    if not votes:
        conductor.said.emit("Nobody is a candidate, so there are no votes.")
        return
    picked = conductor.selected
    at = 0 if step > 0 else -1
    if isinstance(picked, PickedVote) and picked in votes:
        at = votes.index(picked) + step
    vote = votes[at % len(votes)]
    conductor.select(vote)
    whom = "itself" if vote.voter == vote.candidate else name(vote.candidate)
    conductor.said.emit(f"{name(vote.voter)}'s vote for {whom}. Q tells why.")

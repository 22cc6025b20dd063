"""A broken property as a page: the two events that contradict each other, each to be walked from."""

from collections.abc import Iterator

from raftviz.checks.properties import Violation
from raftviz.picture.primitives import PickedBreach, PickedServer
from raftviz.picture.timeline_scale import ms_text
from raftviz.picture.why.page import Page, Step, Told, step_to
from raftviz.sim.history import NETWORK, Moment
from raftviz.sim.network import Network


def breach_page(moment: Moment, picked: PickedBreach, violation: Violation) -> Page:
    """What broke, and the two events that cannot both be."""
    kind = violation.property
    sections = tuple(kind.section.split(", "))
    return Page(
        picked,
        f"{kind.title} is broken",
        f"at {ms_text(violation.time_us)} ms",
        (Told(violation.explanation), Told(kind.statement, sections), *_broken(moment, violation)),
        tuple(_contradiction(moment, violation)),
        (),
        violation.event,
        frozenset(PickedServer(server) for server in violation.servers),
        broken=True,
    )


def _broken(moment: Moment, violation: Violation) -> Iterator[Told]:
    """Which rules were broken on purpose when it happened."""
    network = moment.history.part_at(moment.branch, NETWORK, violation.event)
    if isinstance(network, Network) and network.variants:
        from raftviz.picture.variants.page import on_words  # noqa: PLC0415 - while any is broken

        yield Told(on_words(network.variants))


def _contradiction(moment: Moment, violation: Violation) -> Iterator[Step]:
    branch = moment.branch
    if 0 <= violation.earlier < len(branch):
        yield step_to(branch, violation.earlier, "", moment.count)
    else:
        yield Step("What it contradicts was so from the beginning")
    if violation.event < len(branch):
        yield step_to(branch, violation.event, "", moment.count)

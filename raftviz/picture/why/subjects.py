"""What there is to be asked about at a moment."""

from raftviz.checks.properties import Violation
from raftviz.picture.primitives import (
    Picked,
    PickedClient,
    PickedEntry,
    PickedEvent,
    PickedMessage,
    PickedServer,
    PickedVote,
    Subject,
)
from raftviz.sim.history import Moment


def subject_at(moment: Moment, selected: Picked | None) -> Subject | None:
    """What is to be explained at a moment: what is selected, or else what happened last.

    Of a server or a client, what changed it last. None before anything has happened.
    """
    match selected:
        case PickedMessage() | PickedEntry() | PickedVote():
            return selected
        case PickedServer(id=part) | PickedClient(id=part):
            last = moment.branch.last_change(part, moment.count)
            if last is not None:
                return PickedEvent(last)
    return PickedEvent(moment.count - 1) if moment.count else None


def is_on(moment: Moment, violation: Violation) -> bool:
    """Whether a violation is one of the branch that is looked at, or of what it shares."""
    where = moment.history.branches[violation.branch]
    return violation.event < moment.branch.shared_with(where)

"""Reading what a server is, and what it knows in its role."""

from typing import TypeVar

import attrs

from raftviz.raft.server import Candidate, Flow, Follower, Incoming, Leader, Role
from raftviz.sim.partly import OF_ROLES
from raftviz.sim.recording.drafts import Draft
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    each,
    get,
    integer,
    known_keys,
    log_index,
    mapping,
    need,
    one_of,
    pairs,
    text,
    truth,
)
from raftviz.sim.recording.schema import MAX_LINE, ROLES

R = TypeVar("R", Follower, Candidate, Leader)

FRESH: dict[str, tuple[Role, tuple[str, ...]]] = {
    "follower": (Follower(), ("leader",)),
    "candidate": (Candidate(frozenset()), ("votes",)),
    "leader": (Leader({}, {}, {}), ("next_index", "match_index")),
}
"""Each role as it begins, and what of it is not known then."""

_INCOMING = frozenset({"last_included_index", "last_included_term", "text"})
_FLOW = frozenset({"in_flight", "start", "overdue", "probing", "offset"})
_read_role = one_of(*ROLES)


def role(draft: Draft, value: Json) -> None:
    """Its role. Another one than before begins anew, and nothing more is known of it."""
    fresh, unknown = FRESH[_read_role(value)]
    if type(fresh) is not type(draft.role) or "role" in draft.unknown:
        draft.role = fresh
        draft.unknown.difference_update(OF_ROLES)
        draft.unknown.update(unknown)


def no_role(draft: Draft) -> None:
    """What it is is not known."""
    draft.role = Follower()
    draft.unknown.difference_update(OF_ROLES)


def _as(draft: Draft, kind: type[R]) -> R:
    if not isinstance(draft.role, kind) or "role" in draft.unknown:
        raise Wrong(f"only a {kind.__name__.lower()} has this, and this server is none")
    return draft.role


def leader(draft: Draft, value: Json) -> None:
    """The leader a follower knows of."""
    known = draft.recall.names.server_or_nobody(value)
    draft.role = Follower(known, _as(draft, Follower).incoming)


def incoming(draft: Draft, value: Json) -> None:
    """The snapshot that a follower has a part of."""
    known, coming = _as(draft, Follower).leader_id, None
    if value != "none":
        told = mapping(value)
        known_keys(told, _INCOMING)
        coming = Incoming(
            need(told, "last_included_index", log_index),
            need(told, "last_included_term", integer),
            get(told, "text", lambda it: text(it, MAX_LINE), ""),
        )
    draft.role = Follower(known, coming)


def granted(draft: Draft, value: Json) -> None:
    """Who voted for a candidate."""
    refusing = _as(draft, Candidate).refused
    draft.role = Candidate(frozenset(each(value, draft.recall.names.server)), refusing)


def refused(draft: Draft, value: Json) -> None:
    """Who did not."""
    granting = _as(draft, Candidate).granted
    draft.role = Candidate(granting, frozenset(each(value, draft.recall.names.server)))


def next_index(draft: Draft, value: Json) -> None:
    """What a leader sends next; followers that are not named stay as they were."""
    leads, told = _as(draft, Leader), pairs(value, draft.recall.names.server, log_index)
    draft.role = attrs.evolve(leads, next_index={**leads.next_index, **told})


def match_index(draft: Draft, value: Json) -> None:
    """What a leader knows followers to hold; those that are not named stay as they were."""
    leads, told = _as(draft, Leader), pairs(value, draft.recall.names.server, log_index)
    draft.role = attrs.evolve(leads, match_index={**leads.match_index, **told})


def flow(draft: Draft, value: Json) -> None:
    """What a leader has under way; followers that are not named stay as they were."""
    leads, told = _as(draft, Leader), pairs(value, draft.recall.names.server, _flow)
    draft.role = attrs.evolve(leads, flow={**leads.flow, **told})


def _flow(value: Json) -> Flow:
    told = mapping(value)
    known_keys(told, _FLOW)
    return Flow(
        get(told, "in_flight", lambda it: each(it, log_index), ()),
        get(told, "start", log_index, 0),
        get(told, "overdue", log_index, 0),
        get(told, "probing", truth, default=False),
        get(told, "offset", integer, 0),
    )


def batched(draft: Draft, value: Json) -> None:
    """Up to where nothing waits to be sent with others."""
    draft.role = attrs.evolve(_as(draft, Leader), batched=log_index(value))


# What of a role is not known, as it begins


def no_leader(draft: Draft) -> None:
    """Whom a follower follows is not known."""
    draft.role = Follower(0, _as(draft, Follower).incoming)


def no_votes(draft: Draft) -> None:
    """Who voted for a candidate is not known."""
    _as(draft, Candidate)
    draft.role = Candidate(frozenset())


def no_next_index(draft: Draft) -> None:
    """What a leader sends next is not known."""
    draft.role = attrs.evolve(_as(draft, Leader), next_index={})


def no_match_index(draft: Draft) -> None:
    """What a leader knows its followers to hold is not known."""
    draft.role = attrs.evolve(_as(draft, Leader), match_index={})

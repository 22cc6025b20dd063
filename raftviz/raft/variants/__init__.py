"""Raft with one rule broken: the mistakes that people make, each as a variant by name.

The algorithm knows nothing of this. It asks its ``Rules``, and a variant is another value of them.
"""

from functools import lru_cache

from raftviz.raft.rules import Rules
from raftviz.raft.variants import committing, electing, executing, remembering, replicating
from raftviz.raft.variants.variant import PROGRESS, Variant, rules_of

VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        electing.last_index_off_by_one,
        replicating.next_index_is_len,
        replicating.count_next_index,
        replicating.match_is_current_len,
        replicating.stale_term_accepted,
        replicating.unconditional_truncate,
        committing.commit_min_log_len,
        remembering.vote_not_persisted,
        remembering.log_not_persisted,
        remembering.corrupt_state_ignored,
        replicating.caller_supplies_term,
        remembering.compact_uncommitted,
        executing.apply_error_skips,
        executing.ack_before_commit,
        committing.even_majority,
        electing.votes_counted_not_set,
        committing.commit_any_term,
        electing.no_log_check,
        remembering.boundary_term_lost,
        electing.single_node_no_win,
        executing.no_sessions,
        electing.timer_reset_by_anyone,
        electing.same_timeout_again,
        electing.votes_one_by_one,
        replicating.heartbeats_one_by_one,
        replicating.conflict_term_of_leader,
        replicating.pipeline_unchecked,
        replicating.no_no_op,
        remembering.vote_never_reset,
        remembering.vote_reset_in_term,
    )
}
"""All variants by name."""


def variant_rules(*names: str) -> Rules:
    """The rules with the variants of these names in; none: the rules as the paper has them.

    Raises ValueError for a name that is none, and for two variants that replace the same rule.
    """
    unknown = [name for name in names if name not in VARIANTS]
    if unknown:
        raise ValueError(f"there is no variant {unknown[0]!r}: there are {', '.join(VARIANTS)}")
    return rules_of(tuple(VARIANTS[name] for name in names))


@lru_cache(maxsize=64)
def rules_with(names: tuple[str, ...]) -> Rules:
    """``variant_rules``, the same value each time: a world asks whenever it begins."""
    return variant_rules(*names)


def with_variant(on: tuple[str, ...], name: str) -> tuple[str, ...]:
    """The variants that are ``on``, and one more, in the order of the table.

    Raises ValueError, in one sentence, when it is on already or another replaces the same rule.
    """
    if name in on:
        raise ValueError(f"“{name}” is on already")
    rule = VARIANTS[name].rule
    rival = next((one for one in on if VARIANTS[one].rule == rule), None)
    if rival is not None:
        raise ValueError(f"“{name}” and “{rival}” break the same rule: one at a time")
    return tuple(one for one in VARIANTS if one in (*on, name))


__all__ = ["PROGRESS", "VARIANTS", "Variant", "rules_with", "variant_rules", "with_variant"]

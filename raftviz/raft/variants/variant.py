"""What a variant is: a name, one rule of ``Rules``, and the mistake to put in its place."""

from collections.abc import Callable
from typing import Any

import attrs

from raftviz.raft.rules import RULES, Rules
from raftviz.raft.values import value

Broken = Callable[..., Any]
"""A replacement; it takes what the rule that it replaces takes."""


@value
class Variant:
    """The algorithm with one rule broken, as a lesson shows it.

    ``rule`` is the field of ``Rules`` that ``replacement`` stands in for, ``section`` where the
    paper has it. ``falls`` is the property that a history then breaks; ``safety`` is False where that
    is progress or a definition. ``progress`` stands for what no property notices, because it is only
    slower or later: ``suffers`` says what one measures, wherever it is progress that is lost. The
    replacement's docstring tells the story: what is correct, where the mistake comes from, what falls.
    """

    name: str
    title: str
    rule: str
    section: str
    falls: str
    safety: bool
    replacement: Broken
    suffers: str = ""

    @property
    def story(self) -> str:
        """What is correct, where the mistake comes from, and what falls: three paragraphs."""
        return self.replacement.__doc__ or ""


PROGRESS = "progress"
"""What a variant costs that no property notices: everything still happens, later."""


def breaks(
    rule: str, section: str, title: str, falls: str, *, safety: bool = True, suffers: str = ""
) -> Callable[[Broken], Variant]:
    """Turn a replacement for ``rule`` into the variant that has the replacement's name."""

    def variant(replacement: Broken) -> Variant:
        name = replacement.__name__
        return Variant(name, title, rule, section, falls, safety, replacement, suffers)

    return variant


def rules_of(variants: tuple[Variant, ...]) -> Rules:
    """The rules with these variants in. Raises ValueError if two of them replace the same rule.

    ``keeps_committed`` is off in all of them: that rule is no part of Raft but a safety belt, and
    a belt would hide the crash that the variant is there to show.
    """
    if not variants:
        return RULES
    replaced: dict[str, Variant] = {}
    for variant in variants:
        other = replaced.setdefault(variant.rule, variant)
        if other is not variant:
            raise ValueError(
                f"{other.name} and {variant.name} both replace the rule {variant.rule}: "
                "choose one of them"
            )
    changes: dict[str, Any] = {"keeps_committed": _no_belt}
    changes |= {rule: variant.replacement for rule, variant in replaced.items()}
    return attrs.evolve(RULES, **changes)


def _no_belt(conflict: int | None, commit_index: int) -> bool:  # noqa: ARG001 - has the rule's shape
    return True

"""A variant as a page to read, and all of them in groups."""

import ast
from collections.abc import Callable, Mapping
from textwrap import dedent
from typing import Any

from raftviz.checks.properties import PROPERTIES
from raftviz.picture.rulebook import RULES as BOOK
from raftviz.picture.source import Source, SourceMissingError, source_of
from raftviz.picture.variants.words import TOLD
from raftviz.raft.rules import RULES
from raftviz.raft.values import value
from raftviz.raft.variants import PROGRESS, VARIANTS, Variant

_TITLES = {one.name: one.title for one in PROPERTIES}
_STATEMENTS = {one.name: one.statement for one in PROPERTIES}

GROUPS: Mapping[str, str] = {
    "electing": "Elections",
    "replicating": "Replication",
    "committing": "Committing",
    "remembering": "Disks and snapshots",
    "executing": "Execution and clients",
}
"""What the modules of ``raft/variants`` are about."""


@value
class Page:
    """All that there is to read of a variant. ``right`` and ``wrong`` are code, side by side.

    ``falls`` is what falls, in a few words; ``statement`` what it promised, empty for progress.
    ``book`` is the rule of the book that it belongs to, ``lesson`` the lesson, empty for none.
    """

    name: str
    title: str
    rule: str
    section: str
    correct: str
    mistake: str
    then: str
    article: str
    falls: str
    statement: str
    suffers: str
    safety: bool
    lesson: str
    book: str
    right: Source
    wrong: Source


def page_of(name: str) -> Page:
    """The page of a variant. Raises SourceMissingError where the code is not at hand."""
    variant = VARIANTS[name]
    rule = getattr(RULES, variant.rule)
    correct, mistake, then = _story(variant)
    told = TOLD[name]
    return Page(
        name,
        variant.title,
        variant.rule,
        variant.section,
        correct,
        mistake,
        then,
        told.article,
        falls_words(variant),
        _STATEMENTS.get(variant.falls, ""),
        variant.suffers,
        variant.safety,
        told.lesson,
        next((one.id for one in BOOK.values() if rule in one.code), ""),
        _bare(source_of(rule)),
        _bare(source_of(variant.replacement)),
    )


def falls_words(variant: Variant) -> str:
    """What falls, in a few words: a property's title, or progress."""
    return "Progress" if variant.falls == PROGRESS else _TITLES[variant.falls]


def groups() -> dict[str, list[Variant]]:
    """All variants under the titles of what they are about."""
    found: dict[str, list[Variant]] = {title: [] for title in GROUPS.values()}
    for variant in VARIANTS.values():
        found[GROUPS[variant.replacement.__module__.rpartition(".")[2]]].append(variant)
    return found


def rivals(name: str, on: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are on and break the same rule: they go off when this one goes on."""
    return tuple(one for one in on if one != name and _rule(one) == _rule(name))


def title_of(name: str) -> str:
    """A variant's title; its name, if a recording has one that we do not know."""
    variant = VARIANTS.get(name)
    return name if variant is None else variant.title


def on_words(on: tuple[str, ...]) -> str:
    """Which rules are broken on purpose, in a sentence; empty for none."""
    if not on:
        return ""
    return "Broken on purpose: " + "; ".join(f"{title_of(one)} ({one})" for one in on) + "."


def followed(thing: Callable[..., Any], on: tuple[str, ...]) -> Variant | None:
    """The variant that servers follow instead of a function of the algorithm, if one is on."""
    return next(
        (
            VARIANTS[one]
            for one in on
            if one in VARIANTS and getattr(RULES, VARIANTS[one].rule) is thing
        ),
        None,
    )


def _rule(name: str) -> str:
    variant = VARIANTS.get(name)
    return "" if variant is None else variant.rule


def _story(variant: Variant) -> tuple[str, str, str]:
    """The three parts of a story, each without the word that it begins with, as a paragraph."""
    parts = dedent("    " + variant.story).strip().split("\n\n")
    told = [" ".join(part.split()).partition(": ")[2] for part in parts]
    correct, mistake, then = (_begun(words) for words in told)
    return correct, mistake, then


def _begun(words: str) -> str:
    """A sentence with a capital, unless it begins with a word of the code."""
    return words if "_" in words.partition(" ")[0] else words[:1].upper() + words[1:]


def _bare(source: Source) -> Source:
    """A function without decorators and docstring, which are told in words."""
    tree = ast.parse(source.text).body[0]
    if not isinstance(tree, ast.FunctionDef):
        return source
    lines = source.text.splitlines()
    said = tree.body[0] if ast.get_docstring(tree) is not None else None
    kept = [
        line
        for number, line in enumerate(lines, 1)
        if number >= tree.lineno
        and not (said is not None and said.lineno <= number <= (said.end_lineno or 0))
    ]
    text = "\n".join(line.partition("  # noqa")[0] for line in kept).rstrip() + "\n"
    return Source(source.path, source.line + tree.lineno - 1, text)


__all__ = ["Page", "SourceMissingError", "falls_words", "groups", "page_of", "rivals"]

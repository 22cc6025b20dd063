"""The command line for variants: which mistakes there are, and how each is made."""

import json
from typing import TYPE_CHECKING, Any

import click

from raftviz.door import refuse
from raftviz.raft.variants import VARIANTS
from raftviz.sim.script_error import did_you_mean

if TYPE_CHECKING:
    from raftviz.picture.variants.page import Page

# What is to be read is imported by who reads it: other commands do not wait for it.
# ruff: noqa: PLC0415


@click.command()
@click.argument("name", required=False)
@click.option("--json", "json_wanted", is_flag=True, help="Print it as JSON.")
def variants(name: str | None, json_wanted: bool) -> None:  # noqa: FBT001 - click passes flags so
    """List the rules of Raft that can be broken, or tell all about NAME.

    “raftviz run SCENARIO --variant NAME” plays a scenario with the rule broken.
    """
    if name is not None and name not in VARIANTS:
        refuse(f"there is no variant “{name}”" + did_you_mean(name, VARIANTS))
    if json_wanted:
        names = [name] if name else list(VARIANTS)
        click.echo(json.dumps([_as_json(page_or_refusal(one)) for one in names], indent=1))
    elif name is not None:
        click.echo(_told(page_or_refusal(name)))
    else:
        _list()


def _list() -> None:
    from raftviz.picture.variants.page import falls_words, groups

    for title, members in groups().items():
        click.echo(f"{title}:")
        for variant in members:
            click.echo(f"  {variant.name:24} {variant.title}. Falls: {falls_words(variant)}")


def page_or_refusal(name: str) -> "Page":
    """The page of a variant that there is."""
    from raftviz.picture.source import SourceMissingError
    from raftviz.picture.variants.page import page_of

    try:
        return page_of(name)
    except SourceMissingError as error:
        refuse(str(error))


def _as_json(page: "Page") -> dict[str, Any]:
    return {
        "name": page.name,
        "title": page.title,
        "rule": page.rule,
        "section": page.section,
        "safety": page.safety,
        "falls": VARIANTS[page.name].falls,
        "suffers": page.suffers or None,
        "correct": page.correct,
        "article": page.article,
        "mistake": page.mistake,
        "then": page.then,
        "lesson": page.lesson or None,
        "right": page.right.text,
        "wrong": page.wrong.text,
    }


def _told(page: "Page") -> str:
    parts = [
        f"{page.name}: {page.title} ({page.section})",
        f"The rule: {page.correct}",
        f"How one reads it, in our words: {page.article}",
        f"The mistake: {page.mistake}",
        f"What falls: {page.then}",
    ]
    if page.suffers:
        parts.append(f"What one measures: {page.suffers}.")
    for title, source in (("Right", page.right), ("Wrong", page.wrong)):
        parts.append(f"{title}, {source.path}, line {source.line}:\n\n{source.text.rstrip()}")
    return "\n\n".join(parts)

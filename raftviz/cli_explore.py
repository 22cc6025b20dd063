"""The command line for searches: ``raftviz explore``."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import attrs
import click

from raftviz.door import refuse
from raftviz.keeping import keep
from raftviz.lab.crews import Crew, CrewError, crew_of
from raftviz.lab.exhaustive.bounds import BoundsError, bounds_from, estimate_words, usual
from raftviz.lab.exhaustive.finding import exhaust
from raftviz.lab.exploring import LIMIT_S, explore
from raftviz.lab.findings import SHRINKING, Finding, Progress, Search
from raftviz.lab.plans import ANY, NONE, Aim
from raftviz.session.opening import Opening

SURPRISED = 1
"""Exit status when a variant was not found, or something fell without any."""


@click.command("explore")
@click.option(
    "--variant", required=True, help="Which rule is broken; none: the algorithm as it is."
)
@click.option("--property", "falls", help="What is to fall; else what the variant says, or any.")
@click.option("--seed", type=click.IntRange(0, 2**38), default=0, show_default=True)
@click.option("--limit", type=click.FloatRange(0.1, 1e6), default=LIMIT_S, help="Seconds.")
@click.option("--jobs", type=click.IntRange(1, 512), default=os.cpu_count() or 1, show_default=True)
@click.option("--scheduler", help="The address of a Dask scheduler, whose workers do the search.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where the session goes."
)
@click.option("--json", "json_wanted", is_flag=True, help="Print the finding as JSON.")
@click.option("--exhaustive", is_flag=True, help="Not at random: all there is within bounds.")
@click.option(
    "--within",
    metavar="BOUNDS",
    help="The bounds, such as “servers=3 terms=2 commands=1 crashes=1”; else what suits the variant.",
)
def explore_command(
    variant: str,
    falls: str | None,
    seed: int,
    limit: float,
    jobs: int,
    scheduler: str | None,
    out: Path | None,
    json_wanted: bool,  # noqa: FBT001 - click passes flags so
    exhaustive: bool,  # noqa: FBT001
    within: str | None,
) -> None:
    """Search for a short run in which a broken rule matters.

    Runs at random, seed after seed, until a property falls; then the least of it, as a session that
    opens in the window. Ctrl+C ends the search and keeps what it has come to. Exit status 1 if a
    variant was not found, or if something fell on the algorithm as it is; 2 for bad input.

    With --exhaustive, every state within the bounds is looked at, nearest first, on one core: whatever
    the network does, and up to so many terms, commands and crashes.
    """
    try:
        aim = Aim.of(variant, falls or "")
    except ValueError as error:
        refuse(str(error))
    try:
        if exhaustive or within is not None:
            search, unit = _of_all(aim, within or "", tell=not json_wanted), " states"
        else:
            crew = crew_of(jobs) if scheduler is None else _far_away(scheduler)
            search, unit = explore(aim, seed=seed, limit_s=limit, crew=crew), " runs"
        finding = watched(search, variant, show=_bar(unit, shown=not json_wanted))
    except (CrewError, BoundsError) as error:
        refuse(str(error))
    if finding.found:
        finding = attrs.evolve(finding, session=_as_saved(finding.session))
    _tell(finding, out, json_wanted=json_wanted)
    if finding.found is (variant == NONE) and not _costs_only_time(variant):
        sys.exit(SURPRISED)


def _of_all(aim: Aim, within: str, *, tell: bool) -> Search:
    """The exhaustive search, told of beforehand. Raises BoundsError."""
    bounds, options = usual(aim.variants)
    bounds = bounds_from(within, bounds)
    search = exhaust(aim, bounds, options)
    if tell:
        click.echo(f"{bounds.words}: {estimate_words(bounds, options)} at most.", err=True)
    return search


def _costs_only_time(variant: str) -> bool:
    return variant != NONE and Aim.of(variant).falls == ANY


def _far_away(address: str) -> Crew:
    from raftviz.lab.far_away import FarAway  # noqa: PLC0415 - Dask, for who asks for it

    return FarAway(address)


def watched(search: Search, variant: str, show: Callable[[Progress], None]) -> Finding:
    """What the search comes to; Ctrl+C ends it, and then what it had come to by then."""
    last = Progress()
    try:
        while True:
            last = next(search)
            show(last)
    except StopIteration as end:
        finding: Finding = end.value
        return finding
    except KeyboardInterrupt:
        search.close()
        if last.best is not None:
            return attrs.evolve(
                last.best, says=f"{last.best.says} Stopped before it was the least."
            )
        seen = f"{last.states:,} states" if last.states else f"{last.runs:,} runs"
        says = f"stopped after {seen}; nothing had fallen by then"
        return Finding(found=False, variant=variant, runs=last.runs, states=last.states, says=says)


def _as_saved(session: str) -> str:
    """A session as the window would save it, fingerprints and all."""
    opening = Opening(session)
    for _ in opening.working():
        pass
    return opening.scribe.text


def _bar(unit: str, *, shown: bool) -> Callable[[Progress], None]:
    """Something that says on the terminal how far a search has come."""
    from tqdm import tqdm  # noqa: PLC0415 - takes longer than all other imports here

    bar = tqdm(unit=unit, disable=None if shown else True, leave=False)

    def show(progress: Progress) -> None:
        bar.update((progress.states or progress.runs) - bar.n)
        if progress.phase == SHRINKING:
            bar.set_description(f"{progress.phase}: {progress.acts} acts", refresh=False)
        else:
            bar.set_description(progress.phase, refresh=False)

    return show


def _tell(finding: Finding, out: Path | None, *, json_wanted: bool) -> None:
    if out is not None and finding.found:
        try:
            keep(out, finding.session.encode())
        except OSError as error:
            refuse(f"{out} cannot be written: {error.strerror or error}")
    if json_wanted:
        click.echo(json.dumps(finding.as_json(), indent=1))
        return
    click.echo(finding.says)
    if finding.found:
        where = f"run {finding.seed}" if finding.seed >= 0 else f"{finding.depth} steps away"
        click.echo(f"{finding.seconds:.1f} s, {where}" + (f": {out}" if out else ""))
        if out is None:
            click.echo(f"\n{finding.session}", nl=False)

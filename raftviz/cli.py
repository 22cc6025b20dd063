"""The command line: what raftviz does without a window, and how the window is opened."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click

from raftviz import __version__
from raftviz.checks.checker import Checker
from raftviz.cli_explore import explore_command
from raftviz.cli_lessons import lessons
from raftviz.cli_variants import variants
from raftviz.door import need_libraries, open_window, refuse
from raftviz.picture.layouts import LAYOUTS
from raftviz.picture.theme import THEMES
from raftviz.report import Outcome, as_json, summary
from raftviz.shelf import UnreadableError, is_there, read_scenario, shipped_scenarios
from raftviz.sim.condition_words import ATTRIBUTES, FUNCTIONS, NAMES
from raftviz.sim.player import Player
from raftviz.sim.recording.writing import event_count
from raftviz.sim.scenario import SAID_ONCE
from raftviz.sim.script_error import ScriptError, did_you_mean
from raftviz.sim.settings import Settings
from raftviz.sim.statement_words import STATEMENTS
from raftviz.sim.statements import Scenario, Trace
from raftviz.sim.trace import trace_lines
from raftviz.sim.vocabulary import FORMS
from raftviz.tracefile import FORMATS, Export, format_of, is_recording, open_recording

T = TypeVar("T")

BROKEN = 1
"""Exit status when a property was violated, or an expectation was in vain."""

SCENARIO_HELP = "A .raft file, the name of a scenario that ships, or a recording (.jsonl)."


def _with_bar(work: Iterable[T], **how: Any) -> Iterable[T]:
    """The same, with a bar on the terminal that says how far it has come."""
    from tqdm import tqdm  # noqa: PLC0415 - takes longer than all other imports here

    return tqdm(work, **how)


class _Front(click.Group):
    """Commands by name; anything else is a scenario to open in the window."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            first = args[0]
            if not is_there(first) and first.removesuffix(".raft") not in shipped_scenarios():
                known = [*self.commands, *shipped_scenarios()]
                refuse(
                    f"there is no command, file or scenario “{first}”" + did_you_mean(first, known)
                )
            args = ["open", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Front, invoke_without_command=True)
@click.version_option(__version__, prog_name="raftviz")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Watch the Raft consensus algorithm work, stop it, and break it.

    Without a command, or with a scenario, the window opens.
    """
    if ctx.invoked_subcommand is None:
        open_window(None)


@main.command("open")
@click.argument("scenario", required=False)
def open_command(scenario: str | None) -> None:
    """Open the window, on SCENARIO if one is given."""
    open_window(scenario)


@main.command()
@click.argument("scenario")
@click.option("--seed", type=click.IntRange(0, 2**63), help="Another seed than the scenario's.")
@click.option("--variant", "variants", multiple=True, help="A rule to break; may stand twice.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the result as JSON.")
@click.option("--trace", type=click.Path(dir_okay=False, path_type=Path), help="Write every event.")
def run(
    scenario: str,
    seed: int | None,
    variants: tuple[str, ...],
    json_wanted: bool,  # noqa: FBT001 - click passes flags so
    trace: Path | None,
) -> None:
    """Play SCENARIO without a window, and say what came of it.

    Exit status 1 if a property was violated or an expectation was in vain, 2 for bad input.
    """
    outcome, checker = outcome_of(scenario, seed, variants)
    if trace is not None:
        try:
            with trace.open("w", encoding="utf-8") as file:
                for branch in outcome.history.branches:
                    file.write(f"branch “{branch.name}” from event {branch.fork}\n")
                    file.writelines(f"{line}\n" for line in trace_lines(branch, branch.fork))
        except OSError as error:
            refuse(f"{trace} cannot be written: {error.strerror}")
    if json_wanted:
        click.echo(json.dumps(as_json(outcome, checker.violations), indent=1))
    else:
        for line in summary(outcome, checker.violations):
            click.echo(line)
    if checker.violations or outcome.failures:
        sys.exit(BROKEN)


@main.command()
@click.argument("scenario")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="Else by OUT's suffix.")
@click.option("--seed", type=click.IntRange(0, 2**63), help="Another seed than the scenario's.")
def trace(scenario: str, out: Path, form: str | None, seed: int | None) -> None:
    """Play SCENARIO, or read a recording, and write every event into OUT for other programs.

    A .jsonl is a recording, which raftviz also reads; a .shiviz is the log that ShiViz reads.
    """
    form = form or format_of(out)
    if form is None:
        known = " or ".join(f".{suffix}" for suffix in FORMATS)
        refuse(f"{out.name} does not end in {known}; say which is wanted with --format")
    outcome, _ = outcome_of(scenario, seed)
    export = Export(outcome.history, outcome.title, out, form)
    try:
        for _ in _with_bar(export.working(), unit="", disable=None, leave=False):
            pass
    except OSError as error:
        refuse(f"{out} cannot be written: {error.strerror or error}")
    click.echo(f"{out}: {event_count(outcome.history):,} events")


def outcome_of(
    scenario: str, seed: int | None = None, variants: tuple[str, ...] = ()
) -> tuple[Outcome, Checker]:
    """Play a scenario, or read a recording, under the eyes of the checks; refuse what cannot be."""
    if not is_recording(scenario):
        player, checker = play(scenario, seed, variants)
        return Outcome.of_player(player), checker
    if variants:
        refuse(f"{scenario} is a recording: it is what happened, and no rule of it can be broken")
    if seed is not None:
        refuse(f"{scenario} is a recording: no chance is drawn in it, and a seed changes nothing")
    try:
        session = open_recording(scenario)
    except UnreadableError as error:
        refuse(str(error))
    return Outcome.of_recording(session.history, session.title), session.checker


def play(
    scenario: str, seed: int | None = None, variants: tuple[str, ...] = ()
) -> tuple[Player, Checker]:
    """Play a scenario under the eyes of the checks; refuse what cannot be played."""
    try:
        read = read_scenario(scenario)
        if seed is not None:
            read = with_seed(read, seed)
        if variants:
            read = with_variants(read, variants)
        player = Player(read)
        checker = Checker(player.history)
        player.watch(checker)
        player.play()
    except UnreadableError as error:
        refuse(str(error))
    except ScriptError as error:
        refuse(f"{scenario}: {error}")
    return player, checker


def with_seed(scenario: Scenario, seed: int) -> Scenario:
    """The same acts in another run, of which nothing was ever noted."""
    return _otherwise(scenario, attrs.evolve(scenario.settings, seed=seed))


def with_variants(scenario: Scenario, names: tuple[str, ...]) -> Scenario:
    """The same acts with rules broken from the beginning; refuse names that cannot be."""
    from raftviz.raft.variants import VARIANTS, with_variant  # noqa: PLC0415 - for who breaks a rule

    on = scenario.settings.variants
    for name in names:
        if name not in VARIANTS:
            refuse(f"there is no variant “{name}”" + did_you_mean(name, VARIANTS))
        try:
            on = with_variant(on, name)
        except ValueError as error:
            refuse(str(error))
    return _otherwise(scenario, attrs.evolve(scenario.settings, variants=on))


def _otherwise(scenario: Scenario, settings: Settings) -> Scenario:
    kept = tuple(p for p in scenario.statements if not isinstance(p.statement, Trace))
    return attrs.evolve(scenario, settings=settings, statements=kept)


class _Size(click.ParamType):  # type: ignore[type-arg]  # generic only in newer clicks
    """``1600x1000``."""

    name = "WIDTHxHEIGHT"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        width, _, height = str(value).partition("x")
        if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
            self.fail(f"a size such as 1600x1000 is expected, not “{value}”", param, ctx)
        size = int(width[:6]), int(height[:6])
        if not (640 <= size[0] <= 8000 and 480 <= size[1] <= 8000):
            self.fail("from 640x480 to 8000x8000", param, ctx)
        return size


@main.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--session", "scenario", help=SCENARIO_HELP)
@click.option("--lesson", help="A lesson, by its name or its file.")
@click.option("--step", type=click.IntRange(1), default=1, help="The lesson's step.")
@click.option("--at", "at_ms", type=click.FloatRange(0, 86_400_000), help="The instant, in ms.")
@click.option(
    "--theme", type=click.Choice(sorted(THEMES)), help="Else light; projector to present."
)
@click.option("--size", type=_Size(), default="1600x1000", show_default=True)
@click.option("--layout", type=click.Choice(LAYOUTS), help="Which views are where.")
def screenshot(
    out: Path,
    scenario: str | None,
    lesson: str | None,
    step: int,
    at_ms: float | None,
    theme: str | None,
    size: tuple[int, int],
    layout: str | None,
) -> None:
    """Render the real window into OUT (a .png), without a screen."""
    if scenario is not None and lesson is not None:
        raise click.UsageError("--session and --lesson: one of them, not both.")
    need_libraries()
    from raftviz.still import Still, take  # noqa: PLC0415 - Qt, for the commands that show it only

    still = Still(scenario, lesson, step, at_ms, THEMES.get(theme or ""), size, layout)
    try:
        take(still, out)
    except (UnreadableError, OSError) as error:
        refuse(str(error))


@main.command()
def acts() -> None:
    """Print everything that can be said in a scenario."""
    rows = [(form.usage, form.meaning, form.example) for form in FORMS]
    rows += [(form.usage, form.meaning, form.example) for form in STATEMENTS.values()]
    for row in (*SAID_ONCE, *rows):
        click.echo("\n    ".join(row) + "\n")
    click.echo("Conditions know these names:")
    named = {**NAMES, **{f"SERVER.{word}": told for word, told in ATTRIBUTES.items()}}
    for word, (_, meaning) in named.items():
        click.echo(f"    {word}: {meaning}")
    for function in FUNCTIONS.values():
        click.echo(f"    {function.meaning}")


@main.command()
@click.option("--seeds", type=click.IntRange(1), default=100, show_default=True, help="How many.")
@click.option("--first", type=click.IntRange(0), default=0, show_default=True, help="The first.")
@click.option("--events", type=click.IntRange(1), default=10_000, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@click.option("--json", "json_wanted", is_flag=True, help="Print the result as JSON.")
@click.option("--replay", type=click.IntRange(0), help="Open the window on the run of this seed.")
def campaign(
    seeds: int,
    first: int,
    events: int,
    jobs: int,
    json_wanted: bool,  # noqa: FBT001 - click passes flags so
    replay: int | None,
) -> None:
    """Run the algorithm under random faults, seed after seed, with every property watched.

    Exit status 1 if a property was violated; a failing seed is printed with its replay.
    """
    if replay is not None:
        need_libraries()
        from raftviz import app  # noqa: PLC0415 - Qt is imported only by the commands that show it

        sys.exit(app.show_run(replay, events))
    from raftviz.lab.campaign import campaign as run_campaign  # noqa: PLC0415 - processes, queues

    failed: list[dict[str, Any]] = []
    total = 0
    outcomes = run_campaign(range(first, first + seeds), jobs, events)
    for outcome in _with_bar(outcomes, total=seeds, unit="seed", disable=json_wanted or None):
        total += outcome.events
        for name in outcome.broken:
            command = f"raftviz campaign --replay {outcome.seed} --events {events}"
            failed.append({"seed": outcome.seed, "property": name, "replay": command})
    failed.sort(key=lambda failure: failure["seed"])
    if json_wanted:
        click.echo(json.dumps({"seeds": seeds, "events": total, "violations": failed}, indent=1))
    else:
        for failure in failed:
            click.echo(f"seed {failure['seed']} broke {failure['property']}: {failure['replay']}")
        click.echo(f"{seeds:,} seeds, {total:,} events, {len(failed)} violations")
    if failed:
        sys.exit(BROKEN)


@main.command()
@click.option("--json", "json_wanted", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--only", default="", help="Some of simulation,frame,startup,history,explore, by commas."
)
def bench(json_wanted: bool, only: str) -> None:  # noqa: FBT001 - click passes flags so
    """Measure this machine: simulation speed, frame time, start-up, each beside a baseline.

    How fast broken rules are found (explore) is measured only when asked for: that takes a while.
    """
    from raftviz import bench as benchmark  # noqa: PLC0415 - imports Qt for some figures

    names = [name for name in only.split(",") if name] or list(benchmark.UNASKED)
    for name in names:
        if name not in benchmark.BENCHMARKS:
            refuse(f"there is no benchmark “{name}”" + did_you_mean(name, benchmark.BENCHMARKS))
    if {"frame", "startup"} & set(names):
        need_libraries()
    result = {name: benchmark.BENCHMARKS[name]() for name in names}
    if json_wanted:
        click.echo(json.dumps(result, indent=1))
    else:
        for line in benchmark.as_lines(result):
            click.echo(line)


main.add_command(lessons)
main.add_command(variants)
main.add_command(explore_command)

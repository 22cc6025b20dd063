"""Playing a scenario: its statements, one after the other, on a world that starts with it."""

import attrs

from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.events import Acted
from raftviz.sim.history import Branch, History, Moment
from raftviz.sim.scenario import (
    At,
    Bookmark,
    Do,
    Expect,
    OpenBranch,
    Placed,
    Run,
    Scenario,
    Statement,
    Step,
    Until,
)
from raftviz.sim.script_error import ScriptError
from raftviz.sim.targets import ActError, InVain, resolve
from raftviz.sim.units import duration_text
from raftviz.sim.world import Watcher, World, begin

MAX_EVENTS = 2_000_000
"""Events of one scenario: what two gigabytes of memory hold."""


@attrs.frozen
class Failure:
    """An ``until`` or ``expect`` in vain: the line, the instant in µs, and a sentence."""

    line: int
    time_us: int
    sentence: str


@attrs.frozen
class Note:
    """An act without effect: the line and why."""

    line: int
    sentence: str


class Player:
    """Plays a scenario. Afterwards ``world`` stands at the end of its last branch."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.watcher: Watcher | None = None
        self.history: History = begin(scenario.settings)
        self.world = World.at(self.history)
        self.bookmarks: dict[str, Moment] = {}
        self.failures: list[Failure] = []
        self.notes: list[Note] = []
        self._names: dict[str, int] = {}

    def watch(self, watcher: Watcher) -> None:
        """Show every record to ``watcher`` as it is appended."""
        self.watcher = self.world.watcher = watcher

    def play(self) -> None:
        """Play every statement. Raises ScriptError with the line for one that cannot be played."""
        for placed in self.scenario.statements:
            try:
                self._play(placed.statement, placed)
            except ActError as error:
                raise ScriptError(str(error), placed.line, 1) from error
            except ScriptError as error:
                raise ScriptError(error.message, error.line or placed.line, 1) from error

    @property
    def branch(self) -> Branch:
        """The branch that the scenario is playing in."""
        return self.world.branch

    def _play(self, statement: Statement, placed: Placed) -> None:  # noqa: C901 - a case a kind
        world = self.world
        match statement:
            case Do():
                self._do(statement, placed)
            case At(time_us):
                if time_us < world.time_us:
                    raise ScriptError(
                        f"it is {duration_text(world.time_us)} already, later than "
                        f"{duration_text(time_us)}",
                        placed.line,
                        1,
                    )
                self._run_until(time_us)
            case Run(duration_us):
                self._run_until(world.time_us + duration_us)
            case Step(events):
                for _ in range(events):
                    world.step()
                    self._limit()
            case Until():
                self._until(statement, placed)
            case Expect(condition):
                if not condition.holds(world):
                    self._fail(placed, f"expected in vain: {condition.text}")
            case Bookmark(name):
                count = len(world.branch)
                self.bookmarks[name] = Moment(self.history, world.branch, count, world.time_us)
            case OpenBranch(name, bookmark):
                start = self.bookmarks[bookmark]
                self.world = World.at(
                    self.history,
                    start.branch,
                    count=start.count,
                    time_us=start.time_us,
                    new_branch=name,
                    watcher=self.watcher,
                )

    def _do(self, do: Do, placed: Placed) -> None:
        act = acts.with_targets(do.act, self._named)
        if do.name and isinstance(act, acts.OnServer):
            # Found before the act: who led is no leader any more once it has crashed.
            try:
                self._names[do.name] = resolve(self.world, act.target)
            except InVain as reason:
                raise ScriptError(f"nobody can be called “{do.name}”: {reason}") from reason
        record = perform(self.world, act)
        assert isinstance(record.event, Acted)
        if record.event.note:
            self.notes.append(Note(placed.line, record.event.note))

    def _named(self, target: acts.Target) -> acts.Target:
        return self._names.get(target, target) if isinstance(target, str) else target

    def _until(self, until: Until, placed: Placed) -> None:
        world, limit = self.world, self.world.time_us + until.within_us
        while not until.condition.holds(world):
            if world.next_us() > limit:
                world.run_until(limit)
                within = duration_text(until.within_us)
                self._fail(placed, f"waited {within} in vain for: {until.condition.text}")
                return
            world.step()
            self._limit()

    def _run_until(self, time_us: int) -> None:
        while self.world.next_us() <= time_us:
            self.world.step()
            self._limit()
        self.world.run_until(time_us)

    def _limit(self) -> None:
        if len(self.world.branch) > MAX_EVENTS:
            raise ScriptError(f"the scenario has more than {MAX_EVENTS:,} events")

    def _fail(self, placed: Placed, sentence: str) -> None:
        self.failures.append(Failure(placed.line, self.world.time_us, sentence))

"""Playing a scenario: its statements, one after the other, on a world that starts with it."""

from collections.abc import Iterator

from raftviz.raft.values import value
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.events import Acted
from raftviz.sim.fingerprint import Fingerprint
from raftviz.sim.history import Branch, History, Moment
from raftviz.sim.script_error import ScriptError
from raftviz.sim.statement_words import FIRST_BRANCH
from raftviz.sim.statements import (
    At,
    Bookmark,
    Do,
    Expect,
    OpenBranch,
    Place,
    Placed,
    Run,
    Scenario,
    Statement,
    Step,
    Trace,
    Until,
)
from raftviz.sim.targets import ActError, InVain, resolve
from raftviz.sim.units import duration_text, instant_text
from raftviz.sim.world import Watcher, World, begin

MAX_EVENTS = 2_000_000
"""Events of one scenario, all branches together: what two gigabytes of memory hold."""

MAX_MESSAGES = 100_000
"""Messages under way at once, those that wait for a disk included: far more than anybody sees, and
soon more than memory holds."""

_AT_A_TIME = 200
"""Events that happen before somebody who waits hears of it: some five milliseconds."""


@value
class Failure:
    """An ``until``, ``expect`` or ``trace`` in vain: the line, the instant in µs, a sentence."""

    line: int
    time_us: int
    sentence: str


@value
class Note:
    """An act without effect: the line and why."""

    line: int
    sentence: str


class Player:
    """Plays a scenario. Afterwards ``world`` stands at the end of its last branch.

    It plays on a world of its own, or goes on with the one that it is given; then ``names`` are what
    servers are called already, and ``bookmarks`` the places that have a name. With ``most``,
    no more events happen while it plays; else ``MAX_EVENTS``.
    """

    def __init__(
        self,
        scenario: Scenario,
        world: World | None = None,
        names: dict[str, int] | None = None,
        bookmarks: dict[str, Moment] | None = None,
        most: int = 0,
    ) -> None:
        self.scenario = scenario
        self.world = world or World.at(begin(scenario.settings))
        self.watcher: Watcher | None = self.world.watcher
        self.history: History = self.world.history
        self.worlds = {self.world.branch.number: self.world}
        """The world at the end of each branch, by the branch's number."""
        self._stands: At | None = None
        """The position that the last statement went to: an act's second event may lie behind it."""
        self.bookmarks: dict[str, Moment] = {} if bookmarks is None else bookmarks
        self.bookmark_notes: dict[str, str] = {}
        self.failures: list[Failure] = []
        self.notes: list[Note] = []
        self.look: Moment | None = None
        self.played = 0.0
        """How many statements have been played, and what part of the one that is played."""
        self._events_before = 0  # in the branches before this one
        self._most = most or MAX_EVENTS
        self._had = self.events
        self._branches = {FIRST_BRANCH: self.world.branch}
        self._names: dict[str, int] = {} if names is None else names
        self._fingerprint: Fingerprint | None = None
        self._is_otherwise = False  # this branch, and it is said once

    def watch(self, watcher: Watcher) -> None:
        """Show every record to ``watcher`` as it is appended."""
        self.watcher = self.world.watcher = watcher

    def play(self) -> None:
        """Play every statement. Raises ScriptError with the line for one that cannot be played."""
        for _ in self.playing():
            pass

    def playing(self) -> Iterator[None]:
        """Play every statement, pausing now and then. Raises ScriptError as ``play`` does."""
        told = 0
        for number, placed in enumerate(self.scenario.statements):
            self.played = number
            try:
                yield from self._play(placed.statement, placed)
                self._limit()
            except ActError as error:
                raise ScriptError(str(error), placed.line, 1) from error
            except ScriptError as error:
                raise ScriptError(error.message, error.line or placed.line, 1) from error
            if self.events - told >= _AT_A_TIME or number % _AT_A_TIME == 0:
                told = self.events
                yield
        if self.scenario.look is not None:
            self.look = self._find(self.scenario.look.place, self.scenario.look.line)

    @property
    def events(self) -> int:
        """How many events have happened by now, in all branches."""
        return self._events_before + len(self.branch) - self.branch.fork

    @property
    def branch(self) -> Branch:
        """The branch that the scenario is playing in."""
        return self.world.branch

    def _play(self, statement: Statement, placed: Placed) -> Iterator[None]:  # noqa: C901, PLR0912 - a case a kind
        world = self.world
        stood, self._stands = self._stands, None
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
                yield from self._go_to(statement)
                self._stands = statement
            case Run(duration_us):
                yield from self._run_until(world.time_us + duration_us)
            case Step(events):
                for done in range(1, events + 1):
                    if world.step() is None:
                        break
                    if done % _AT_A_TIME == 0:
                        self._limit()
                        yield
            case Until():
                yield from self._until(statement, placed)
            case Expect(condition):
                if not condition.holds(world):
                    self._fail(placed, f"expected in vain: {condition.text}")
            case Bookmark(name, note):
                count = len(world.branch) if stood is None else _count_at(world.branch, stood)
                self.bookmark_notes[name] = note
                self.bookmarks[name] = Moment(self.history, world.branch, count, world.time_us)
            case OpenBranch():
                self._open(statement, placed)
            case Trace():
                yield from self._compare(statement, placed)

    # Acts

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

    # Time

    def _go_to(self, at: At) -> Iterator[None]:
        if at.after is None:
            yield from self._run_until(at.time_us)
            return
        world = self.world
        yield from self._run_until(at.time_us - 1)
        world.stand_at(at.time_us)
        before = world.branch.count_at(at.time_us - 1)
        while len(world.branch) - before < at.after and world.next_us() <= at.time_us:
            world.step()
            self._limit()

    def _run_until(self, time_us: int) -> Iterator[None]:
        world, start_us, before = self.world, self.world.time_us, int(self.played)
        while not world.run_some(time_us, _AT_A_TIME):
            self._limit()
            self.played = before + (world.time_us - start_us) / max(1, time_us - start_us)
            yield
        if time_us > world.time_us:
            world.run_until(time_us)

    def _until(self, until: Until, placed: Placed) -> Iterator[None]:
        world, limit = self.world, self.world.time_us + until.within_us
        tries = 0
        while not until.condition.holds(world):
            if world.next_us() > limit:
                world.run_until(limit)
                within = duration_text(until.within_us)
                self._fail(placed, f"waited {within} in vain for: {until.condition.text}")
                return
            world.step()
            tries += 1
            if tries % _AT_A_TIME == 0:
                self._limit()
                yield

    def _limit(self) -> None:
        if self.events - self._had > self._most:
            raise ScriptError(f"more than {self._most:,} events would happen here")
        waiting = sum(
            len(write.messages) for host in self.world.hosts.values() for write in host.disk.writes
        )
        if len(self.world.flights) + waiting > MAX_MESSAGES:
            raise ScriptError(f"more than {MAX_MESSAGES:,} messages are under way at once here")

    # Branches

    def _open(self, opened: OpenBranch, placed: Placed) -> None:
        if opened.start is None:
            self._branches.clear()
            self.branch.label.name = opened.name
        else:
            start = (
                self.bookmarks[opened.start]
                if isinstance(opened.start, str)
                else self._find(opened.start, placed.line)
            )
            self._events_before = self.events
            self.world = World.at(
                self.history,
                start.branch,
                count=start.count,
                time_us=start.time_us,
                new_branch=opened.name,
                watcher=self.watcher,
            )
            self.worlds[self.branch.number] = self.world
        self._branches[opened.name] = self.branch
        self._fingerprint, self._is_otherwise = None, False
        self.branch.label.note = opened.note
        if opened.colour is not None:
            self.branch.label.colour = opened.colour

    def _find(self, place: Place, line: int) -> Moment:
        """A position in a branch that was played before."""
        branch, at = self._branches[place.branch], place.at
        end_us = self.worlds[branch.number].time_us
        if at.time_us > end_us:
            raise ScriptError(
                f"“{place.branch}” comes only to {instant_text(end_us)}, not to "
                f"{instant_text(at.time_us)}",
                line,
                1,
            )
        return Moment(self.history, branch, _count_at(branch, at), at.time_us)

    # Whether all is as it was

    def _compare(self, trace: Trace, placed: Placed) -> Iterator[None]:
        branch, taken = self.branch, self._fingerprint
        if self._is_otherwise:
            return
        if taken is None or taken.events > trace.events:
            taken = self._fingerprint = Fingerprint(self.history, branch, branch.fork)
        known = taken.events
        there = min(trace.events, len(branch) - branch.fork)
        yield from taken.taking(there)
        if there == trace.events and taken.mark().fingerprint == trace.fingerprint:
            return
        self._is_otherwise = True
        first, last = (branch.time_at(branch.fork + count) for count in (known, there))
        self._fail(
            placed,
            f"“{branch.name}” goes another way here than where it was written, somewhere between "
            f"{instant_text(first)} and {instant_text(last)}",
        )

    def _fail(self, placed: Placed, sentence: str) -> None:
        self.failures.append(Failure(placed.line, self.world.time_us, sentence))


def _count_at(branch: Branch, at: At) -> int:
    """How many events have happened on a branch at a position that it has come to."""
    count = branch.count_at(at.time_us)
    if at.after is None:
        return count
    return min(count, branch.count_at(at.time_us - 1) + at.after)

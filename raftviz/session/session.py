"""A history, where one looks at it, and what one does to it.

The cursor is a position in a branch. At the end of a branch, time that passes makes new events; in
the past it only passes over what is recorded. Acting at the end continues the branch; acting in the
past opens a new one, and the old future stays.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import attrs

from raftviz.checks.checker import Checker
from raftviz.checks.properties import Violation
from raftviz.playback import Playback
from raftviz.raft.server import role_name
from raftviz.session.bookmarks import Bookmark
from raftviz.session.edits import Cursor, Edit, EditError, act_edit, checked_name, free_name
from raftviz.sim.acting import perform
from raftviz.sim.acts import Act
from raftviz.sim.events import Acted
from raftviz.sim.history import Branch, History, Label, Moment, Record
from raftviz.sim.host import Host
from raftviz.sim.settings import Settings
from raftviz.sim.targets import ActError, check_servers, said
from raftviz.sim.units import NEVER
from raftviz.sim.world import World, begin

RECORDING = "this is a recording: everything in it can be looked at, but nothing can be changed"
"""Why nothing can be done to a history that was read from a file and not simulated."""

if TYPE_CHECKING:
    from raftviz.sim.player import Failure, Player
    from raftviz.sim.statements import Placed, Scenario

# The language of scenarios is imported when somebody speaks it: a fresh cluster does without.
# ruff: noqa: PLC0415

MAX_EVENTS_A_TICK = 3_000
"""What two cores simulate within a few frames: at high speeds time falls behind, not the window."""


MAX_EVENTS_OF_A_LESSON = 50_000
"""What a lesson lets happen in one go: a second's work, while the window waits."""


@attrs.frozen
class Instant:
    """Several events at one instant: the ``place`` (from 1) of one of them among ``all`` known.

    ``more`` when others are due at the same instant, and have not happened yet.
    """

    place: int
    all: int
    more: bool


class Session:
    """A history under somebody's hands. ``moment`` is what they see.

    ``edited`` hears of everything that can be undone, as it is done.

    On a recording nothing can be done, and at its end nothing more happens.
    """

    def __init__(self, history: History, checker: Checker, title: str = "") -> None:
        self.history = history
        self.checker = checker
        self.title = title
        self.playback = Playback()
        self.branch = history.root
        self.count = 0
        self.bookmarks: tuple[Bookmark, ...] = ()
        self.edited: Callable[[Edit], None] = lambda _: None
        self.stand_ins: dict[int, Branch] = {}
        """For a branch at whose end acts are undone, by number, the one that goes on without."""
        self.called: dict[str, int] = {}
        """What a lesson calls some servers."""
        self.places: dict[str, Moment] = {}
        """Where a lesson may come back to."""
        self._time_us = 0.0
        self._worlds: dict[int, World] = {}

    @classmethod
    def of_settings(cls, settings: Settings, title: str = "") -> "Session":
        """A fresh cluster at its first instant."""
        history = begin(settings)
        return cls(history, Checker(history), title)

    @classmethod
    def of_scenario(cls, scenario: "Scenario") -> "Session":
        """A scenario, played to its end, looked at from its beginning.

        Raises ScriptError for a statement that cannot be played.
        """
        from raftviz.sim.player import Player

        player = Player(scenario)
        checker = Checker(player.history)
        player.watch(checker)
        player.play()
        return cls.of_player(player, checker)

    @classmethod
    def of_player(cls, player: "Player", checker: Checker) -> "Session":
        """What a player has played: looked at where the scenario says, or from its beginning."""
        session = cls(player.history, checker, player.scenario.title)
        session.bookmarks = tuple(
            Bookmark(at.branch, at.count, at.time_us, name, player.bookmark_notes[name])
            for name, at in player.bookmarks.items()
        )
        session._worlds = dict(player.worlds)
        if player.look is not None:
            look = player.look
            session.go(Cursor(look.branch, look.count, look.time_us))
        return session

    # Looking

    @property
    def time_us(self) -> int:
        """The instant that is looked at."""
        return int(self._time_us)

    @property
    def moment(self) -> Moment:
        """The position that is looked at."""
        return Moment(self.history, self.branch, self.count, self.time_us)

    @property
    def cursor(self) -> Cursor:
        """The position that is looked at, to come back to."""
        return Cursor(self.branch, self.count, self._time_us)

    @property
    def is_recording(self) -> bool:
        """Whether this is what happened elsewhere, to be looked at and nothing else."""
        return self.history.is_recording

    @property
    def at_end(self) -> bool:
        """Whether nothing is recorded behind the cursor."""
        return self.count == len(self.branch)

    @property
    def goes_on(self) -> bool:
        """Whether an act at the cursor goes on with this branch; otherwise it opens another.

        A branch without events of its own can be looked at before it begins: that is its past, too.
        """
        return self.at_end and self._time_us >= self.branch.forked_us

    @property
    def at_this_instant(self) -> "Instant":
        """The events of the instant of the last one, and the last one's place among them."""
        if not self.count:
            return Instant(0, 0, more=False)
        time_us, branch = self.branch.time_at(self.count), self.branch
        before = branch.count_at(time_us - 1)
        world = self._worlds.get(branch.number)
        more = self.at_end and world is not None and world.next_us() == time_us
        return Instant(self.count - before, branch.count_at(time_us) - before, more=more)

    @property
    def violations(self) -> list[Violation]:
        """What has broken up to the cursor."""
        return self.checker.violations_at(self.branch, self.count)

    # Going

    def tick(self, wall_s: float) -> bool:
        """Let ``wall_s`` seconds pass. Whether anything is to be painted anew.

        Playing stops at an event that breaks a property.
        """
        elapsed = self.playback.elapsed_us(wall_s)
        if not elapsed:
            return False
        broken = len(self.checker.violations)
        if not self.reach(self._time_us + elapsed) and self.is_recording:
            self.playback.playing = False
        if len(self.checker.violations) > broken:
            self.playback.playing = False
            self.seek_event(self.checker.violations[broken].event)
        return True

    def reach(self, time_us: float, most: int = MAX_EVENTS_A_TICK) -> bool:
        """Go to an instant, letting happen what has not yet; whether ``most`` events took it there.

        A recording ends where it ends.
        """
        reached = time_us
        if time_us >= self._frontier_us():
            reached = self._frontier_us() if self.is_recording else self._simulate(time_us, most)
        self._time_us = reached
        self.count = self.branch.count_at(reached)
        return reached >= time_us

    def _simulate(self, target: float, most: int) -> float:
        world = self._world()
        for _ in range(most):
            if world.next_us() > target:
                world.run_until(int(target))  # nothing happens, and time passes all the same
                return target
            world.step()
        return float(world.time_us)

    def step(self) -> None:
        """Go to the next event, letting it happen if it has not yet."""
        if self.at_end and (self.is_recording or self._world().step() is None):
            return  # nothing will ever happen again
        self._go_to(self.count + 1)

    def step_back(self) -> None:
        """Go to just before the last event."""
        self._go_to(max(0, self.count - 1))

    def step_to(self, wanted: Callable[[Record], bool], *, back: bool = False) -> bool:
        """Go to the next (or last) event that is ``wanted``; whether there was one.

        Forward, the world goes on until there is one, for at most ``MAX_EVENTS_A_TICK`` events.
        """
        if back:
            for count in range(self.count - 1, 0, -1):
                if wanted(self.branch[count - 1]):
                    self._go_to(count)
                    return True
            self._go_to(0)
            return False
        for number in range(self.count, len(self.branch)):
            if wanted(self.branch[number]):
                self._go_to(number + 1)
                return True
        found = False
        for _ in range(0 if self.is_recording else MAX_EVENTS_A_TICK):
            record = self._world().step()
            found = record is not None and wanted(record)
            if found or record is None:
                break
        if not self.at_end:
            self._go_to(len(self.branch))
        return found

    def let_happen(self) -> Record | None:
        """Let one more event happen at the end of the branch, without going there.

        None when nothing will ever happen again, as behind the end of a recording.
        """
        return None if self.is_recording else self._world().step()

    def seek(self, time_us: float) -> None:
        """Go to an instant, at the latest to the end of what is simulated."""
        end = max(self._frontier_us(), self.branch.forked_us)
        self._time_us = min(max(0.0, time_us), end)
        self.count = self.branch.count_at(self._time_us)

    def seek_event(self, number: int) -> None:
        """Go to just after an event."""
        self._go_to(min(max(0, number + 1), len(self.branch)))

    def go_home(self) -> None:
        """Go to the beginning."""
        self._go_to(0)

    def go_end(self) -> None:
        """Go to the end of what is simulated."""
        self.seek(self._frontier_us())

    def go(self, cursor: Cursor) -> None:
        """Go where one was before; where its branch was undone, to the one that goes on without."""
        self.branch = self.in_sight(cursor.branch)
        self.count, self._time_us = cursor.count, cursor.time_us

    def switch(self, branch: Branch) -> None:
        """Look at another branch, at the same instant as far as it has come."""
        self.branch = branch
        self.seek(self._time_us)

    def _go_to(self, count: int) -> None:
        self.count = count
        self._time_us = float(self.branch.time_at(count))

    def end_of(self, branch: Branch) -> int:
        """The instant that a branch is simulated to; nothing is due by then but what has happened."""
        world = self._worlds.get(branch.number)
        recorded = branch.time_at(len(branch))
        return max(recorded, world.time_us if world else 0, branch.forked_us)

    @property
    def next_us(self) -> int:
        """When the next event comes, or came; ``NEVER`` when nothing will ever happen again."""
        if not self.at_end:
            return self.branch[self.count].time_us
        return NEVER if self.is_recording else self._world().next_us()

    @property
    def settled_us(self) -> int:
        """The instant up to which all has happened on this branch, whatever is done next."""
        end = int(self._frontier_us())
        if self.is_recording:
            return end
        return end - 1 if self._world().next_us() <= end else end

    def _frontier_us(self) -> float:
        return float(self.end_of(self.branch))

    # Acting

    def dispatch(self, act: Act) -> Record:
        """Do ``act`` at the cursor. Raises ActError for a server that does not exist.

        In the past this opens a branch and goes there. Raises ActError on a recording, too.
        """
        if self.is_recording:
            raise ActError(RECORDING)
        check_servers(act, self.history.settings.servers)
        from raftviz.sim.vocabulary import act_to_text

        before, words = self.cursor, act_to_text(said(self.moment.state, act))
        if self.goes_on:
            world = self._world()
            if world.time_us > self.time_us:  # looked back at a time when nothing happened since
                world = self._take_up(World.at(self.history, self.branch, time_us=self.time_us))
            world.stand_at(self.time_us)
        else:
            world = self._branch_off(words)
        record = perform(world, act)
        self.count = len(self.branch)
        self._time_us = float(max(self._time_us, world.time_us))
        self.edited(act_edit(self, words, before))
        return record

    def open_branch(self, name: str = "") -> Branch:
        """Open a branch at the cursor and go there; until one acts, all goes on as in the old one.

        Raises EditError for a name that is taken, and on a recording.
        """
        if self.is_recording:
            raise EditError(RECORDING)
        before = self.cursor
        if name:
            name = checked_name(name, self.names())
        world = self._branch_off(name or "another future")
        self.count = len(self.branch)
        self._time_us = float(max(self._time_us, world.time_us))
        self.edited(act_edit(self, f"open “{self.branch.name}”", before))
        return self.branch

    def play(self, statements: "tuple[Placed, ...]") -> "list[Failure]":
        """Let the statements of a lesson happen at the cursor, and stand behind them.

        In the past this opens a branch. It cannot be undone: a lesson did it, and not somebody.
        Raises ScriptError for what cannot be played; returns what was waited for in vain.
        """
        from raftviz.sim.player import Player
        from raftviz.sim.statements import Scenario

        if not statements:
            return []
        world = self._world() if self.goes_on else self._branch_off("the lesson goes on")
        if self.time_us > world.time_us:
            world.stand_at(self.time_us)
        scenario = Scenario(self.history.settings, statements)
        player = Player(scenario, world, self.called, self.places, MAX_EVENTS_OF_A_LESSON)
        player.play()
        self._take_up(player.world)
        self.count = len(self.branch)
        self._time_us = float(player.world.time_us)
        return player.failures

    def open_aside(self, name: str) -> Branch:
        """Open a branch at the cursor and go there, as a lesson does: without a way to undo it."""
        world = self._branch_off(name)
        self.count = len(self.branch)
        self._time_us = float(max(self._time_us, world.time_us))
        return self.branch

    def names(self, but: Branch | None = None) -> set[str]:
        """The names of the branches that are seen, ``but`` one."""
        return {branch.name for branch in self.history.visible if branch is not but}

    def in_sight(self, branch: Branch) -> Branch:
        """The branch, or the one that goes on for it without what was undone."""
        while branch.number in self.stand_ins:
            branch = self.stand_ins[branch.number]
        return branch

    def do(self, title: str, redo: Callable[[], None], undo: Callable[[], None]) -> None:
        """Do something that can be undone."""
        redo()
        self.edited(Edit(title, undo, redo))

    def _branch_off(self, name: str) -> World:
        return self._take_up(
            World.at(
                self.history,
                self.branch,
                count=self.count,
                time_us=self.time_us,
                new_branch=free_name(name, self.names()),
            )
        )

    # The world

    def _world(self) -> World:
        """The world at the end of the branch that is looked at."""
        world = self._worlds.get(self.branch.number)
        return world or self._take_up(World.at(self.history, self.branch))

    def _take_up(self, world: World) -> World:
        world.watcher = self.checker
        self.branch = world.branch
        self._worlds[self.branch.number] = world
        return world


def is_notable(record: Record) -> bool:
    """Whether an event is worth stopping at: an act, a role or term change, a commit, a refusal."""
    if isinstance(record.event, Acted) or any(b.reason.notable for b in record.because):
        return True
    before, after = record.before, record.after
    if not isinstance(before, Host) or not isinstance(after, Host):
        return False
    return (
        before.status is not after.status
        or role_name(before.server) != role_name(after.server)
        or before.server.commit_index != after.server.commit_index
    )


def is_fresh(session: Session) -> bool:
    """Whether nothing has happened in a session, and nothing is marked or named."""
    history = session.history
    return (
        len(history.branches) == 1
        and not len(history.root)
        and not session.bookmarks
        and history.root.label == Label("main")
    )

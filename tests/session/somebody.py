"""Somebody at random with a session: acts, goes back, branches, undoes, deletes, marks places."""

from collections.abc import Callable

from raftviz.session.bookmarks import add_bookmark
from raftviz.session.branches import delete_branch, describe
from raftviz.session.edits import Edit
from raftviz.session.session import Session, is_notable
from raftviz.sim.chance import Chance
from raftviz.sim.history import Label
from raftviz.sim.random_acts import WITH_RULES, Dice, random_act, random_settings
from raftviz.sim.units import ms
from raftviz.sim.world import World


class Somebody:
    """A person whose every move follows from a number."""

    def __init__(self, seed: int) -> None:
        self.session = Session.of_settings(random_settings(seed))
        self.session.edited = self._did
        self.done: list[Edit] = []
        self.undone: list[Edit] = []
        self.seed = seed
        self.moves: tuple[Callable[[Dice], object], ...] = (
            self.act,
            self.act,
            self.act,
            self.play,
            self.play,
            self.step,
            self.step,
            self.step_back,
            self.seek,
            self.seek,
            self.step_to_notable,
            self.open_branch,
            self.switch,
            self.delete,
            self.describe,
            self.bookmark,
            self.undo,
            self.undo,
            self.redo,
        )

    def live(self, moves: int) -> Session:
        """Make so many moves."""
        for number in range(moves):
            dice = Dice(Chance(self.seed), 1_000_000 + number)
            dice.one_of(self.moves)(dice)
        return self.session

    def _did(self, edit: Edit) -> None:
        self.done.append(edit)
        self.undone.clear()

    def act(self, dice: Dice) -> None:
        session = self.session
        state = session.moment.state
        here = World(
            session.history, session.branch, state, World.at(session.history).cluster, None
        )
        session.dispatch(random_act(dice, here, WITH_RULES))

    def play(self, dice: Dice) -> None:
        session = self.session
        session.playback.playing = True
        session.playback.speed = type(session.playback.speed)(1)
        session.tick(dice.between(0, 200_000) / 1_000_000)
        session.playback.playing = False

    def step(self, dice: Dice) -> None:
        for _ in range(dice.between(1, 40)):
            self.session.step()

    def step_back(self, dice: Dice) -> None:
        for _ in range(dice.between(1, 20)):
            self.session.step_back()

    def step_to_notable(self, dice: Dice) -> None:
        self.session.step_to(is_notable, back=dice.happens(50))

    def seek(self, dice: Dice) -> None:
        branch = self.session.branch
        end = self.session.end_of(branch)
        if dice.happens(50) and len(branch):
            self.session.seek_event(dice.between(0, len(branch)))
        else:
            self.session.seek(dice.between(0, end + ms(5)))

    def open_branch(self, dice: Dice) -> None:
        self.session.open_branch()

    def switch(self, dice: Dice) -> None:
        self.session.switch(dice.one_of(self.session.history.visible))

    def delete(self, dice: Dice) -> None:
        visible = self.session.history.visible
        if len(visible) > 1:
            delete_branch(self.session, dice.one_of(visible))

    def describe(self, dice: Dice) -> None:
        branch = dice.one_of(self.session.history.visible)
        name = f"name {dice.between(1, 1000)}"
        if name not in self.session.names():
            note = dice.one_of(("", "one line", 'two\n  "lines" # both', "a\n\nb  \n"))
            describe(self.session, branch, Label(name, note, dice.between(0, 9)))

    def bookmark(self, dice: Dice) -> None:
        add_bookmark(self.session, note=dice.one_of(("", "look at S3\nand S4")))

    def undo(self, dice: Dice) -> None:
        if self.done:
            self.undone.append(self.done.pop())
            self.undone[-1].undo()

    def redo(self, dice: Dice) -> None:
        if self.undone:
            self.done.append(self.undone.pop())
            self.done[-1].redo()

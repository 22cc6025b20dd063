"""Undoing acts and edits, and doing them again: nothing is lost, and the old way goes on without."""

import pytest

from raftviz.raft.server import Leader
from raftviz.session.bookmarks import add_bookmark, bookmarks_on, change_bookmark, delete_bookmark
from raftviz.session.branches import delete_branch, describe
from raftviz.session.edits import Edit, EditError
from raftviz.session.session import Session
from raftviz.sim.acts import Crash, Request, Restart
from raftviz.sim.history import Label
from raftviz.sim.host import Status
from raftviz.sim.settings import Settings
from raftviz.sim.trace import record_lines
from raftviz.sim.units import ms


class Desk:
    """A session with a plain stack of edits."""

    def __init__(self) -> None:
        self.session = Session.of_settings(Settings(seed=4))
        self.session.edited = self._did
        self.done: list[Edit] = []
        self.undone: list[Edit] = []
        self.play(600)

    def _did(self, edit: Edit) -> None:
        self.done.append(edit)
        self.undone.clear()

    def undo(self) -> None:
        self.undone.append(self.done.pop())
        self.undone[-1].undo()

    def redo(self) -> None:
        self.done.append(self.undone.pop())
        self.done[-1].redo()

    def play(self, milliseconds: int) -> None:
        target = self.session.time_us + ms(milliseconds)
        self.session.step_to(lambda record: record.time_us >= target)

    def leader(self) -> int:
        hosts = self.session.moment.state.hosts.values()
        return next(h.id for h in hosts if h.is_up and isinstance(h.server.role, Leader))

    def status(self, server: int) -> Status:
        return self.session.moment.state.hosts[server].status

    def names(self) -> list[str]:
        return [branch.name for branch in self.session.history.visible]


@pytest.fixture
def desk() -> Desk:
    return Desk()


class TestAnActAtTheEnd:
    def test_undone_one_stands_before_it_and_goes_on_without_it(self, desk: Desk) -> None:
        leader, before = desk.leader(), desk.session.time_us
        desk.session.dispatch(Crash(leader))
        desk.play(500)
        desk.undo()
        assert desk.session.time_us == before
        assert desk.status(leader) is Status.UP
        assert desk.names() == ["main"]
        desk.play(500)
        assert desk.leader() == leader

    def test_without_it_all_goes_as_if_it_had_never_been(self, desk: Desk) -> None:
        untouched = Desk()
        desk.session.dispatch(Crash(desk.leader()))
        desk.play(100)
        desk.undo()
        desk.play(400)
        untouched.play(400)
        lines = [list(record_lines(r)) for r in desk.session.branch.records()]
        assert lines == [list(record_lines(r)) for r in untouched.session.branch.records()]

    def test_done_again_its_whole_future_is_back(self, desk: Desk) -> None:
        leader = desk.leader()
        desk.session.dispatch(Crash(leader))
        desk.play(500)
        future = len(desk.session.branch)
        desk.undo()
        desk.play(200)
        desk.redo()
        assert desk.status(leader) is Status.CRASHED
        assert len(desk.session.branch) == future
        assert desk.names() == ["main"]

    def test_several_are_undone_and_done_again_in_turn(self, desk: Desk) -> None:
        leader = desk.leader()
        desk.session.dispatch(Crash(leader))
        desk.play(300)
        desk.session.dispatch(Restart(leader))
        desk.play(300)
        desk.undo()
        assert desk.status(leader) is Status.CRASHED
        desk.undo()
        assert desk.status(leader) is Status.UP
        assert desk.names() == ["main"]
        desk.redo()
        assert desk.status(leader) is Status.CRASHED
        desk.redo()
        assert desk.status(leader) is Status.UP
        assert desk.names() == ["main"]

    def test_another_act_after_undoing_can_itself_be_undone_down_to_the_first(
        self, desk: Desk
    ) -> None:
        first = desk.session.time_us
        desk.session.dispatch(Request("x=1"))
        desk.play(100)
        desk.session.dispatch(Crash(desk.leader()))
        desk.undo()
        desk.session.dispatch(Crash(desk.leader() % 5 + 1))
        desk.undo()
        desk.undo()
        assert desk.session.time_us == first
        assert desk.names() == ["main"]
        assert not desk.done

    def test_a_name_given_before_stays_undoable_in_the_branch_that_stands_in(
        self, desk: Desk
    ) -> None:
        describe(desk.session, desk.session.branch, Label("the plan"))
        desk.session.dispatch(Crash(desk.leader()))
        desk.undo()
        assert desk.names() == ["the plan"]
        desk.undo()
        assert desk.names() == ["main"]


class TestAnActInThePast:
    def test_undone_its_branch_is_gone_and_one_is_back_where_one_was(self, desk: Desk) -> None:
        desk.session.seek(ms(300))
        before = desk.session.cursor
        desk.session.dispatch(Crash(2))
        assert desk.names() == ["main", "crash S2"]
        desk.play(100)
        desk.undo()
        assert desk.names() == ["main"]
        assert desk.session.cursor == before

    def test_done_again_its_branch_is_back(self, desk: Desk) -> None:
        desk.session.seek(ms(300))
        desk.session.dispatch(Crash(2))
        branch = desk.session.branch
        desk.undo()
        desk.redo()
        assert desk.session.branch is branch
        assert desk.names() == ["main", "crash S2"]

    def test_the_same_act_twice_makes_two_names(self, desk: Desk) -> None:
        for _ in range(2):
            desk.session.switch(desk.session.history.root)
            desk.session.seek(ms(300))
            desk.session.dispatch(Crash(2))
        assert desk.names() == ["main", "crash S2", "crash S2 2"]


class TestBranches:
    def test_one_that_is_opened_without_an_act_goes_on_like_the_old_one(self, desk: Desk) -> None:
        old = desk.session.branch
        desk.session.seek(ms(300))
        branch = desk.session.open_branch("what if")
        desk.play(200)
        count = min(len(old), len(branch))
        assert [list(record_lines(r)) for r in branch.records(0, count)] == [
            list(record_lines(r)) for r in old.records(0, count)
        ]

    def test_a_name_that_is_taken_is_refused(self, desk: Desk) -> None:
        desk.session.open_branch("what if")
        with pytest.raises(EditError, match="there is a “main” already"):
            describe(desk.session, desk.session.branch, Label("main"))

    @pytest.mark.parametrize("name", ["", "  ", "x" * 61, 'say "no"', "a\0b"])
    def test_a_name_that_cannot_be_written_is_refused(self, desk: Desk, name: str) -> None:
        with pytest.raises(EditError):
            describe(desk.session, desk.session.branch, Label(name))

    def test_deleting_one_shows_where_it_parted_from_what_is_left(self, desk: Desk) -> None:
        desk.session.seek(ms(300))
        branch = desk.session.open_branch("what if")
        desk.play(200)
        delete_branch(desk.session, branch)
        assert desk.names() == ["main"]
        assert desk.session.branch is desk.session.history.root
        assert desk.session.count == branch.fork

    def test_the_trunk_may_go_and_what_grew_from_it_stays_whole(self, desk: Desk) -> None:
        desk.session.seek(ms(300))
        branch = desk.session.open_branch("what if")
        records = list(branch.records())
        delete_branch(desk.session, desk.session.history.root)
        assert desk.names() == ["what if"]
        assert list(branch.records()) == records

    def test_a_deleted_one_comes_back_with_where_one_looked(self, desk: Desk) -> None:
        desk.session.seek(ms(300))
        branch = desk.session.open_branch("what if")
        desk.play(200)
        before = desk.session.cursor
        delete_branch(desk.session, branch)
        desk.undo()
        assert desk.session.cursor == before
        assert desk.names() == ["main", "what if"]

    def test_the_last_one_cannot_be_deleted(self, desk: Desk) -> None:
        with pytest.raises(EditError, match="the only branch"):
            delete_branch(desk.session, desk.session.branch)


class TestBookmarks:
    def test_one_is_seen_from_every_branch_that_holds_its_place(self, desk: Desk) -> None:
        session = desk.session
        session.seek(ms(200))
        early = add_bookmark(session, "early")
        session.seek(ms(300))
        branch = session.open_branch("what if")
        desk.play(100)
        late = add_bookmark(session, "late", "after the fork")
        assert bookmarks_on(session, branch) == [early, late]
        assert bookmarks_on(session, session.history.root) == [early]

    def test_changes_are_undone_one_by_one(self, desk: Desk) -> None:
        bookmark = add_bookmark(desk.session, "here")
        changed = change_bookmark(desk.session, bookmark, "there", "look at S3")
        delete_bookmark(desk.session, changed)
        assert not desk.session.bookmarks
        desk.undo()
        assert desk.session.bookmarks == (changed,)
        desk.undo()
        assert desk.session.bookmarks == (bookmark,)
        desk.undo()
        assert not desk.session.bookmarks

    def test_those_without_a_name_are_numbered(self, desk: Desk) -> None:
        names = [add_bookmark(desk.session).name for _ in range(3)]
        assert names == ["bookmark 1", "bookmark 2", "bookmark 3"]


class TestWhatStandsIn:
    """A branch whose last act is undone has another that goes on for it."""

    def test_it_is_gone_with_the_branch_it_stands_in_for(self, desk: Desk) -> None:
        desk.session.seek(ms(300))
        desk.session.open_branch("what if")
        desk.session.dispatch(Crash(2))
        desk.undo()
        desk.undo()
        assert desk.names() == ["main"]
        desk.redo()
        assert desk.names() == ["main", "what if"]
        assert desk.session.branch in desk.session.history.visible

    def test_who_undoes_a_deletion_comes_back_to_it(self, desk: Desk) -> None:
        desk.session.open_branch("what if")
        desk.session.switch(desk.session.history.root)
        delete_branch(desk.session, desk.session.history.branches[1])
        desk.session.dispatch(Crash(2))
        desk.undo()
        desk.undo()
        assert desk.session.branch in desk.session.history.visible
        assert sorted(desk.names()) == ["main", "what if"]


class TestAnEmptyBranch:
    def test_time_goes_on_in_itself(self) -> None:
        session = Session.of_settings(Settings(seed=4))
        branch = session.open_branch("what if")
        session.step()
        assert session.branch is branch
        assert len(session.history.root) == 0

    def test_one_looks_at_it_no_later_than_it_is_simulated(self, desk: Desk) -> None:
        desk.session.go_home()
        desk.session.open_branch("what if")
        desk.session.switch(desk.session.history.root)
        desk.session.go_end()
        delete_branch(desk.session, desk.session.history.root)
        assert desk.session.time_us == 0

"""What is saved is found again: the same histories, branches, bookmarks, and where one looked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.server import Persistent
from raftviz.session.bookmarks import add_bookmark
from raftviz.session.branches import delete_branch, describe
from raftviz.session.edits import Edit
from raftviz.session.outline import outline_of
from raftviz.session.scribe import Scribe, UnwritableError
from raftviz.session.session import Session
from raftviz.sim.acts import Crash, Drop, Request, Restart, SetLatency
from raftviz.sim.events import TimedOut
from raftviz.sim.history import Branch, Label
from raftviz.sim.player import Player
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.settings import Settings
from raftviz.sim.statements import Place, Scenario
from raftviz.sim.targets import choice_of
from raftviz.sim.trace import trace_hash, trace_lines
from raftviz.sim.units import ms
from raftviz.sim.vocabulary import act_from_text
from tests.session.somebody import Somebody

CLUSTER = (
    "cluster 5 seed=4 latency=10ms..15ms election_timeout=150ms..300ms heartbeat=50ms disk=1ms..2ms"
)


def written(session: Session) -> str:
    return Scribe(session.history).write(outline_of(session))


def played(text: str) -> Player:
    player = Player(parse_scenario(text))
    player.play()
    return player


def opened(text: str) -> Session:
    return Session.of_scenario(parse_scenario(text))


def told(branch: Branch) -> list[str]:
    return list(trace_lines(branch))


def by_name(session: Session) -> dict[str, Branch]:
    return {branch.name: branch for branch in session.history.visible}


@pytest.fixture
def session() -> Session:
    """A cluster of five that has run for 400 ms, and has a leader."""
    session = Session.of_settings(Settings(seed=4), "Five")
    session.step_to(lambda record: record.time_us >= ms(400))
    return session


class TestAnything:
    @given(st.integers(0, 100_000), st.integers(0, 60))
    def test_whatever_somebody_did_is_found_again(self, seed: int, moves: int) -> None:
        session = Somebody(seed).live(moves)
        text = written(session)
        player = played(text)
        assert not player.failures
        again = opened(text)
        for branch, found in zip(session.history.visible, again.history.branches, strict=True):
            assert (found.name, found.label.colour) == (branch.name, branch.label.colour)
            assert told(found) == told(branch)
            assert again.end_of(found) >= session.end_of(branch)
        shown = session.history.visible.index(session.branch)
        assert again.branch.number == shown
        assert (again.count, again.time_us) == (session.count, session.time_us)
        assert trace_hash(again.history) == trace_hash(player.history)
        assert written(again) == text

    @given(st.integers(0, 100_000), st.integers(1, 40))
    def test_a_scribe_that_goes_on_writes_what_a_new_one_would(self, seed: int, moves: int) -> None:
        somebody = Somebody(seed)
        scribe = Scribe(somebody.session.history)
        for _ in range(4):
            somebody.live(moves)
            assert scribe.write(outline_of(somebody.session)) == written(somebody.session)

    @given(st.integers(0, 100_000))
    def test_what_happens_while_a_file_is_written_stays_out_of_it(self, seed: int) -> None:
        somebody = Somebody(seed)
        somebody.live(20)
        scribe, outline = Scribe(somebody.session.history), outline_of(somebody.session)
        at_once = Scribe(somebody.session.history).write(outline)
        for _ in scribe.writing(outline):
            somebody.live(1)
        assert scribe.text == at_once


class TestTheText:
    def test_it_tells_what_was_done_a_fact_a_line(self, session: Session) -> None:
        session.dispatch(Crash(2))
        session.step_to(lambda record: record.time_us >= ms(500))
        session.seek(ms(450))
        add_bookmark(session, "half-way", "One is down.\nFour are left.")
        session.dispatch(Restart(2))
        session.go_end()
        end, time = session.end_of(session.history.root), session.history.root
        lines = written(session).splitlines()
        crash = next(r.time_us for r in time.records() if r.time_us >= ms(400))
        assert lines[:4] == [
            "raft 1",
            'look "restart S2" at 450ms',
            'title "Five"',
            CLUSTER,
        ]
        told = [line for line in lines[4:] if not line.startswith("trace")]
        assert told == [
            "",
            'branch "main"',
            f"at {crash / 1000:g}ms crash S2",
            'at 450ms bookmark "half-way"',
            "note One is down.",
            "note Four are left.",
            f"at {end / 1000:g}ms",
            "",
            'branch "restart S2" from "main" at 450ms',
            "at 450ms restart S2",
            "at 450ms",
            "",
            "end",
        ]

    def test_an_act_between_two_events_of_one_instant_stands_between_them(
        self, session: Session
    ) -> None:
        session.dispatch(SetLatency((0, 0)))
        session.step_to(lambda record: isinstance(record.event, TimedOut))
        session.step()  # the first of four heartbeats that arrive at once
        session.dispatch(Crash(2))
        text = written(session)
        assert f"at {session.time_us / 1000:g}ms after 2 crash S2\n" in text
        assert told(opened(text).branch) == told(session.branch)

    def test_a_click_on_one_of_several_alike_is_told_in_words(self, session: Session) -> None:
        session.dispatch(SetLatency((ms(400), ms(400))))
        session.step_to(lambda record: record.time_us >= ms(700))
        flights = session.moment.state.flights.values()
        session.dispatch(Drop(choice_of(max(flights, key=lambda flight: flight.id))))
        assert told(opened(written(session)).branch) == told(session.branch)

    def test_more_time_changes_only_the_lines_that_tell_of_time(self, session: Session) -> None:
        session.dispatch(Crash(2))
        before = written(session).splitlines()
        session.step_to(lambda record: record.time_us >= ms(900))
        after = written(session).splitlines()
        kept = [line for line in before if line in after]
        assert [line for line in before if line not in kept] == [
            line for line in before if line.startswith(("look", "trace", "at")) and line not in kept
        ]
        assert any(line.endswith("crash S2") for line in kept)

    def test_it_is_not_modified_by_time_and_looking(self, session: Session) -> None:
        scribe = Scribe(session.history)
        deeds = scribe.deeds(outline_of(session))
        session.step_to(lambda record: record.time_us >= ms(900))
        session.seek(ms(100))
        assert scribe.deeds(outline_of(session)) == deeds
        session.dispatch(Crash(2))
        assert scribe.deeds(outline_of(session)) != deeds

    def test_it_is_not_modified_by_what_was_undone(self, session: Session) -> None:
        done: list[Edit] = []
        session.edited = done.append
        session.dispatch(Crash(3))
        deeds = Scribe(session.history).deeds(outline_of(session))
        session.dispatch(Crash(2))
        session.step()
        done.pop().undo()
        assert Scribe(session.history).deeds(outline_of(session)) == deeds


class TestBranches:
    def test_one_that_was_deleted_is_not_written_and_those_upon_it_are(
        self, session: Session
    ) -> None:
        session.seek(ms(200))
        middle = session.open_branch("middle")
        session.step_to(lambda record: record.time_us >= ms(300))
        session.open_branch("top")
        session.step_to(lambda record: record.time_us >= ms(350))
        top = told(session.branch)
        delete_branch(session, middle)
        again = opened(written(session))
        assert list(by_name(again)) == ["main", "top"]
        assert told(by_name(again)["top"]) == top

    def test_the_first_may_have_any_name_note_and_colour(self, session: Session) -> None:
        describe(session, session.branch, Label("the plan", "as usual", 7))
        assert opened(written(session)).branch.label == Label("the plan", "as usual", 7)

    def test_each_is_played_just_as_far_as_it_was(self, session: Session) -> None:
        session.seek(ms(200))
        session.open_branch("short")
        session.step_to(lambda record: record.time_us >= ms(250))
        session.seek(session.time_us + 77)
        again = opened(written(session))
        assert again.end_of(again.branch) == session.end_of(session.branch)
        assert len(by_name(again)["main"]) == len(by_name(session)["main"])

    def test_an_empty_one_is_kept(self, session: Session) -> None:
        session.open_branch("later")
        assert list(by_name(opened(written(session)))) == ["main", "later"]


class TestNotes:
    @pytest.mark.parametrize(
        ("note", "found"),
        [
            ('say "hello" # to S3', 'say "hello" # to S3'),
            ("one\ntwo\n\nfour", "one\ntwo\n\nfour"),
            ("\n\n  indented, and trailing  \n ", "indented, and trailing"),
            ("a\n  b\n", "a\n  b"),
            ("a\u2028b\x07c", "a\nb c"),
            ("x\ud800y", "x y"),
            ("ü → 日本 🗳️", "ü → 日本 🗳️"),
        ],
    )
    def test_one_is_kept_as_lines(self, session: Session, note: str, found: str) -> None:
        add_bookmark(session, "here", note)
        text = written(session)
        text.encode()
        assert opened(text).bookmarks[0].note == found
        assert written(opened(text)) == text

    @pytest.mark.parametrize("note", ["word " * 400, "x" * 2_000])
    def test_a_line_too_long_for_a_file_goes_on_in_the_next(
        self, session: Session, note: str
    ) -> None:
        add_bookmark(session, "here", note)
        text = written(session)
        found = opened(text).bookmarks[0].note
        assert found.count("\n") == 1
        assert found.replace("\n", "").replace(" ", "") == note.replace(" ", "")
        assert written(opened(text)) == text


class TestWhatCannotBeWritten:
    def test_a_command_that_no_words_can_say(self, session: Session) -> None:
        session.dispatch(Request('say "x"'))
        with pytest.raises(UnwritableError, match="no words for an act at 40"):
            written(session)

    def test_a_cluster_that_begins_with_more_than_can_be_said(self) -> None:
        log = Log([Entry(1, 1, Command("x=1", client=-1, serial=7))])
        session = Session.of_settings(Settings(start={1: Persistent(1, 0, log)}))
        with pytest.raises(UnwritableError, match="all that this cluster begins with"):
            written(session)


class TestTraces:
    def text(self, session: Session) -> str:
        session.dispatch(Crash(2))
        session.step_to(lambda record: record.time_us >= ms(3000))
        return written(session)

    def test_a_file_that_gives_another_history_is_played_all_the_same_and_says_where(
        self, session: Session
    ) -> None:
        text = self.text(session).replace("crash S2", "crash S3")
        (failure,) = played(text).failures
        assert "“main” goes another way here" in failure.sentence
        assert failure.sentence.endswith("somewhere between 0ms and 659.809ms")

    def test_where_the_first_events_are_the_same_it_is_later(self, session: Session) -> None:
        lines = self.text(session).splitlines()
        last = max(number for number, line in enumerate(lines) if line.startswith("trace"))
        lines[last] = lines[last][:-1] + ("0" if lines[last][-1] != "0" else "1")
        (failure,) = played("\n".join(lines)).failures
        assert failure.line == last + 1
        assert "somewhere between 1297.407ms and 3008.075ms" in failure.sentence

    def test_fewer_events_are_another_history(self) -> None:
        (failure,) = played(f"raft 1\ncluster 5\nstep 3\ntrace 4 events {'0' * 16}").failures
        assert failure.line == 4

    def test_how_many_events_are_promised_is_known_before(self, session: Session) -> None:
        scenario: Scenario = parse_scenario(self.text(session))
        assert scenario.events == len(session.branch)


class TestLooking:
    def test_a_file_opens_where_one_looked(self, session: Session) -> None:
        session.seek(ms(200))
        place = session.count, session.time_us
        again = opened(written(session))
        assert (again.count, again.time_us) == place
        assert not again.at_end

    def test_also_between_two_events_of_one_instant(self, session: Session) -> None:
        session.dispatch(SetLatency((0, 0)))
        session.step_to(lambda record: isinstance(record.event, TimedOut))
        session.step()
        session.step()
        session.step_back()
        scenario = parse_scenario(written(session))
        assert scenario.look is not None
        assert isinstance(scenario.look.place, Place)
        assert scenario.look.place.at.after is not None
        assert opened(written(session)).count == session.count


def test_a_bookmark_between_an_act_and_the_loss_that_it_caused_is_found_there_again(
    session: Session,
) -> None:
    while not session.moment.state.flights:
        session.step()
    session.dispatch(act_from_text("drop message * -> *", 5))
    session.step_back()
    bookmark = add_bookmark(session)
    assert session.branch.count_at(session.time_us) > bookmark.count
    [found] = opened(written(session)).bookmarks
    assert (found.count, found.time_us) == (bookmark.count, bookmark.time_us)


def test_a_bookmark_before_a_branch_without_events_begins_can_be_read_again() -> None:
    session = Somebody(1126).live(12)
    [bookmark] = opened(written(session)).bookmarks
    assert (bookmark.count, bookmark.time_us) == (0, 11_233)


def test_a_bookmark_where_a_branch_begins_is_told_in_the_same_line_ever_after() -> None:
    text = written(Somebody(54274).live(15))
    assert written(opened(text)) == text

"""What somebody does becomes lines of a lesson, and the lines do the same again."""

import pytest

from raftviz.session.act_record import ActRecord, RecordError, fenced
from raftviz.session.lesson_run import LessonRun
from raftviz.session.session import Session
from raftviz.sim.acts import Crash, Request, Restart, Timeout
from raftviz.sim.events import Acted
from raftviz.sim.history import Record
from raftviz.sim.scenario import read_statements
from raftviz.sim.settings import Settings
from raftviz.sim.statement_words import Draft
from raftviz.sim.trace import trace_lines
from raftviz.sim.units import ms
from tests.session.somebody import Somebody
from tests.teaching.lessons import CRASH, HEAD, lesson


def begun() -> tuple[Session, ActRecord]:
    """A session in which a leader leads, and a record that begins there."""
    session = Session.of_settings(Settings(servers=3, seed=7))
    session.reach(ms(500))
    return session, ActRecord(session)


def played_again(session: Session, record: ActRecord, lines: list[str]) -> None:
    """Play lines from where the record began."""
    session.go(record.start)
    draft = Draft(settings=session.history.settings)
    assert session.play(read_statements("\n".join(lines), draft, 1)) == []


def did_something(record: Record) -> bool:
    """Whether an event is an act that had an effect."""
    return isinstance(record.event, Acted) and not record.event.note


def in_deed(lines: list[str]) -> list[str]:
    """What happened, without the acts that had no effect."""
    return [line for line in lines if "(in vain:" not in line]


class TestWhatIsSaid:
    def test_acts_and_the_time_between_them(self) -> None:
        session, record = begun()
        session.reach(ms(620))
        session.dispatch(Crash(1))
        session.reach(ms(650.5))
        session.dispatch(Request("x=1"))
        session.dispatch(Restart(1))
        session.reach(ms(900))
        assert record.lines([]) == [
            "run 120ms",
            "crash S1",
            "run 30.5ms",
            "request x=1",
            "restart S1",
        ]
        assert record.lines([], to_the_end=True)[-1] == "run 249.5ms"
        assert record.count([]) == 3

    def test_what_had_no_effect_and_what_was_undone_is_left_out(self) -> None:
        session, record = begun()
        undo = []
        session.edited = lambda edit: undo.append(edit.undo)
        session.dispatch(Restart(1))
        session.dispatch(Crash(1))
        undo[-1]()
        session.dispatch(Crash(2))
        assert record.lines([]) == ["crash S2"]

    def test_what_the_lesson_does_itself_is_left_out(self) -> None:
        run = LessonRun.of(
            lesson("""
# Both

The lesson crashes S3 when S2 is down.

```{do} when crashed(S2)
crash S3
```

```{until} Crash S2.
crashed(S2)
```
""")
        )
        record = ActRecord(run.session)
        run.session.dispatch(Crash(2))
        run.observe()
        run.session.dispatch(Restart(2))
        assert not run.session.moment.state.hosts[3].is_up
        assert record.lines(run.performed) == ["crash S2", "restart S2"]

    def test_another_past_is_told(self) -> None:
        session, record = begun()
        session.seek(ms(100))
        session.dispatch(Crash(1))
        with pytest.raises(RecordError, match="somewhere else"):
            record.lines([])
        assert record.count([]) == 0

    def test_as_a_directive(self) -> None:
        assert fenced(["run 5ms", "crash S1"], "do") == "```{do}\nrun 5ms\ncrash S1\n```\n"


class TestPlayedAgain:
    def test_between_two_events_of_one_instant(self) -> None:
        session = Session.of_settings(Settings(seed=4))
        session.dispatch(Timeout(1))
        record = ActRecord(session)
        while not session.at_this_instant.more or session.at_this_instant.place == 0:
            session.step()
        session.dispatch(Crash(3))
        session.step()
        session.dispatch(Crash(4))
        lines = record.lines([])
        assert any(line.startswith("step ") for line in lines)
        before = list(trace_lines(session.branch))
        played_again(session, record, lines)
        assert list(trace_lines(session.branch)) == before

    @pytest.mark.parametrize("seed", range(50))
    def test_whatever_somebody_did(self, seed: int) -> None:
        somebody = Somebody(seed)
        session = somebody.live(4)
        somebody.moves = (
            *(somebody.act,) * (2 + seed % 6),
            somebody.play,
            somebody.step,
            somebody.step_back,
            somebody.undo,
        )
        somebody.done.clear()
        record = ActRecord(session)
        somebody.seed += 1_000
        somebody.live(12)
        try:
            lines = record.lines([])
        except RecordError:
            start, shared = record.start, session.branch.shared_with(record.start.branch)
            went_back = min(session.count, shared) < start.count
            assert went_back or session.branch[start.count].time_us < start.time_us
            return
        branch, last = session.branch, session.count
        while last > record.start.count and not did_something(branch[last - 1]):
            last -= 1
        told = in_deed(list(trace_lines(branch))[:last])
        played_again(session, record, lines)
        assert in_deed(list(trace_lines(session.branch)))[: len(told)] == told

    def test_pasted_into_a_lesson_it_does_the_same(self) -> None:
        first = LessonRun.of(lesson(CRASH))
        record = ActRecord(first.session)
        first.session.reach(first.session.time_us + ms(33.25))
        first.session.dispatch(Crash(1))
        first.session.reach(first.session.time_us + ms(10))
        first.session.dispatch(Crash(2))
        block = fenced(record.lines([]), "do")
        again = LessonRun.of(lesson(f"\n# A step\n\nLook.\n\n{block}", HEAD))
        told = list(trace_lines(first.session.branch))
        assert list(trace_lines(again.session.branch)) == told

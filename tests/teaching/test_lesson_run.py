"""A student in a lesson: doing, foretelling, going astray and coming back."""

import pytest

from raftviz.session.lesson_run import LessonRun
from raftviz.sim.acts import Crash, Restart, Timeout
from raftviz.sim.units import ms
from tests.teaching.lessons import CRASH, FORETELL, started


def play(run: LessonRun, milliseconds: int) -> None:
    """Let time pass as a window does: event by event, and look after each."""
    session = run.session
    target = session.time_us + ms(milliseconds)
    while session.time_us < target:
        session.step()
        run.observe()


def test_a_lesson_begins_where_its_start_says() -> None:
    run = started(CRASH)
    state = run.session.moment.state
    assert state.hosts[1].server.current_term == 2
    assert run.number == 0
    assert not run.current.done


class TestTasks:
    def test_one_is_ticked_off_when_its_condition_first_holds(self) -> None:
        run = started(CRASH)
        play(run, 100)
        assert not run.current.ticked
        run.session.dispatch(Crash(1))
        assert run.observe()
        assert run.current.done

    def test_what_held_for_a_moment_only_counts(self) -> None:
        run = started(CRASH)
        run.session.dispatch(Crash(1))
        run.session.dispatch(Restart(1))
        run.observe()
        assert run.current.done

    def test_it_stays_ticked_whatever_is_done_afterwards(self) -> None:
        run = started(CRASH)
        run.session.dispatch(Crash(1))
        run.observe()
        run.session.go_home()
        run.observe()
        assert run.current.done

    def test_it_counts_in_a_branch_of_the_past_as_well(self) -> None:
        run = started(CRASH)
        play(run, 200)
        run.session.seek(run.current.start.time_us + ms(50))
        run.session.dispatch(Crash(1))
        run.observe()
        assert run.current.done

    def test_several_are_ticked_off_in_any_order(self) -> None:
        run = started("""
# Two things

Do both.

```{until} Crash S2.
crashed(S2)
```

```{until} Crash S3.
crashed(S3)
```
""")
        run.session.dispatch(Crash(3))
        run.observe()
        assert len(run.current.ticked) == 1
        assert not run.current.done
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.current.done

    def test_acts_of_an_earlier_step_do_not_count_in_this_one(self) -> None:
        step = "\n# Once more\n\nCrash one.\n\n```{until} Crash one.\ndid(crash) >= 1\n```\n"
        run = started(step + step.replace("Once", "And once"))
        run.session.dispatch(Crash(3))
        run.observe()
        assert run.next()
        run.observe()
        assert not run.current.done
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.finished


class TestForetelling:
    def ready(self) -> LessonRun:
        run = started(CRASH + FORETELL)
        run.session.dispatch(Crash(1))
        run.observe()
        assert run.next()
        return run

    def test_the_question_waits_and_the_tasks_behind_it_wait_for_the_answer(self) -> None:
        run = self.ready()
        assert run.current.question is not None
        play(run, 600)
        assert not run.current.ticked

    def test_looking_ahead_leaves_nothing_behind(self) -> None:
        run = self.ready()
        history, events = run.session.history, len(run.session.branch)
        branches = len(history.branches)
        run.answer(1)
        assert len(history.branches) == branches
        assert len(run.session.branch) == events

    def test_the_model_answers_when_it_has_happened_and_not_before(self) -> None:
        run = self.ready()
        answer = run.answer(1)
        assert answer is not None
        assert answer.is_right
        play(run, 30)
        assert run.current.waiting is answer
        play(run, 800)
        assert run.finished

    def test_a_wrong_answer_is_answered_as_well(self) -> None:
        run = self.ready()
        answer = run.answer(0)
        play(run, 800)
        assert answer is not None
        assert answer.revealed
        assert not answer.is_right

    def test_it_is_right_whatever_the_student_did_before(self) -> None:
        """S1 was started again: it can win, and then the other answer is the right one."""
        run = self.ready()
        run.session.dispatch(Restart(1))
        run.session.dispatch(Timeout(1))
        answer = run.answer(0)
        assert answer is not None
        assert answer.truth.value == 0

    def test_who_goes_another_way_is_told_what_would_have_been(self) -> None:
        run = self.ready()
        answer = run.answer(1)
        play(run, 20)
        run.session.step_back()
        run.session.dispatch(Crash(2))
        run.observe()
        assert answer is not None
        assert answer.revealed

    def test_a_second_answer_is_none(self) -> None:
        run = self.ready()
        run.answer(0)
        assert run.answer(1) is None

    def test_servers_are_pointed_at_and_numbers_are_given(self) -> None:
        run = started("""
# Which, and how many?

S1 leads.

```{predict} Who leads now?
answer: leader
within: 1 ms
```

```{predict} How many are a majority?
answer: majority
within: 1 ms
```
""")
        first = run.answer(1)
        assert first is not None
        assert first.is_right
        play(run, 20)
        assert run.current.question is not None
        assert run.current.question.kind == "number"
        second = run.answer(3)
        assert second is not None
        assert second.truth.value == 2


class TestWhatTheLessonDoes:
    def test_what_stands_right_behind_a_question_is_part_of_what_is_foretold(self) -> None:
        run = started("""
# Foretell

S1 leads, and crashes as soon as you have answered.

```{predict} Who will lead?
- S1 `if leader == S1`
- Another `if leader != S1 and any_leader`
until: term > 2 and any_leader
```

```{do}
crash S1
```
""")
        answer = run.answer(1)
        assert answer is not None
        assert answer.is_right
        assert not run.session.moment.state.hosts[1].is_up
        play(run, 900)
        assert run.finished
        acts = list(run.session.branch.acts(run.steps[0].start.count, len(run.session.branch)))
        assert len(acts) == 1

    def test_it_acts_when_its_turn_comes(self) -> None:
        run = started("""
# It crashes

Now S3 crashes.

```{do}
crash S3
```
""")
        assert run.session.moment.state.hosts[3].status.value == "crashed"
        assert run.finished

    def test_it_acts_when_a_condition_first_holds(self) -> None:
        run = started("""
# Wait for it

As soon as S2 is down, S3 is too.

```{do} when crashed(S2)
crash S3
```

```{until} Crash S2.
crashed(S2)
```
""")
        play(run, 100)
        assert run.session.moment.state.hosts[3].is_up
        run.session.dispatch(Crash(2))
        run.observe()
        assert not run.session.moment.state.hosts[3].is_up

    def test_it_may_go_back_to_a_bookmark_behind_a_question(self) -> None:
        run = started("""
# Back

S1 leads.

```{do}
bookmark "before"
```

```{predict} Who leads a second later?
- [x] S1
- [ ] Another
check: leader == S1
within: 1 s
```

```{watch}
panels: Logs
```

```{do}
branch "again" from "before"
```

```{until} Crash S1.
crashed(S1)
```
""")
        run.answer(0)
        play(run, 1_200)
        assert run.session.branch.name == "again"
        run.session.dispatch(Crash(1))
        run.observe()
        assert run.finished

    def test_what_it_wants_to_be_looked_at_is_told_once(self) -> None:
        run = started("""
# Look

At the logs.

```{watch}
panels: Logs
speed: 1/50
highlight: S1, S2
pause: yes
```
""")
        watching = run.watching
        assert watching is not None
        assert watching.panels == ("Logs",)
        assert watching.highlight == ("S1", "S2")
        assert watching.pause


class TestGoingAstray:
    def test_a_reset_begins_the_step_anew_and_keeps_what_was_done(self) -> None:
        run = started(CRASH + FORETELL)
        run.session.dispatch(Crash(2))
        play(run, 100)
        astray = run.session.branch
        run.reset()
        assert run.session.moment.state.hosts[2].is_up
        assert run.session.branch is not astray
        assert not astray.hidden
        assert not run.current.ticked

    def test_any_step_can_be_gone_to_and_those_between_are_done_by_the_lesson(self) -> None:
        run = started(CRASH + FORETELL)
        run.go(1)
        assert run.number == 1
        assert not run.session.moment.state.hosts[1].is_up
        run.go(0)
        assert run.session.moment.state.hosts[1].is_up

    def test_there_is_no_step_behind_the_last(self) -> None:
        with pytest.raises(IndexError):
            started(CRASH).go(1)

    def test_a_step_that_is_not_done_cannot_be_left_forward(self) -> None:
        run = started(CRASH + FORETELL)
        assert not run.next()
        assert run.number == 0


class TestHelp:
    def test_hints_come_one_after_the_other(self) -> None:
        run = started(CRASH)
        hints = [run.hint(), run.hint(), run.hint()]
        assert [hint.text if hint else None for hint in hints] == [
            "Press K.",
            "Click S1, then press K.",
            None,
        ]

    def test_show_me_does_it_and_stands_at_the_beginning(self) -> None:
        run = started(CRASH)
        run.show_me()
        assert run.session.moment.state.hosts[1].is_up
        assert not run.session.at_end
        run.session.step()
        assert not run.session.moment.state.hosts[1].is_up

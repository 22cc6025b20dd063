"""Challenges: a goal on one line of events, rules, and a count of acts."""

from pathlib import Path

import pytest

from raftviz.session.challenge import Account, solution_text
from raftviz.session.lesson_check import check_lesson
from raftviz.session.lesson_files import find_lesson, read_file
from raftviz.session.lesson_run import LessonRun
from raftviz.session.opening import Opening
from raftviz.sim.acts import Crash, Partition, Request, Restart
from raftviz.sim.script_error import ScriptError
from raftviz.sim.trace import trace_lines
from raftviz.sim.units import ms
from raftviz.teaching.lesson import Lesson
from raftviz.teaching.reading import read_lesson

BODY = """
# Two down

Crash two.

```{until} Two are down.
crashed(S1) and crashed(S2)
```

```{solution}
crash S1
crash S2
```
"""


def head(more: str = "") -> str:
    return f"---\ntitle: A challenge\nservers: 5\nseed: 3\nchallenge: true\n{more}---\n"


def challenge(more: str = "", body: str = BODY) -> Lesson:
    return read_lesson(head(more) + body, "test")


def faults(more: str = "", body: str = BODY) -> list[str]:
    found = check_lesson(lambda seed: read_lesson(head(more) + body, "test", seed=seed), {"test"})
    return [fault.sentence for fault in found]


def begun(more: str = "") -> LessonRun:
    return LessonRun.of(challenge(more))


class TestTheCount:
    def test_only_acts_that_have_an_effect_count_and_no_time(self) -> None:
        run = begun()
        run.session.dispatch(Restart(1))
        run.session.reach(ms(500))
        run.session.dispatch(Crash(1))
        assert run.account().acts == 1

    def test_only_the_line_that_one_is_on_counts(self) -> None:
        run = begun()
        run.session.dispatch(Crash(3))
        run.session.dispatch(Crash(4))
        run.session.go_home()
        run.session.dispatch(Crash(1))
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.met is not None
        assert run.met.acts == 2

    def test_a_goal_is_not_put_together_from_two_lines(self) -> None:
        two = BODY.replace(
            "```{until} Two are down.\ncrashed(S1) and crashed(S2)\n```",
            "```{until} One.\ndid(crash) == 1 and crashed(S1)\n```\n\n"
            "```{until} Two.\ncrashed(S2) and not crashed(S1)\n```",
        )
        run = LessonRun.of(challenge(body=two))
        run.session.dispatch(Crash(1))
        run.observe()
        assert len(run.current.ticked) == 1
        run.session.go_home()
        run.session.dispatch(Crash(2))
        run.observe()
        assert len(run.current.ticked) == 1
        assert run.met is None

    def test_what_was_met_on_the_way_is_seen_when_one_comes_back_to_the_line(self) -> None:
        run = begun()
        run.session.dispatch(Crash(1))
        line = run.session.cursor
        run.session.go_home()
        run.session.dispatch(Crash(4))
        run.observe()
        run.session.go(line)
        run.observe()
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.met is not None

    def test_what_is_undone_does_not_count(self) -> None:
        run = begun("allow: [crash]\n")
        undo = []
        run.session.edited = lambda edit: undo.append(edit.undo)
        run.session.dispatch(Request("x=1"))
        assert run.account().fouls == ("request",)
        undo[-1]()
        assert run.account() == Account()
        run.session.dispatch(Crash(1))
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.met is not None
        assert run.met.acts == 2


class TestTheRules:
    def test_an_act_that_is_not_allowed_bars_the_goal_until_one_goes_back(self) -> None:
        run = begun("allow: [crash]\n")
        run.session.dispatch(Request("x=1"))
        run.session.dispatch(Crash(1))
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.met is None
        rules = run.lesson.rules
        assert rules is not None
        assert "Not allowed here: request." in run.account().hindrance(rules)
        run.session.go_home()
        run.session.dispatch(Crash(1))
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.met is not None

    def test_some_acts_may_be_forbidden_by_name(self) -> None:
        run = begun("forbid: [partition]\n")
        run.session.dispatch(Partition(((1, 2), (3, 4, 5))))
        assert run.account().fouls == ("partition",)

    def test_more_than_so_many_are_too_many(self) -> None:
        run = begun("acts: 2\n")
        for server in (3, 1, 2):
            run.session.dispatch(Crash(server))
        run.observe()
        assert run.met is None

    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            (head("allow: [crsh]\n") + BODY, 6, "did you mean “crash”"),
            (head("acts: 0\n") + BODY, 6, "a number from 1"),
            (head("allow: [crash]\nforbid: [drop]\n") + BODY, 7, "not needed"),
            ("---\ntitle: A\nacts: 3\n---\n" + BODY, 3, "write “challenge: true”"),
            (head() + BODY + BODY, 21, "one step"),
            (head() + "\n# A\n\nNothing to do.\n", 8, "has tasks"),
        ],
    )
    def test_a_head_that_is_wrong_is_refused(self, text: str, line: int, words: str) -> None:
        with pytest.raises(ScriptError) as caught:
            read_lesson(text, "test")
        assert words in caught.value.message
        assert caught.value.line == line


class TestChecking:
    def test_its_own_solution_is_played(self) -> None:
        assert faults() == []
        assert "does not end" in faults(body=BODY.replace("crash S2\n", ""))[0]

    def test_its_solution_keeps_to_the_rules(self) -> None:
        assert "more than 1 acts" in faults("acts: 1\n")[0]
        assert "Not allowed here: crash" in faults("forbid: [crash]\n")[0]

    def test_it_cannot_be_met_by_waiting(self) -> None:
        body = BODY.replace("crashed(S1) and crashed(S2)", "any_leader and time > 2000")
        assert faults(body=body) == ["the goal is met by who does nothing"]


class TestPlayingAgain:
    def test_a_solution_is_a_session_that_meets_the_goal_again(self) -> None:
        run = begun()
        run.session.reach(ms(400))
        run.session.dispatch(Crash(4))
        run.session.go_home()
        run.session.dispatch(Crash(1))
        run.session.reach(ms(300))
        run.session.dispatch(Crash(2))
        run.observe()
        assert run.met is not None
        text = solution_text(run.session, "A challenge", run.current.start, run.met)
        opening = Opening(text)
        for _ in opening.working():
            pass
        assert opening.failures == []
        (branch,) = opening.session.history.visible
        told = list(trace_lines(run.met.at.branch))[: len(list(trace_lines(branch)))]
        assert list(trace_lines(branch)) == told
        assert opening.session.moment.state.hosts[1].is_up

    def test_what_was_shown_is_nobodys_own(self) -> None:
        run = begun()
        run.show_me()
        run.session.go_end()
        run.observe()
        assert run.met is not None
        assert run.met.shown

    @pytest.mark.parametrize(
        ("name", "acts"),
        [
            ("three-split-votes", 9),
            ("figure-8", 8),
            ("leaderless", 15),
            ("an-empty-promise", 3),
            ("three-of-five", 2),
            ("repair", 1),
            ("a-lost-answer", 3),
        ],
    )
    def test_those_that_ship_can_be_met_with_so_few_acts(self, name: str, acts: int) -> None:
        path: Path = find_lesson(name)
        run = LessonRun.of(read_file(path))
        for _ in run.solving(run.current.step):
            pass
        assert run.met is not None
        assert run.met.acts == acts

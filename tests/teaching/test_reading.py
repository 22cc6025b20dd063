"""Lessons as files: what one says is read, and what is wrong is said with its line."""

import pytest

from raftviz.sim.script_error import ScriptError
from raftviz.teaching.lesson import Do, Hint, Notes, Predict, Say, Solution, Task, Watch
from raftviz.teaching.prose import is_safe_link, is_safe_picture, references, words_in
from raftviz.teaching.reading import MAX_SIZE, decode_lesson, read_lesson
from tests.teaching.lessons import CRASH, FORETELL, HEAD, lesson


def test_a_heading_begins_a_step_and_fences_are_its_parts() -> None:
    read = lesson(CRASH + FORETELL)
    assert [step.title for step in read.steps] == ["Crash it", "Who will lead?"]
    assert [type(block) for block in read.steps[0].blocks] == [Say, Task, Hint, Hint, Solution]
    assert [type(block) for block in read.steps[1].blocks] == [Say, Predict, Task, Solution]


def test_paragraphs_that_follow_each_other_are_one_piece() -> None:
    read = lesson("\n# A step\n\nOne.\n\nTwo.\n\n- three\n- four\n\n```\ncode\n```\n")
    assert len(read.steps[0].blocks) == 1
    assert "code" in read.steps[0].blocks[0].text  # type: ignore[union-attr]


def test_every_directive_is_read() -> None:
    read = lesson("""
# All

```{do} when crashed(S2)
crash S3
```

```{watch}
panels: timeline, why
speed: 1/50
```

```{notes}
Ask them.
```
""")
    do, watch, notes = read.steps[0].blocks
    assert isinstance(do, Do)
    assert do.when is not None
    assert isinstance(watch, Watch)
    assert watch.panels == ("Timeline", "Why")
    assert isinstance(notes, Notes)


def test_with_a_seed_of_its_own_it_is_fixed() -> None:
    assert lesson(CRASH).seeded
    free = read_lesson(HEAD.replace("seed: 7\n", "") + CRASH, "x", seed=12)
    assert not free.seeded
    assert free.settings.seed == 12


def test_the_start_may_be_told_in_the_language_of_scenarios() -> None:
    head = HEAD.replace(
        "start: leader S1 in term 2",
        "start: |\n  server S2 term=3 log=1,3\n  timeout S2\n  run 50ms",
    )
    read = lesson(CRASH, head)
    assert read.settings.start[2].current_term == 3
    assert len(read.start) == 2


WRONG = [
    ("no head at all", 1, "begins with a head"),
    ("---\ntitle: A\n---\n", 3, "has steps"),
    ("---\ntitel: A\n---\n# S\n\ntext\n", 2, "did you mean “title”"),
    ("---\ntitle: [\n---\n# S\n\ntext\n", 2, "not YAML"),
    ("---\ntitle: A\nservers: 99\n---\n# S\n\ntext\n", 3, "a number from 1 to 51"),
    ("---\ntitle: A\nservers: true\n---\n# S\n\ntext\n", 3, "a number from 1 to 51"),
    ("---\ntitle: A\ncluster: heartbeat=1ns\n---\n# S\n\ntext\n", 3, ""),
    ("---\ntitle: A\nstart: leader S9 in term 2\n---\n# S\n\ntext\n", 3, "no server S9"),
    (
        "---\ntitle: A\nstart: |\n  run 1ms\n  crsh S1\n---\n# S\n\ntext\n",
        5,
        "did you mean “crash”",
    ),
    ("---\ntitle: &a A\npart: *a\n---\n# S\n\ntext\n", 2, "no “&”"),
    ("---\ntitle: " + "[" * 9_000 + "\n---\n# S\n\ntext\n", 2, "no lists in lists"),
    ("---\ngoals:\n" + "- " * 2_000 + "a\n---\n# S\n\ntext\n", 3, "no lists in lists"),
    ("---\ntitle: A\ntitle: B\n---\n# S\n\ntext\n", 3, "not YAML"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG)
def test_a_head_that_is_wrong_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read_lesson(text, "x")
    assert words in caught.value.message
    assert caught.value.line == line


def test_a_lesson_has_no_end_of_steps() -> None:
    with pytest.raises(ScriptError, match="at most 60 steps") as caught:
        lesson("\n# A\n\nb\n" * 61)
    assert caught.value.line == 8 + 60 * 4


WRONG_PARTS = [
    ("```{untl} Do.\nleader\n```", "did you mean “until”"),
    ("```{until}\nleader\n```", "a sentence for the student"),
    ("```{until} Do.\n```", "holds a condition"),
    ("```{until} Do.\nleader.trm > 1\n```", "did you mean “term”"),
    ("```{until} Do.\n().__class__\n```", "a server has no “__class__”"),
    ("```{until} Do.\n9**9**9**9 > 1\n```", "cannot stand in a condition"),
    ("```{solution}\ncrsh S1\n```", "did you mean “crash”"),
    ("```{solution}\ncluster 5\n```", "cannot stand here"),
    ("```{solution}\n```", "says what is done"),
    ("```{do} if leader\ncrash S1\n```", "“when” and a condition"),
    ("```{watch}\npanel: Logs\n```", "did you mean “panels”"),
    ("```{watch}\npanels: Loggs\n```", "did you mean “Logs”"),
    ("```{watch}\nspeed: 1/0\n```", "a speed is expected"),
    ("```{watch}\nhighlight: leder\n```", "did you mean “leader”"),
    ("```{watch}\nhighlight: S9\n```", "no “S9” to highlight"),
    ("```{watch}\nspeed: 1/50\nspeed: 2\n```", "given twice"),
    ("```{predict} What?\n```", "either answers to choose"),
    ("```{predict} What?\n- [x] A\n- [ ] B\n```", "how is the model to know"),
    ("```{predict} What?\n- [x] A\ncheck: leader\n```", "two to eight answers"),
    ("```{predict} What?\n- [x] A\n- [x] B\ncheck: leader\n```", "exactly one answer"),
    ("```{predict} What?\nanswer: term\nwithin: 2 h\n```", "a duration is expected"),
    ("```{predict} What?\nanswer: term\nwithin: 99999 s\n```", "at most 60 s"),
    ("```{hint}\n```", "something that helps"),
    (
        '```{do}\nbookmark "b"\n```\n```{predict} W?\nanswer: term\n```\n```{do}\nbranch "c" from "b"\n```',
        "not right behind it",
    ),
    ("```{\ntext\n```", "a directive looks like"),
]


@pytest.mark.parametrize(("part", "words"), WRONG_PARTS)
def test_a_part_that_is_wrong_is_refused_near_its_line(part: str, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        lesson(f"\n# A step\n\nText.\n\n{part}\n")
    assert words in caught.value.message
    assert caught.value.line in range(10, 20)


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00x", b"---\0---", b"x" * (MAX_SIZE + 1), b"- " * 50_000, b"> " * 50_000],
)
def test_what_is_no_lesson_is_refused(data: bytes) -> None:
    with pytest.raises(ScriptError):
        decode_lesson(data, "x")


@pytest.mark.parametrize(
    "part", ["](word:" + " " * 50_000, "- a" + " " * 50_000 + "`if ", "[" * 9_000]
)
def test_long_lines_are_read_within_the_time_of_a_blink(part: str) -> None:
    """Each took minutes, or a second for a tenth of it, where a pattern was looked for badly."""
    lesson(f"\n# A step\n\nx {part}\n")


def test_deep_nesting_is_read_without_harm() -> None:
    read = lesson("\n# A step\n\n" + "> " * 2_000 + "deep\n")
    assert words_in(read.steps[0].blocks[0].text) <= 2_100  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "link",
    ["https://example.com", "file:///etc/passwd", "javascript:1", "server:", "//x", "../x.md", ""],
)
def test_links_out_of_the_app_are_none(link: str) -> None:
    assert not is_safe_link(link)


@pytest.mark.parametrize(
    "source",
    ["../x.png", "/etc/x.png", "http://x/y.png", "a/../../x.png", "x.html", "x.png?y", "c:\\x.png"],
)
def test_pictures_from_elsewhere_are_none(source: str) -> None:
    assert not is_safe_picture(source)


def test_links_and_pictures_are_found_with_their_lines() -> None:
    text = "One.\n\n[S1](server:S1) and ![a plan](plan.png)"
    assert list(references(text)) == [("link", "server:S1", 2), ("picture", "plan.png", 2)]
    assert is_safe_link("server:S1")
    assert is_safe_picture("plan.png")


def test_a_link_may_be_of_several_words() -> None:
    text = "A [split](word:split vote), and [again](<word:split vote>)."
    assert [target for _, target, _ in references(text)] == ["word:split vote"] * 2


def test_words_of_code_are_not_counted() -> None:
    assert words_in("Press `Ctrl+K` now.\n\n```\nmany words of code\n```") == 2

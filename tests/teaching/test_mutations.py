"""Lessons that somebody has garbled: each is refused with a sentence, or it can be played somehow.

The seeds are fixed, so that the suite does the same each time.
"""

import random
import re

import pytest

from raftviz.session.lesson_files import lessons_in, shipped_folder
from raftviz.session.lesson_run import LessonRun
from raftviz.sim.script_error import ScriptError
from raftviz.teaching.reading import decode_lesson

TEXTS = [path.read_bytes() for path in lessons_in(shipped_folder())]
WORDS = sorted({word for text in TEXTS for word in re.findall(rb'[\w().,"=<>:{}`#-]+', text)})


def garbled(seed: int) -> bytes:
    """A shipped lesson with some bytes, words and lines changed, lost, or in another place."""
    dice = random.Random(seed)
    lines = dice.choice(TEXTS).split(b"\n")
    for _ in range(dice.randint(1, 5)):
        one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        match dice.randrange(4):
            case 0:
                lines[one], lines[other] = lines[other], lines[one]
            case 1:
                words = lines[one].split(b" ")
                words[dice.randrange(len(words))] = dice.choice(WORDS)
                lines[one] = b" ".join(words)
            case 2 if len(lines) > 1:
                del lines[one]
            case _:
                at = dice.randrange(len(lines[one]) + 1)
                lines[one] = lines[one][:at] + bytes([dice.randrange(256)]) + lines[one][at + 1 :]
    return b"\n".join(lines)


def play(text: bytes) -> None:
    """Open a lesson, let it show its first step, and go to the second."""
    run = LessonRun.of(decode_lesson(text, "garbled"))
    run.show_me()
    run.session.go_end()
    run.observe()
    if len(run.lesson.steps) > 1:
        run.go(1)


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_a_garbled_lesson_is_refused_or_played(first: int) -> None:
    refusals = []
    for seed in range(first, first + 30):
        try:
            play(garbled(seed))
        except ScriptError as refusal:
            refusals.append(refusal.message)
    assert refusals
    assert all(message and "\n" not in message for message in refusals)

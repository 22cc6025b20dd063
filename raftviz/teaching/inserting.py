"""Writing into a lesson's file: a part more at the end of a step, and all else as it is."""

from raftviz.teaching.lesson import Lesson


def with_part(text: str, lesson: Lesson, step: int, part: str) -> str:
    """The text of a lesson's file with one part more, at the end of a step.

    Lines end as they do in the text.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    behind = step + 1 < len(lesson.steps)
    at = lesson.steps[step + 1].line - 1 if behind else len(lines)
    while at and not lines[at - 1].strip():
        at -= 1
    rest = lines[at:]
    while rest and not rest[0].strip():
        rest.pop(0)
    put = ["", *part.strip().splitlines(), *([""] if rest else [])]
    return end.join([*lines[:at], *put, *rest, ""])

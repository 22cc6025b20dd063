"""Every lesson that ships can be gone through, whatever chance brings: its own solution is played.

A lesson that fixes no seed is played with ten; that takes about half a second.
"""

import pytest

from raftviz.session.glances import shipped_glances
from raftviz.session.lesson_files import Found, all_lessons, check_file

SHIPPED = all_lessons()


def _name(found: Found) -> str:
    return found.name


@pytest.mark.parametrize("found", SHIPPED, ids=_name)
def test_nothing_in_it_is_to_be_mended(found: Found) -> None:
    faults = check_file(found.path, {one.name for one in SHIPPED})
    assert [f"{found.path.name}:{fault.line}: {fault.sentence}" for fault in faults] == []


def _lessons(*, challenges: bool) -> list[Found]:
    return [
        one for one in SHIPPED if one.lesson is not None and one.lesson.is_challenge is challenges
    ]


@pytest.mark.parametrize("found", _lessons(challenges=False), ids=_name)
def test_it_is_of_a_size_and_asks_and_lets_do(found: Found) -> None:
    lesson = found.lesson
    assert lesson is not None
    assert 6 <= len(lesson.steps) <= 12
    assert 5 <= lesson.minutes <= 15
    assert sum(len(step.predictions) for step in lesson.steps) >= 2
    assert sum(len(step.tasks) for step in lesson.steps) >= 2


def test_their_order_is_that_of_their_files() -> None:
    orders = [one.lesson.order for one in sorted(SHIPPED, key=lambda one: one.path) if one.lesson]
    assert orders == sorted(orders)
    assert len(set(orders)) == len(orders)


def test_a_glance_sees_what_is_there() -> None:
    seen = [(g.name, g.path, g.title, g.order, g.steps, g.is_challenge) for g in shipped_glances()]
    there = [
        (one.name, one.path, of.title, of.order, len(of.steps), of.is_challenge)
        for one in SHIPPED
        if (of := one.lesson) is not None
    ]
    assert seen == there

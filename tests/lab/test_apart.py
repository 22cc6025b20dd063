"""A search in a process of its own: it tells, it can be ended at once, and nothing of it is left."""

import multiprocessing
import time
from collections.abc import Iterator

import pytest

from raftviz.lab.apart import Apart, Failed, News, Quest
from raftviz.lab.exhaustive.bounds import Bounds
from raftviz.lab.findings import Finding, Progress, Search

PATIENCE_S = 60


def endless(quest: Quest) -> Search:
    states = 0
    while True:
        states += 1
        yield Progress(states=states)


def dying(quest: Quest) -> Search:
    yield Progress()
    raise SystemExit(3)


@pytest.fixture
def begun() -> Iterator[list[Apart]]:
    all_of_them: list[Apart] = []
    yield all_of_them
    for one in all_of_them:
        one.stop()
    nobody_is_left()


def nobody_is_left() -> None:
    for child in multiprocessing.active_children():  # it has been killed, and takes its moment
        child.join(PATIENCE_S)
    assert not multiprocessing.active_children()


def wait_for(search: Apart, *kinds: type) -> News:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        news = search.news()
        if news is not None and isinstance(news, kinds):
            return news
    raise AssertionError("nothing came")


def test_it_tells_how_far_it_is_and_what_it_came_to(begun: list[Apart]) -> None:
    begun.append(Apart(Quest("vote_not_persisted", exhaustive=True, bounds=Bounds(3, 1, 0, 1))))
    finding = wait_for(begun[0], Finding)
    assert isinstance(finding, Finding)
    assert finding.property == "election_safety"
    assert finding.session.startswith("raft 1\n")


def test_it_is_ended_at_once_in_the_middle_of_its_work(begun: list[Apart]) -> None:
    begun.append(Apart(Quest("none"), endless))
    wait_for(begun[0], Progress)
    begun[0].stop()
    nobody_is_left()
    assert begun[0].news() is None


def test_what_makes_no_sense_is_told_in_a_sentence(begun: list[Apart]) -> None:
    begun.append(Apart(Quest("none", exhaustive=True, bounds=Bounds(5, 5, 5, 5))))
    failed = wait_for(begun[0], Failed)
    assert isinstance(failed, Failed)
    assert "it would not end" in failed.sentence


def test_a_process_that_dies_is_told_of(begun: list[Apart]) -> None:
    begun.append(Apart(Quest("none"), dying))
    failed = wait_for(begun[0], Failed)
    assert isinstance(failed, Failed)
    assert "without a word" in failed.sentence

"""A session over a recording: everything can be looked at, nothing can be done."""

from fractions import Fraction

import pytest

from raftviz.checks.checker import Checker
from raftviz.data import asset_path
from raftviz.session.branches import describe
from raftviz.session.edits import EditError
from raftviz.session.session import RECORDING, Session, is_notable
from raftviz.sim.history import History, Label
from raftviz.sim.targets import ActError
from raftviz.sim.vocabulary import act_from_text
from raftviz.sim.world import World
from raftviz.tracefile import open_recording
from tests.recording.recorded import read_bytes, written
from tests.sim.worlds import led_by, run

TWO_LEADERS = str(asset_path("traces") / "two-leaders.jsonl")


def recorded(history: History) -> Session:
    """A session over the recording of a history."""
    found = read_bytes(written(history)).history
    return Session(found, Checker(found))


def play(session: Session, seconds: float) -> None:
    """Let so many seconds pass, a tick of 20 ms at a time, as long as it plays."""
    session.playback.playing = True
    session.playback.speed = Fraction(1)
    for _ in range(round(seconds / 0.02)):
        session.tick(0.02)


def test_it_opens_at_its_first_instant_under_its_title() -> None:
    session = open_recording(TWO_LEADERS)

    assert session.is_recording
    assert (session.title, session.count, session.time_us) == ("A vote that was forgotten", 0, 0)
    assert len(session.checker.violations) == 2


def test_a_simulated_session_is_none() -> None:
    assert not Session(led_by(1).history, Checker(led_by(1).history)).is_recording


def test_one_goes_through_it_event_by_event() -> None:
    session = open_recording(TWO_LEADERS)
    for count in range(1, len(session.branch) + 1):
        session.step()
        assert session.count == count
    session.step_back()
    assert session.count == len(session.branch) - 1


def test_at_its_end_nothing_more_happens() -> None:
    session = open_recording(TWO_LEADERS)
    session.go_end()
    before = session.cursor

    session.step()
    assert not session.step_to(is_notable)

    assert session.cursor == before
    assert session.at_end


def test_it_plays_to_its_end_and_stops_there() -> None:
    session = open_recording(TWO_LEADERS)
    play(session, 1.0)

    assert not session.playback.playing
    assert session.time_us == session.branch.time_at(len(session.branch))
    assert session.at_end


def test_violations_appear_when_one_comes_to_them() -> None:
    session = open_recording(TWO_LEADERS)
    assert session.violations == []
    session.go_end()
    assert [v.property.name for v in session.violations] == ["vote_once", "election_safety"]


@pytest.mark.parametrize("at_end", [True, False])
def test_no_act_is_possible(at_end: bool) -> None:
    session = open_recording(TWO_LEADERS)
    if at_end:
        session.go_end()
    with pytest.raises(ActError, match="this is a recording"):
        session.dispatch(act_from_text("crash S1", 3))
    with pytest.raises(EditError, match="this is a recording"):
        session.open_branch()

    assert len(session.history.branches) == 1
    assert RECORDING.count(".") == 0


def test_no_world_goes_on_from_it() -> None:
    history = open_recording(TWO_LEADERS).history
    with pytest.raises(ValueError, match="a recording"):
        World.at(history)


def test_its_branches_can_be_looked_at_and_described() -> None:
    world = led_by(1)
    branch = World.at(world.history, world.branch, count=12, new_branch="other")
    run(branch, 60)
    session = recorded(world.history)

    main, other = session.history.visible
    session.switch(other)
    session.go_end()
    describe(session, other, Label("what if", "a note", 3))

    assert session.count == len(branch.branch)
    assert (main.name, other.name) == ("main", "what if")

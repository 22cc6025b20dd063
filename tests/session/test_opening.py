"""Opening a text: a slice at a time, with progress, and with the same end as all at once."""

from itertools import pairwise

import pytest

from raftviz.session.opening import Opening
from raftviz.session.outline import outline_of
from raftviz.session.session import Session
from raftviz.sim.acts import Crash
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.script_error import ScriptError
from raftviz.sim.settings import Settings
from raftviz.sim.trace import trace_hash
from raftviz.sim.units import ms
from tests.session.somebody import Somebody
from tests.session.test_files import written


def opened(text: str) -> Opening:
    opening = Opening(text)
    for _ in opening.working():
        pass
    return opening


def long_session() -> Session:
    session = Session.of_settings(Settings(seed=4, requests_us=ms(20)))
    session.step_to(lambda record: record.time_us >= ms(1000))
    session.dispatch(Crash(2))
    session.step_to(lambda record: record.time_us >= ms(4000))
    return session


def test_it_ends_like_a_scenario_that_is_played_at_once() -> None:
    text = written(Somebody(12).live(40))
    by_slices, at_once = opened(text).session, Session.of_scenario(parse_scenario(text))
    assert trace_hash(by_slices.history) == trace_hash(at_once.history)
    assert by_slices.cursor.count == at_once.cursor.count


def test_progress_grows_evenly_and_ends_at_one() -> None:
    opening = Opening(written(long_session()))
    seen = [opening.progress for _ in opening.working()]
    assert opening.progress == 1.0
    assert seen == sorted(seen)
    gaps = [after - before for before, after in pairwise(seen)]
    assert len(seen) > 5
    assert max(gaps) < 0.3


def test_without_promises_statements_and_time_count() -> None:
    for statements in ("run 1s\n" * 50, "run 50s\n"):
        opening = Opening(f"raft 1\ncluster 3\n{statements}")
        seen = [round(opening.progress, 2) for _ in opening.working()]
        assert seen == sorted(seen)
        assert len(set(seen)) > 10


def test_what_goes_another_way_is_told_and_opens_all_the_same() -> None:
    opening = opened(written(long_session()).replace("crash S2", "crash S3"))
    (sentence,) = opening.failures
    assert "“main” goes another way here" in sentence
    assert len(opening.session.branch) > 500


def test_the_scribe_that_comes_with_it_writes_the_same_text_again() -> None:
    text = written(long_session())
    opening = opened(text)
    assert opening.scribe.write(outline_of(opening.session)) == text
    assert opening.deeds == opening.scribe.deeds(outline_of(opening.session))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raft 2\ncluster 5\n", "line 1, column 6: this scenario is of version 2"),
        ("raft 1\ncluster 5\nrun 1s\nat 1s crash S9\n", "line 4, column 13: there is no server S9"),
        ("raft 1\ncluster 5\nrun 2s\nat 1s crash S1\n", "line 4, column 1: it is 2s already"),
    ],
)
def test_what_cannot_be_opened_is_told(text: str, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        opened(text)
    assert str(caught.value).startswith(words)

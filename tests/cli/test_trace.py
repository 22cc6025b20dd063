"""``raftviz trace``, and recordings where a scenario can stand."""

import json
from pathlib import Path
from typing import Any

import pytest

from raftviz.data import asset_path
from raftviz.shelf import UnreadableError
from raftviz.sim.recording import lines
from raftviz.sim.shiviz import PARSER
from raftviz.tracefile import Export, RecordingOpening, open_recording
from tests.cli.test_run import raftviz
from tests.sim.worlds import led_by, run

TWO_LEADERS = asset_path("traces") / "two-leaders.jsonl"


def as_json(*args: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(raftviz("run", "--json", *args).stdout)
    return found


# Out


def test_every_event_of_a_scenario_is_written(tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    result = raftviz("trace", "leader-crashes", out)

    told = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    events = as_json("leader-crashes")["events"]
    assert result.exit_code == 0
    assert result.output.endswith(f"run.jsonl: {events:,} events\n")
    assert told[0]["events"] == sum("number" in line for line in told) == events


def test_a_recording_comes_to_what_its_scenario_came_to(tmp_path: Path) -> None:
    out = tmp_path / "run.jsonl"
    raftviz("trace", "partition", out)

    played, recorded = as_json("partition"), as_json(out)
    assert recorded.pop("time_ms") <= played.pop("time_ms")  # time may pass behind the last event
    assert recorded == played


def test_the_suffix_says_which_format_is_wanted(tmp_path: Path) -> None:
    raftviz("trace", "quiet-cluster", tmp_path / "log.shiviz")
    raftviz("trace", "quiet-cluster", tmp_path / "log.txt", "--format", "shiviz")

    first, second = (tmp_path / name for name in ("log.shiviz", "log.txt"))
    assert first.read_text(encoding="utf-8").startswith(PARSER)
    assert first.read_bytes() == second.read_bytes()


def test_a_suffix_that_says_nothing_needs_a_format(tmp_path: Path) -> None:
    result = raftviz("trace", "quiet-cluster", tmp_path / "log.txt")
    assert result.exit_code == 2
    assert ".jsonl or .shiviz; say which is wanted with --format" in result.stderr
    assert not (tmp_path / "log.txt").exists()


def test_another_seed_gives_another_trace(tmp_path: Path) -> None:
    raftviz("trace", "quiet-cluster", tmp_path / "a.jsonl")
    raftviz("trace", "quiet-cluster", tmp_path / "b.jsonl", "--seed", "9")
    assert (tmp_path / "a.jsonl").read_bytes() != (tmp_path / "b.jsonl").read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    result = raftviz("trace", "quiet-cluster", tmp_path / "nowhere" / "x.jsonl")
    assert result.exit_code == 2
    assert "x.jsonl cannot be written: No such file or directory" in result.stderr


def test_whoever_stops_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "old.jsonl"
    out.write_text("as it was", encoding="utf-8")
    export = Export(led_by(1).history, "", out, "jsonl")
    working = export.working()
    next(working)
    assert len(list(tmp_path.iterdir())) == 2
    working.close()

    assert out.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [out]


def test_it_tells_how_far_it_is(tmp_path: Path) -> None:
    world = led_by(1)
    run(world, 1_000)
    export = Export(world.history, "", tmp_path / "x.shiviz", "shiviz")
    told = [export.progress for _ in export.working()]

    assert told == sorted(told)
    assert len(told) > 3
    assert export.progress == 1.0


# In


def test_a_recording_is_checked_and_summed_up() -> None:
    result = raftviz("run", TWO_LEADERS)

    assert result.exit_code == 1
    assert "A vote that was forgotten: 209.0 ms, 14 events" in result.output
    assert "  S1  leader     term 1    log ?     committed ?     ?" in result.output
    assert "BROKEN, at 206.5 ms: Vote Once: S2 had voted for S1" in result.output


def test_what_a_recording_does_not_tell_is_null() -> None:
    result = as_json(TWO_LEADERS)
    server = result["servers"][0]

    assert (server["role"], server["current_term"], server["voted_for"]) == ("leader", 1, 1)
    assert server["log"] is server["commit_index"] is server["state_machine"] is None
    assert {"log", "commit_index", "durable", "timer"} <= set(server["unknown"])
    assert [v["property"] for v in result["violations"]] == ["vote_once", "election_safety"]


def test_a_recording_can_become_a_log_for_shiviz(tmp_path: Path) -> None:
    raftviz("trace", TWO_LEADERS, tmp_path / "log.shiviz")
    log = (tmp_path / "log.shiviz").read_text(encoding="utf-8")
    assert '{"S1": 2, "S2": 2}' in log


def test_the_words_of_a_recording_are_its_events(tmp_path: Path) -> None:
    raftviz("run", TWO_LEADERS, "--trace", tmp_path / "trace.txt")
    words = (tmp_path / "trace.txt").read_text(encoding="utf-8")
    assert "155.000 note S2 beta was killed" in words


def test_a_seed_means_nothing_to_a_recording() -> None:
    result = raftviz("run", TWO_LEADERS, "--seed", "4")
    assert result.exit_code == 2
    assert "is a recording: no chance is drawn in it" in result.stderr


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1, column 1: the file is empty"),
        (b'{"a": 1}\n', "line 1, column 1: this is no recording"),
        (b'{"schema":"raftviz-trace","version":9,"servers":3}\n', "line 1, column 37: this is a"),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("trace", "--format=jsonl"), ("screenshot",)])
def test_a_bad_recording_is_refused_with_the_file_and_the_place(
    tmp_path: Path, command: tuple[str, ...], data: bytes, words: str
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(data)
    out = tmp_path / "out.png"
    args = {
        "run": (bad,),
        "trace": (bad, out),
        "screenshot": (out, "--session", bad),
    }[command[0]]

    result = raftviz(*command, *args)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"raftviz: {bad}: {words}")
    assert result.stderr.count("\n") == 1
    assert not out.exists()


def test_a_recording_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="there is no file"):
        open_recording(str(tmp_path / "none.jsonl"))
    with pytest.raises(UnreadableError, match="cannot be read"):
        open_recording(str(tmp_path))


def test_a_line_without_end_is_never_held_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raftviz.tracefile.MAX_LINE", 1_000)
    monkeypatch.setattr(lines, "MAX_LINE", 1_000)
    endless = tmp_path / "endless.jsonl"
    endless.write_bytes(b"[" * 5_000)
    with pytest.raises(UnreadableError, match="the line has more than"):
        open_recording(str(endless))


def test_opening_tells_how_far_it_is(tmp_path: Path) -> None:
    raftviz("trace", "quiet-cluster", tmp_path / "run.jsonl")
    opening = RecordingOpening(str(tmp_path / "run.jsonl"))
    told = [opening.progress for _ in opening.working()]

    assert told == sorted(told)
    assert len(told) > 1
    assert opening.progress == 1.0

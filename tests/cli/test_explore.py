"""``raftviz explore``: what it prints, writes and refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from raftviz import cli, cli_explore
from raftviz.lab.findings import SHRINKING, Finding, Progress
from raftviz.session.opening import Opening
from raftviz.shelf import read_scenario


def explore(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["explore", *arguments, "--jobs", "1"])


def test_what_is_found_is_told_as_json() -> None:
    result = explore("--variant", "no_log_check", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert {"found", "property", "seconds", "acts", "servers", "session"} <= set(told)
    assert told["found"] is True
    assert told["property"] == "leader_completeness"
    assert told["session"].startswith("raft 1\n")


def test_what_is_found_is_written_as_a_session(tmp_path: Path) -> None:
    out = tmp_path / "found.raft"
    result = explore("--variant", "ack_before_commit", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "Acknowledged Not Lost falls after 2 acts" in result.output
    assert read_scenario(str(out)).settings.variants == ("ack_before_commit",)


def test_the_file_is_as_the_window_would_save_it(tmp_path: Path) -> None:
    out = tmp_path / "found.raft"
    explore("--variant", "ack_before_commit", "--out", str(out))
    opening = Opening(out.read_text(encoding="utf-8"))
    for _ in opening.working():
        pass
    assert opening.is_said_again
    assert opening.failures == []


def test_without_a_file_the_session_is_printed() -> None:
    assert "\nvariant ack_before_commit\n" in explore("--variant", "ack_before_commit").output


def test_nothing_found_where_nothing_is_broken_is_as_it_should_be() -> None:
    result = explore(
        "--variant", "none", "--property", "election_safety", "--limit", "0.1", "--json"
    )
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["found"] is False
    assert told["property"] == told["session"] == ""


def test_a_variant_that_is_not_found_is_a_surprise() -> None:
    # An acknowledgement too many never makes two leaders.
    result = explore(
        "--variant", "ack_before_commit", "--property", "election_safety", "--limit", "0.1"
    )
    assert result.exit_code == 1
    assert "nothing fell" in result.output


def test_a_variant_that_costs_only_time_is_none() -> None:
    assert explore("--variant", "no_no_op", "--limit", "0.1").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--variant", "no_log_chek"), "there is no variant “no_log_chek”; did you mean"),
        (("--variant", "none", "--property", "safety"), "there is no property “safety”"),
        (("--variant", "none", "--limit", "-1"), "--limit"),
        (("--variant", "none", "--seed", "x"), "--seed"),
        ((), "--variant"),
    ],
)
def test_bad_input_gets_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = explore(*arguments)
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    result = explore("--variant", "ack_before_commit", "--out", str(tmp_path / "no" / "x.raft"))
    assert result.exit_code == 2
    assert "cannot be written" in result.output


BEST = Finding(
    found=True, variant="x", property="ordering", acts=4, session="raft 1\n", says="Found."
)


def stopped_after(*told: Progress) -> Iterator[Progress]:
    yield from told
    raise KeyboardInterrupt


def test_ctrl_c_keeps_what_there_is() -> None:
    search = stopped_after(Progress(runs=5), Progress(SHRINKING, 5, best=BEST))
    finding = cli_explore.watched(search, "x", lambda _: None)  # type: ignore[arg-type]
    assert finding.found
    assert finding.session == BEST.session
    assert "Stopped" in finding.says


def test_ctrl_c_before_anything_was_found_tells_how_far_it_came() -> None:
    finding = cli_explore.watched(stopped_after(Progress(runs=500)), "x", lambda _: None)  # type: ignore[arg-type]
    assert not finding.found
    assert finding.runs == 500
    assert "500 runs" in finding.says


# All there is, within bounds


def test_all_there_is_within_bounds_is_looked_at() -> None:
    result = explore("--variant", "none", "--within", "terms=1 crashes=0")
    assert result.exit_code == 0
    assert "3 servers, 1 term, 1 command, 0 crashes: about 400 states, a moment" in result.stderr
    assert "No violation within these bounds" in result.stdout


def test_what_is_found_among_all_there_is_is_a_session_too() -> None:
    result = explore("--variant", "vote_not_persisted", "--exhaustive", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["property"] == "election_safety"
    assert told["states"] > 100
    assert "\nvariant vote_not_persisted\n" in told["session"]


def test_bounds_that_would_not_end_are_refused_with_a_number() -> None:
    result = explore("--variant", "none", "--within", "servers=5 terms=3")
    assert result.exit_code == 2
    assert "states, some" in result.stderr
    assert "it would not end" in result.stderr

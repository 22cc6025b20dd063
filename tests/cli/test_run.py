"""``raftviz run`` and what else is said without a window."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from raftviz import __version__, cli
from raftviz.checks.properties import ELECTION_SAFETY, Violation
from raftviz.shelf import shipped_scenarios
from raftviz.sim.vocabulary import FORMS

NAMES = tuple(shipped_scenarios())

Command = Callable[..., Result]


def raftviz(*args: str | Path) -> Result:
    """The command with these words; an exception that is no exit is the test's failure."""
    result = CliRunner().invoke(cli.main, [str(arg) for arg in args])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a scenario of three servers."""

    def write(text: str) -> Path:
        file = tmp_path / "mine.raft"
        file.write_text(f"raft 1\ncluster 3 seed=5\n{text}\n", encoding="utf-8")
        return file

    return write


Write = Callable[[str], Path]


def as_json(*args: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(raftviz("run", "--json", *args).stdout)
    return found


# People


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_is_played_and_summed_up(name: str) -> None:
    result = raftviz("run", name)
    assert result.exit_code == 0
    assert "No property was violated." in result.output
    assert result.stderr == ""


def test_the_summary_has_a_line_for_each_server() -> None:
    lines = raftviz("run", "figure-7").output.splitlines()
    assert lines[0].startswith("The paper's Figure 7: ")
    assert [line.split()[0] for line in lines[1:8]] == [f"S{n}" for n in range(1, 8)]


def test_the_summary_tells_of_branches_notes_and_failures(scenario: Write) -> None:
    file = scenario('bookmark "a"\nheal\nbranch "b" from "a"\nrun 1s\nexpect S1.term == 99')
    output = raftviz("run", file).output
    assert "branch “b”: " in output
    assert "note, line 4: nothing is cut" in output
    assert "FAILED, line 7, at 1,000.0 ms: expected in vain: S1.term == 99" in output


# Programs


@pytest.mark.parametrize("name", NAMES)
def test_the_json_has_what_was_promised(name: str) -> None:
    result = as_json(name)
    promised = {"time_ms", "events", "trace_hash", "servers", "violations"}
    assert set(result) == promised | {"failures"}
    for server in result["servers"]:
        assert set(server) == {
            "id",
            "role",
            "current_term",
            "voted_for",
            "commit_index",
            "last_applied",
            "snapshot_index",
            "log",
            "state_machine",
        }


def test_the_json_tells_the_servers_as_they_are_at_the_end() -> None:
    result = as_json("figure-7")
    leader = result["servers"][0]
    assert (leader["id"], leader["role"], leader["current_term"]) == (1, "leader", 8)
    assert leader["voted_for"] == 1
    assert leader["log"][0] == [1, 1, "x=1"]
    assert leader["log"][-1] == [11, 8, None]
    assert leader["state_machine"] == {"x": "10"}
    assert {server["commit_index"] for server in result["servers"]} == {11}


def test_the_json_tells_of_a_crashed_server_and_of_a_vote_not_cast(scenario: Write) -> None:
    result = as_json(scenario("crash S2"))
    assert [server["role"] for server in result["servers"]] == ["follower", "crashed", "follower"]
    assert [server["voted_for"] for server in result["servers"]] == [None] * 3
    assert (result["events"], result["time_ms"]) == (1, 0.0)


def test_the_json_tells_how_far_the_scenario_ran(scenario: Write) -> None:
    assert as_json(scenario("run 1234ms"))["time_ms"] == 1234.0


def test_the_json_counts_the_events_of_all_branches(scenario: Write) -> None:
    assert as_json(scenario('bookmark "a"\nheal\nbranch "b" from "a"\nheal\nheal'))["events"] == 3


def test_the_json_tells_failures_with_their_line(scenario: Write) -> None:
    (failure,) = as_json(scenario("run 1ms\nexpect leader"))["failures"]
    assert failure == {"line": 4, "time_ms": 1.0, "explanation": "expected in vain: leader"}


def test_the_json_tells_violations(monkeypatch: pytest.MonkeyPatch, scenario: Write) -> None:
    _break(monkeypatch)
    (violation,) = as_json(scenario("run 1s"))["violations"]
    assert violation == {
        "property": "election_safety",
        "event": 7,
        "time_ms": 3.0,
        "explanation": "It broke.",
    }


def _break(monkeypatch: pytest.MonkeyPatch) -> None:
    """No scenario breaks a property: let one be found all the same."""
    violation = Violation(ELECTION_SAFETY, 0, 7, 3_000, "It broke.", frozenset({1}))
    play = cli.play

    def broken(scenario: str, seed: int | None = None, variants: tuple[str, ...] = ()) -> object:
        player, checker = play(scenario, seed)
        checker.violations.append(violation)
        return player, checker

    monkeypatch.setattr(cli, "play", broken)


# How it ends


def test_what_comes_true_ends_with_0(scenario: Write) -> None:
    assert raftviz("run", scenario("until leader")).exit_code == 0


def test_what_is_expected_in_vain_ends_with_1(scenario: Write) -> None:
    assert raftviz("run", scenario("expect leader")).exit_code == 1


def test_a_violation_ends_with_1(monkeypatch: pytest.MonkeyPatch, scenario: Write) -> None:
    _break(monkeypatch)
    result = raftviz("run", scenario("run 1s"))
    assert result.exit_code == 1
    assert "BROKEN, at 3.0 ms: Election Safety: It broke." in result.output


@pytest.mark.parametrize(
    "text",
    [
        "crsh S1",
        "crash S9",
        "run 2s\nat 1s crash S1",
        "cluster 3",
        'crash "S1',
        "expect crashed(3)",
    ],
)
def test_bad_input_ends_with_2_and_one_sentence(scenario: Write, text: str) -> None:
    result = raftviz("run", scenario(text))
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("raftviz: ")
    assert "mine.raft: line " in line


def test_a_binary_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "picture.raft"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00")
    result = raftviz("run", file)
    assert result.exit_code == 2
    assert result.stderr.endswith("this is not text, so it is no scenario\n")


@pytest.mark.parametrize("name", ["nothing-like-it.raft", "x" * 5_000, "."])
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(name: str) -> None:
    result = raftviz("run", name)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_a_misspelt_scenario_is_guessed() -> None:
    result = raftviz("run", "leader-crash")
    assert result.exit_code == 2
    assert "did you mean “leader-crashes”?" in result.stderr


# Options


def test_another_seed_is_another_run() -> None:
    own, other = (as_json("quiet-cluster", *seed) for seed in ([], ["--seed", "77"]))
    assert own["trace_hash"] != other["trace_hash"]
    assert as_json("quiet-cluster", "--seed", "4") == own


@pytest.mark.parametrize("seed", ["-1", "x", "1.5", "9" * 30])
def test_a_seed_is_a_whole_number(seed: str) -> None:
    result = raftviz("run", "quiet-cluster", "--seed", seed)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_a_trace_tells_every_event(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    assert raftviz("run", "split-vote", "--trace", trace).exit_code == 0
    text = trace.read_text("utf-8")
    assert text.startswith("branch “main” from event 0\n")
    assert " act timeout S5\n" in text
    assert "§5.2: " in text


def test_a_trace_tells_every_branch(tmp_path: Path, scenario: Write) -> None:
    trace = tmp_path / "trace.txt"
    raftviz("run", scenario('bookmark "a"\nheal\nbranch "b" from "a"\nheal'), "--trace", trace)
    assert "branch “b” from event 0\n" in trace.read_text("utf-8")


@pytest.mark.parametrize("place", [".", "no/such/folder/trace.txt"])
def test_a_trace_that_cannot_be_written_is_one_sentence(place: str) -> None:
    result = raftviz("run", "quiet-cluster", "--trace", place)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


# Saved sessions

SAVED = "tests/files/version-1/one-acknowledgement.raft"


def test_a_saved_session_is_played_and_compared(clone: Path) -> None:
    result = raftviz("run", clone / SAVED)
    assert result.exit_code == 0
    assert "branch “one is lost”: 137 events of its own" in result.output


def test_one_that_goes_another_way_says_so_and_ends_with_1(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.raft"
    text = (clone / SAVED).read_text("utf-8")
    other.write_text(text.replace("drop AppendEntriesResponse S2", "drop AppendEntriesResponse S3"))
    result = raftviz("run", other)
    assert result.exit_code == 1
    assert "“one is lost” goes another way here than where it was written" in result.output


def test_with_another_seed_it_is_compared_with_nothing(clone: Path) -> None:
    assert raftviz("run", clone / SAVED, "--seed", "77").exit_code == 0


# The front door


def test_a_misspelt_command_is_guessed() -> None:
    result = raftviz("rnu")
    assert result.exit_code == 2
    assert result.stderr == (
        "raftviz: there is no command, file or scenario “rnu”; did you mean “run”?\n"
    )


@pytest.mark.parametrize("word", ["x" * 5_000, "a\0b", "xyzzy"])
def test_what_is_no_command_is_refused_in_one_sentence(word: str) -> None:
    result = raftviz(word)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_the_version() -> None:
    assert raftviz("--version").output.strip().endswith(__version__)


@pytest.mark.parametrize("name", sorted(cli.main.commands))
def test_every_command_has_help(name: str) -> None:
    command = cli.main.commands[name]
    assert isinstance(command, click.Command)
    assert command.help
    assert raftviz(name, "--help").exit_code == 0


def test_acts_prints_everything_that_can_be_said() -> None:
    output = raftviz("acts").output
    for form in FORMS:
        assert form.usage in output
        assert form.meaning in output
        assert form.example in output
    assert "until CONDITION [within DURATION]" in output


def test_an_unknown_benchmark_is_refused() -> None:
    result = raftviz("bench", "--only", "simulatoin")
    assert result.exit_code == 2
    assert "did you mean “simulation”?" in result.stderr

"""The state machine: deterministic, a value, and at most once for each command."""

from hypothesis import given, settings
from hypothesis import strategies as st

from raftviz.raft.log import Command
from raftviz.raft.machine import MACHINES, Replica


def _run(*texts: str, machine: str = "map") -> tuple[Replica, list[str]]:
    replica, results = Replica(MACHINES[machine]), []
    for text in texts:
        replica, result = replica.apply(Command(text))
        results.append(result)
    return replica, results


def test_a_key_is_set_read_and_deleted() -> None:
    machine, results = _run("x=1", "get x", "x=2", "get x", "x=", "get x")
    assert results == ["ok", "1", "ok", "2", "ok", ""]
    assert machine.values == {}


def test_what_is_no_command_changes_nothing_and_says_so() -> None:
    machine, results = _run("x=1", "please", "get", "=3", "")
    assert results[1:] == ["not understood"] * 4
    assert machine.values == {"x": "1"}


def test_applying_leaves_the_older_machine_as_it_was() -> None:
    before, _ = _run("x=1")
    after, _ = before.apply(Command("x=2", -1, 1))
    assert (before.values, before.sessions) == ({"x": "1"}, {})
    assert (after.values, after.sessions) == ({"x": "2"}, {-1: (1, "ok")})


def test_the_same_serial_again_is_not_executed_and_gives_the_same_result() -> None:
    machine, _ = _run("x=1")
    machine, first = machine.apply(Command("get x", -1, 1))
    machine, _ = machine.apply(Command("x=2", -2, 1))
    again, second = machine.apply(Command("get x", -1, 1))
    assert first == second == "1"
    assert again is machine


def test_an_older_serial_is_not_executed_either() -> None:
    machine = Replica()
    for serial, text in enumerate(("x=1", "x=2"), 1):
        machine, _ = machine.apply(Command(text, -1, serial))
    assert machine.apply(Command("x=1", -1, 1))[0] is machine


def test_clients_do_not_share_their_serials() -> None:
    machine, _ = Replica().apply(Command("x=1", -1, 1))
    machine, _ = machine.apply(Command("x=2", -2, 1))
    assert machine.values == {"x": "2"}


def test_without_a_client_every_command_is_executed() -> None:
    machine, _ = _run("x=1", "x=2", "x=1")
    assert machine.values == {"x": "1"}
    assert machine.sessions == {}


COMMANDS = st.builds(
    Command,
    st.sampled_from(["x=1", "x=2", "y=1", "x=", "get x", "what"]),
    st.integers(-2, 0),
    st.integers(1, 4),
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(COMMANDS, st.integers(-1, 5)), max_size=12))
def test_a_command_repeated_later_changes_nothing(run: list[tuple[Command, int]]) -> None:
    """However a client's retries are strewn into the log, the values come out the same."""
    once = again = Replica()
    seen: list[Command] = []
    for command, retried in run:
        once, result = once.apply(command)
        again, same = again.apply(command)
        assert result == same
        if command.client:
            seen.append(command)
        if 0 <= retried < len(seen):
            again, _ = again.apply(seen[retried])
    assert once == again

"""What a client was told is done is done, once, and stays so."""

import attrs
import pytest

from raftviz.checks.properties import ACKNOWLEDGED_NOT_LOST
from raftviz.raft.log import Command, Entry
from raftviz.raft.machine import Replica
from raftviz.raft.messages import ClientResponse
from raftviz.sim.history import Record
from tests.checks.forged import broken, led
from tests.sim.worlds import do, run, wait

TOO_SOON = broken(may_answer=lambda index, commit_index: True)


def _forgetful(replica: Replica, command: Command) -> tuple[Replica, str]:
    machine, result = replica.machine.execute(command.text)
    return Replica(machine, {**replica.sessions, command.client: (command.serial, result)}), result


NO_SESSIONS = broken(execute=_forgetful)


def test_an_answer_before_the_commit_is_seen() -> None:
    it = led(rules=TOO_SOON)

    violation = it.first(ACKNOWLEDGED_NOT_LOST)
    assert violation.servers == {1}
    record: Record = it.world.branch[violation.event]
    assert any(isinstance(flight.message, ClientResponse) for flight in record.flights)


def test_an_answer_that_is_made_up_is_seen() -> None:
    it = led()
    it.say(2, -4, ClientResponse(7, "ok"))
    assert it.first(ACKNOWLEDGED_NOT_LOST).servers == {2}


def test_an_answer_that_is_repeated_is_right() -> None:
    it = led()
    it.say(1, -1, ClientResponse(1, "ok"))
    assert it.fallen == set()


def _asks_twice(rules: str) -> list[str]:
    it = led(rules=NO_SESSIONS) if rules == "broken" else led()
    do(it.world, "request append k v to S1 from C5")
    wait(it.world, "S2.last_log_index == 3")
    do(it.world, "cut S2 -> S1", "cut S3 -> S1")  # they store it, and S1 does not hear of it
    run(it.world, 700)
    do(it.world, "heal")
    run(it.world, 1500)
    commands = [entry.command for entry in it.world.hosts[1].server.log]
    assert sum(one is not None and one.client == -5 for one in commands) > 1
    return sorted(it.fallen)


def test_a_command_that_is_executed_twice_is_seen() -> None:
    assert _asks_twice("broken") == [ACKNOWLEDGED_NOT_LOST.name]


def test_a_command_that_stands_in_the_log_twice_and_is_executed_once_is_right() -> None:
    assert _asks_twice("whole") == []


@pytest.mark.parametrize(("heard", "fallen"), [("no", {ACKNOWLEDGED_NOT_LOST.name}), ("ok", set())])
def test_a_client_that_hears_another_result_is_seen(heard: str, fallen: set[str]) -> None:
    it = led()
    do(it.world, "request y=1 to S1 from C5")
    wait(it.world, "committed y=1")
    flight = next(f for f in it.world.flights.values() if f.target == -5)
    changed = attrs.evolve(flight, message=ClientResponse(1, heard))
    it.world.flights[flight.id] = changed
    run(it.world, 60)

    assert it.fallen == fallen
    if fallen:
        violation = it.first(ACKNOWLEDGED_NOT_LOST)
        assert violation.earlier == flight.cause
        assert 1 in violation.servers


def test_what_a_client_was_told_and_is_replaced_later_is_lost() -> None:
    it = led()
    server = it.world.hosts[2].server
    other = server.log.truncate_from(2).append((Entry(2, 2, Command("x=9", -6, 1)),))
    it.forge(2, log=other, current_term=2, commit_index=1, last_applied=1, voted_for=0)
    it.forge(2, commit_index=2, last_applied=2)

    violation = it.first(ACKNOWLEDGED_NOT_LOST)
    assert violation.index == 2
    assert {1, 2} <= violation.servers
    answered = it.world.branch[violation.earlier]
    assert any(isinstance(flight.message, ClientResponse) for flight in answered.flights)

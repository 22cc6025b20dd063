"""The state machines side by side: what changed, who is behind, who differs."""

import attrs
import pytest

from raftviz.picture.machines import (
    Compared,
    MachineRow,
    MachinesTable,
    applications,
    cell_words,
    machines_table,
    standing_words,
    value_words,
)
from raftviz.raft.cluster import Options
from raftviz.raft.machine import KeyValueMachine
from raftviz.sim.events import Woke
from raftviz.sim.history import Moment
from raftviz.sim.host import Status
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin
from tests.picture.scenes import now
from tests.sim.worlds import do, led_by, wait


def table(world: World) -> MachinesTable:
    return table_at(now(world))


def table_at(moment: Moment) -> MachinesTable:
    index = applications(moment.branch, None)
    index.extend()
    return machines_table(moment, index)


def row(seen: MachinesTable, server: int) -> MachineRow:
    return seen.rows[server - 1]


def agreed(world: World) -> None:
    wait(world, "logs_agree and messages == 0")
    world.run_until(world.time_us + ms(150))


def test_before_the_first_entry_nothing_is_there() -> None:
    assert table(World.at(begin(Settings()))).is_empty


def test_servers_that_executed_the_same_have_the_same() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1", "request y=2 to S1")
    agreed(world)
    seen = table(world)

    assert not seen.is_empty
    assert seen.yardstick == 1
    assert seen.names == ("x", "y")
    assert {r.compared for r in seen.rows} == {Compared.SAME}
    assert [dict(r.values) for r in seen.rows] == [{"x": "1", "y": "2"}] * 5


def test_what_the_last_entry_changed_is_told_with_what_it_was() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    agreed(world)
    do(world, "request x=4 to S1")
    agreed(world)
    mine = row(table(world), 3)

    assert mine.was == {"x": "1"}
    assert mine.entry is not None
    assert mine.entry.command is not None
    assert mine.entry.command.text == "x=4"
    assert value_words(mine, "x") == "1 → 4"
    assert not mine.just_now
    assert "before, it was 1" in cell_words(mine, "x", 1)


def test_the_last_event_is_just_now() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    wait(world, 'committed("x=1")')
    mine = row(table(world), 1)

    assert mine.just_now
    assert mine.applied_at == len(world.branch) - 1
    assert value_words(mine, "x") == "– → 1"


def test_in_the_past_it_is_as_it_was() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    agreed(world)
    before = len(world.branch)
    do(world, "request x=2 to S1")
    agreed(world)

    assert row(table_at(Moment(world.history, world.branch, before, 0)), 1).values == {"x": "1"}


def test_who_lacks_entries_is_behind_and_its_old_values_are_marked() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    agreed(world)
    do(world, "partition S2 | S1 S3 S4 S5", "request x=2 to S1")
    wait(world, 'committed("x=2")')
    behind = row(table(world), 2)

    assert behind.compared is Compared.BEHIND
    assert behind.behind == 1
    assert behind.stale == {"x"}
    assert not behind.wrong
    assert standing_words(behind) == "1 behind"
    assert "1 entries further" in cell_words(behind, "x", 1)


def test_a_server_that_is_down_has_lost_its_memory_but_not_its_snapshot() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1")
    agreed(world)
    do(world, "compact S4")
    world.run_until(world.time_us + ms(10))
    do(world, "crash S4", "crash S5")
    kept, lost = row(table(world), 4), row(table(world), 5)

    assert kept.compared is lost.compared is Compared.DOWN
    assert kept.values == {"x": "1"}
    assert lost.values == {}
    assert kept.snapshot_index
    assert "its memory is gone" in cell_words(kept, "x", 1)
    assert standing_words(lost) == "down"
    assert lost.status is Status.CRASHED


def with_machine(world: World, server: int, **values: str) -> None:
    """Let a server have another state, as only a mistake could make it."""
    host = world.hosts[server]
    replica = attrs.evolve(host.server.replica, machine=KeyValueMachine(values))
    forged = attrs.evolve(host, server=attrs.evolve(host.server, replica=replica))
    world.record(Woke(server), -1, server, forged, ())


def test_who_made_something_else_of_the_same_entries_differs() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1", "request y=1 to S1")
    agreed(world)
    with_machine(world, 2, x="7", y="1")
    seen = table(world)

    assert row(seen, 2).compared is Compared.DIFFERS
    assert row(seen, 2).wrong == {"x"}
    assert row(seen, 3).compared is Compared.SAME
    assert "another value after the same entries" in cell_words(row(seen, 2), "x", 1)
    assert standing_words(row(seen, 2)) == "differs"


def test_who_is_behind_and_would_not_catch_up_differs() -> None:
    world = led_by(1)
    do(world, "request x=1 to S1", "request y=1 to S1")
    agreed(world)
    do(world, "partition S2 | S1 S3 S4 S5", "request x=2 to S1")
    wait(world, 'committed("x=2")')
    with_machine(world, 2, x="1", y="7")

    assert row(table(world), 2).compared is Compared.DIFFERS
    assert row(table(world), 2).wrong == {"y"}


@pytest.mark.parametrize(("machine", "command", "names"), [
    ("counter", "+3", ("count",)),
    ("lock", "lock C1", ("holder",)),
])  # fmt: skip
def test_other_machines_stand_there_as_well(
    machine: str, command: str, names: tuple[str, ...]
) -> None:
    world = led_by(1, options=Options(machine=machine))
    do(world, f'request "{command}" to S1')
    agreed(world)
    seen = table(world)

    assert seen.kind == machine
    assert seen.names == names
    assert seen.clients == (-1,)
    assert row(seen, 1).sessions[-1][0] == 1

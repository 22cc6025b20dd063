"""The logs side by side: what each cell says, and where it is."""

import attrs
import pytest

from raftviz.picture.logs import (
    Cell,
    LogRow,
    LogsTable,
    cells,
    entry_text,
    logs_table,
    table_of,
)
from raftviz.picture.logs_grid import LogGrid, cell_words, mark_words, row_words
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.server import IDLE, Follower, Leader, Persistent, Role, Server
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.history import Moment
from raftviz.sim.host import Disk, Host
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.world import World, begin

GRID = LogGrid(left=90, top=40, column=70, pitch=28, marks=8, width=800, height=180)


def played(until_us: int, **settings: object) -> World:
    world = World.at(begin(Settings(**settings)))  # type: ignore[arg-type]
    world.run_until(until_us)
    return world


def now(world: World) -> Moment:
    return Moment(world.history, world.branch, len(world.branch), world.time_us)


def row_of(table: LogsTable, server: int) -> LogRow:
    return next(row for row in table.rows if row.server == server)


def all_cells(row: LogRow) -> tuple[Cell, ...]:
    return cells(row, 1, 1_000_000)


def moments(world: World) -> list[Moment]:
    return [
        Moment(world.history, world.branch, n, world.branch.time_at(n))
        for n in range(1, len(world.branch) + 1)
    ]


def test_there_is_a_row_a_server_in_order() -> None:
    assert [row.server for row in logs_table(now(played(0))).rows] == [1, 2, 3, 4, 5]


def test_before_anything_happened_there_is_nothing_in_the_rows() -> None:
    table = logs_table(now(played(0)))

    assert table.last_index == 0
    assert all(all_cells(row) == () for row in table.rows)


def test_an_entry_without_a_command_is_a_no_op() -> None:
    assert entry_text(Entry(1, 1)) == "no-op"
    assert entry_text(Entry(1, 1, Command("x=1"))) == "x=1"


def test_solid_is_what_this_server_knows_to_be_committed() -> None:
    world = played(ms(700), requests_us=ms(30))
    for row in logs_table(now(world)).rows:
        server = world.hosts[row.server].server
        solid = [cell.index for cell in all_cells(row) if cell.committed]

        assert solid == list(range(1, min(server.commit_index, server.log.last_index) + 1))


def test_what_is_not_on_disk_yet_is_told() -> None:
    world = played(ms(900), requests_us=ms(25))
    seen = [
        cell.durable
        for moment in moments(world)
        for row in logs_table(moment).rows
        for cell in all_cells(row)[-1:]
    ]

    assert set(seen) == {True, False}


def test_a_write_makes_entries_durable() -> None:
    world = played(ms(900), requests_us=ms(25))
    for moment in moments(world):
        for row in logs_table(moment).rows:
            waiting = [cell for cell in all_cells(row) if not cell.durable]
            host = moment.history.host_at(moment.branch, row.server, moment.count)

            assert not waiting or host.disk.writes


def test_only_columns_asked_for_are_made() -> None:
    log = Log.of_terms(*[1] * 1_000)
    world = played(0, start={1: Persistent(1, 0, log)})
    row = row_of(logs_table(now(world)), 1)

    assert [cell.index for cell in cells(row, 400, 404)] == [400, 401, 402, 403, 404]


def test_entries_in_a_snapshot_are_no_cells() -> None:
    log = Log([Entry(4, 2, Command("x=1"))], snapshot_index=3, snapshot_term=1)
    world = played(0, start={1: Persistent(2, 0, log)})
    row = row_of(logs_table(now(world)), 1)

    assert [cell.index for cell in all_cells(row)] == [4]
    assert "snapshot" in cell_words(logs_table(now(world)), row, 2)


def test_the_leader_sees_each_follower() -> None:
    table = logs_table(now(played(ms(600))))

    assert table.leader
    for row in table.rows:
        if row.server != table.leader:
            assert row.match_index == 1
            assert row.next_index == 2


def test_a_follower_believes_nothing_of_others() -> None:
    table = logs_table(now(played(ms(50))))

    assert table.leader == 0
    assert all(row.next_index is None for row in table.rows)


def test_a_selected_leader_of_an_old_term_shows_its_own_view() -> None:
    world = played(ms(500))
    old = logs_table(now(world)).leader
    rest = tuple(server for server in range(1, 6) if server != old)
    perform(world, acts.Partition(((old,), rest)))
    world.run_until(ms(1_500))

    assert logs_table(now(world)).leader != old
    assert logs_table(now(world), selected=old).leader == old


def test_a_crashed_server_shows_its_disk() -> None:
    world = played(ms(600), requests_us=ms(20))
    leader = logs_table(now(world)).leader
    perform(world, acts.Crash(leader))
    row = row_of(logs_table(now(world)), leader)

    assert row.log is world.hosts[leader].disk.durable.log
    assert "crashed" in row_words(row)


def test_entries_that_a_crash_takes_are_shown_once() -> None:
    world = World.at(begin(Settings(requests_us=ms(20))))
    while all(
        h.server.log.last_index == h.disk.durable.log.last_index for h in world.hosts.values()
    ):
        world.step()
    hasty = next(
        h for h in world.hosts.values() if h.server.log.last_index > h.disk.durable.log.last_index
    )
    lost = hasty.server.log.last_index
    perform(world, acts.Crash(hasty.id))
    gone = all_cells(row_of(logs_table(now(world)), hasty.id))[-1]
    world.step()
    later = row_of(logs_table(now(world)), hasty.id)

    assert gone.index == lost
    assert gone.entry is None
    assert gone.gone is not None
    assert later.gone is None


def test_replaced_entries_are_shown_beside_the_new_ones() -> None:
    stale = Log.of_terms(1, 1, 2, 2)
    fresh = Log.of_terms(1, 1, 3, 3)
    start = {n: Persistent(3, 0, stale if n == 5 else fresh) for n in range(1, 6)}
    world = played(ms(900), start=start)
    taken = {
        cell.index: cell.gone.term
        for moment in moments(world)
        for cell in all_cells(row_of(logs_table(moment), 5))
        if cell.gone is not None
    }

    assert taken == {3: 2, 4: 2}


def test_appending_takes_nothing_away() -> None:
    world = played(ms(700), requests_us=ms(30))

    assert not any(row.gone for moment in moments(world) for row in logs_table(moment).rows)


def test_an_entry_tells_who_committed_it_and_that_it_is_on_disk() -> None:
    world = played(ms(900))
    table = logs_table(now(world))

    assert cell_words(table, table.rows[0], 1) == (
        "entry 1, term 1, no-op: committed on S1 S2 S3 S4 S5; on disk"
    )


def test_the_marks_tell_what_the_leader_believes() -> None:
    table = logs_table(now(played(ms(600))))
    row = next(row for row in table.rows if row.server != table.leader)

    assert mark_words(table, row, 1).endswith("match_index 1, next_index 2")
    assert mark_words(table, row, 5) == ""


# The grid


@pytest.mark.parametrize("index", [1, 7, 100_000])
def test_the_column_at_a_column_is_that_column(index: int) -> None:
    assert GRID.index_at(GRID.x(index) + 5) == index


def test_left_of_the_columns_are_the_names() -> None:
    assert GRID.index_at(30) == 0


def test_columns_in_view_do_not_grow_with_the_log() -> None:
    first, last = LogGrid(90, 40, 70, 28, 8, 800, 180, scroll_x=70 * 50_000).columns

    assert first == 50_001
    assert last - first < 13


def test_rows_are_found_by_their_place() -> None:
    assert [GRID.row_at(GRID.y(n) + 3, 5) for n in range(6)] == [0, 1, 2, 3, 4, None]


def test_a_short_log_needs_no_scrolling() -> None:
    assert GRID.farthest(5) == 0


def test_at_the_end_the_newest_is_in_view_with_room_for_the_next() -> None:
    scroll = GRID.farthest(100_000)
    first, last = LogGrid(90, 40, 70, 28, 8, 800, 180, scroll_x=scroll).columns

    assert first < 100_000 < last


class TestConflicts:
    """What a follower holds that its leader does not, until it is repaired (§5.3)."""

    def of_two(self, leads: tuple[int, ...], follows: tuple[int, ...]) -> LogRow:
        hosts = {
            1: _host(1, leads, Leader({2: 1}, {1: 0, 2: 0}, {2: IDLE})),
            2: _host(2, follows, Follower(1)),
        }
        return table_of(hosts, None).rows[1]

    def test_an_entry_of_another_term_conflicts(self) -> None:
        row = self.of_two((1, 1, 4), (1, 1, 2))

        assert [cell.conflicts for cell in cells(row, 1, 3)] == [False, False, True]

    def test_an_entry_that_the_leader_does_not_have_conflicts(self) -> None:
        row = self.of_two((1, 1), (1, 1, 1))

        assert [cell.conflicts for cell in cells(row, 1, 3)] == [False, False, True]
        assert "this one goes when another comes" in _words(row, 3)

    def test_the_words_say_what_will_replace_it(self) -> None:
        row = self.of_two((1, 4), (1, 2))

        assert "S1, who leads, has an entry of term 4 there" in _words(row, 2)

    def test_below_the_leaders_snapshot_nothing_is_said(self) -> None:
        row = self.of_two((1, 1), (2, 2))
        compacted = attrs.evolve(row, leads_with=Log.of_terms(1, 1).compact(2))

        assert not any(cell.conflicts for cell in cells(compacted, 1, 2))

    def test_the_leader_and_a_leaderless_cluster_have_no_conflicts(self) -> None:
        hosts = {1: _host(1, (1, 1), Follower()), 2: _host(2, (1, 2), Follower())}
        rows = table_of(hosts, None).rows

        assert not any(cell.conflicts for row in rows for cell in cells(row, 1, 2))


def _host(server: int, terms: tuple[int, ...], role: Role) -> Host:
    log = Log.of_terms(*terms)
    held = Server(server, 4, 0, log, role)
    return Host(held, Disk(Persistent(4, 0, log)))


def _words(row: LogRow, index: int) -> str:
    return cell_words(LogsTable((row, row), 1, 0, 1, 3), row, index)

"""Recordings that were cut, shuffled and scribbled on: read or refused in one sentence, never worse.

What is read is then looked at in every view, at every event: nothing that a file says may break them.
"""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.checks.properties import Violation
from raftviz.checks.random_runs import run_random
from raftviz.data import asset_path
from raftviz.picture.cluster import cluster_picture
from raftviz.picture.event_words import event_sentence
from raftviz.picture.hover import describe, summary
from raftviz.picture.inspection import inspect
from raftviz.picture.logs import cells, logs_table
from raftviz.picture.logs_grid import cell_words, row_words
from raftviz.picture.machines import applications, machines_table, standing_words
from raftviz.picture.operations import Operations, verdict_words
from raftviz.picture.primitives import (
    Picked,
    PickedBreach,
    PickedClient,
    PickedEntry,
    PickedEvent,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
    Subject,
)
from raftviz.picture.spoken import spoken
from raftviz.picture.timeline import timeline_picture
from raftviz.picture.timeline_hit import band_words, leg_words
from raftviz.picture.timeline_index import TimelineIndex
from raftviz.picture.timeline_scale import Lanes, TimeScale
from raftviz.picture.why.explain import explain
from raftviz.picture.why.threads import all_threads
from raftviz.sim.history import Moment
from raftviz.sim.host import Host
from raftviz.sim.network import Flight
from raftviz.sim.recording.messages import TYPES
from raftviz.sim.script_error import ScriptError
from tests.recording.recorded import Read, Told, read_bytes, same_histories, written

OURS = written(run_random(9, 25).history)
THEIRS = (asset_path("traces") / "two-leaders.jsonl").read_bytes()
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1, 2, 7, 1 << 40, 1 << 70, 0.5, "", "S1", "S2", "C1", "S99", "nobody"),
    *("none", "same", "all", "durable", "never", "leader", "crashed", "note", "deliver"),
    *([], [[]], [[1, 1]], [[1, 1, "x"]], ["S1"], {}, {"S1": 3}, {"id": 1}, "<img src=x>"),
)


def look_everywhere(found: Read) -> None:
    """Look at every position of every branch in every view."""
    history, violations = found.history, found.violations
    for branch in history.branches:
        index = TimelineIndex(history, branch)
        end_us = max(1, branch.time_at(len(branch)))
        scale = TimeScale(0, max(1.0, end_us / 800), 800.0)
        lanes = Lanes(index.servers, 20.0, 300.0, 20.0)
        picture = timeline_picture(index, scale, lanes, end_us)
        assert all(band_words(index, band) for band in picture.bands)
        assert all(leg_words(index, row, end_us) for row in range(len(index.legs)))
        machines, asked = applications(branch, None), Operations(history, branch, None)
        ask_why(Moment(history, branch, len(branch), end_us), violations)
        for count in range(len(branch) + 1):
            table = machines_table(Moment(history, branch, count, branch.time_at(count)), machines)
            assert all(standing_words(row) is not None for row in table.rows)
            assert verdict_words(asked, count)
            look(Moment(history, branch, count, branch.time_at(count)))


def ask_why(moment: Moment, violations: list[Violation]) -> None:
    """Ask why of everything there is at the end of a branch."""
    threads = all_threads(moment.history).of(moment.branch)
    subjects: list[Subject] = [PickedEvent(number) for number in range(moment.count)]
    subjects += [PickedBreach(place) for place in range(len(violations))]
    for number, record in enumerate(moment.branch.records()):
        subjects += [PickedMessage(flight.id) for flight in record.flights]
        if isinstance(record.after, Host) and number % 5 == 0:
            server = record.after.server
            subjects += [PickedEntry(server.id, e.index, e.term) for e in server.log.slice(1, 5)]
            subjects += [PickedVote(server.id, voter, server.current_term) for voter in (1, 2, 3)]
    for subject in subjects:
        page = explain(threads, moment, subject, violations)
        assert page is None or page.title


def look(moment: Moment) -> None:
    """Look at one position in every view."""
    state = moment.state
    picture = cluster_picture(moment, moment.time_us + 0.5, (900.0, 700.0))
    assert all(one.name for one in spoken(moment, moment.time_us, picture))
    table = logs_table(moment)
    for row in table.rows:
        assert row_words(row)
        for cell in cells(row, 1, 9):
            assert cell_words(table, row, cell.index)
    things: list[Picked | None] = [None, PickedLink(1, 2)]
    things += [PickedServer(server) for server in state.hosts]
    things += [PickedClient(client) for client in state.clients]
    things += [PickedMessage(flight) for flight in state.flights]
    if moment.last is not None:
        assert event_sentence(moment.last).endswith(".")
        ended = getattr(moment.last.event, "flight", None)
        things += [PickedMessage(ended.id)] if isinstance(ended, Flight) else []
    for thing in things:
        assert inspect(moment, thing).title
        assert thing is None or isinstance(describe(moment, moment.time_us, thing), str)
    assert summary(moment)


def reads_or_refuses(data: bytes) -> None:
    """Read a file; look at it everywhere if it can be read, and write it once more."""
    try:
        found = read_bytes(data)
    except ScriptError as error:
        refused = error
    else:
        look_everywhere(found)
        same_histories(read_bytes(written(found.history)).history, found.history)
        return
    assert refused.line >= 1
    assert refused.column >= 1
    assert refused.message.isprintable()


def test_recordings_that_are_whole_can_be_looked_at_everywhere() -> None:
    for data in (OURS, THEIRS):
        look_everywhere(read_bytes(data))


@given(st.integers(0, 10**9), st.sampled_from([OURS, THEIRS]))
def test_a_file_that_is_cut_anywhere_is_refused_or_read(at: int, data: bytes) -> None:
    reads_or_refuses(data[: at % len(data)])


@given(st.sampled_from([OURS, THEIRS]), st.data())
def test_a_file_with_other_bytes_in_it_is_refused_or_read(data: bytes, draw: st.DataObject) -> None:
    changed = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        changed[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    reads_or_refuses(bytes(changed))


@given(st.sampled_from([OURS, THEIRS]), st.data())
def test_lines_left_out_doubled_or_exchanged_are_refused_or_read(
    data: bytes, draw: st.DataObject
) -> None:
    lines = data.splitlines(keepends=True)
    for _ in range(draw.draw(st.integers(1, 3))):
        at, other = (draw.draw(st.integers(1, len(lines) - 1)) for _ in range(2))
        what = draw.draw(st.sampled_from(["without", "twice", "exchanged"]))
        if what == "without" and len(lines) > 3:
            del lines[at]
        elif what == "twice":
            lines.insert(other, lines[at])
        else:
            lines[at], lines[other] = lines[other], lines[at]
    reads_or_refuses(b"".join(lines))


@given(st.sampled_from([OURS, THEIRS]), st.data())
def test_lines_with_other_values_in_them_are_refused_or_read(
    data: bytes, draw: st.DataObject
) -> None:
    lines = data.splitlines()
    for _ in range(draw.draw(st.integers(1, 3))):
        at = draw.draw(st.integers(0, len(lines) - 1))
        told = json.loads(lines[at])
        _scribble(told, draw)
        lines[at] = json.dumps(told).encode()
    reads_or_refuses(b"\n".join(lines) + b"\n")


def _scribble(told: Any, draw: st.DataObject) -> None:
    """Put something odd in place of some value, however deep."""
    while True:
        keys = list(told) if isinstance(told, dict) else list(range(len(told)))
        if not keys:
            return
        key = draw.draw(st.sampled_from(keys))
        inside = told[key]
        if not isinstance(inside, dict | list) or not inside or draw.draw(st.integers(0, 3)) == 0:
            told[key] = deepcopy(draw.draw(st.sampled_from(ODD)))  # it may be scribbled on, too
            return
        told = inside


@pytest.mark.parametrize("header", [b"", THEIRS.splitlines(keepends=True)[0]])
@given(lines=st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes_at_all_are_refused_or_read(header: bytes, lines: list[bytes]) -> None:
    reads_or_refuses(header + b"\n".join(lines))


# Recordings that nobody wrote: what is told, and in which order, is drawn

SERVERS = st.sampled_from(["S1", "S2", "S3"])
NUMBERS = st.integers(0, 4)
RESTS: tuple[list[Any], ...] = ([1], [2], [1, "x=1"], [2, None])
ENTRIES = st.builds(
    lambda first, rests: [[index, *rest] for index, rest in enumerate(rests, first)],
    st.integers(1, 3),
    st.lists(st.sampled_from(RESTS), max_size=3),
)
STATES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["up", "crashed", "paused"]),
        "role": st.sampled_from(["follower", "candidate", "leader"]),
        "current_term": NUMBERS,
        "voted_for": st.sampled_from(["S1", "S2", "nobody"]),
        "log": st.fixed_dictionaries({"entries": ENTRIES}, optional={"before_term": NUMBERS}),
        "commit_index": NUMBERS,
        "last_applied": NUMBERS,
        "machine": st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", "2"])),
        "durable": st.just("all"),
        "timer": st.sampled_from(["none", {"from_us": 0, "until_us": 90}]),
        "next_index": st.dictionaries(SERVERS, NUMBERS),
        "match_index": st.dictionaries(SERVERS, NUMBERS),
        "granted": st.lists(SERVERS, max_size=3),
    },
)
MESSAGES = st.fixed_dictionaries(
    {"to": st.sampled_from(["S1", "S2", "S3", "C1"]), "type": st.sampled_from([*TYPES])},
    optional={"id": st.integers(0, 6), "term": NUMBERS, "entries": ENTRIES},
)
LINES = st.fixed_dictionaries(
    {"kind": st.sampled_from(["note", "timeout", "deliver", "lose", "write"]), "part": SERVERS},
    optional={
        "state": STATES,
        "sends": st.lists(MESSAGES, max_size=2),
        "message": st.fixed_dictionaries({"id": st.integers(0, 6)}),
        "reasons": st.just(["So it is."]),
    },
)


@given(st.lists(LINES, max_size=14), st.booleans())
def test_whatever_somebody_tells_is_refused_or_read(told: list[Told], ours: bool) -> None:
    settings = {"settings": {"options": {"machine": "map"}}} if ours else {}
    lines = [json.dumps({"schema": "raftviz-trace", "version": 1, "servers": 3, **settings})]
    accepted = b""
    for number, line in enumerate(told):
        ends = line["kind"] in ("deliver", "lose")
        fields = {field: value for field, value in line.items() if field != "part" or not ends}
        text = json.dumps({**fields, "time_us": 10 * number})
        file = "\n".join([*lines, text, ""]).encode()
        try:  # what is refused is left out, so that what is read grows
            read_bytes(file)
        except ScriptError:
            continue
        lines.append(text)
        accepted = file
    if accepted:
        reads_or_refuses(accepted)

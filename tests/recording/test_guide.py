"""The guide to recordings says what the reader reads: no more and no less."""

import json
import re
from pathlib import Path

import pytest

from raftviz.sim.partly import OF_CLIENT
from raftviz.sim.recording import others, reading, schema
from raftviz.sim.recording.events_in import EVENTS
from raftviz.sim.recording.hosts_in import CHANGES
from raftviz.sim.recording.messages import FIELDS, TYPES
from raftviz.sim.shiviz import DELIMITER, PARSER
from tests.recording.recorded import read_bytes


@pytest.fixture
def guide(clone: Path) -> str:
    return (clone / "assets" / "traces" / "README.md").read_text(encoding="utf-8")


def named(text: str) -> set[str]:
    """The words in a text that are set as code."""
    return set(re.findall(r"`([a-z_]+)`", text))


def section(guide: str, title: str) -> str:
    """What stands below a heading, up to the next one."""
    return guide.partition(f"### {title}\n")[2].partition("\n#")[0]


def test_the_example_can_be_read(guide: str) -> None:
    example = guide.partition("```json\n")[2].partition("```")[0]
    found = read_bytes(example.encode())

    assert found.host(2).server.voted_for == 1
    assert found.violations == []


def test_every_type_of_message_is_told_with_its_fields(guide: str) -> None:
    rows = re.findall(r"^\| `([A-Z]\w+)` \| (.+) \|$", section(guide, "Messages"), re.MULTILINE)

    assert {name for name, _ in rows} == set(TYPES)
    for name, fields in rows:
        told = {"command", "client", "serial"} if name == "ClientRequest" else FIELDS[TYPES[name]]
        assert named(fields) == set(told)


def test_every_kind_of_line_is_told_with_its_fields(guide: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+\| (.*)\|$", section(guide, "Lines"), re.MULTILINE)
    common = frozenset.intersection(*EVENTS.values())

    assert {name for name, _ in rows} == {"kind", *EVENTS, "start", "branch"}
    for name, fields in rows:
        if name in EVENTS:
            assert EVENTS[name] - common == named(fields) - {"loss", "cut", "dropped", "crashed"}
    assert common - {"kind", "branch"} <= named(section(guide, "Lines"))


def test_every_field_of_the_header_is_told(guide: str) -> None:
    assert named(section(guide, "The header")) >= reading._HEADER


def test_every_field_of_a_state_is_told(guide: str) -> None:
    told = named(section(guide, "State of a server"))
    assert set(CHANGES) <= told
    assert others._CLIENT | others._OPERATION | others._NETWORK | set(OF_CLIENT) <= told
    assert reading._BRANCH - {"kind"} <= named(section(guide, "Branches"))


def test_the_bounds_are_those_that_hold(guide: str) -> None:
    bounds = section(guide, "Bounds")
    assert f"{schema.MAX_SIZE >> 30} GiB" in bounds
    assert f"{schema.MAX_LINE >> 20} MiB" in bounds
    for bound in (schema.MAX_EVENTS, schema.MAX_PARTS, schema.MAX_CLIENTS, schema.MAX_INDEX):
        assert f"{bound:,}" in bounds


def test_the_expressions_for_shiviz_are_those_of_the_log(guide: str) -> None:
    assert f"```\n{PARSER}\n{DELIMITER}\n" in guide


def test_the_recording_that_ships_is_one_line_an_object(clone: Path) -> None:
    lines = (clone / "assets" / "traces" / "two-leaders.jsonl").read_text("utf-8").splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)

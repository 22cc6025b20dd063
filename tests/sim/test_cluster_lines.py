"""The cluster in words: whatever can be said is read back as it was, and all can be said."""

from contextlib import suppress

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.raft.cluster import Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.machine import MACHINES
from raftviz.raft.server import Persistent
from raftviz.raft.variants import VARIANTS, with_variant
from raftviz.sim.cluster_lines import SETTINGS, cluster_lines
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.settings import MAX_SERVERS, Settings
from raftviz.sim.text import MAX_DURATION_US, MAX_LINE

durations = st.integers(0, MAX_DURATION_US)
positive = st.integers(1, MAX_DURATION_US)
probabilities = st.integers(0, 10**10).map(lambda part: round(part / 10**10, 10))
every = st.just(0) | st.integers(1_000, MAX_DURATION_US)


def spans(ends: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(ends, ends).map(lambda pair: (min(pair), max(pair)))


options = st.builds(
    Options,
    no_op=st.booleans(),
    skip_terms=st.booleans(),
    batch=st.integers(1, 10_000),
    pipeline=st.integers(1, 1_000),
    max_entries=st.integers(1, 10_000),
    snapshot_every=st.integers(0, 1_000_000),
    chunk=st.integers(1, 1_000_000),
    machine=st.sampled_from(sorted(MACHINES)),
)

commands = st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters='",'))


@st.composite
def logs(draw: st.DrawFn) -> Log:
    terms = sorted(draw(st.lists(st.integers(1, 9), max_size=300)))
    words = draw(st.lists(st.none() | commands.filter(bool), max_size=20))
    entries = []
    for index, term in enumerate(terms, 1):
        command = words[index] if index < len(words) else f"x={index}"
        entries.append(Entry(index, term, Command(command) if command else None))
    return Log(entries)


@st.composite
def disks(draw: st.DrawFn, servers: int) -> Persistent:
    log = draw(logs())
    return Persistent(
        draw(st.integers(log.last_term, 1_000_000)), draw(st.integers(0, servers)), log
    )


@st.composite
def variants(draw: st.DrawFn) -> tuple[str, ...]:
    """Variants that can be on at once: no two of them break the same rule."""
    on: tuple[str, ...] = ()
    for variant in draw(st.lists(st.sampled_from(list(VARIANTS)), max_size=4)):
        with suppress(ValueError):
            on = with_variant(on, variant)
    return on


@st.composite
def settings(draw: st.DrawFn) -> Settings:
    servers = draw(st.integers(1, MAX_SERVERS))
    heartbeat = draw(st.integers(1, MAX_DURATION_US - 1))
    timeouts = draw(spans(st.integers(heartbeat + 1, MAX_DURATION_US)))
    start = draw(st.dictionaries(st.integers(1, servers), disks(servers), max_size=3))
    return Settings(
        servers=servers,
        seed=draw(st.integers(0, 2**63)),
        latency_us=draw(spans(durations)),
        election_timeout_us=timeouts,
        heartbeat_us=heartbeat,
        disk_us=draw(spans(durations)),
        loss=draw(probabilities),
        duplicate=draw(probabilities),
        reorder=draw(probabilities),
        requests_us=draw(every),
        client_timeout_us=draw(positive),
        batch_us=draw(positive),
        drift=draw(probabilities),
        options=draw(options),
        start=start,
        variants=draw(variants()),
    )


def said(of: Settings) -> str:
    return "\n".join(["raft 1", *cluster_lines(of)])


@given(settings())
def test_what_is_written_of_a_cluster_is_read_back(of: Settings) -> None:
    assert parse_scenario(said(of)).settings == of


def test_everything_that_can_be_set_has_its_words() -> None:
    kept = {setting.field for setting in SETTINGS if not setting.of_options}
    assert kept | {"servers", "options", "start", "variants"} == {
        f.name for f in attrs.fields(Settings)
    }
    kept = {setting.field for setting in SETTINGS if setting.of_options}
    assert kept == {field.name for field in attrs.fields(Options) if field.init}


def test_what_a_reader_looks_for_first_is_always_said() -> None:
    assert said(Settings()) == (
        "raft 1\ncluster 5 seed=1 latency=10ms..15ms election_timeout=150ms..300ms heartbeat=50ms "
        "disk=1ms..2ms"
    )


def test_a_long_log_goes_on_in_further_lines() -> None:
    log = Log.of_terms(*([1] * 900 + [2] * 900))
    lines = list(cluster_lines(Settings(start={3: Persistent(4, 1, log)})))
    assert lines[1].startswith("server S3 term=4 vote=S1 log=1,1,")
    assert lines[2].startswith("server S3 log=")
    assert all(len(line) <= MAX_LINE for line in lines)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("4", Entry(1, 4, Command("x=1"))),
        ("4:y=2", Entry(1, 4, Command("y=2"))),
        ("4:", Entry(1, 4)),
    ],
)
def test_an_entry_is_its_term_and_its_command_if_that_matters(text: str, entry: Entry) -> None:
    start = parse_scenario(f"raft 1\ncluster 3\nserver S1 term=4 log={text}").settings.start
    assert list(start[1].log) == [entry]


def test_a_further_line_of_a_log_does_not_read_again_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A log of 100,000 entries has a thousand lines: the work must not grow with their square."""

    def again(_: Log) -> None:
        raise AssertionError("the whole log was read again")

    monkeypatch.setattr(Log, "__iter__", again)
    lines = ["raft 1", "cluster 1", "server S1 term=2 log=1,1", "server S1 log=1,2"]
    disk = parse_scenario("\n".join(lines)).settings.start[1]
    assert (disk.log.last_index, disk.log.last_term) == (4, 2)

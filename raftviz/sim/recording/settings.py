"""The settings of a cluster in a header: both ways. What is left out is not known."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import attrs

from raftviz.raft.cluster import Options
from raftviz.raft.machine import MACHINES
from raftviz.sim.recording.fields import (
    Json,
    fraction,
    get,
    instant,
    integer,
    known_keys,
    mapping,
    one_of,
    truth,
)
from raftviz.sim.recording.others import span, variants
from raftviz.sim.settings import Settings

_READERS: dict[str, Callable[[Json], Any]] = {
    "seed": lambda value: integer(value, 0, 1 << 63),
    "latency_us": span,
    "election_timeout_us": span,
    "heartbeat_us": instant,
    "disk_us": span,
    "loss": fraction,
    "duplicate": fraction,
    "reorder": fraction,
    "requests_us": instant,
    "client_timeout_us": instant,
    "batch_us": instant,
    "drift": fraction,
    "variants": variants,
}
"""What a header can tell, besides the options."""

_OPTIONS: dict[str, Callable[[Json], Any]] = {
    "no_op": truth,
    "skip_terms": truth,
    "batch": integer,
    "pipeline": integer,
    "max_entries": integer,
    "snapshot_every": integer,
    "chunk": integer,
    "machine": one_of(*MACHINES),
}

SETTINGS = (*_READERS, "options")
"""The names of the settings that can be told or left out."""


def settings_out(settings: Settings, untold: Iterable[str] = ()) -> dict[str, Json]:
    """The settings but for those that are not known."""
    told = {field: _plain(getattr(settings, field)) for field in _READERS}
    told["options"] = {field: getattr(settings.options, field) for field in _OPTIONS}
    return {field: value for field, value in told.items() if field not in set(untold)}


def _plain(value: Any) -> Json:
    return list(value) if isinstance(value, tuple) else value


def settings_in(value: Json, servers: int) -> tuple[Settings, frozenset[str]]:
    """The settings, and the names of those that are not told."""
    told = mapping(value)
    known_keys(told, frozenset(SETTINGS))
    settings = attrs.evolve(Settings(servers=servers), **_read(told, _READERS))
    options = get(told, "options", _options, Options())
    return attrs.evolve(settings, options=options), frozenset(SETTINGS) - told.keys()


def _options(value: Json) -> Options:
    told = mapping(value)
    known_keys(told, _OPTIONS)
    return Options(**_read(told, _OPTIONS))


def _read(told: Mapping[str, Json], readers: Mapping[str, Callable[[Json], Any]]) -> dict[str, Any]:
    return {field: get(told, field, read, None) for field, read in readers.items() if field in told}

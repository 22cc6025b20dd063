"""The reference work that most figures are of."""

import statistics
from collections.abc import Sequence
from typing import Any

from raftviz.sim.settings import Settings
from raftviz.sim.units import ms

Figures = dict[str, Any]

REFERENCE = Settings(
    servers=5,
    seed=1,
    latency_us=(ms(10), ms(15)),
    election_timeout_us=(ms(100), ms(200)),
    heartbeat_us=ms(50),
    disk_us=(0, 0),
    requests_us=ms(100),
)
"""A quiet cluster of five under a request every 100 ms. Its disks take no time, as in the tools it
is compared with, which have none."""


def percentiles(seconds: Sequence[float]) -> Figures:
    """The median and the 99th percentile, in ms."""
    return {
        "p50_ms": statistics.median(seconds) * 1000,
        "p99_ms": statistics.quantiles(seconds, n=100)[98] * 1000,
    }

"""What a world is made from: sizes, speeds and the seed. Two equal settings give equal runs."""

from collections.abc import Mapping

import attrs

from raftviz.raft.cluster import Options
from raftviz.raft.server import Persistent
from raftviz.raft.values import value
from raftviz.sim.network import Quality
from raftviz.sim.units import ms

MAX_SERVERS = 51
"""More than any cluster in earnest use; dissertation §11 counts five or seven as usual."""


@value
class Settings:
    """All times in µs; ranges include both ends.

    The defaults: election timeouts of 150–300 ms are the paper's advice (§9.3) and the heartbeat
    a third of the shortest; a one-way latency of 10–15 ms makes a broadcast as slow as the slowest
    that §5.6 reckons with, which suits the eye; a disk of 1–2 ms is a solid-state disk's fsync.
    """

    servers: int = 5
    seed: int = 1
    latency_us: tuple[int, int] = (ms(10), ms(15))
    election_timeout_us: tuple[int, int] = (ms(150), ms(300))
    heartbeat_us: int = ms(50)
    disk_us: tuple[int, int] = (ms(1), ms(2))
    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    requests_us: int = 0
    """A client sends a request at this interval; 0 for none."""
    client_timeout_us: int = ms(300)
    """How long a client waits for an answer before it tries another server."""
    batch_us: int = ms(5)
    """How long a leader lets commands gather, when its options ask for batches."""
    drift: float = 0.0
    """How much faster or slower at most a server's clock runs: 0.05 is one part in twenty."""
    options: Options = attrs.field(factory=Options)
    variants: tuple[str, ...] = ()
    """The variants of the algorithm that are on when the world begins, by name."""
    start: Mapping[int, Persistent] = attrs.field(factory=dict)
    """What is on some servers' disks when the world begins."""

    @property
    def quality(self) -> Quality:
        """The quality of every link at the beginning."""
        return Quality(self.latency_us, self.loss, self.duplicate, self.reorder)

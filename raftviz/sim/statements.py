"""What a ``.raft`` file says, as values: a cluster, the statements in their order, where one looked."""

from raftviz.raft.values import value
from raftviz.sim.acts import Act
from raftviz.sim.conditions import Condition
from raftviz.sim.settings import Settings


@value
class Do:
    """Do an act; ``name`` is what its server is called from here on, empty for nothing."""

    act: Act
    name: str = ""


@value
class At:
    """Let the world run until this instant, in µs, and everything that is due then happen.

    With ``after``, only so many events of this instant happen, those before it not counted: some
    that are due at the same instant wait for what comes next in the file.
    """

    time_us: int
    after: int | None = None


@value
class Run:
    """Let the world run for so many µs."""

    duration_us: int


@value
class Step:
    """Let so many events happen."""

    events: int


@value
class Until:
    """Let the world run until a condition holds, and fail if it does not within so many µs."""

    condition: Condition
    within_us: int


@value
class Expect:
    """Fail unless a condition holds now."""

    condition: Condition


@value
class Bookmark:
    """Give this instant a name, and perhaps a note."""

    name: str
    note: str = ""


@value
class Place:
    """A position that has been played before: an instant of a branch, by the branch's name."""

    branch: str
    at: At


@value
class OpenBranch:
    """Go back to a bookmark, by its name, or to a place, and open a branch there.

    Without any: what the first branch is called. ``colour`` is a place in the palette of branches.
    """

    name: str
    start: str | Place | None
    note: str = ""
    colour: int | None = None


@value
class Trace:
    """Fail unless the first so many events of the branch have this fingerprint."""

    events: int
    fingerprint: str


Statement = Do | At | Run | Step | Until | Expect | Bookmark | OpenBranch | Trace


@value
class Placed:
    """A statement and the line it stands in."""

    statement: Statement
    line: int


@value
class Look:
    """Where one looked when the file was written, and the line that says so."""

    place: Place
    line: int


@value
class Scenario:
    """What a ``.raft`` file says. ``look`` is None where nobody has looked yet: in a scenario."""

    settings: Settings
    statements: tuple[Placed, ...] = ()
    title: str = ""
    look: Look | None = None

    @property
    def events(self) -> int:
        """How many events its traces promise; 0 when they promise none."""
        total = promised = 0
        for placed in self.statements:
            if isinstance(placed.statement, Trace):
                promised = placed.statement.events
            elif isinstance(placed.statement, OpenBranch):
                total, promised = total + promised, 0
        return total + promised

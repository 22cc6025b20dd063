"""How the branches that are seen hang together: who parts from whom, where, and when.

Branches out of sight (undone, deleted) have no track of their own, but the lines of others may run
through them.
"""

from collections.abc import Iterator, Mapping

from raftviz.raft.values import value
from raftviz.sim.history import Branch, History
from raftviz.sim.lines import Line, line_of


def end_us(branch: Branch) -> int:
    """The instant of a branch's last event, or where it was opened when it has none yet."""
    return max(branch.time_at(len(branch)), branch.forked_us)


@value
class Piece:
    """A part of a track from ``start_us`` to ``end_us``.

    It is not the branch's ``own`` where it runs through another that is out of sight.
    """

    start_us: int
    end_us: int
    own: bool


@value
class Track:
    """A branch that is seen: it parts from the track ``parent`` (-1: from none) at ``time_us``."""

    branch: Branch
    parent: int
    count: int
    time_us: int
    pieces: tuple[Piece, ...]


@value(eq=False)
class Family:
    """All tracks, each below the one that it parts from, those that part last nearest to it.

    Drawn like that on one axis of time, no track and no turn-off crosses another.
    """

    tracks: tuple[Track, ...]
    _claims: Mapping[int, list[tuple[int, int, Branch]]]

    @property
    def branches(self) -> list[Branch]:
        """The branches that are seen, in the order of their tracks."""
        return [track.branch for track in self.tracks]

    def owner(self, branch: Branch, count: int, time_us: int) -> Branch | None:
        """On whose track a position in ``branch`` lies, if on any's."""
        place = (count, time_us)
        stretch = next(one for one in line_of(branch) if (one.count, one.end_us) >= place)
        claims = self._claims.get(stretch.branch.number, ())
        return next((claim[2] for claim in claims if claim[:2] >= place), None)


def family_of(history: History) -> Family:
    """The family of all branches of a history that are seen."""
    claims: dict[int, list[tuple[int, int, Branch]]] = {}
    tracks = [_track(branch, claims) for branch in _in_order(history)]
    return Family(tuple(_sorted(tracks)), claims)


def _in_order(history: History) -> list[Branch]:
    """The branches that are seen, oldest first; one that stands in for another has its place."""
    places: dict[int, int] = {}
    for branch in history.branches:
        places.setdefault(id(branch.label), branch.number)
    return sorted(history.visible, key=lambda branch: (places[id(branch.label)], branch.number))


def _track(branch: Branch, claims: dict[int, list[tuple[int, int, Branch]]]) -> "_Loose":
    """The track of ``branch`` from where it leaves those that have ``claims`` already."""
    line = line_of(branch)
    first, owner, count, time_us = _joint(line, claims)
    pieces = []
    start = time_us
    for at in range(first, len(line)):
        stretch = line[at]
        if (stretch.count, stretch.end_us) > (count, time_us):
            pieces.append(Piece(start, stretch.end_us, stretch.branch.label is branch.label))
            claims.setdefault(stretch.branch.number, []).append(
                (stretch.count, stretch.end_us, branch)
            )
        start = stretch.end_us
    return _Loose(branch, owner, count, time_us, tuple(pieces))


@value
class _Loose:
    """A track before it has its place among the others."""

    branch: Branch
    owner: Branch | None
    count: int
    time_us: int
    pieces: tuple[Piece, ...]


def _joint(
    line: Line, claims: Mapping[int, list[tuple[int, int, Branch]]]
) -> tuple[int, Branch | None, int, int]:
    """Where a line leaves all others: in which stretch, whose track, after what, and when."""
    for at in range(len(line) - 1, -1, -1):
        stretch = line[at]
        known = claims.get(stretch.branch.number)
        if known:
            ours = (stretch.count, stretch.end_us)
            nearest = next((claim for claim in known if claim[:2] >= ours), known[-1])
            return at, nearest[2], *min(ours, nearest[:2])
    return 0, None, 0, 0


def _sorted(tracks: list[_Loose]) -> Iterator[Track]:
    """The tracks with their children behind them, depth first."""
    children: dict[int, list[_Loose]] = {}
    for track in tracks:
        children.setdefault(track.owner.number if track.owner else -1, []).append(track)
    waiting = [(track, -1) for track in children.get(-1, ())]
    at = 0
    while waiting:
        track, parent = waiting.pop()
        yield Track(track.branch, parent, track.count, track.time_us, track.pieces)
        # The one that parts last is taken first, and of several that part at once the oldest.
        younger = reversed(children.get(track.branch.number, ()))
        waiting += [(one, at) for one in sorted(younger, key=lambda one: one.time_us)]
        at += 1

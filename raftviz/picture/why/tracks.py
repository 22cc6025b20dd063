"""Facts by the event that showed them, so that one can ask what was so at any time.

A track is a list of (event, value), in the order of events. A branch has tracks of its own for what
happened since its fork, and asks its parent's for what was before.
"""

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterator

Key = Hashable
"""What a track is about: a kind of fact and the servers it is about."""


class Tracks:
    """All tracks of one branch. Values are integers."""

    def __init__(self, above: "Tracks | None" = None, fork: int = 0) -> None:
        self._above = above
        self._fork = fork
        self._own: dict[Key, tuple[array[int], array[int]]] = {}

    def note(self, key: Key, event: int, value: int) -> None:
        """Note that something is so since an event, which is no earlier than any noted before."""
        track = self._own.get(key)
        if track is None:
            track = self._own[key] = (array("q"), array("q"))
        track[0].append(event)
        track[1].append(value)

    def backwards(self, key: Key, before: int) -> Iterator[tuple[int, int]]:
        """The facts shown before the event ``before``, the latest first."""
        tracks: Tracks | None = self
        while tracks is not None:
            track = tracks._own.get(key)
            if track is not None:
                events, values = track
                for at in range(bisect_left(events, before) - 1, -1, -1):
                    yield events[at], values[at]
            before = min(before, tracks._fork)
            tracks = tracks._above

    def last(self, key: Key, before: int) -> tuple[int, int] | None:
        """The latest fact shown before the event ``before``."""
        tracks: Tracks | None = self
        while tracks is not None:
            track = tracks._own.get(key)
            if track is not None:
                at = bisect_left(track[0], before) - 1
                if at >= 0:
                    return track[0][at], track[1][at]
            before = min(before, tracks._fork)
            tracks = tracks._above
        return None

    def first_reaching(self, key: Key, value: int, since: int, before: int) -> int | None:
        """The first event from ``since`` on, before ``before``, that showed at least ``value``.

        The values in between must not fall.
        """
        if self._above is not None and since < self._fork:
            found = self._above.first_reaching(key, value, since, min(before, self._fork))
            if found is not None:
                return found
        track = self._own.get(key)
        if track is None:
            return None
        events, values = track
        low, high = bisect_left(events, since), bisect_left(events, before)
        at = bisect_left(values, value, low, high)
        return events[at] if at < high else None

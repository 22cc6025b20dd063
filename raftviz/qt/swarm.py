"""All messages on screen as fragments of the atlas. Between two events only their places change."""

from array import array
from collections.abc import Sequence
from operator import sub

from raftviz.picture.primitives import Messages, Way
from raftviz.qt.atlas import DOUBLES, Atlas, fragment
from raftviz.raft.values import value


@value(eq=False)
class _Looks:
    """One message's fragments, placed nowhere yet; its tail's middle lies ``back`` behind its own."""

    way: Way
    head: bytes
    tail: bytes
    back_x: float
    back_y: float


class Swarm:
    """Lays out fragments: tails first, so that no tail hides a sign, then signs.

    They stay in one array of doubles from frame to frame; a frame writes its columns x and y. A
    message that has just left draws its whole tail: what is too much lies under its sender's sign.
    """

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._generation = atlas.generation
        self._tail = 0.0
        self._ways: Sequence[Way] = ()
        self._looks: dict[int, _Looks] = {}
        self._backs: tuple[list[float], list[float]] = ([], [])
        self._values = array("d")

    def lay_out(self, messages: Messages, *, tags: bool) -> "array[float]":
        """The fragments of these messages, to be painted before the next are asked for."""
        of = (messages.tail, self.atlas.generation)
        if of != (self._tail, self._generation):
            self._tail, self._generation = of
            self._ways, self._looks = (), {}
        if messages.ways is not self._ways:
            self._renew(messages.ways, tags=tags)
        xs, ys, end = messages.xs, messages.ys, 0
        values = self._values
        if self._tail:
            end = DOUBLES * len(xs)
            back_xs, back_ys = self._backs
            values[:end:DOUBLES] = array("d", map(sub, xs, back_xs))
            values[1:end:DOUBLES] = array("d", map(sub, ys, back_ys))
        values[end::DOUBLES] = array("d", xs)
        values[end + 1 :: DOUBLES] = array("d", ys)
        return values

    def _renew(self, ways: Sequence[Way], *, tags: bool) -> None:
        """Something was sent or has ended: what was looked up for the others stays."""
        known, looks = self._looks, {}
        for way in ways:
            kept = known.get(way.flight_id)
            if kept is None or kept.way is not way:
                kept = self._looked_up(way, tags=tags)
            looks[way.flight_id] = kept
        self._ways, self._looks = ways, looks
        order = looks.values()
        tails = [one.tail for one in order] if self._tail else []
        self._values = array("d")
        self._values.frombytes(b"".join([*tails, *[one.head for one in order]]))
        self._backs = [one.back_x for one in order], [one.back_y for one in order]

    def _looked_up(self, way: Way, *, tags: bool) -> _Looks:
        atlas, length = self.atlas, self._tail
        shown = 0.0 if way.face.held else 1.0  # what is held draws no tail
        head = tail = atlas.sign(way.face, tag=tags)
        if length:
            width = 0.36 * way.face.size
            tail = atlas.tail(way.face.term, way.ux, way.uy, length, width)
        return _Looks(
            way,
            array("d", fragment(0.0, 0.0, head, atlas.ratio)).tobytes(),
            array("d", fragment(0.0, 0.0, tail, atlas.ratio, shown)).tobytes(),
            way.ux * length / 2,
            way.uy * length / 2,
        )

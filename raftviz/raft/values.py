"""``value``: the decorator of classes whose instances never change.

To readers and to mypy it is ``attrs.frozen``, and mypy refuses every assignment to a field. At run
time two things are left out. The guard against assignment is three quarters of the cost of making an
instance, and a simulation makes ten for each event. And comparing, hashing and showing are the same
few functions for every class here, where attrs writes and compiles source for each: with some two
hundred classes, that is a fifth of the time until the window stands.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as value
else:
    from functools import partial
    from operator import attrgetter

    import attrs

    def value(cls=None, /, *, eq=True):
        """Make a class of values; without ``eq``, an instance equals nothing but itself."""
        if cls is None:
            return partial(value, eq=eq)
        # Nobody refers to a value weakly, and a history holds millions of them: a word less each.
        made = attrs.define(cls, eq=False, repr=False, weakref_slot=False)
        fields = attrs.fields(made)
        if "__repr__" not in vars(cls):
            made.__repr__ = _showing([field.name for field in fields if field.repr])
        if eq:
            read = _reading([field for field in fields if field.eq])
            if "__eq__" not in vars(cls):
                made.__eq__ = _comparing(read)
            if vars(cls).get("__hash__") is None:
                made.__hash__ = lambda self: hash(read(self))
        return made

    def _reading(fields):
        """A function from an instance to what is compared of it."""
        if not fields:
            return lambda _: ()
        if not any(field.eq_key for field in fields):
            return attrgetter(*(field.name for field in fields))
        readers = [(attrgetter(field.name), field.eq_key or _same) for field in fields]
        return lambda self: tuple([key(read(self)) for read, key in readers])

    def _same(it):
        return it

    def _comparing(read):
        def equal(self, other):
            if other.__class__ is not self.__class__:
                return NotImplemented
            return read(self) == read(other)

        return equal

    def _showing(names):
        def show(self):
            parts = ", ".join([f"{name}={getattr(self, name)!r}" for name in names])
            return f"{self.__class__.__qualname__.rsplit('>.', 1)[-1]}({parts})"

        return show


__all__ = ["NOTHING", "value"]

NOTHING: frozenset[str] = frozenset()
"""The names of no fields at all."""

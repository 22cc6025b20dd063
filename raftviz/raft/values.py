"""``value``: the decorator of classes whose instances never change.

To readers and to mypy it is ``attrs.frozen``, and mypy refuses every assignment to a field. At run
time it leaves out the guard against assignment, which is three quarters of the cost of making an
instance: a simulation makes ten for each event.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import frozen as value
else:
    from functools import partial

    import attrs

    # Nobody refers to a value weakly, and a history holds millions of them: a word less each.
    value = partial(attrs.define, unsafe_hash=True, weakref_slot=False)

__all__ = ["NOTHING", "value"]

NOTHING: frozenset[str] = frozenset()
"""The names of no fields at all."""

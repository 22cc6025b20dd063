"""Every run within bounds: a breadth-first search over all that an asynchronous network allows.

The algorithm is the very one that is shown everywhere else; only the world around it is a smaller one.
It has no clock: whatever may happen, may happen next. ``sites`` is one server on its own: what happens to
it, and what of that is wrong already. ``stations`` puts its mail beside it and gives everything a
number, ``past`` is what must not be contradicted later, ``judging`` compares servers with each other.
``search`` goes through the states, and ``telling`` makes a session of the way to one.
"""

"""A history as JSON Lines: written whole, and read back, also from somebody else's cluster.

``writing`` and ``reading`` are the doors; ``assets/traces/README.md`` tells the format. What a line
says of a part of the world is only what the line before did not say already, so each kind of thing
has one module that knows both directions: ``hosts_out`` and ``hosts_in``, ``logs``, ``messages``,
``others`` (clients and the network), ``reasons``. Nothing here opens a file.
"""

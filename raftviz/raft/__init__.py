"""The algorithm: Raft as a pure function from a server and an input to a transition.

Nothing here knows a clock, chance, a socket, a screen or a file. The same code runs in the
simulator, in the checker, under the lessons and on real sockets.

Read in this order: ``log``, ``messages``, ``server``, ``rules``, ``election``, ``replication``,
``algorithm``. Sources: "the paper" is Ongaro and Ousterhout, *In Search of an Understandable
Consensus Algorithm* (extended version, 2014); "the dissertation" is Ongaro, *Consensus: Bridging
Theory and Practice* (2014).
"""

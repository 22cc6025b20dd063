"""Addresses and how they are written: S1, S2 … for servers, C1, C2 … for clients."""

from collections.abc import Iterable

Address = int
"""Who sends or receives a message: server *n* is ``n``, client *n* is ``-n``; 0 is nobody."""


def name(address: Address) -> str:
    """``3`` is ``"S3"``, ``-1`` is ``"C1"``, ``0`` is ``"nobody"``."""
    if address > 0:
        return f"S{address}"
    return f"C{-address}" if address < 0 else "nobody"


def names(addresses: Iterable[Address]) -> str:
    """Several addresses in ascending order: ``"S1, S2 and S4"``; ``"nobody"`` when empty."""
    ordered = [name(address) for address in sorted(addresses)]
    if len(ordered) < 2:
        return ordered[0] if ordered else "nobody"
    return f"{', '.join(ordered[:-1])} and {ordered[-1]}"

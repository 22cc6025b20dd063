"""What a recording does not tell, in words: nobody is to take it for a zero."""

from typing import Protocol

UNKNOWN = "unknown"


class Thing(Protocol):
    """A host, a client, a message or the network: it says what of it is not known."""

    @property
    def unknown(self) -> frozenset[str]:
        """The names of what is not known."""


def known(thing: Thing, field: str, words: object) -> str:
    """The words for a field of a thing, unless it is not known."""
    return UNKNOWN if field in thing.unknown else str(words)

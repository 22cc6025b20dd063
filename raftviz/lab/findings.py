"""What every search yields and what it comes to: values that are shown, and go between processes.

A search is a generator of ``Progress`` that ends by returning a ``Finding``. Closing it ends it at
once; what it had come to by then is the ``best`` of the last progress.
"""

from collections.abc import Generator
from typing import Any

import attrs

from raftviz.raft.values import value

SEARCHING = "searching"
SHRINKING = "shrinking"


@value
class Finding:
    """What a search came to.

    ``property`` is the name of the property that fell, ``panic`` where a server stopped in the
    middle of a step; empty when nothing was found. ``session`` is the text of a ``.raft`` file that
    shows it; ``acts`` and ``servers`` count what is in there. ``minimal``: no single act of it can be
    left out. ``seed`` is the run that it was found in, -1 where chance has no part. ``says`` is a
    sentence for people: what was found or, honestly, how much was looked at in vain.
    """

    found: bool
    variant: str
    property: str = ""
    seconds: float = 0.0
    acts: int = 0
    servers: int = 0
    session: str = ""
    seed: int = -1
    runs: int = 0
    states: int = 0
    depth: int = 0
    minimal: bool = False
    says: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding for other programs."""
        return attrs.asdict(self)


@value
class Progress:
    """How far a search has come. ``phase`` is ``SEARCHING`` or ``SHRINKING``.

    ``runs`` and ``states`` count what has been looked at so far, ``depth`` the acts of the longest
    line; while shrinking, ``acts`` is the length of the shortest so far. ``best`` is what the search
    has come to already, for when somebody stops it here.
    """

    phase: str = SEARCHING
    runs: int = 0
    states: int = 0
    depth: int = 0
    acts: int = 0
    best: Finding | None = None


Search = Generator[Progress, None, Finding]
"""What a search is: progress as long as it lasts, and a finding at its end."""

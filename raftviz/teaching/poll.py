"""A question put to a whole class: how many hands went up for each answer."""

from collections.abc import Sequence

import attrs

MOST_HANDS = 999
"""Hands for one answer: the largest hall."""


@attrs.frozen
class Poll:
    """The hands for each answer, in the answers' order."""

    hands: tuple[int, ...]

    @classmethod
    def of(cls, hands: Sequence[int]) -> "Poll":
        """A poll as it was counted; what no hall can hold is cut."""
        return cls(tuple(min(max(0, count), MOST_HANDS) for count in hands))

    @property
    def all(self) -> int:
        """How many hands there were."""
        return sum(self.hands)

    def share(self, at: int) -> float:
        """The part of all hands that went up for an answer, from 0 to 1."""
        return self.hands[at] / self.all if self.all else 0.0

    @property
    def favourite(self) -> int | None:
        """The answer with most hands; None if there are two of those, or nobody voted."""
        most = max(self.hands, default=0)
        if not most or self.hands.count(most) > 1:
            return None
        return self.hands.index(most)

    def words(self, right: int | None) -> str:
        """What came of it, in a sentence; ``right`` is the model's answer."""
        if not self.all:
            return "Nobody raised a hand."
        if right is None:
            return f"{self.all} hands."
        return f"{self.hands[right]} of {self.all} hands were right."

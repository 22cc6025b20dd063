"""Chance, keyed: a draw is a function of what it is for, not of how many draws came before.

The key is (seed, purpose, who, whom, instant). A message that is dropped therefore changes what it
causes and nothing else: all other draws keep their keys and so their values, and two branches of a
history differ by what the student did alone. The instant takes the place of a counter, which would
shift by one behind the first missing message and so change all that follows on that link.
"""

_MASK = (1 << 64) - 1

# Odd 64-bit constants. The first three are those of SplitMix64 (Steele, Lea and Flood, 2014), whose
# output function mixes the key; the others only keep the parts of a key apart.
_GOLDEN = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB
_WHO = 0xD6E8FEB86659FD93
_WHOM = 0xA0761D6478BD642F
_WHEN = 0xE7037ED1A0B428DB
_SALT = 0x8EBC6AF09C88C6E3


class Purpose:
    """What a draw is for: plain numbers, because every message looks one up."""

    LATENCY = 1
    LOSS = 2
    LOSS_PLACE = 3
    DUPLICATE = 4
    REORDER = 5
    ELECTION_TIMEOUT = 6
    DISK = 7
    CLIENT_CHOICE = 8
    WORKLOAD = 9
    FAULTS = 10
    DRIFT = 11
    DAMAGE = 12


def mix(key: int) -> int:
    """SplitMix64's output function: 64 well-mixed bits from any integer."""
    key = (key + _GOLDEN) & _MASK
    key = ((key ^ (key >> 30)) * _MIX_1) & _MASK
    key = ((key ^ (key >> 27)) * _MIX_2) & _MASK
    return key ^ (key >> 31)


class Chance:
    """All chance of one run, from one seed."""

    __slots__ = ("_seed", "seed")

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._seed = mix(seed)

    def bits(self, purpose: int, who: int, whom: int, when: int, salt: int = 0) -> int:
        """64 bits for this key."""
        key = purpose * _GOLDEN + who * _WHO + whom * _WHOM + when * _WHEN + salt * _SALT
        # ``mix``, written out: every message draws at least once.
        key = ((self._seed ^ key) + _GOLDEN) & _MASK
        key = ((key ^ (key >> 30)) * _MIX_1) & _MASK
        key = ((key ^ (key >> 27)) * _MIX_2) & _MASK
        return key ^ (key >> 31)

    def between(
        self, low: int, high: int, purpose: int, who: int, whom: int, when: int, salt: int = 0
    ) -> int:
        """An integer from ``low`` to ``high``, both included."""
        # The bias of a 64-bit modulus over spans below 2**32 is under one in four thousand million.
        return low + self.bits(purpose, who, whom, when, salt) % (high - low + 1)

    def happens(
        self, probability: float, purpose: int, who: int, whom: int, when: int, salt: int = 0
    ) -> bool:
        """True with this probability."""
        return (self.bits(purpose, who, whom, when, salt) >> 11) < probability * (1 << 53)

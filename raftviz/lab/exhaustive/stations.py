"""Every server with its mail, by number: a state is then a few integers, and a move looks them up.

A *station* is a site and the messages to it that were ever sent. The same few sites and messages come
together again and again, so what an input does to a site is computed once, and what it does to a
station is put together from that once.

Two things keep the number of stations small, and take away no run that could break a property:

- A message that can do nothing any more at a site, whatever comes, is not kept there (``dead``).
- An input that leaves a site as it is and only has it send something happens at once (``sends``): as
  messages need not arrive, to have sent more is never less.
"""

from collections.abc import Iterable

from raftviz.checks.properties import NO_PANIC
from raftviz.lab.exhaustive import judging, past
from raftviz.lab.exhaustive.bounds import Bounds
from raftviz.lab.exhaustive.breaches import breaches
from raftviz.lab.exhaustive.dead import is_dead
from raftviz.lab.exhaustive.lazy import Lazy
from raftviz.lab.exhaustive.sites import (
    Names,
    Outcome,
    Site,
    after_crash,
    after_input,
    fresh,
    key_of,
    renamed,
    renamed_message,
    shape_of,
)
from raftviz.lab.exhaustive.sometimes import marks_of
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import Input, Received, TimerFired
from raftviz.raft.log import Command
from raftviz.raft.messages import (
    ClientRequest,
    Message,
)
from raftviz.raft.server import Leader, Persistent
from raftviz.raft.values import value
from raftviz.sim.world import NONSENSE

Mail = tuple[int, int, Message]
"""From whom, to whom, what."""

Deed = tuple[str, int]
"""What happens: ``("timer", 0)``, ``("crash", 0)``, ``("request", which)``, ``("mail", number)``."""

TIMER: Deed = ("timer", 0)
CRASH: Deed = ("crash", 0)
DAMAGE: Deed = ("damage", 0)
"""A crash, and a disk that cannot be read at the start after it."""

PARCEL_BITS = 24
_PARCEL = (1 << PARCEL_BITS) - 1

Parcels = tuple[tuple[int, int], ...]
"""What is sent: to which place (from 0), and the number of a set of mails."""


@value
class Happened:
    """What a deed did to a site, worked out once. ``site`` and ``parcels`` are what came of it.

    ``broken`` names what fell by that alone; ``asks_past`` and ``asks_others`` say whether more can
    have fallen. ``number`` tells it from others.
    """

    number: int
    deed: Deed
    outcome: Outcome
    site: int
    parcels: Parcels
    broken: tuple[str, ...]
    crashed: bool
    asks_past: bool
    asks_others: bool


@value
class Move:
    """A deed at a station: which station it is then, and what it sends."""

    station: int
    parcels: Parcels
    happened: Happened

    @property
    def broken(self) -> tuple[str, ...]:
        """The names of what fell by that alone."""
        return self.happened.broken


class Stations:
    """All that was met so far, by number."""

    def __init__(self, cluster: Cluster, bounds: Bounds, *, at_once: bool = True) -> None:
        self.cluster = cluster
        self.bounds = bounds
        self.sites: list[Site] = []
        self.mails: list[Mail] = []
        self.parcels: list[tuple[int, ...]] = []
        self.stations: list[tuple[int, tuple[int, ...]]] = []
        self.shapes: list[int] = []
        """For each station the number of what is the same under all names of the servers."""
        self.moves: Lazy[int, tuple[Move, ...]] = Lazy(self._moves)
        """All that can happen at a station and changes its site, but for requests and crashes."""
        self.sends: Lazy[int, Parcels] = Lazy(self._sends)
        """What is sent there by what does nothing but send."""
        self.crashes: Lazy[int, Move] = Lazy(lambda station: self._move(station, CRASH))
        """A crash, and the start after it."""
        self.damages: Lazy[int, Move] = Lazy(lambda station: self._move(station, DAMAGE))
        """A crash with damage. Where all rules are whole, such a server is down, and does nothing."""
        self.requests: Lazy[tuple[int, int], Move | None] = Lazy(self._request)
        """A client's request, the first or second …; None where nobody leads."""
        self.adds: Lazy[int, int] = Lazy(self._add)
        """A station with a parcel more, by ``station << PARCEL_BITS | parcel``."""
        self.marks: set[str] = set()
        """What has happened in some state; see ``sometimes``."""
        self._at_once = at_once
        self._sites: dict[object, int] = {}
        self._mails: dict[Mail, int] = {}
        self._parcels: dict[tuple[int, ...], int] = {}
        self._stations: dict[tuple[int, tuple[int, ...]], int] = {}
        self._shapes: dict[object, int] = {}
        self._dead: Lazy[tuple[int, int], bool] = Lazy(self._is_dead)
        self._outcomes: Lazy[tuple[int, Deed], Happened] = Lazy(self._happen)

    def begin(self) -> list[int]:
        """The stations of a fresh cluster."""
        members = self.cluster.configuration.members
        return [self.station(self._site(fresh(self.cluster, one)), ()) for one in members]

    # Numbers

    def _site(self, site: Site) -> int:
        key = key_of(site)
        number = self._sites.get(key)
        if number is None:
            number = self._sites[key] = len(self.sites)
            self.sites.append(site)
        return number

    def _mail(self, mail: Mail) -> int:
        number = self._mails.get(mail)
        if number is None:
            number = self._mails[mail] = len(self.mails)
            self.mails.append(mail)
        return number

    def _parcel(self, mails: Iterable[int]) -> int:
        kept = tuple(sorted(mails))
        number = self._parcels.get(kept)
        if number is None:
            number = self._parcels[kept] = len(self.parcels)
            self.parcels.append(kept)
        return number

    def station(self, site: int, mails: tuple[int, ...]) -> int:
        """The number of the station with these mails, in ascending order."""
        mails = tuple([mail for mail in mails if not self._dead[site, mail]])
        key = site, mails
        number = self._stations.get(key)
        if number is None:
            number = self._stations[key] = len(self.stations)
            self.stations.append(key)
            shape = shape_of(self.sites[site]), len(mails)
            self.shapes.append(self._shapes.setdefault(shape, len(self._shapes)))
        return number

    def site_of(self, station: int) -> Site:
        """The server and its disk."""
        return self.sites[self.stations[station][0]]

    def _add(self, key: int) -> int:
        station, parcel = key >> PARCEL_BITS, key & _PARCEL
        site, mails = self.stations[station]
        return self.station(site, tuple(sorted({*mails, *self.parcels[parcel]})))

    def renamed(self, station: int, names: Names) -> int:
        """The station as it would be if the servers had other names."""
        site, mails = self.stations[station]
        return self.station(
            self._site(renamed(self.sites[site], names)),
            tuple(
                sorted(
                    self._mail((names[source], names[target], renamed_message(message, names)))
                    for source, target, message in (self.mails[mail] for mail in mails)
                )
            ),
        )

    # What can happen

    def _possible(self, station: int) -> list[Move]:
        site, mails = self.stations[station]
        found = [self._move(station, ("mail", mail)) for mail in mails]
        server = self.sites[site].server
        if isinstance(server.role, Leader) or server.current_term < self.bounds.terms:
            found.append(self._move(station, TIMER))
        return found

    def _moves(self, station: int) -> tuple[Move, ...]:
        possible = self._possible(station)
        self.sends[station] = self._sent_by(self._silent(station, possible))
        return tuple(
            move
            for move in possible
            if move.station != station or move.broken or (move.parcels and not self._at_once)
        )

    def silent(self, station: int) -> list[Move]:
        """What can happen at a station and does nothing but send."""
        return self._silent(station, self._possible(station))

    def _silent(self, station: int, possible: list[Move]) -> list[Move]:
        if not self._at_once:
            return []
        return [m for m in possible if m.station == station and m.parcels and not m.broken]

    def _sends(self, station: int) -> Parcels:
        self.moves[station] = self._moves(station)
        return self.sends[station]

    def _sent_by(self, moves: list[Move]) -> Parcels:
        sent: dict[int, set[int]] = {}
        for move in moves:
            for place, parcel in move.parcels:
                sent.setdefault(place, set()).update(self.parcels[parcel])
        return tuple((place, self._parcel(mails)) for place, mails in sent.items())

    def _request(self, key: tuple[int, int]) -> Move | None:
        station, which = key
        leads = isinstance(self.site_of(station).server.role, Leader)
        return self._move(station, ("request", which)) if leads else None

    def _move(self, station: int, deed: Deed) -> Move:
        site, mails = self.stations[station]
        happened = self._outcomes[site, deed]
        return Move(self.station(happened.site, mails), happened.parcels, happened)

    def _happen(self, key: tuple[int, Deed]) -> Happened:
        number, deed = key
        site, crashed = self.sites[number], deed in (CRASH, DAMAGE)
        broken: tuple[str, ...] = ()
        try:
            if crashed:
                outcome = after_crash(self.cluster, site, self._found(site, deed))
            else:
                outcome = after_input(self.cluster, site, self._input(deed))
        except NONSENSE:
            outcome, broken = Outcome(site, site, ()), (NO_PANIC.name,)
        self.marks |= marks_of(outcome, crashed=crashed)
        return Happened(
            len(self._outcomes),
            deed,
            outcome,
            self._site(outcome.after),
            self._packed(outcome),
            broken + breaches(self.cluster, outcome, crashed=crashed),
            crashed,
            past.matters(outcome),
            judging.concerns_others(outcome),
        )

    def _found(self, site: Site, deed: Deed) -> Persistent:
        """What a server finds on its disk when it starts."""
        found = self.cluster.rules.recovered(None if deed == DAMAGE else site.durable)
        assert found is not None  # or else nobody asks
        return found

    def _packed(self, outcome: Outcome) -> Parcels:
        me = outcome.before.server.id
        sent: dict[int, set[int]] = {}
        for target, message in outcome.sent:
            if target > 0:
                sent.setdefault(target, set()).add(self._mail((me, target, message)))
        return tuple((target - 1, self._parcel(mails)) for target, mails in sent.items())

    def _input(self, deed: Deed) -> Input:
        kind, which = deed
        if kind == "timer":
            return TimerFired()
        if kind == "request":
            return Received(-which, ClientRequest(Command(command_text(which), -which, 1)))
        source, _, message = self.mails[which]
        return Received(source, message)

    # What cannot matter any more

    def _is_dead(self, key: tuple[int, int]) -> bool:
        site, mail = key
        source, _, message = self.mails[mail]
        return is_dead(self.cluster.rules, self.sites[site], source, message)


def command_text(which: int) -> str:
    """What the client of this number asks for."""
    return f"{'xyzuvw'[which % 6 - 1]}={which}"

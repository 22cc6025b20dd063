"""The way to what was found: which deeds, one after the other, and without what was of no use.

A search keeps states without the servers' names, so the way is walked anew from the beginning: at each
state, some deed leads to one that differs from the next on the way by names alone.
"""

from raftviz.lab.exhaustive.search import Exhaustive, Next, Reached, State
from raftviz.lab.exhaustive.stations import PARCEL_BITS, Deed, Mail, Move
from raftviz.raft.values import value


@value
class Leg:
    """One deed on the way: at which server, which message it was if it was one, what it sent.

    ``silent``: it changed nothing there, and is only of use if what it sent arrives.
    """

    server: int
    deed: Deed
    mail: Mail | None
    sent: tuple[Mail, ...]
    silent: bool


def way_to(search: Exhaustive, reached: Reached) -> list[Leg]:
    """The deeds that led to what fell, in order."""
    legs: list[Leg] = []
    nodes, past = search.begin()
    for state in _states_to(search, reached.last):
        found = next(one for one in search.next_of(nodes, past) if _leads_to(search, one, state))
        legs += legs_of(search, nodes, found)
        nodes, past = found.nodes, found.past
    broken = {*reached.broken}
    last = next(one for one in search.next_of(nodes, past) if broken <= {*one.broken})
    legs += legs_of(search, nodes, last)[:1]
    return of_use(legs)


def _states_to(search: Exhaustive, last: State) -> list[State]:
    states: list[State] = []
    state: State | None = last
    while state is not None:
        states.append(state)
        state = search.states[state]
    return states[-2::-1]  # the first is where all begins


def _leads_to(search: Exhaustive, one: Next, state: State) -> bool:
    return search.canonical(one.nodes, one.past) == state


def legs_of(search: Exhaustive, nodes: list[int], found: Next) -> list[Leg]:
    """The move, and whatever happened at once because of it."""
    stations = search.stations
    legs = [_leg(search, found.place, found.move, silent=False)]
    nodes = nodes.copy()
    nodes[found.place] = found.move.station
    _deliver(search, nodes, found.move)
    restless = True
    while restless:
        restless = False
        for place in range(len(nodes)):
            for move in stations.silent(nodes[place]):
                if _deliver(search, nodes, move):
                    legs.append(_leg(search, place, move, silent=True))
                    restless = True
    return legs


def _deliver(search: Exhaustive, nodes: list[int], move: Move) -> bool:
    """Put what a move sends to the mail of the others; whether any of it is new there."""
    before = nodes.copy()
    for target, parcel in move.parcels:
        nodes[target] = search.stations.adds[nodes[target] << PARCEL_BITS | parcel]
    return nodes != before


def _leg(search: Exhaustive, place: int, move: Move, *, silent: bool) -> Leg:
    stations = search.stations
    kind, which = move.happened.deed
    mail = stations.mails[which] if kind == "mail" else None
    sent = tuple(
        stations.mails[mail] for _, parcel in move.parcels for mail in stations.parcels[parcel]
    )
    return Leg(place + 1, move.happened.deed, mail, sent, silent)


def of_use(legs: list[Leg]) -> list[Leg]:
    """Without those that only sent what never arrived."""
    kept = {number for number, leg in enumerate(legs) if not leg.silent}
    asked = sorted(kept)
    while asked:
        number = asked.pop()
        sender = _sender(legs, number)
        if sender not in kept:
            kept.add(sender)
            asked.append(sender)
    return [leg for number, leg in enumerate(legs) if number in kept]


def _sender(legs: list[Leg], number: int) -> int:
    """Which leg sent what arrived with this one: rather one that is needed anyway."""
    mail = legs[number].mail
    if mail is None:
        return number
    senders = [before for before in range(number) if mail in legs[before].sent]
    return min(senders, key=lambda before: legs[before].silent)

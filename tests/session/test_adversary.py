"""A student who plays the adversary: from the list of what may happen next they pick anything.

Whatever they pick is something that an asynchronous network, clocks and disks may do. So nothing
that Raft promises ever breaks, and what they did can be told in words.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from raftviz.picture.upcoming import (
    Next,
    about,
    choices,
    due_words,
    letting,
    sentence,
    what_is_next,
)
from raftviz.raft.server import Candidate
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.events import Acted, Delivered, Lost, TimedOut, Woke, Wrote
from raftviz.sim.history import Record
from raftviz.sim.random_acts import random_settings
from raftviz.sim.settings import Settings
from raftviz.sim.trace import trace_hash
from raftviz.sim.upcoming import Kind, Upcoming
from raftviz.sim.vocabulary import act_from_text
from tests.sim.worlds import said_again

picks = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 9)), max_size=120)


def pick(session: Session, row: Upcoming, choice: int) -> Record:
    """Do one of the things that can be done about a row."""
    every = list(choices(row))
    return session.dispatch(every[choice % len(every)])


def let_happen(session: Session, kind: Kind, who: int, source: int = 0) -> None:
    """Let the first event of this kind happen that happens to ``who``, from ``source`` if given."""
    (row, *_) = (
        row
        for row in what_is_next(session.moment).rows
        if (row.kind, row.who) == (kind, who)
        and (not source or (row.flight is not None and row.flight.source == source))
    )
    session.dispatch(letting(row))


# Whatever is picked


@settings(max_examples=60)
@given(st.integers(0, 5_000), picks)
def test_whatever_is_picked_nothing_breaks_and_it_can_all_be_told_again(
    seed: int, picked: list[tuple[int, int]]
) -> None:
    session = Session.of_settings(random_settings(seed))
    for number, choice in picked:
        rows = what_is_next(session.moment).rows
        if choice > 7:  # now and then time passes
            session.step()
        elif rows:
            # Early ones more often: an adversary who only dropped answers would see no leader.
            row = rows[min(number % len(rows), number % 7)]
            pick(session, row, 0 if choice < 4 else choice)
    assert session.checker.violations == []
    history = session.history
    again = said_again(history.root, history)
    assert list(again.root.records()) == list(history.root.records())
    assert trace_hash(again) == trace_hash(history)


@settings(max_examples=60)
@given(st.integers(0, 5_000), picks)
def test_time_stands_still_and_nothing_happens_but_what_is_picked(
    seed: int, picked: list[tuple[int, int]]
) -> None:
    session = Session.of_settings(random_settings(seed))
    for number, choice in picked[:60]:
        if choice > 7:
            session.step()
        rows = what_is_next(session.moment).rows
        if not rows:
            continue
        row, time_us, count = rows[number % len(rows)], session.time_us, session.count
        record = pick(session, row, choice)
        assert isinstance(record.event, Acted)
        assert not record.event.note
        new = list(session.branch.records(count))
        assert {one.time_us for one in new} == {time_us} == {session.time_us}
        assert len(new) <= 2
        if choice % len(list(choices(row))) == 0:
            assert happened(new) == row.key


def happened(records: list[Record]) -> tuple[Kind, int] | None:
    """The key of the event that an act let happen."""
    act, *effect = records
    match effect[0].event if effect else act.event:
        case Delivered(flight=flight) | Lost(flight=flight):
            return Kind.ARRIVAL, flight.id
        case Wrote(server=server):
            return Kind.WRITE, server
        case Woke(address=address):
            return Kind.CLIENT, address
        case Acted(act=acts.Timeout(target=int(server))) | TimedOut(server=server):
            return Kind.TIMER, server
        case Acted(act=acts.SendBatch(target=int(server))):
            return Kind.BATCH, server
    return None


@settings(max_examples=60)
@given(st.integers(0, 5_000), picks)
def test_every_row_is_told_in_a_sentence(seed: int, picked: list[tuple[int, int]]) -> None:
    session = Session.of_settings(random_settings(seed))
    for number, choice in picked[:40]:
        following = what_is_next(session.moment)
        for row in following.rows:
            words = sentence(following.state, row)
            assert words[0].isupper()
            assert words.endswith(".")
            assert about(row)
            assert due_words(row, session.time_us)
        if len(following):
            pick(session, following.rows[number % len(following)], choice)


# The list


def one(session: Session, kind: Kind, who: int) -> tuple[Next, Upcoming]:
    following = what_is_next(session.moment)
    return following, next(row for row in following.rows if (row.kind, row.who) == (kind, who))


def told(session: Session, kind: Kind, who: int) -> str:
    """The sentence of the first row of this kind."""
    following, row = one(session, kind, who)
    return sentence(following.state, row)


def do(session: Session, *lines: str) -> None:
    for line in lines:
        session.dispatch(act_from_text(line, session.history.settings.servers))


def of_three(**changes: object) -> Session:
    return Session.of_settings(Settings(servers=3, disk_us=(0, 0), **changes))  # type: ignore[arg-type]


def test_a_fresh_cluster_may_only_time_out() -> None:
    following = what_is_next(of_three().moment)
    assert [row.kind for row in following.rows] == [Kind.TIMER] * 3
    assert following.first() == following.rows[0]


def test_a_timer_says_what_follows_from_it() -> None:
    session = of_three()
    assert told(session, Kind.TIMER, 1) == ("S1 times out and begins an election, for term 1.")
    do(session, "timeout S1")
    assert told(session, Kind.TIMER, 1) == ("S1 times out and begins another election, for term 2.")
    do(session, "deliver RequestVote S1 -> S2", "deliver RequestVoteResponse S2 -> S1")
    assert told(session, Kind.TIMER, 1) == ("S1's timer runs out: it sends heartbeats.")


def test_a_message_says_what_becomes_of_it() -> None:
    session = of_three()
    do(session, "timeout S1")
    assert told(session, Kind.ARRIVAL, 2) == "S2 receives a RequestVote of term 1 from S1."
    do(session, "pause S2", "crash S3")
    assert told(session, Kind.ARRIVAL, 2) == (
        "A RequestVote of term 1 from S1 waits for S2, which is paused."
    )
    assert told(session, Kind.ARRIVAL, 3) == (
        "A RequestVote of term 1 from S1 finds S3 down and is lost."
    )


def test_when_it_comes_by_itself_is_said_in_milliseconds() -> None:
    session = of_three(latency_us=(10_000, 10_000))
    do(session, "timeout S1")
    following, row = one(session, Kind.ARRIVAL, 2)
    assert due_words(row, 0) == "in 10.0 ms"
    assert due_words(row, 10_000) == "now"
    assert following.first() == row


def test_a_message_that_will_be_lost_and_one_that_is_held_say_so() -> None:
    session = of_three(latency_us=(10_000, 10_000))
    do(session, "timeout S1", "cut S1 -> S2", "hold RequestVote S1 -> S3")
    assert due_words(one(session, Kind.ARRIVAL, 2)[1], 0) == "lost in 5.0 ms"
    following, held = one(session, Kind.ARRIVAL, 3)
    assert due_words(held, 0) == "held"
    assert following.rows[-1] == held


def test_what_does_not_happen_by_itself_comes_first_for_nobody() -> None:
    session = of_three()
    do(session, "timeout S1", "hold message * -> *", "hold message * -> *")
    do(session, "crash S1", "crash S2", "crash S3")
    following = what_is_next(session.moment)
    assert len(following) == 2
    assert following.first() is None


def test_clients_and_disks_say_what_they_do() -> None:
    session = Session.of_settings(Settings(servers=3, disk_us=(40_000, 40_000)))
    do(session, "requests every 100ms")
    assert told(session, Kind.CLIENT, -1) == "C1 sends its next request."
    do(session, "request x=1 to S2", "timeout S1")
    assert told(session, Kind.CLIENT, -2) == "C2 waits no longer and asks again: x=1."
    assert told(session, Kind.WRITE, 1) == "S1's disk finishes a write: 2 messages leave."
    do(session, "fail-write S1")
    assert told(session, Kind.WRITE, 1) == "S1's disk fails to write, and tries again."


def test_the_list_can_be_of_one_server() -> None:
    session = of_three()
    do(session, "timeout S1")
    only = what_is_next(session.moment).only(2)
    assert [about(row) for row in only.rows] == ["RequestVote S1 → S2, term 1", "timer of S2"]


def test_a_held_message_is_offered_to_be_released_and_any_other_to_be_held() -> None:
    session = of_three()
    do(session, "timeout S1", "hold RequestVote S1 -> S3")
    kinds = [[type(act) for act in choices(one(session, Kind.ARRIVAL, who)[1])] for who in (2, 3)]
    assert kinds == [
        [acts.Deliver, acts.Hold, acts.Drop, acts.Duplicate],
        [acts.Deliver, acts.Release, acts.Drop, acts.Duplicate],
    ]


def test_a_branch_is_named_after_the_very_message_of_several_alike() -> None:
    session = of_three(latency_us=(10_000, 10_000))
    do(session, "timeout S1", "duplicate RequestVote S1 -> S2")
    rows = [row for row in what_is_next(session.moment).rows if row.who == 2 and row.flight]
    session.step()
    session.step_back()
    session.dispatch(list(choices(rows[1]))[2])
    assert session.branch.name == "drop 2nd RequestVote S1 -> S2"


# To a split vote


def test_the_adversary_splits_a_vote_while_no_time_passes() -> None:
    session = Session.of_settings(Settings(servers=5))
    for candidate in (1, 2):
        let_happen(session, Kind.TIMER, candidate)
        let_happen(session, Kind.WRITE, candidate)
    for candidate, voter in ((1, 3), (2, 4)):
        let_happen(session, Kind.ARRIVAL, voter, candidate)
        let_happen(session, Kind.WRITE, voter)
        let_happen(session, Kind.ARRIVAL, candidate, voter)
    let_happen(session, Kind.TIMER, 5)
    let_happen(session, Kind.WRITE, 5)
    hosts = session.moment.state.hosts
    assert {host.server.current_term for host in hosts.values()} == {1}
    assert [host.disk.durable.voted_for for host in hosts.values()] == [1, 2, 1, 2, 5]
    roles = [host.server.role for host in hosts.values()]
    assert [sorted(role.granted) for role in roles if isinstance(role, Candidate)] == [
        [1, 3],
        [2, 4],
        [5],
    ]
    assert session.time_us == 0

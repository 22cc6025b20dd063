"""A vote as a page: who asked for it and when, why it was given or refused, what it was good for."""

from collections.abc import Iterator

from raftviz.picture.primitives import PickedServer, PickedVote
from raftviz.picture.why.flights import endings_of
from raftviz.picture.why.links import links_of
from raftviz.picture.why.page import Page, Step, Told, step_to
from raftviz.picture.why.threads import Threads
from raftviz.raft.messages import RequestVoteRequest, RequestVoteResponse
from raftviz.raft.names import name
from raftviz.sim.events import Delivered, Lost
from raftviz.sim.history import Moment
from raftviz.sim.network import Flight


def vote_page(threads: Threads, moment: Moment, vote: PickedVote) -> Page | None:
    """What led to a vote, given or refused or not come, and what it caused."""
    began = _candidacy(threads, moment, vote)
    if began is None:
        return None
    whose = f"{name(vote.voter)}'s vote"
    if vote.voter == vote.candidate:
        return _own_vote(threads, moment, vote, began)
    decided = _decided(threads, began, vote)
    asked = list(_requests(threads, began, vote))
    answers = list(_answers(threads, decided, vote))
    event = decided if decided is not None else _last_end(threads, asked)
    told = moment.branch[decided].because if decided is not None else ()
    return Page(
        vote,
        f"{whose} for {name(vote.candidate)} in term {vote.term}",
        _state(threads, moment, asked, decided, answers),
        tuple(Told.of(because) for because in told),
        tuple(_led(threads, moment, vote, began, asked, decided)),
        tuple(_caused(threads, moment, decided, answers)),
        began if event is None else event,
        frozenset({vote, PickedServer(vote.candidate), PickedServer(vote.voter)}),
    )


def _candidacy(threads: Threads, moment: Moment, vote: PickedVote) -> int | None:
    """When the candidate came into the term and voted for itself."""
    tracks, end = threads.tracks, len(moment.branch)
    for event, term in tracks.backwards(("term", vote.candidate), end):
        if term == vote.term:
            return event
    return None


def _own_vote(threads: Threads, moment: Moment, vote: PickedVote, began: int) -> Page:
    record = moment.branch[began]
    return Page(
        vote,
        f"{name(vote.voter)}'s vote for itself in term {vote.term}",
        "a candidate votes for itself",
        tuple(Told.of(because) for because in record.because),
        (step_to(moment.branch, began, "", moment.count),),
        tuple(
            step_to(moment.branch, event, "", moment.count) for event in threads.consequences(began)
        ),
        began,
        frozenset({vote, PickedServer(vote.voter)}),
    )


def _requests(threads: Threads, began: int, vote: PickedVote) -> Iterator[Flight]:
    """The requests for this vote. They leave when the candidate's own vote is on its disk."""
    events = [began, *threads.consequences(began)]
    for event in events:
        for flight in threads.branch[event].flights:
            message = flight.message
            if (
                isinstance(message, RequestVoteRequest)
                and message.term == vote.term
                and (flight.source, flight.target) == (vote.candidate, vote.voter)
            ):
                yield flight


def _decided(threads: Threads, began: int, vote: PickedVote) -> int | None:
    """When the voter answered."""
    for flight in _requests(threads, began, vote):
        for event in endings_of(threads, flight):
            ended = threads.branch[event].event
            if isinstance(ended, Delivered) and not ended.waits:
                return event
    return None


def _last_end(threads: Threads, asked: list[Flight]) -> int | None:
    ends = [event for flight in asked for event in endings_of(threads, flight)]
    return max(ends, default=None)


def _answers(threads: Threads, decided: int | None, vote: PickedVote) -> Iterator[Flight]:
    if decided is None:
        return
    for event in (decided, *threads.consequences(decided)):
        for flight in threads.branch[event].flights:
            message = flight.message
            ends = (flight.source, flight.target)
            if isinstance(message, RequestVoteResponse) and ends == (vote.voter, vote.candidate):
                yield flight


def _state(
    threads: Threads,
    moment: Moment,
    asked: list[Flight],
    decided: int | None,
    answers: list[Flight],
) -> str:
    """What has become of the vote, in a few words."""
    branch = moment.branch
    if decided is None or decided >= moment.count:
        ends = [branch[e].event for flight in asked for e in endings_of(threads, flight)
                if e < moment.count]  # fmt: skip
        return "the request was lost" if any(isinstance(e, Lost) for e in ends) else "asked for"
    message = answers[0].message if answers else None
    granted = isinstance(message, RequestVoteResponse) and message.vote_granted
    ends = [
        branch[event].event
        for flight in answers
        for event in endings_of(threads, flight)
        if event < moment.count
    ]
    way = "on its way" if not ends else "lost" if isinstance(ends[0], Lost) else "counted"
    return f"{'given' if granted else 'refused'}, and the answer is {way}"


def _led(
    threads: Threads,
    moment: Moment,
    vote: PickedVote,
    began: int,
    asked: list[Flight],
    decided: int | None,
) -> Iterator[Step]:
    branch = moment.branch
    yield step_to(branch, began, f"{name(vote.candidate)} asked for it", moment.count)
    ends = {event for flight in asked for event in endings_of(threads, flight)}
    if decided is not None:
        for link in links_of(threads, decided, branch[decided]):
            if link.event >= 0 and link.event != began and link.event not in (asked[0].cause,):
                yield step_to(branch, link.event, link.words, moment.count)
        yield step_to(branch, decided, "", moment.count)
    for event in sorted(ends - {decided}):
        yield step_to(branch, event, "", moment.count)


def _caused(
    threads: Threads, moment: Moment, decided: int | None, answers: list[Flight]
) -> Iterator[Step]:
    if decided is None:
        return
    branch = moment.branch
    ends = [event for flight in answers for event in endings_of(threads, flight)]
    for event in ends:
        yield step_to(branch, event, "", moment.count)
    for event in ends:
        for further in threads.consequences(event):
            yield step_to(branch, further, "", moment.count)
    if not ends:
        yield Step("The answer is still on its way")

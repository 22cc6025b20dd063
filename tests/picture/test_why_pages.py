"""Pages of the walk: one thing, what led to it, what it caused."""

import pytest

from raftviz.checks.checker import Checker
from raftviz.checks.random_runs import run_random
from raftviz.data import asset_path
from raftviz.picture.primitives import (
    PickedBreach,
    PickedClient,
    PickedEntry,
    PickedEvent,
    PickedField,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
    Subject,
)
from raftviz.picture.why.explain import explain
from raftviz.picture.why.fields import event_of_field
from raftviz.picture.why.page import Page
from raftviz.picture.why.subjects import subject_at
from raftviz.picture.why.threads import Threads
from raftviz.picture.why.walk import LONGEST, Walk, crumb
from raftviz.raft import because as why
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.variants import variant_rules
from raftviz.session.session import Session
from raftviz.sim.history import Moment
from raftviz.sim.world import World, begin
from raftviz.tracefile import open_recording
from tests.recording.recorded import read_bytes, written
from tests.sim.worlds import a_world, do, led_by, run, wait


def at(world: World, count: int | None = None) -> Moment:
    """The moment behind so many events; the newest, if None."""
    count = len(world.branch) if count is None else count
    return Moment(world.history, world.branch, count, world.branch.time_at(count))


def page_of(world: World, subject: Subject, count: int | None = None) -> Page:
    threads = Threads(world.history, world.branch)
    page = explain(threads, at(world, count), subject)
    assert page is not None
    return page


def event_that(world: World, reason: why.Reason, part: int = 0) -> int:
    """The last event that gives a reason, of one server if that is named."""
    return max(
        number
        for number, record in enumerate(world.branch.records())
        if part in (0, record.part) and any(b.reason is reason for b in record.because)
    )


def led(page: Page) -> list[str]:
    return [step.words for step in page.led]


def caused(page: Page) -> list[str]:
    return [step.words for step in page.caused]


@pytest.fixture(scope="module")
def answered() -> World:
    """One request from the client to the answer, and everybody knows."""
    world = led_by(1, 3)
    do(world, "request x=1 to S1")
    wait(world, "answered == 1 and logs_agree")
    return world


class TestEvents:
    def test_the_title_says_what_it_came_to_and_the_line_below_what_happened(
        self, answered: World
    ) -> None:
        number = event_that(answered, why.LEADER_COMMITS)
        page = page_of(answered, PickedEvent(number))
        assert page.title == "S1 committed up to entry 2"
        assert page.about.startswith(f"#{number + 1} at ")
        assert "S1 received an acknowledgement" in page.about

    def test_each_reason_is_told_with_its_sections_and_its_rule_in_the_book(
        self, answered: World
    ) -> None:
        page = page_of(answered, PickedEvent(event_that(answered, why.LEADER_COMMITS)))
        told = page.told[-1]
        assert told.sentence.startswith("Entry 2 is of term 1 and on a majority")
        assert told.sections == ("§5.3", "§5.4.2")
        assert told.rule == "commit"

    def test_what_it_caused_is_among_the_steps_below(self, answered: World) -> None:
        page = page_of(answered, PickedEvent(event_that(answered, why.LEADER_COMMITS)))
        assert "C1 was told that x=1 is done" in caused(page)
        assert "S2 knows entry 2 to be committed" in caused(page)

    def test_steps_behind_the_cursor_say_that_they_are_later(self, answered: World) -> None:
        number = event_that(answered, why.LEADER_COMMITS)
        page = page_of(answered, PickedEvent(number), number + 1)
        assert all(not step.later for step in page.led)
        assert all(step.later for step in page.caused)

    def test_a_message_that_has_not_arrived_is_a_step_to_the_message(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "messages == 2")
        page = page_of(world, PickedEvent(len(world.branch) - 1))
        assert sorted(caused(page)) == [
            "A RequestVote of term 1 is on its way to S2",
            "A RequestVote of term 1 is on its way to S3",
        ]
        assert all(isinstance(step.target, PickedMessage) for step in page.caused)

    def test_where_it_began_there_is_nowhere_to_go(self) -> None:
        world = a_world(3)
        wait(world, "candidates == 1")
        (step,) = page_of(world, PickedEvent(0)).led
        assert step.target is None
        assert step.words.endswith("when everything began")

    def test_every_step_leads_to_a_page_of_its_own(self, answered: World) -> None:
        seen: set[Subject] = set()
        todo: list[Subject] = [PickedEvent(len(answered.branch) - 1)]
        while todo:
            subject = todo.pop()
            if subject in seen:
                continue
            seen.add(subject)
            page = page_of(answered, subject)
            todo += [s.target for s in (*page.led, *page.caused) if s.target is not None]
        assert len(seen) > len(answered.branch) * 0.8

    def test_an_event_that_is_not_recorded_has_no_page(self, answered: World) -> None:
        threads = Threads(answered.history, answered.branch)
        assert explain(threads, at(answered), PickedEvent(len(answered.branch))) is None


class TestEntries:
    def test_a_life_from_the_client_to_the_answer(self, answered: World) -> None:
        page = page_of(answered, PickedEntry(2, 2, 1))
        assert page.title == "Entry 2 of S2: x=1"
        assert page.about == "of term 1, committed, executed here"
        assert led(page) == [
            "C1 asked for x=1",
            "S1 appended it as the leader of term 1",
            "S2 stored it",
        ]
        assert caused(page) == [
            "It is on the disk of S2",
            "S1 committed it",
            "C1 was told that it is done",
            "S2 knows it to be committed; S2 executed it",
        ]

    def test_of_the_leader_itself_the_append_is_the_storing(self, answered: World) -> None:
        page = page_of(answered, PickedEntry(1, 2, 1))
        assert led(page) == ["C1 asked for x=1", "S1 appended it as the leader of term 1"]

    def test_before_it_is_committed_it_may_still_be_replaced(self, answered: World) -> None:
        stored = page_of(answered, PickedEntry(2, 2, 1)).event
        assert stored is not None
        page = page_of(answered, PickedEntry(2, 2, 1), stored + 1)
        assert page.about == "of term 1, not committed, not on the disk yet"
        assert "a later leader might replace it" in page.told[0].sentence

    def test_an_entry_that_another_leader_replaced_is_gone(self) -> None:
        world = led_by(1, 3, options=Options(no_op=False))
        do(world, "partition S1 | S2 S3", "request x=1 to S1")
        wait(world, 'copies("x=1") == 1')
        do(world, "timeout S2")
        wait(world, "leader == S2")
        do(world, "request y=2 to S2")
        wait(world, 'committed("y=2")')
        do(world, "heal")
        wait(world, "logs_agree", within_ms=20_000)
        page = page_of(world, PickedEntry(1, 1, 1))
        assert page.about == "of term 1, no longer there"
        assert "S1 lost it" in caused(page)
        assert "S2 committed it" not in caused(page)

    def test_an_entry_that_never_was_has_no_page(self, answered: World) -> None:
        threads = Threads(answered.history, answered.branch)
        assert explain(threads, at(answered), PickedEntry(2, 9, 1)) is None


class TestVotes:
    def elected(self) -> World:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "leader == S1")
        run(world, 60)
        return world

    def test_a_vote_that_was_given_and_counted(self) -> None:
        world = self.elected()
        page = page_of(world, PickedVote(1, 2, 1))
        assert page.title == "S2's vote for S1 in term 1"
        assert page.about == "given, and the answer is counted"
        assert "S1 asked for it" in led(page)
        assert any("voted for S1" in words for words in led(page))

    def test_a_candidates_vote_for_itself(self) -> None:
        page = page_of(self.elected(), PickedVote(1, 1, 1))
        assert page.title == "S1's vote for itself in term 1"
        assert page.about == "a candidate votes for itself"

    def test_a_refused_vote_says_whom_it_had_gone_to(self) -> None:
        world = a_world(3)
        do(world, "timeout S1", "timeout S2")
        run(world, 80)
        page = page_of(world, PickedVote(1, 2, 1))
        assert page.about == "refused, and the answer is counted"
        assert any("S2 had voted for itself in term 1" in words for words in led(page))

    def test_a_vote_whose_request_was_lost(self) -> None:
        world = a_world(3)
        do(world, "crash S2", "timeout S1")
        run(world, 60)
        page = page_of(world, PickedVote(1, 2, 1))
        assert page.about == "the request was lost"
        assert any("arrived at a server that is down" in words for words in led(page))

    def test_a_vote_that_is_asked_for_and_then_on_its_way(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "messages == 2")
        assert page_of(world, PickedVote(1, 2, 1)).about == "asked for"
        wait(world, "S2.voted_for == 1 and messages == 2", within_ms=100)
        assert page_of(world, PickedVote(1, 2, 1)).about == "given, and the answer is on its way"

    def test_a_vote_nobody_asked_for_has_no_page(self) -> None:
        world = self.elected()
        threads = Threads(world.history, world.branch)
        assert explain(threads, at(world), PickedVote(1, 2, 7)) is None


class TestMessages:
    def test_a_message_leads_to_its_arrival_and_to_what_that_did(self, answered: World) -> None:
        number = event_that(answered, why.LEADER_APPENDS)
        sent = next(
            flight
            for n in range(number, len(answered.branch))
            for flight in answered.branch[n].flights
            if flight.source == 1 and flight.target == 2
        )
        page = page_of(answered, PickedMessage(sent.id))
        assert page.title.startswith("AppendEntries S1 → S2, term 1")
        assert page.about == "a message, arrived"
        assert led(page) == ["S1 sent AppendEntries with 1 entry"]
        assert caused(page)[0].startswith("S2 stored entries up to 2")
        assert "S2 has on its disk what it wrote" in caused(page)

    def test_a_message_on_its_way_says_so(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "messages == 2")
        flight = next(iter(world.flights.values()))
        page = page_of(world, PickedMessage(flight.id))
        assert page.about == "a message, in flight"
        assert caused(page) == ["It is still on its way"]

    def test_what_somebody_did_to_it_is_among_what_led_there(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "messages == 2")
        flight = next(f for f in world.flights.values() if f.target == 2)
        do(world, "delay RequestVote S1 -> S2 by 30ms", "hold RequestVote S1 -> S2")
        page = page_of(world, PickedMessage(flight.id))
        assert led(page)[1:] == ["You delayed it", "You held it"]

    def test_a_message_of_no_branch_has_no_page(self, answered: World) -> None:
        threads = Threads(answered.history, answered.branch)
        for flight_id in (-1, 3, 1 << 60):
            assert explain(threads, at(answered), PickedMessage(flight_id)) is None


class TestBreaches:
    def test_a_broken_property_shows_the_two_events_that_contradict_each_other(self) -> None:
        history = begin(a_world(3).settings)
        checker = Checker(history)
        rules = variant_rules("vote_not_persisted")
        cluster = Cluster.of_size(3, history.settings.options, rules)
        world = World.at(history, cluster=cluster, watcher=checker)
        do(world, "cut S1 <-> S2", "timeout S1")
        wait(world, "leader == S1")
        do(world, "crash S3", "restart S3", "timeout S2")
        run(world, 100)
        place = next(
            at
            for at, violation in enumerate(checker.violations)
            if violation.property.name == "election_safety"
        )
        violation = checker.violations[place]
        threads = Threads(history, world.branch)
        page = explain(threads, at(world), PickedBreach(place), checker.violations)
        assert page is not None
        assert page.broken
        assert page.title == "Election Safety is broken"
        assert [step.target for step in page.led] == [
            PickedEvent(violation.earlier),
            PickedEvent(violation.event),
        ]
        assert all("won the election of term 1" in words for words in led(page))
        event = explain(threads, at(world), PickedEvent(violation.event), checker.violations)
        assert event is not None
        assert event.broken
        assert event.caused[0].target == PickedBreach(place)
        assert "Election Safety" in event.caused[0].words


class TestRecordings:
    """Of a cluster that is not ours, which may tell less."""

    def every_page(self, session: Session) -> int:
        """Walk everywhere; how many pages there are."""
        threads = Threads(session.history, session.branch)
        session.go_end()
        moment, violations = session.moment, session.checker.violations
        todo: list[Subject] = [PickedEvent(n) for n in range(len(session.branch))]
        todo += [PickedBreach(place) for place in range(len(violations))]
        seen: set[Subject] = set()
        while todo:
            subject = todo.pop()
            if subject not in seen:
                seen.add(subject)
                page = explain(threads, moment, subject, violations)
                assert page is not None
                todo += [s.target for s in (*page.led, *page.caused) if s.target is not None]
        return len(seen)

    def test_every_page_of_the_recording_that_ships_can_be_read(self) -> None:
        session = open_recording(str(asset_path("traces") / "two-leaders.jsonl"))
        assert self.every_page(session) == len(session.branch) + 2

    def test_the_contradiction_leads_to_both_events(self) -> None:
        session = open_recording(str(asset_path("traces") / "two-leaders.jsonl"))
        threads = Threads(session.history, session.branch)
        session.go_end()
        page = explain(threads, session.moment, PickedBreach(0), session.checker.violations)
        assert page is not None
        assert [step.words for step in page.led] == [
            "S2 received a RequestVote of term 1 from S1",
            "S2 received a RequestVote of term 1 from S3",
        ]

    def test_what_is_not_told_is_said_to_be_so(self) -> None:
        session = open_recording(str(asset_path("traces") / "two-leaders.jsonl"))
        threads = Threads(session.history, session.branch)
        page = explain(threads, session.moment, PickedEvent(3))
        assert page is not None
        assert led(page) == ["When S1 set its election timeout is not told"]

    @pytest.mark.parametrize("seed", range(4))
    def test_our_own_recorded_and_read_again_has_the_same_pages(self, seed: int) -> None:
        history = run_random(seed, 30).history
        read = read_bytes(written(history)).history
        pages = []
        for one in (history, read):
            threads = Threads(one, one.root)
            moment = Moment(one, one.root, len(one.root), one.root.time_at(len(one.root)))
            pages.append([explain(threads, moment, PickedEvent(n)) for n in range(len(one.root))])
        assert pages[0] == pages[1]


class TestFields:
    @pytest.mark.parametrize(
        ("owner", "field", "reason"),
        [
            (2, "current_term", why.STEP_DOWN),
            (2, "voted_for", why.GRANT_VOTE),
            (2, "log", why.STORE_ENTRIES),
            (2, "commit_index", why.FOLLOWER_COMMITS),
            (2, "last_applied", why.FOLLOWER_COMMITS),
            (2, "leader", why.FOLLOW_LEADER),
            (2, "on its disk", why.ALREADY_DURABLE),
            (1, "S2", why.COUNT_COPY),
            (1, "heartbeat in", why.SEND_HEARTBEAT),
        ],
    )
    def test_a_field_leads_to_the_event_that_made_it_so(
        self, answered: World, owner: int, field: str, reason: why.Reason
    ) -> None:
        threads = Threads(answered.history, answered.branch)
        threads.extend()
        number = event_of_field(threads, at(answered), PickedField(owner, field))
        assert number is not None
        record = answered.branch[number]
        assert record.part == owner
        assert reason in [because.reason for because in record.because]

    def test_what_was_so_from_the_beginning_has_no_event(self) -> None:
        world = a_world(3)
        run(world, 1)
        threads = Threads(world.history, world.branch)
        threads.extend()
        assert event_of_field(threads, at(world), PickedField(1, "times out in")) is None

    def test_what_a_crash_took_away_leads_to_the_crash(self, answered: World) -> None:
        world = World.at(answered.history, answered.branch, new_branch="crashed")
        do(world, "crash S2")
        threads = Threads(world.history, world.branch)
        threads.extend()
        number = event_of_field(threads, at(world), PickedField(2, "commit_index"))
        assert number == len(world.branch) - 1


class TestSubjects:
    def test_without_a_selection_it_is_what_happened_last(self, answered: World) -> None:
        count = len(answered.branch)
        assert subject_at(at(answered), None) == PickedEvent(count - 1)
        assert subject_at(at(answered), PickedLink(1, 2)) == PickedEvent(count - 1)

    def test_of_a_server_or_a_client_it_is_what_changed_it_last(self, answered: World) -> None:
        for picked in (PickedServer(2), PickedClient(-1)):
            subject = subject_at(at(answered), picked)
            assert isinstance(subject, PickedEvent)
            assert answered.branch[subject.number].part == picked.id

    def test_before_anything_has_happened_there_is_nothing(self) -> None:
        assert subject_at(at(a_world(3)), None) is None


class TestTheWalk:
    def test_one_goes_on_and_back_and_forward_again(self) -> None:
        walk = Walk().to(PickedEvent(1)).to(PickedEvent(2))
        assert walk.subject == PickedEvent(2)
        back = walk.at(walk.place - 1)
        assert back.subject == PickedEvent(1)
        assert back.can_go_forward
        assert back.at(back.place + 1) == walk
        assert not walk.can_go_forward

    def test_what_was_shown_as_now_is_where_the_way_begins(self) -> None:
        walk = Walk().to(PickedEvent(2), seen=PickedEvent(5))
        assert walk.steps == (PickedEvent(5), PickedEvent(2))
        assert walk.at(0).subject is None

    def test_another_way_from_an_earlier_place_forgets_the_old_one(self) -> None:
        walk = Walk().to(PickedEvent(1)).to(PickedEvent(2)).at(1).to(PickedEvent(3))
        assert walk.steps == (PickedEvent(1), PickedEvent(3))

    def test_to_where_one_is_changes_nothing(self) -> None:
        walk = Walk().to(PickedEvent(1))
        assert walk.to(PickedEvent(1)) is walk

    def test_a_long_way_is_forgotten_from_its_beginning(self) -> None:
        walk = Walk()
        for number in range(LONGEST + 50):
            walk = walk.to(PickedEvent(number))
        assert len(walk.steps) == LONGEST
        assert walk.subject == PickedEvent(LONGEST + 49)

    def test_in_another_branch_only_what_is_there_is_kept(self) -> None:
        walk = Walk().to(PickedEvent(1)).to(PickedEvent(9)).to(PickedEvent(2))
        kept = walk.kept(lambda subject: subject != PickedEvent(9))
        assert kept.steps == (PickedEvent(1), PickedEvent(2))
        assert kept.subject == PickedEvent(2)
        assert walk.at(2).kept(lambda subject: subject != PickedEvent(9)).subject is None

    def test_every_kind_of_thing_has_a_word_as_a_place_on_the_way(self) -> None:
        assert crumb(PickedEvent(41)) == "#42"
        assert crumb(PickedEntry(2, 4, 1)) == "entry 4 of S2"
        assert crumb(PickedVote(1, 3, 2)) == "S3's vote"
        assert crumb(PickedBreach(0)) == "what broke"
        assert crumb(PickedMessage(7)) == "a message"

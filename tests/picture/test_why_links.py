"""What led to what, case by case."""

from raftviz.picture.why.links import links_of
from raftviz.picture.why.outcomes import OUTCOMES, outcome
from raftviz.picture.why.threads import Threads
from raftviz.raft import because as why
from raftviz.raft.because import Reason
from raftviz.raft.cluster import Options
from raftviz.raft.log import Log
from raftviz.raft.server import Persistent
from raftviz.sim import client
from raftviz.sim.events import Acted, Delivered, Lost
from raftviz.sim.history import Record
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.sim.worlds import a_world, do, led_by, run, wait

SLOW = (ms(2), ms(2))
"""A disk that takes its time, so that a write is an event of its own."""


def threads_of(world: World) -> Threads:
    threads = Threads(world.history, world.branch)
    threads.extend()
    return threads


def all_of(world: World, reason: Reason) -> list[int]:
    """The events that give this reason."""
    return [
        number
        for number, record in enumerate(world.branch.records())
        if any(because.reason is reason for because in record.because)
    ]


def led(world: World, number: int) -> dict[str, Record | None]:
    """What led to an event: each contribution in words, and the event it leads to."""
    found = links_of(threads_of(world), number, world.branch[number])
    return {link.words: world.branch[link.event] if link.event >= 0 else None for link in found}


def words(world: World, number: int) -> list[str]:
    return list(led(world, number))


def one(world: World, reason: Reason, at: int = -1) -> int:
    return all_of(world, reason)[at]


class TestElections:
    def test_a_candidate_is_led_to_by_the_setting_of_its_timer(self) -> None:
        world = a_world(3)
        wait(world, "candidates == 1")
        number = one(world, why.START_ELECTION)
        (said,) = words(world, number)
        assert said.endswith("set its election timeout when everything began")

    def test_an_election_follows_from_the_crash_of_the_leader(self) -> None:
        world = led_by(1, 3)
        do(world, "crash S1")
        wait(world, "candidates == 1")
        said = led(world, one(world, why.START_ELECTION))
        crash = said["S1, which led, crashed"]
        assert crash is not None
        assert isinstance(crash.event, Acted)

    def test_an_election_follows_from_heartbeats_that_were_lost(self) -> None:
        world = led_by(1, 3)
        do(world, "cut S1 -> S2")
        wait(world, 'S2.role == "candidate"')
        said = led(world, one(world, why.START_ELECTION))
        lost = said["a message of S1, which led, did not arrive"]
        assert lost is not None
        assert isinstance(lost.event, Lost)

    def test_an_election_without_a_winner_leads_to_the_next_one(self) -> None:
        world = a_world(4)
        do(world, "timeout S1", "timeout S2")
        run(world, 60)
        do(world, "crash S3", "crash S4")
        wait(world, "term >= 2")
        assert any(
            "had not voted for" in said for said in words(world, one(world, why.START_ELECTION))
        )

    def test_a_victory_names_the_votes_and_the_timeout_before(self) -> None:
        world = a_world(5)
        do(world, "timeout S2")
        wait(world, "leader == S2")
        said = led(world, one(world, why.WIN_ELECTION))
        own = said["S2 voted for itself in term 1 (1 of 3)"]
        assert own is not None
        assert isinstance(own.event, Acted)
        assert sorted(text[-8:] for text in said if "voted for S2" in text) == [
            "(2 of 3)",
            "(3 of 3)",
        ]

    def test_a_vote_is_led_to_by_its_request(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "leader == S1")
        assert "S1 sent a RequestVote of term 1" in words(world, one(world, why.GRANT_VOTE))

    def test_a_refusal_names_the_vote_that_was_given_before(self) -> None:
        world = a_world(3)
        do(world, "timeout S1", "timeout S2")
        run(world, 30)
        number = one(world, why.REFUSE_VOTE_ALREADY_VOTED)
        said = led(world, number)
        given = next(record for text, record in said.items() if "had voted for" in text)
        assert given is not None
        assert given.part == world.branch[number].part

    def test_a_refusal_for_the_log_names_the_entry_that_the_candidate_lacks(self) -> None:
        world = led_by(1, 3)
        do(world, "crash S3", "request x=1")
        wait(world, 'committed("x=1")')
        do(world, "restart S3", "crash S1")
        do(world, "timeout S3")
        run(world, 30)
        said = led(world, one(world, why.REFUSE_VOTE_LOG_BEHIND))
        newer = said["S2 holds entry 2 (x=1, term 1)"]
        assert newer is not None
        assert outcome(newer).startswith("S2 stored entries")

    def test_stepping_down_names_how_the_other_came_into_the_later_term(self) -> None:
        world = led_by(1, 3)
        do(world, "timeout S2")
        wait(world, "leader == S2")
        step_down = next(n for n in all_of(world, why.STEP_DOWN) if world.branch[n].part == 1)
        said = led(world, step_down)
        assert any(text.startswith("S2 moved to term 2") for text in said)


class TestReplication:
    def committed(self, **changes: object) -> tuple[World, int]:
        world = led_by(1, 5, **changes)
        do(world, "request x=1 to S1")
        wait(world, "answered == 1")
        return world, one(world, why.LEADER_COMMITS)

    def test_a_commit_names_the_acknowledgements_and_the_leaders_own_disk(self) -> None:
        world, number = self.committed(disk_us=SLOW)
        said = led(world, number)
        assert [text[-8:] for text in said][:3] == ["(1 of 3)", "(2 of 3)", "(3 of 3)"]
        assert sum("acknowledged entry 2" in text for text in said) == 2
        own = said["S1 has entry 2 on its own disk (1 of 3)"]
        assert own is not None
        assert outcome(own) == "S1 has on its disk what it wrote"

    def test_the_deciding_acknowledgement_leads_to_the_follower_that_sent_it(self) -> None:
        world, number = self.committed()
        said = led(world, number)
        decided = next(record for text, record in said.items() if "(3 of 3)" in text)
        assert decided is not None
        assert decided.part not in (1, 0)

    def test_a_commit_names_the_append_of_its_entry(self) -> None:
        world, number = self.committed(disk_us=SLOW)
        appended = led(world, number)["S1 appended entry 2 (x=1, term 1)"]
        assert appended is not None
        assert outcome(appended) == "S1 appended entry 2"

    def test_an_appended_entry_is_led_to_by_its_clients_request(self) -> None:
        world, _ = self.committed()
        asked = led(world, one(world, why.LEADER_APPENDS))["C1 sent the request x=1"]
        assert asked is not None
        assert isinstance(asked.event, Acted)

    def test_a_follower_commits_because_the_leader_had(self) -> None:
        world, _ = self.committed()
        wait(world, "logs_agree")
        said = led(world, one(world, why.FOLLOWER_COMMITS))
        told = next(
            r for text, r in said.items() if text.startswith("S1 had committed up to entry 2")
        )
        assert told is not None
        assert any(because.reason is why.LEADER_COMMITS for because in told.because)

    def test_a_command_that_failed_is_executed_because_it_was_committed_before(self) -> None:
        world = led_by(1, 3)
        do(world, "fail-apply S1", "request x=1")
        wait(world, "answered == 1")
        late = next(
            n
            for n, r in enumerate(world.branch.records())
            if any(link.startswith("S1 had committed entry 2") for link in words(world, n))
            and r.part == 1
        )
        assert late > one(world, why.LEADER_COMMITS)

    def test_a_refused_append_names_the_missing_entry_and_how_it_was_lost(self) -> None:
        world = led_by(1, 3, options=Options(pipeline=4))
        do(world, "cut S1 -> S2", "request x=1 to S1")
        wait(world, 'committed("x=1")')
        do(world, "restore S1 -> S2", "request y=2 to S1")
        wait(world, "answered == 2 and logs_agree")
        number = one(world, why.REJECT_MISSING)
        said = led(world, number)
        brought = said["the message that brought entry 2 was lost"]
        assert brought is not None
        assert isinstance(brought.event, Lost)
        assert "S1 has entry 2 (x=1, term 1), S2 has not" in said

    def test_a_conflicting_entry_is_traced_to_where_it_came_from(self) -> None:
        start = {
            1: Persistent(3, 0, Log.of_terms(1, 1, 3)),
            2: Persistent(2, 0, Log.of_terms(1, 1, 2)),
            3: Persistent(3, 0, Log.of_terms(1, 1, 3)),
        }
        world = a_world(3, start=start, options=Options(no_op=False))
        do(world, "timeout S1")
        wait(world, "leader == S1")
        run(world, 200)
        mismatch = words(world, one(world, why.REJECT_MISMATCH))
        assert "S2 holds entry 3" in mismatch  # from the beginning, so no event tells of it
        assert any(text.startswith("S1 holds entry 3") for text in mismatch)

    def test_replaced_entries_name_those_that_stood_there(self) -> None:
        world = led_by(1, 3, options=Options(no_op=False))
        do(world, "partition S1 | S2 S3", "request x=1 to S1")
        wait(world, 'copies("x=1") == 1')
        do(world, "timeout S2")
        wait(world, "leader == S2")
        do(world, "request y=2 to S2")
        run(world, 60)
        do(world, "heal")
        wait(world, "logs_agree", within_ms=20_000)
        number = one(world, why.REPLACE_ENTRIES)
        said = led(world, number)
        old = said["S1 held another entry 1 (x=1, term 1)"]
        assert old is not None
        assert outcome(old) == "S1 appended entry 1"
        assert any(text.startswith("S2 has entry 1 (y=2, term 2) there") for text in said)

    def test_a_batch_names_each_command_that_waited(self) -> None:
        world = led_by(1, 3, options=Options(batch=10), batch_us=ms(5))
        do(world, "request x=1 to S1", "request y=2 to S1")
        run(world, 60)
        number = one(world, why.SEND_BATCH)
        assert words(world, number) == [
            "entry 2 (y=2, term 1) waited to be sent",  # the second request came first
            "entry 3 (x=1, term 1) waited to be sent",
        ]

    def test_a_snapshot_that_is_installed_names_its_taking_and_its_pieces(self) -> None:
        world = led_by(1, 3, options=Options(chunk=7))
        do(world, "crash S3", "request x=1")
        wait(world, 'committed("x=1")')
        do(world, "compact S1", "restart S3")
        wait(world, "S3.commit_index == 2", within_ms=20_000)
        said = led(world, one(world, why.INSTALL))
        taken = said["S1 took a snapshot up to entry 2"]
        assert taken is not None
        assert isinstance(taken.event, Acted)
        pieces = [text for text in said if text.startswith("S3 had the first ")]
        assert "S3 had the first 7 characters of it" in pieces
        assert len(pieces) > 3


class TestWhatBefalls:
    def lost(self, world: World) -> int:
        return next(n for n, r in enumerate(world.branch.records()) if isinstance(r.event, Lost))

    def test_a_message_that_was_dropped_names_the_act(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "messages == 2")
        do(world, "drop RequestVote S1 -> S2")
        act = led(world, self.lost(world))["you dropped it"]
        assert act is not None
        assert isinstance(act.event, Acted)

    def test_a_message_that_was_stopped_at_a_cut_names_who_cut_the_link(self) -> None:
        world = led_by(1, 3)
        do(world, "partition S1 | S2 S3")
        run(world, 100)
        assert led(world, self.lost(world))["the link was cut"] is not None

    def test_a_message_to_a_crashed_server_names_the_crash(self) -> None:
        world = led_by(1, 3)
        do(world, "crash S3")
        run(world, 100)
        assert led(world, self.lost(world))["S3 was crashed since then"] is not None

    def test_a_message_lost_by_chance_names_whoever_made_it_likely(self) -> None:
        world = led_by(1, 3)
        do(world, "loss 100% on S1 <-> S2")
        run(world, 100)
        said = led(world, self.lost(world))
        assert said["this link loses 100% of its messages"] is not None

    def test_a_message_lost_by_chance_alone_says_so(self) -> None:
        world = a_world(3, loss=1.0)
        do(world, "timeout S1")
        run(world, 30)
        said = led(world, self.lost(world))
        assert said["this link loses 100% of its messages, and chance took this one"] is None

    def test_a_message_that_was_delayed_or_doubled_names_the_act(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "messages == 2")
        do(world, "delay RequestVote S1 -> S2 by 30ms", "duplicate RequestVote S1 -> S3")
        run(world, 60)
        told = [text for n in range(len(world.branch)) for text in words(world, n)]
        assert any("you delayed it" in text for text in told)
        assert any("you doubled it" in text for text in told)

    def test_mail_that_waited_names_the_pause_and_then_whoever_let_it_go_on(self) -> None:
        world = led_by(1, 3)
        do(world, "pause S2")
        run(world, 60)
        do(world, "resume S2")
        run(world, 5)
        arrived = [
            n
            for n, record in enumerate(world.branch.records())
            if isinstance(record.event, Delivered) and record.event.waits
        ]
        assert led(world, arrived[0])["S2 was paused since then"] is not None
        later = [text for n in range(arrived[0], len(world.branch)) for text in words(world, n)]
        assert any("until you resumed the server" in text for text in later)

    def test_a_client_asks_again_because_it_was_not_answered(self) -> None:
        world = led_by(1, 3)
        do(world, "crash S1", "request x=1 to S1")
        run(world, 1_000)
        number = one(world, client.RETRY, 0)
        assert led(world, number)["C1 had asked and was not answered"] is not None


class TestOutcomes:
    def test_every_reason_of_the_algorithm_and_of_clients_has_a_short_form(self) -> None:
        reasons = [
            value
            for module in (why, client)
            for value in vars(module).values()
            if isinstance(value, Reason)
        ]
        assert reasons
        assert [reason.sentence for reason in reasons if reason not in OUTCOMES] == []

    def test_the_name_of_the_server_is_said_once(self) -> None:
        world = a_world(3)
        do(world, "timeout S1")
        wait(world, "leader == S1")
        voted = world.branch[one(world, why.GRANT_VOTE)]
        assert outcome(voted) in (
            "S2 moved to term 1; voted for S1 in term 1",
            "S3 moved to term 1; voted for S1 in term 1",
        )

    def test_what_is_no_rule_is_told_by_its_sentence(self) -> None:
        world = led_by(1, 3)
        record = do(world, "crash S1")
        assert outcome(record) == "You crashed S1"

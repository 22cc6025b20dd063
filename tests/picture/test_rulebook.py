"""The book of rules: whole, true to the code, and lit by what happens."""

import attrs
import pytest

from raftviz.picture.branch_index import EventIndex
from raftviz.picture.rulebook import CHAPTERS, RULE_OF, RULES, fired
from raftviz.picture.rules_page import RECENT_US, Heat, firings, standings
from raftviz.picture.source import SourceMissingError, source_of
from raftviz.raft import because, rules
from raftviz.raft.because import Reason
from raftviz.raft.cluster import Options
from raftviz.sim import client
from raftviz.sim.events import Lost, TimedOut
from raftviz.sim.history import Moment, Record
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.picture.scenes import now, step_until, world
from tests.raft.test_because import ONE_OF_EACH
from tests.sim.worlds import a_world, do, led_by

REASONS = {
    key: value
    for module in (because, client)
    for key, value in vars(module).items()
    if isinstance(value, Reason)
}


class TestTheBookIsWhole:
    @pytest.mark.parametrize("reason", REASONS.values(), ids=REASONS)
    def test_a_reason_stands_for_exactly_one_rule(self, reason: Reason) -> None:
        assert sum(reason in rule.reasons for rule in RULES.values()) == 1

    @pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
    def test_a_rule_says_something_and_where_it_stands_and_can_fire(self, rule: object) -> None:
        assert isinstance(rule, type(RULES["commit"]))
        assert rule.text.endswith((".", "?"))
        assert "  " not in rule.text
        assert all(s.startswith(("§", "Figure", "diss")) for s in rule.section.split(", "))
        assert rule.reasons or rule.seen_in

    @pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
    def test_a_rule_shows_code_that_exists(self, rule: object) -> None:
        assert isinstance(rule, type(RULES["commit"]))
        assert rule.code
        for thing in rule.code:
            source = source_of(thing)
            assert source.path.startswith(("raftviz/raft/", "raftviz/sim/client.py"))
            assert thing.__name__ in source.text.partition(":\n")[0]
            assert source.line > 1

    def test_every_decision_of_the_algorithm_can_be_read(self) -> None:
        shown = {thing for rule in RULES.values() for thing in rule.code}

        assert [f.name for f in attrs.fields(rules.Rules) if f.default not in shown] == []

    def test_chapters_stand_as_in_figure_2(self) -> None:
        boxes = [chapter.title.partition(" · ")[0] for chapter in CHAPTERS]

        assert list(dict.fromkeys(boxes))[:4] == [
            "State",
            "AppendEntries RPC",
            "RequestVote RPC",
            "Rules for Servers",
        ]

    def test_no_rule_is_written_twice(self) -> None:
        texts = [rule.text for rule in RULES.values()]

        assert len(set(texts)) == len(texts) == sum(len(chapter.rules) for chapter in CHAPTERS)

    def test_code_that_is_not_at_hand_is_a_sentence(self) -> None:
        with pytest.raises(SourceMissingError, match="is not part of this installation"):
            source_of(_from_nowhere())


def _from_nowhere() -> type:
    return type("Ghost", (), {"__module__": "raftviz.raft.ghost"})


def newest(seen: World) -> Record:
    return seen.branch[len(seen.branch) - 1]


class TestWhatFires:
    def test_an_election_timeout_starts_an_election(self) -> None:
        seen = step_until(world(), lambda w: bool(w.branch) and _timed_out(newest(w)))

        assert {"start-election", "current-term", "voted-for"} <= set(fired(newest(seen)))

    @pytest.mark.parametrize("key", ONE_OF_EACH)
    def test_what_gives_a_reason_fires_its_rule(self, key: str) -> None:
        reason = getattr(because, key)
        told = [b.reason for b in ONE_OF_EACH[key].because]

        assert reason in told
        assert RULE_OF[reason].id in RULES

    def test_a_lost_message_fires_nothing(self) -> None:
        seen = led_by(1)
        do(seen, "loss 100%")
        lost = step_until(seen, lambda w: isinstance(newest(w).event, Lost))

        assert fired(newest(lost)) == ()

    def test_a_command_that_comes_twice_is_executed_once(self) -> None:
        # No answer comes in time and the client asks again: the command is in the log twice.
        seen = led_by(1, servers=3, client_timeout_us=ms(20))
        do(seen, "request x=1 to S1")
        seen.run_until(seen.time_us + ms(500))
        index = EventIndex(seen.branch, None, fired)
        index.extend()

        assert index.how_many("execute-once", len(seen.branch))
        assert index.how_many("be-answered", len(seen.branch))

    def test_everything_that_a_busy_cluster_does_is_in_the_book(self) -> None:
        seen = a_world(3, requests_us=ms(30), options=Options(snapshot_every=8))
        seen.run_until(ms(2_000))
        index = EventIndex(seen.branch, None, fired)
        index.extend()
        times = {rule: index.how_many(rule, len(seen.branch)) for rule in RULES}
        state = ("current-term", "voted-for", "log", "snapshot", "commit-index", "last-applied")
        leaders = ("next-index", "match-index", "send-entries", "apply", "answer-committed")

        assert all(times[rule] for rule in (*state, *leaders, "compact"))
        assert times["keep-committed"] == times["one-leader"] == 0


def _timed_out(record: Record) -> bool:
    return isinstance(record.event, TimedOut)


class TestWhatIsLit:
    def test_what_the_last_event_did_is_lit_and_a_moment_later_it_glows(self) -> None:
        seen = step_until(world(), lambda w: bool(w.branch) and _timed_out(newest(w)))
        index = firings(seen.branch, None)
        index.extend()
        at = now(seen)
        assert standings(index, at)["start-election"].heat is Heat.NOW

        seen.step()
        index.extend()
        assert standings(index, now(seen))["start-election"].heat is Heat.RECENT
        late = Moment(seen.history, seen.branch, len(seen.branch), at.time_us + RECENT_US)
        assert standings(index, late)["start-election"].heat is Heat.COLD

    def test_what_comes_later_is_not_lit_in_the_past(self) -> None:
        seen = world(until_ms=1_000)
        index = firings(seen.branch, None)
        index.extend()
        before = Moment(seen.history, seen.branch, 0, 0)

        assert {s.heat for s in standings(index, before).values()} == {Heat.COLD}
        assert {s.times for s in standings(index, before).values()} == {0}

"""What has happened along a line of events, as conditions ask for it."""

import pytest

from raftviz.session.scenes import Scenes
from raftviz.sim.conditions import parse_condition
from raftviz.sim.history import Branch
from raftviz.sim.player import Player
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.scene import Value
from raftviz.sim.script_error import ScriptError
from raftviz.sim.world import World


def played(text: str, cluster: str = "cluster 4 seed=5 no_op=off latency=10..15ms") -> World:
    player = Player(parse_scenario(f"raft 1\n{cluster}\n{text}\n"))
    player.play()
    assert player.failures == []
    return player.world


def asked(world: World, text: str, since: int = 0) -> Value:
    """What a condition comes to at the end of a world, asked after each event as a lesson does."""
    condition = parse_condition(text, len(world.hosts))
    branch: Branch = world.branch
    scenes = Scenes(world.history, branch, since, since)
    value: Value = None
    for count in range(since, len(branch) + 1):
        value = condition.evaluate(scenes.at(count))
    return value


SPLIT = "timeout S1\ntimeout S2\ntimeout S3\nrun 100ms\n"


class TestSplitVotes:
    def test_an_election_that_is_not_over_is_not_split_yet(self) -> None:
        assert asked(played(SPLIT), "split_votes") == 0

    def test_those_in_a_row_count(self) -> None:
        assert asked(played(SPLIT * 3 + "timeout S1"), "split_votes") == 3

    def test_a_leader_in_between_ends_the_row(self) -> None:
        text = SPLIT * 2 + "timeout S1\nuntil leader within 2s\n" + SPLIT
        assert asked(played(text), "split_votes") == 0

    def test_one_candidate_alone_splits_nothing(self) -> None:
        text = "partition S1 | S2 S3 S4\ntimeout S1\nrun 5ms\ntimeout S1\nrun 5ms\ntimeout S1\n"
        assert asked(played(text), "split_votes") == 0

    def test_those_before_the_step_do_not_count(self) -> None:
        world = played(SPLIT * 2)
        before = len(world.branch)
        Player(parse_scenario(f"raft 1\ncluster 4\n{SPLIT}timeout S1\n"), world).play()
        assert asked(world, "split_votes", since=before) == 1


class TestLeaderless:
    def test_it_counts_from_the_beginning(self) -> None:
        world = played("crash S1\ncrash S2\nrun 900ms\ncrash S3")
        assert asked(world, "leaderless") == 900

    def test_it_is_nothing_while_somebody_leads(self) -> None:
        assert asked(played("until leader within 2s\nrun 300ms"), "leaderless") == 0

    def test_it_counts_from_when_the_last_one_fell(self) -> None:
        world = played("until leader within 2s\ncrash leader\nrun 40ms\nheal")
        assert asked(world, "leaderless") == 40


class TestConnected:
    def test_those_that_a_message_joined_count_also_those_left_out(self) -> None:
        world = played("partition S1 S2 | S3 S4\nrun 2s")
        assert asked(world, "connected") == 4
        world = played("partition S1 S2 | S3 | S4\nrun 2s")
        assert asked(world, "connected") == 2


class TestOverwritten:
    FIVE = "cluster 5 seed=2 client_timeout=3s no_op=off"
    LOST = """timeout S1
until leader == S1 within 2s
partition S1 S2 | S3 S4 S5
request x=1 to S1
until copies("x=1") == 2 within 1s
run 30ms
"""

    def test_what_still_stands_is_not(self) -> None:
        assert asked(played(self.LOST, self.FIVE), "overwritten(1)") == 0

    def test_what_stands_nowhere_any_more_is(self) -> None:
        text = f"{self.LOST}until leaders == 2 within 3s\nrequest y=2 to S3\nheal\nrun 2s"
        world = played(text, self.FIVE)
        assert asked(world, "overwritten(1)") == 1
        assert asked(world, "overwritten(2)") == 1

    def test_it_must_have_stood_on_so_many_disks(self) -> None:
        text = f"{self.LOST}until leaders == 2 within 3s\nrequest y=2 to S3\nheal\nrun 2s"
        assert asked(played(text, self.FIVE), "overwritten(3)") == 0

    def test_a_crash_takes_nothing_off_a_disk(self) -> None:
        assert asked(played(f"{self.LOST}crash S1\ncrash S2", self.FIVE), "overwritten(1)") == 0

    def test_what_the_disks_held_at_the_beginning_counts(self) -> None:
        cluster = f"{self.FIVE}\nserver S1 term=2 log=1:a=1,2:b=2\nserver S2 term=3 log=1:a=1,3:c=3"
        text = "crash S1\nuntil leader == S2 within 9s\nrestart S1\nrequest z=1\nrun 2s"
        assert asked(played(text, cluster), "overwritten(1)") == 1


class TestLostAnswers:
    START = "timeout S1\nuntil leader == S1 within 2s\npartition S1 | S2 S3 S4\nrequest x=1 to S1\n"
    END = "run 60ms\nuntil leaders == 2 within 3s\nrequest y=2 to S2\nheal\nrun 2s"

    def test_a_leader_that_answers_too_early_may_lose_one(self) -> None:
        cluster = "cluster 4 seed=5 client_timeout=9s\nvariant ack_before_commit"
        assert asked(played(self.START + self.END, cluster), "lost_answers") == 1

    def test_one_that_waits_loses_none(self) -> None:
        cluster = "cluster 4 seed=5 client_timeout=9s"
        assert asked(played(self.START + self.END, cluster), "lost_answers") == 0

    def test_nobody_was_told_of_what_waits(self) -> None:
        assert asked(played(self.START), "lost_answers") == 0


def test_going_back_and_another_branch_are_told_from_the_beginning() -> None:
    world = played(SPLIT * 3 + "timeout S1")
    condition = parse_condition("split_votes", 4)
    scenes = Scenes(world.history, world.branch, 0)
    assert condition.evaluate(scenes.at(len(world.branch))) == 3
    assert condition.evaluate(scenes.at(0)) == 0
    other = World.at(world.history, world.branch, count=0, new_branch="other")
    assert condition.evaluate(other) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("split_vote >= 3", "did you mean “split_votes”"),
        ("overwriten(3)", "did you mean “overwritten”"),
        ("overwritten() > 1", "“overwritten” takes one thing"),
    ],
)
def test_what_is_mistyped_is_told(text: str, words: str) -> None:
    with pytest.raises(ScriptError, match=words.replace("(", r"\(")):
        parse_condition(text, 5)

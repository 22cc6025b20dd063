"""Whatever rule of the algorithm is broken, something fails: no rule is there for nothing.

The variants break most rules, each with its script; here are the others. A new rule needs a
variant, or a line in ``BREAKS``.
"""

import attrs
import pytest

from raftviz.raft.quorum import majority
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.variants import VARIANTS
from raftviz.raft.variants.variant import Broken
from tests.variants.harness import Play, read
from tests.variants.test_progress import CASES
from tests.variants.test_scripts import ROWS


@attrs.frozen
class Break:
    """A rule, broken, and a script on which ``falls`` falls then, and nothing ``given`` the rest."""

    rule: str
    replacement: Broken
    falls: str
    script: str
    servers: int = 3
    pipeline: int = 2
    given: Rules = RULES

    def fell(self, rules: Rules) -> set[str]:
        """What falls when the script is played under these rules."""
        play = Play.of(self.servers, rules, pipeline=self.pipeline).play(read(self.script))
        if self.falls.startswith("liveness"):
            play.look_for_progress()
        return {*play.watch.fell}


S1_LEADS = "timeout 1; deliver RequestVote 1>2; deliver VoteReply 2>1; lose_all;"

BREAKS = [
    Break(
        # A vote of term 1 arrives in term 2, and counts there; the voter is free to vote for S3.
        "accepts_term",
        lambda current, theirs: True,
        "ElectionSafety",
        """timeout 1; deliver RequestVote 1>2; timeout 1; deliver VoteReply 2>1
        timeout 3; timeout 3; deliver RequestVote 3>2 nth=1; deliver VoteReply 2>3""",
    ),
    Break(
        # Nobody is ever free again to vote for another candidate.
        "vote_in_term",
        lambda voted_for, current, new: voted_for,
        "liveness:no leader",
        S1_LEADS + "crash 1; timeout 3; settle 2 3; timeout 3; settle 2 3; timeout 2; settle 2 3",
    ),
    Break(
        # S2 votes for both.
        "may_vote",
        lambda voted_for, candidate: True,
        "ElectionSafety",
        """timeout 1; timeout 3; deliver RequestVote 1>2; deliver VoteReply 2>1
        deliver RequestVote 3>2; deliver VoteReply 2>3""",
    ),
    Break(
        # Half of four servers elects one leader, the other half another.
        "quorum",
        lambda voters, configuration: len(voters) >= majority(len(configuration.voters) - 1),
        "ElectionSafety",
        """timeout 1; timeout 3; deliver RequestVote 1>2; deliver VoteReply 2>1
        deliver RequestVote 3>4; deliver VoteReply 4>3""",
        servers=4,
    ),
    Break(
        # S3 takes entry 2 of term 2 behind its own entry 1 of term 1.
        "entries_match",
        lambda log, index, term: True,
        "LogMatching",
        """timeout 3; deliver RequestVote 3>2; deliver VoteReply 2>3; lose_all; client 3 x
        timeout 1; timeout 1; deliver RequestVote 1>2 nth=1; deliver VoteReply 2>1; lose_all
        client 1 y; replicate 1>3; drop AppendEntries 1>3
        client 1 z; replicate 1>3; deliver AppendEntries 1>3""",
    ),
    Break(
        # The follower acknowledges entry 1 and is sent entry 1 again.
        "next_index_after_success",
        lambda next_index, match_index: next_index,
        "liveness:follower stuck",
        S1_LEADS
        + """client 1 a; client 1 b; replicate 1>2 limit=1; settle 1 2
        replicate 1>2 limit=1; settle 1 2""",
        pipeline=1,
    ),
    Break(
        # The follower's log is empty, and it is offered nothing before entry 2.
        "back_off",
        lambda log, match_index, response: response.conflict_index + 1,
        "liveness:follower stuck",
        S1_LEADS
        + """client 1 a; client 1 b; replicate 1>2; settle 1 2; crash 1
        timeout 2; settle 2 3; timeout 2; settle 2 3
        replicate 2>3; settle 2 3; replicate 2>3; settle 2 3; replicate 2>3; settle 2 3""",
    ),
    Break(
        # S3 has acknowledged entries 1 and 2 when a snapshot of entry 1 arrives, late.
        "retains_suffix",
        lambda log, index, term: False,
        "LeaderCompleteness",
        S1_LEADS
        + """client 1 a; client 1 b; replicate 1>3; deliver AppendEntries 1>3
        replicate 1>2 limit=1; settle 1 2; compact 1 through=1; replicate 1>3
        deliver AppendReply 3>1; deliver InstallSnapshot 1>3
        crash 1; timeout 2; settle 2 3; timeout 2; settle 2 3""",
        pipeline=1,
    ),
    Break(
        # The belt: S3 knows that entry 2 is committed when another mistake would take it back.
        "keeps_committed",
        lambda conflict, commit_index: True,
        "CommittedDurable",
        S1_LEADS
        + """client 1 a; replicate 1>2; settle 1 2; replicate 1>3; settle 1 3
        client 1 x; replicate 1>3
        timeout 2; deliver RequestVote 2>3; deliver VoteReply 3>2
        client 2 y; replicate 2>3; settle 2 3; replicate 2>3; settle 2 3
        deliver AppendEntries 1>3""",
        given=attrs.evolve(RULES, accepts_leader=VARIANTS["stale_term_accepted"].replacement),
    ),
]
each_break = pytest.mark.parametrize("one", BREAKS, ids=[one.rule for one in BREAKS])


@each_break
def test_nothing_falls_while_the_rule_is_whole(one: Break) -> None:
    assert one.fell(one.given) == set()


@each_break
def test_something_falls_when_the_rule_is_broken(one: Break) -> None:
    changes: dict[str, Broken] = {one.rule: one.replacement}

    assert one.falls in one.fell(attrs.evolve(one.given, **changes))


@pytest.mark.parametrize("rule", [field.name for field in attrs.fields(Rules)])
def test_a_rule_has_somebody_who_shows_what_it_is_for(rule: str) -> None:
    scripted = {row["variant"] for row in ROWS} | {case.variant for case in CASES}
    by_variant = {v.rule for v in VARIANTS.values() if v.name in scripted}

    assert rule in by_variant | {one.rule for one in BREAKS}, (
        f"no test fails when the rule {rule} is broken: write a variant with a script, or a Break"
    )

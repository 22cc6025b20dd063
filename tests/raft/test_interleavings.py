"""Whatever the order, the loss, the copies and the crashes: the properties of Figure 3 hold."""

import random

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from raftviz.raft import because as why
from raftviz.raft.cluster import Cluster, Options
from raftviz.raft.rules import RULES, Rules
from raftviz.raft.server import Leader, Server
from raftviz.raft.transition import Transition
from tests.raft.lab import PLAIN, request
from tests.raft.net import Net, Watcher
from tests.raft.properties import PropertyError, Watch


class Chaos(RuleBasedStateMachine):
    """Three servers with slow disks; Hypothesis plays the world and shrinks what it finds."""

    options = Options()

    def __init__(self) -> None:
        """Three fresh servers."""
        super().__init__()
        watch = Watch(self.options.blank, machines_fail=True)
        self.net = Net.of(Cluster.of_size(3, self.options), slow_disks=True, watcher=watch)
        self.serial = 0

    @rule(who=st.integers(1, 3))
    def fire(self, who: int) -> None:
        """A timer runs out."""
        if who in self.net.up:
            self.net.fire(who)

    @rule(who=st.integers(1, 3), again=st.booleans())
    def ask(self, who: int, again: bool) -> None:
        """A client asks, or asks again."""
        if who in self.net.up:
            self.serial += not again
            self.net.ask(who, request(f"x={self.serial}", -1, self.serial))

    @precondition(lambda self: self.net.flying)
    @rule(number=st.integers(0, 30), copy=st.booleans())
    def deliver(self, number: int, copy: bool) -> None:
        """Any message in flight arrives; perhaps a copy of it stays in flight."""
        number %= len(self.net.flying)
        if copy:
            self.net.flying.append(self.net.flying[number])
        self.net.deliver(number)

    @precondition(lambda self: self.net.flying)
    @rule(number=st.integers(0, 30))
    def lose(self, number: int) -> None:
        """Any message in flight is lost."""
        self.net.flying.pop(number % len(self.net.flying))

    @rule(who=st.integers(1, 3))
    def flush(self, who: int) -> None:
        """A disk finishes its oldest write."""
        if self.net.writes.get(who):
            self.net.flush(who)

    @rule(who=st.integers(1, 3))
    def crash_or_restart(self, who: int) -> None:
        """A server crashes, or comes back."""
        (self.net.crash if who in self.net.up else self.net.restart)(who)


class OptimisedChaos(Chaos):
    """The same with everything on that has them send more, or less, or later."""

    options = Options(batch=2, pipeline=3, max_entries=2, snapshot_every=2, chunk=15)

    @rule(who=st.integers(1, 3))
    def batch_due(self, who: int) -> None:
        """The time is over for which a leader gathers."""
        if who in self.net.gathering:
            self.net.batch_due(who)

    @rule(who=st.integers(1, 3))
    def compact(self, who: int) -> None:
        """A server takes a snapshot."""
        if who in self.net.up:
            self.net.compact(who)

    @rule(who=st.integers(1, 3))
    def fail(self, who: int) -> None:
        """The next command that a server executes will fail once."""
        if who in self.net.up:
            up = self.net.up[who]
            self.net.up[who] = attrs.evolve(up, replica=attrs.evolve(up.replica, fails=True))


TestChaos = Chaos.TestCase
TestOptimisedChaos = OptimisedChaos.TestCase
TestChaos.settings = TestOptimisedChaos.settings = settings(
    max_examples=100, stateful_step_count=80, deadline=None, derandomize=True, database=None
)


def _use_options(net: Net, who: int, chance: random.Random) -> None:
    """What only some options allow: a batch is due, a snapshot is asked for, a command fails."""
    if who in net.gathering:
        net.batch_due(who)
    elif who in net.up and chance.random() < 0.5:
        net.compact(who)
    elif who in net.up:
        up = net.up[who]
        net.up[who] = attrs.evolve(up, replica=attrs.evolve(up.replica, fails=True))


def play(cluster: Cluster, seed: int, steps: int, watcher: Watcher | None = None) -> Net:
    """A run that gets far: mostly delivery, now and then a timer, a loss, a copy or a crash."""
    chance = random.Random(seed)
    size = len(cluster.configuration.members)
    watcher = watcher or Watch(cluster.options.blank, machines_fail=True)
    net = Net.of(cluster, slow_disks=seed % 2 == 0, watcher=watcher)
    serial = 0
    for _ in range(steps):
        who = chance.randint(1, size)
        what = chance.random()
        busy = [m for m, queue in net.writes.items() if queue]
        if what < 0.66 and (net.flying or busy):
            if busy and (not net.flying or chance.random() < 0.5):
                net.flush(chance.choice(busy))
            else:
                # Mostly near the front: wild reordering alone would get nowhere.
                reach = len(net.flying) if chance.random() < 0.3 else min(3, len(net.flying))
                net.deliver(chance.randrange(reach))
        elif what < 0.72 and net.flying:
            net.flying.pop(chance.randrange(len(net.flying)))
        elif what < 0.78 and net.flying:
            net.flying.append(chance.choice(net.flying))
        elif what < 0.88 and who in net.up:
            serial += chance.random() < 0.8
            net.ask(who, request(f"x={serial}", -1, serial))
        elif what < 0.91:
            (net.crash if who in net.up else net.restart)(who)
        elif what < 0.94 and cluster.options != attrs.evolve(PLAIN, no_op=cluster.options.no_op):
            _use_options(net, who, chance)
        elif who in net.up and (isinstance(net.up[who].role, Leader) or chance.random() < 0.3):
            net.fire(who)
    return net


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("no_op", [True, False])
def test_the_properties_of_figure_3_hold_in_every_order(size: int, no_op: bool) -> None:
    """Seeded runs over clusters of odd and even size, with and without a no-op."""
    committed = 0
    for seed in range(100):
        net = play(Cluster.of_size(size, Options(no_op=no_op)), seed, 300)
        committed += max((s.commit_index for s in net.up.values()), default=0)
    assert committed > 30, "the runs got nowhere: they prove nothing"


MANY_OPTIONS = {
    "everything": Options(
        batch=3, pipeline=4, max_entries=2, snapshot_every=3, chunk=9, skip_terms=True
    ),
    "everything, one by one": Options(
        batch=2, pipeline=3, max_entries=1, snapshot_every=4, chunk=25, skip_terms=False
    ),
    "a snapshot of every entry": Options(snapshot_every=1, chunk=11),
    "pipelines": Options(pipeline=5, max_entries=1),
    "pipelines, no no-op": Options(no_op=False, pipeline=3, max_entries=2, skip_terms=False),
    "batches": Options(batch=4),
    "one by one": Options(skip_terms=False),
    "large chunks": Options(snapshot_every=2, chunk=10_000, pipeline=2),
}


@pytest.mark.parametrize("options", MANY_OPTIONS.values(), ids=MANY_OPTIONS)
@pytest.mark.parametrize("size", [3, 4, 5])
def test_they_hold_whatever_is_optimised(size: int, options: Options) -> None:
    committed = 0
    for seed in range(60):
        net = play(Cluster.of_size(size, options), seed, 400)
        committed += max((s.commit_index for s in net.up.values()), default=0)
    assert committed > 30, "the runs got nowhere: they prove nothing"


def test_the_optimised_runs_do_what_they_are_for() -> None:
    reasons: set[str] = set()

    def look(_: Server, transition: Transition) -> None:
        reasons.update(because.reason.sentence for because in transition.because)

    for seed in range(40):
        play(Cluster.of_size(3, MANY_OPTIONS["everything"]), seed, 400, look)
    for wanted in (
        why.GATHER,
        why.SEND_BATCH,
        why.COMPACT,
        why.STORE_CHUNK,
        why.NEXT_CHUNK,
        why.INSTALL,
        why.SNAPSHOT_KNOWN,
        why.BACK_OFF,
    ):
        assert wanted.sentence in reasons, wanted


@pytest.mark.parametrize("options", MANY_OPTIONS.values(), ids=MANY_OPTIONS)
@pytest.mark.parametrize("seed", range(40))
def test_after_any_disorder_the_optimised_servers_agree_too(seed: int, options: Options) -> None:
    net = play(Cluster.of_size(5, options), seed, 300)
    net.restart(*({1, 2, 3, 4, 5} - net.up.keys()))
    net.settle()
    best = max(net.up.values(), key=lambda s: (s.log.last_term, s.log.last_index))
    while not isinstance(net.up[best.id].role, Leader):
        net.fire(best.id)
        net.settle()
    net.ask(best.id, request("y=1", -9, 1))
    for _ in range(5):  # lost, sent again, committed, a failed command once more, and told
        net.fire(best.id)
        net.settle()
    for server in net.up.values():
        assert server.log.last_index == server.commit_index == server.last_applied
        assert server.log.last_term == net.up[best.id].log.last_term
        assert server.log.agrees_until(net.up[best.id].log) == server.log.last_index
        assert server.replica == net.up[best.id].replica
        assert server.replica.values["y"] == "1"


@pytest.mark.parametrize("seed", range(80))
def test_after_any_disorder_a_leader_and_heartbeats_bring_every_server_to_the_same_log(
    seed: int,
) -> None:
    """Nothing that happened before may stall replication for ever."""
    net = play(Cluster.of_size(5), seed, 250)
    net.restart(*({1, 2, 3, 4, 5} - net.up.keys()))
    net.settle()
    best = max(net.up.values(), key=lambda s: (s.log.last_term, s.log.last_index))
    while not isinstance(net.up[best.id].role, Leader):
        net.fire(best.id)
        net.settle()
    for _ in range(3):  # the second repeats what was lost, the next tells what is committed
        net.fire(best.id)
        net.settle()
    for server in net.up.values():
        assert server.log == net.up[best.id].log
        assert server.commit_index == server.log.last_index
        assert server.replica == net.up[best.id].replica


def play_many(cluster: Cluster, runs: int) -> None:
    for seed in range(runs):
        play(cluster, seed, 300)


def _forgets(before: Server, after: Server) -> bool:
    return after.current_term != before.current_term


@pytest.mark.parametrize(
    "broken",
    [
        attrs.evolve(RULES, may_vote=lambda voted_for, candidate: True),
        attrs.evolve(RULES, log_is_up_to_date=lambda log, index, term: True),
        attrs.evolve(RULES, must_persist=_forgets),
        attrs.evolve(RULES, quorum=lambda voters, configuration: len(voters) >= 2),
        attrs.evolve(RULES, wins_at_once=lambda voters, configuration: True),
        attrs.evolve(
            RULES,
            merge_entries=lambda log, new: log.append(
                tuple(e for e in new if e.index > log.last_index)
            ),
        ),
    ],
    ids=["may_vote", "up_to_date", "persist", "quorum", "wins_at_once", "merge"],
)
def test_these_runs_have_teeth(broken: Rules) -> None:
    """With one rule broken, some run must show it: else the runs above would prove nothing."""
    cluster = Cluster.of_size(4, PLAIN, broken)
    with pytest.raises((PropertyError, ValueError)):
        play_many(cluster, 400)

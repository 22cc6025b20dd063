"""Acts in words: what is written is read back, and everything one can do has its words."""

from typing import get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.raft.variants import VARIANTS
from raftviz.sim import acting, acts
from raftviz.sim.acts import Act
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.statement_words import STATEMENTS
from raftviz.sim.text import MAX_DURATION_US, MESSAGE_KINDS, MOST_CLIENTS
from raftviz.sim.vocabulary import FORMS, Form, act_from_text, act_to_text
from tests.sim.worlds import HEAD, played

SERVERS = 9

KINDS: tuple[type, ...] = get_args(Act)

# One line of text without a quotation mark: what can stand in quotation marks.
lines = st.text(
    st.characters(exclude_characters='"', exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40
)
names = lines.filter(lambda text: text and text not in (*acts.ROLES, "*"))
targets = st.integers(1, SERVERS) | st.sampled_from(acts.ROLES) | names
ends = targets | st.just("*") | st.integers(-9, -1)
durations = st.integers(0, MAX_DURATION_US)
spans = st.tuples(durations, durations).map(lambda pair: (min(pair), max(pair)))
probabilities = st.integers(0, 10**8).map(lambda part: part / 10**8)
links = st.none() | st.tuples(targets, targets)
choices = st.builds(
    acts.Choice, st.sampled_from(MESSAGE_KINDS), ends, ends, st.integers(1, 999_999)
)
sides = st.lists(targets, min_size=1, max_size=6, unique=True).flatmap(
    lambda servers: st.integers(0, len(servers) - 1).map(
        lambda at: tuple(tuple(side) for side in (servers[:at], servers[at:]) if side)
    )
)

STRATEGIES: dict[type, st.SearchStrategy[Act]] = {
    acts.Request: st.builds(
        acts.Request, lines, st.none() | targets, st.none() | st.integers(1, 9)
    ),
    acts.Crash: st.builds(acts.Crash, targets),
    acts.Restart: st.builds(acts.Restart, targets),
    acts.Timeout: st.builds(acts.Timeout, targets),
    acts.Pause: st.builds(acts.Pause, targets),
    acts.Resume: st.builds(acts.Resume, targets),
    acts.Compact: st.builds(acts.Compact, targets),
    acts.Tear: st.builds(acts.Tear, targets),
    acts.Damage: st.builds(acts.Damage, targets),
    acts.FillDisk: st.builds(acts.FillDisk, targets),
    acts.FreeDisk: st.builds(acts.FreeDisk, targets),
    acts.FailWrite: st.builds(acts.FailWrite, targets),
    acts.FinishWrite: st.builds(acts.FinishWrite, targets),
    acts.SendBatch: st.builds(acts.SendBatch, targets),
    acts.Wake: st.builds(acts.Wake, st.integers(1, MOST_CLIENTS)),
    acts.FailApply: st.builds(acts.FailApply, targets),
    acts.Partition: st.builds(acts.Partition, sides),
    acts.Heal: st.builds(acts.Heal),
    acts.Cut: st.builds(acts.Cut, targets, targets, st.booleans()),
    acts.Restore: st.builds(acts.Restore, targets, targets, st.booleans()),
    acts.Drop: st.builds(acts.Drop, choices),
    acts.Duplicate: st.builds(acts.Duplicate, choices),
    acts.Delay: st.builds(acts.Delay, choices, durations),
    acts.Deliver: st.builds(acts.Deliver, choices),
    acts.Hold: st.builds(acts.Hold, choices),
    acts.Release: st.builds(acts.Release, choices),
    acts.SetLoss: st.builds(acts.SetLoss, probabilities, links),
    acts.SetDuplication: st.builds(acts.SetDuplication, probabilities, links),
    acts.SetReorder: st.builds(acts.SetReorder, probabilities, links),
    acts.SetLatency: st.builds(acts.SetLatency, spans, links),
    acts.SetRequests: st.builds(acts.SetRequests, st.just(0) | st.integers(1_000, MAX_DURATION_US)),
    acts.SwitchOn: st.builds(acts.SwitchOn, st.sampled_from(list(VARIANTS))),
    acts.SwitchOff: st.builds(acts.SwitchOff, st.sampled_from(list(VARIANTS))),
}


def test_every_act_has_its_words() -> None:
    assert {kind for form in FORMS for kind in form.kinds} == set(KINDS)


def test_every_act_has_something_that_it_does() -> None:
    assert set(acting._ACTIONS) == set(KINDS)


def test_every_act_is_tried_here() -> None:
    assert set(STRATEGIES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_act_that_is_written_is_read_back(kind: type) -> None:
    @given(STRATEGIES[kind])
    def check(act: Act) -> None:
        assert act_from_text(act_to_text(act), SERVERS) == act

    check()


@given(st.integers(0, 10**10))
def test_any_probability_that_can_be_read_can_be_written(part: int) -> None:
    text = f"{part / 10**10:.10f}"
    act = act_from_text(f"loss {text}", SERVERS)
    assert act_from_text(act_to_text(act), SERVERS) == act


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.word)
def test_the_example_of_each_act_is_one(form: Form) -> None:
    act = act_from_text(form.example, 5)
    assert isinstance(act, form.kinds)
    assert form.example.split()[0] == form.usage.split()[0] == form.word


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.word)
def test_the_example_of_each_act_can_be_played(form: Form) -> None:
    played(f"cluster 5\nuntil leader\n{form.example}\nrun 1s\n")


@pytest.mark.parametrize("form", STATEMENTS.values(), ids=STATEMENTS)
def test_the_example_of_each_statement_can_be_read(form: object) -> None:
    example = getattr(form, "example")  # noqa: B009 - its type is the reader's own
    before = 'bookmark "before healing"\n' if example.startswith("branch") else ""
    scenario = parse_scenario(f"{HEAD}cluster 5\n{before}{example}\n")
    assert len(scenario.statements) == 1 + bool(before)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.word)
def test_what_an_act_means_is_a_sentence(form: Form) -> None:
    assert form.meaning[0].isupper()
    assert form.meaning.endswith(".")


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("crash the leader", acts.Crash("leader")),
        ("crash a follower", acts.Crash("follower")),
        ('crash "the old leader"', acts.Crash("the old leader")),
        ("request x=1", acts.Request("x=1")),
        ("request get x", acts.Request("get x")),
        ("request x=1 from C2 to S3", acts.Request("x=1", 3, 2)),
        ('request "from to as"', acts.Request("from to as")),
        ('request say "to" to S1', acts.Request("say to", 1)),
        ("partition S1 S2 | S3", acts.Partition(((1, 2), (3,)))),
        ("cut S1 → S2", acts.Cut(1, 2)),
        ("cut S1 ↔ S2", acts.Cut(1, 2, both=True)),
        ("drop 3rd message * -> leader", acts.Drop(acts.Choice("message", "*", "leader", 3))),
        ("drop ClientResponse S1 -> C1", acts.Drop(acts.Choice("ClientResponse", 1, -1))),
        ("delay Heartbeat S1 -> S2 by 1.5s", acts.Delay(acts.Choice("Heartbeat", 1, 2), 1_500_000)),
        ("loss 0.1", acts.SetLoss(0.1)),
        ("loss 10% on S1 <-> S2", acts.SetLoss(0.1, (1, 2))),
        ("latency 10..15ms", acts.SetLatency((10_000, 15_000))),
        ("latency 1ms–2s", acts.SetLatency((1_000, 2_000_000))),
        ("latency 250us", acts.SetLatency((250, 250))),
        ("requests off", acts.SetRequests(0)),
        ("heal   # at last", acts.Heal()),
    ],
)
def test_acts_can_be_said_so(text: str, act: Act) -> None:
    assert act_from_text(text, SERVERS) == act


@pytest.mark.parametrize(
    ("act", "text"),
    [
        (acts.Request("x=1", 2, 3), "request x=1 to S2 from C3"),
        (acts.Request("x=to"), "request x=to"),
        (acts.Request("walk to town"), 'request "walk to town"'),
        (acts.Crash("leader"), "crash leader"),
        (acts.Cut(1, 2, both=True), "cut S1 <-> S2"),
        (acts.Drop(acts.Choice("RequestVote", 3, 1)), "drop RequestVote S3 -> S1"),
        (acts.Drop(acts.Choice("RequestVote", "*", 1, 12)), "drop 12th RequestVote * -> S1"),
        (acts.SetLatency((10_000, 15_000)), "latency 10ms..15ms"),
        (acts.SetLoss(0.125), "loss 12.5%"),
        (acts.SetRequests(0), "requests off"),
    ],
)
def test_acts_are_written_so(act: Act, text: str) -> None:
    assert act_to_text(act) == text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_servers_that_an_act_names_are_those_that_can_be_replaced(kind: type) -> None:
    @given(STRATEGIES[kind])
    def check(act: Act) -> None:
        replaced = acts.with_targets(act, lambda target: f"<{target}>")
        assert acts.targets_of(replaced) == tuple(f"<{target}>" for target in acts.targets_of(act))
        assert acts.with_targets(act, lambda target: target) == act

    check()


def test_acts_are_values() -> None:
    for kind in KINDS:
        assert attrs.has(kind)
        assert kind.__doc__

"""One open session: looking back and forth, acting now and in the past, playing."""

from fractions import Fraction

import attrs
import pytest

from raftviz.checks.checker import Checker
from raftviz.playback import LONGEST_TICK_S, SPEEDS, START_SPEED, Playback, speed_text
from raftviz.raft.because import WIN_ELECTION
from raftviz.raft.cluster import Cluster
from raftviz.raft.rules import RULES
from raftviz.session.session import MAX_EVENTS_A_TICK, Session, is_notable
from raftviz.shelf import read_scenario
from raftviz.sim.events import Acted, TimedOut
from raftviz.sim.history import Record
from raftviz.sim.host import Host
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.script_error import ScriptError
from raftviz.sim.settings import Settings
from raftviz.sim.targets import ActError
from raftviz.sim.units import ms
from raftviz.sim.vocabulary import act_from_text
from raftviz.sim.world import World, begin


def a_session(servers: int = 5, seed: int = 1) -> Session:
    return Session.of_settings(Settings(servers=servers, seed=seed))


def do(session: Session, *lines: str) -> Record:
    """Do acts at the cursor; the record of the last."""
    servers = session.history.settings.servers
    records = [session.dispatch(act_from_text(line, servers)) for line in lines]
    return records[-1]


def play(session: Session, milliseconds: float, tick_ms: float = 20) -> None:
    """Let time pass at its own speed, tick by tick."""
    session.playback.playing = True
    session.playback.speed = Fraction(1)
    for _ in range(round(milliseconds / tick_ms)):
        session.tick(tick_ms / 1000)
    session.playback.playing = False


def simulated(milliseconds: float = 1_000) -> Session:
    """A session that has played for some time, looked at from its end."""
    session = a_session()
    play(session, milliseconds)
    return session


# Stepping


def test_a_session_opens_at_its_first_instant() -> None:
    session = a_session()
    assert (session.count, session.time_us) == (0, 0)
    assert session.moment.last is None


def test_a_step_lets_the_next_event_happen() -> None:
    session = a_session()
    session.step()
    assert session.count == len(session.branch) == 1
    assert session.time_us == session.branch[0].time_us


def test_a_step_in_the_past_goes_over_what_is_recorded() -> None:
    session = simulated()
    count = len(session.branch)
    session.seek(0)
    session.step()
    assert (session.count, len(session.branch)) == (1, count)


def test_a_step_back_takes_back_the_last_event() -> None:
    session = a_session()
    for _ in range(20):
        session.step()
    states = session.history.state_at(session.branch, 19)
    session.step_back()
    assert session.count == 19
    assert session.moment.state == states


def test_there_is_no_step_back_from_the_beginning() -> None:
    session = a_session()
    session.step_back()
    assert (session.count, session.time_us) == (0, 0)


def test_events_of_one_instant_are_stepped_through_one_by_one() -> None:
    session = a_session()
    for _ in range(5):
        do(session, "heal")
    assert session.count == 5
    session.step_back()
    session.step_back()
    assert (session.count, session.time_us) == (3, 0)
    session.step()
    assert session.count == 4


def test_when_nothing_will_ever_happen_again_a_step_changes_nothing() -> None:
    session = a_session(2)
    do(session, "crash S1", "crash S2")
    play(session, 1_000)
    before = (session.count, session.time_us)
    session.step()
    assert (session.count, session.time_us) == before


def test_when_nothing_will_ever_happen_again_nothing_notable_does() -> None:
    session = a_session(2)
    do(session, "crash S1", "crash S2")
    play(session, 1_000)
    before = (session.count, session.time_us)
    assert not session.step_to(is_notable)
    assert (session.count, session.time_us) == before


# Notable steps


def test_the_next_notable_event_of_a_new_cluster_is_an_election_timeout() -> None:
    session = a_session()
    assert session.step_to(is_notable)
    assert session.moment.last is not None
    assert isinstance(session.moment.last.event, TimedOut)


def test_notable_steps_lead_to_the_next_leader() -> None:
    session = a_session()

    def elects(record: Record) -> bool:
        return any(because.reason is WIN_ELECTION for because in record.because)

    assert session.step_to(elects)
    assert session.moment.last is not None
    assert elects(session.moment.last)


def test_a_notable_step_in_the_past_stays_in_what_is_recorded() -> None:
    session = simulated()
    count = len(session.branch)
    session.seek(0)
    assert session.step_to(is_notable)
    assert session.count < len(session.branch) == count


def test_a_notable_step_back_goes_to_the_notable_event_before() -> None:
    session = simulated()
    session.seek(0)
    stops = []
    for _ in range(5):
        session.step_to(is_notable)
        stops.append(session.count)
    found = []
    for _ in range(4):
        assert session.step_to(is_notable, back=True)
        found.append(session.count)
    assert found == stops[-2::-1]


def test_behind_the_first_notable_event_lies_the_beginning() -> None:
    session = a_session()
    session.step_to(is_notable)
    assert not session.step_to(is_notable, back=True)
    assert session.count == 0


def test_what_never_happens_is_looked_for_in_vain_and_not_for_ever() -> None:
    session = a_session()
    assert not session.step_to(lambda record: False)
    assert session.count == len(session.branch) == MAX_EVENTS_A_TICK


def test_every_act_is_notable_and_a_heartbeat_is_not() -> None:
    session = simulated(2_000)
    assert is_notable(do(session, "heal"))
    play(session, 200)
    assert not all(is_notable(record) for record in session.branch.records())


# Seeking


def test_seeking_shows_what_has_happened_by_then() -> None:
    session = simulated()
    session.seek(ms(400))
    assert session.time_us == ms(400)
    assert session.count == session.branch.count_at(ms(400))


def test_seeking_beyond_the_end_stops_at_the_end() -> None:
    session = simulated()
    session.seek(10**12)
    assert session.at_end
    assert session.time_us <= ms(1_000)


def test_seeking_before_the_beginning_stops_there() -> None:
    session = simulated()
    session.seek(-5)
    assert (session.count, session.time_us) == (0, 0)


def test_seeking_an_event_shows_it_as_the_last() -> None:
    session = simulated()
    session.seek_event(10)
    assert session.moment.last is session.branch[10]


def test_home_and_end() -> None:
    session = simulated()
    session.go_home()
    assert session.count == 0
    session.go_end()
    assert session.at_end


# Acting


def test_acting_at_the_end_continues_the_branch() -> None:
    session = simulated()
    branch, count = session.branch, len(session.branch)
    do(session, "crash leader")
    assert session.branch is branch
    assert session.count == count + 1
    assert len(session.history.branches) == 1


def test_acting_happens_at_the_instant_that_is_looked_at() -> None:
    session = simulated()
    time_us = session.time_us
    assert do(session, "crash leader").time_us == time_us == session.time_us


def test_one_can_act_between_two_events_of_one_instant() -> None:
    session = Session.of_settings(Settings(servers=3, latency_us=(ms(10), ms(10)), disk_us=(0, 0)))
    do(session, "timeout S1")
    session.step()  # the first of two requests for votes arrives; the other is due at this instant
    count = session.count
    do(session, "drop RequestVote S1 -> S3")
    assert session.count == count + 2  # the act and the loss, and nothing before them


def test_acting_in_the_past_opens_a_branch_and_goes_there() -> None:
    session = simulated()
    root = session.branch
    session.seek(ms(500))
    count = session.count
    do(session, "crash leader")
    assert session.branch.parent is root
    assert session.branch.fork == count
    assert session.branch.forked_us == ms(500)
    assert session.at_end


def test_acting_in_the_past_keeps_the_old_future() -> None:
    session = simulated()
    root, records = session.branch, list(session.branch.records())
    session.seek(ms(500))
    do(session, "crash leader")
    play(session, 1_000)
    assert list(root.records()) == records


def test_a_branch_can_be_acted_in_again_and_again() -> None:
    session = simulated()
    session.seek(ms(500))
    do(session, "crash S1", "crash S2")
    assert len(session.history.branches) == 2
    play(session, 300)
    session.seek(ms(600))
    do(session, "crash S3")
    assert len(session.history.branches) == 3
    assert session.branch.parent is session.history.branches[1]


def test_before_the_instant_at_which_a_branch_forked_one_can_act_as_well() -> None:
    """Nothing happened between, so both instants have the same count."""
    session = a_session()
    session.step()
    session.seek(session.time_us / 2)
    do(session, "crash S1")
    session.seek(0)
    assert do(session, "crash S2").time_us == session.time_us == 0


def test_an_act_that_drops_a_message_shows_the_loss_too() -> None:
    session = simulated()
    while not session.moment.state.flights:
        session.step()
    do(session, "drop message * -> *")
    assert session.at_end
    assert session.moment.last is session.branch[len(session.branch) - 1]


def test_an_act_before_a_branch_without_events_begins_is_done_when_it_is_seen_to_be_done() -> None:
    session = a_session()
    session.step()
    half_us = session.time_us // 2
    session.seek(half_us)
    empty = session.open_branch()
    session.seek(0)
    record = do(session, "crash S1")
    assert record.time_us == 0
    assert session.branch is not empty
    session.switch(empty)
    session.go_end()
    assert do(session, "crash S2").time_us == half_us
    assert session.branch is empty


def test_a_server_that_does_not_exist_is_an_error_and_opens_no_branch() -> None:
    session = simulated()
    session.seek(ms(500))
    with pytest.raises(ActError, match="there is no server S9"):
        session.dispatch(act_from_text("crash S9", 9))
    assert len(session.history.branches) == 1
    assert session.branch is session.history.root


def test_acting_at_a_time_when_nothing_has_happened_since_continues_the_branch() -> None:
    """The world has stood still for longer than is looked at: its future may still change."""
    session = a_session(2)
    do(session, "crash S1", "crash S2")
    play(session, 1_000)
    session.seek(ms(300))
    record = do(session, "restart S1")
    assert record.time_us == ms(300)
    assert len(session.history.branches) == 1
    play(session, 600)
    assert session.branch[session.count - 1].time_us > ms(300)


# Switching


def test_switching_shows_the_other_branch_at_the_same_instant() -> None:
    session = simulated()
    session.seek(ms(500))
    do(session, "crash leader")
    other = session.branch
    play(session, 300)
    session.switch(session.history.root)
    assert session.branch is session.history.root
    assert session.time_us == ms(800)
    session.switch(other)
    assert session.time_us == ms(800)


def test_switching_to_a_branch_that_is_not_so_far_shows_its_end() -> None:
    session = simulated()
    session.seek(ms(500))
    do(session, "crash S1")
    other = session.branch
    session.switch(session.history.root)
    session.go_end()
    session.switch(other)
    assert session.time_us == ms(500)
    assert session.at_end


def test_two_branches_can_be_played_in_turn() -> None:
    session = simulated()
    session.seek(ms(500))
    do(session, "crash S1")
    other = session.branch
    for _ in range(3):
        for branch in (session.history.root, other):
            session.switch(branch)
            session.go_end()
            play(session, 400)
            assert session.branch is branch
    assert [record.time_us for record in other.records()] == sorted(
        record.time_us for record in other.records()
    )


# Playing


def test_nothing_moves_while_paused() -> None:
    session = a_session()
    assert not session.tick(0.1)
    assert session.time_us == 0


@pytest.mark.parametrize("tick_ms", [1, 7, 16, 200])
def test_any_frame_rate_gives_the_same_history(tick_ms: float) -> None:
    session, reference = a_session(), a_session()
    play(session, 2_800, tick_ms)
    play(reference, 2_800, 20)
    shorter = min(len(session.branch), len(reference.branch))
    assert shorter > 200
    assert list(session.branch.records(0, shorter)) == list(reference.branch.records(0, shorter))


def test_at_any_frame_rate_one_sees_the_same_moment() -> None:
    fine, coarse = a_session(), a_session()
    play(fine, 2_800, 1)
    play(coarse, 2_800, 200)
    assert fine.time_us == pytest.approx(coarse.time_us, abs=1)
    assert fine.count == coarse.count


def test_playing_over_what_is_recorded_makes_nothing_new() -> None:
    session = simulated()
    count = len(session.branch)
    session.seek(0)
    play(session, 500)
    assert len(session.branch) == count
    assert session.count == session.branch.count_at(ms(500))


def test_playing_over_the_end_goes_on() -> None:
    session = simulated()
    count = len(session.branch)
    session.seek(ms(900))
    play(session, 1_000)
    assert len(session.branch) > count
    assert session.time_us == ms(1_900)


def test_a_machine_that_hung_does_not_make_the_cluster_jump() -> None:
    session = a_session()
    session.playback.playing = True
    session.playback.speed = Fraction(1)
    session.tick(60.0)
    assert session.time_us == round(LONGEST_TICK_S * 1_000_000)


def test_at_the_highest_speed_time_falls_behind_and_the_window_does_not() -> None:
    session = Session.of_settings(Settings(servers=9, latency_us=(0, 0), disk_us=(0, 0)))
    session.playback.playing = True
    session.playback.speed = SPEEDS[-1]
    for _ in range(10):
        count = len(session.branch)
        session.tick(1.0)
        assert len(session.branch) - count <= MAX_EVENTS_A_TICK
        assert session.count == len(session.branch)
    assert session.time_us < 10 * 25_000_000


def test_playing_stops_at_the_event_that_breaks_a_property() -> None:
    history = begin(Settings(servers=5))
    checker = Checker(history)
    session = Session(history, checker)
    rules = attrs.evolve(RULES, may_vote=lambda voted_for, candidate_id: True)
    broken = World.at(history, cluster=Cluster.of_size(5, rules=rules))
    session._take_up(broken)
    do(session, "timeout S1", "timeout S2")
    play(session, 1_000)
    (violation,) = session.violations
    assert session.count == violation.event + 1
    assert session.time_us == violation.time_us


def test_one_can_go_on_past_a_violation() -> None:
    history = begin(Settings(servers=5))
    session = Session(history, Checker(history))
    rules = attrs.evolve(RULES, may_vote=lambda voted_for, candidate_id: True)
    session._take_up(World.at(history, cluster=Cluster.of_size(5, rules=rules)))
    do(session, "timeout S1", "timeout S2")
    play(session, 1_000)
    stopped = session.time_us
    play(session, 20)
    assert session.time_us > stopped


def test_before_a_violation_nothing_is_violated() -> None:
    history = begin(Settings(servers=5))
    session = Session(history, Checker(history))
    rules = attrs.evolve(RULES, may_vote=lambda voted_for, candidate_id: True)
    session._take_up(World.at(history, cluster=Cluster.of_size(5, rules=rules)))
    do(session, "timeout S1", "timeout S2")
    play(session, 1_000)
    session.step_back()
    assert session.violations == []


# Scenarios


def test_a_scenario_is_played_to_its_end_and_looked_at_from_its_beginning() -> None:
    session = Session.of_scenario(read_scenario("leader-crashes"))
    assert session.title == "The leader crashes"
    assert session.count == 0
    assert len(session.branch) > 100
    assert session.violations == []


def test_one_can_act_behind_the_end_of_a_scenario() -> None:
    session = Session.of_scenario(read_scenario("leader-crashes"))
    session.go_end()
    do(session, "crash leader")
    assert len(session.history.branches) == 1


def test_a_scenario_that_cannot_be_played_is_refused() -> None:
    scenario = parse_scenario("raft 1\ncluster 3\nrun 2s\nat 1s crash S1\n")
    with pytest.raises(ScriptError, match="line 4"):
        Session.of_scenario(scenario)


# Speeds


def test_speeds_go_from_a_thousandth_to_a_hundredfold() -> None:
    assert SPEEDS[0] == Fraction(1, 1000)
    assert SPEEDS[-1] == 100
    assert list(SPEEDS) == sorted(SPEEDS)
    assert START_SPEED in SPEEDS


def test_a_speed_can_be_changed_only_as_far_as_there_are_speeds() -> None:
    playback = Playback()
    playback.change_speed(-100)
    assert playback.speed == SPEEDS[0]
    playback.change_speed(100)
    assert playback.speed == SPEEDS[-1]
    playback.change_speed(-1)
    assert playback.speed == SPEEDS[-2]


def test_at_a_hundredth_a_second_is_ten_milliseconds() -> None:
    playback = Playback(playing=True, speed=Fraction(1, 100))
    assert playback.elapsed_us(0.1) == pytest.approx(1_000)


@pytest.mark.parametrize(
    ("speed", "text"), [(Fraction(1, 50), "1/50×"), (Fraction(1), "1×"), (Fraction(20), "20×")]
)
def test_a_speed_is_written_so(speed: Fraction, text: str) -> None:
    assert speed_text(speed) == text


def test_a_crashed_server_of_the_past_runs_in_the_present() -> None:
    """What one looks at is the moment, whatever the end of the branch has become."""
    session = simulated()
    before = session.time_us
    record = do(session, "crash S1")
    assert isinstance(record.event, Acted)
    play(session, 200)
    session.seek(before - 1)
    host = session.moment.state.hosts[1]
    assert isinstance(host, Host)
    assert host.is_up

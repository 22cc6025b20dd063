"""The picture of the cluster, looked at without a screen: every fact as a sentence."""

from itertools import combinations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.checks.properties import PROPERTIES
from raftviz.picture.cluster import cluster_picture
from raftviz.picture.flying import FALL_US, MOST_WITH_TAGS, face
from raftviz.picture.geometry import Box, Line, text_width
from raftviz.picture.hover import describe, summary
from raftviz.picture.parting import divided
from raftviz.picture.pointing import at
from raftviz.picture.primitives import (
    ClusterPicture,
    PickedClient,
    PickedLink,
    PickedMessage,
    PickedServer,
    ServerSign,
)
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.host import Status
from raftviz.sim.units import ms
from raftviz.sim.world import World
from tests.picture.scenes import (
    SIZE,
    candidate,
    election,
    leader,
    loss,
    now,
    picture,
    quiet,
    step_until,
    world,
)

# Messages


def _in_flight(seen: World) -> tuple[int, int, int]:
    """Id, start and end of a flight that began just now."""
    flight = next(f for f in reversed(seen.flights.values()) if f.source > 0 < f.target)
    return flight.id, flight.sent_us, flight.arrives_us


def test_a_message_half_way_in_time_is_half_way_on_its_link() -> None:
    seen = quiet()
    number, sent, arrives = _in_flight(seen)
    half = picture(seen, (sent + arrives) / 2).message(number)
    assert half is not None
    assert (half.x, half.y) == pytest.approx(half.way.line.at(0.5))


def test_a_message_starts_outside_its_sender() -> None:
    seen = quiet()
    number, sent, _ = _in_flight(seen)
    shown = picture(seen, sent)
    sign = shown.message(number)
    assert sign is not None
    sender = shown.server(sign.way.source)
    assert _distance(sign.x, sign.y, sender.x, sender.y) >= sender.radius


def test_a_message_ends_outside_its_receiver() -> None:
    seen = quiet()
    number, _, arrives = _in_flight(seen)
    shown = picture(seen, arrives)
    sign = shown.message(number)
    assert sign is not None
    receiver = shown.server(sign.way.target)
    assert _distance(sign.x, sign.y, receiver.x, receiver.y) >= receiver.radius


def _distance(x1: float, y1: float, x2: float, y2: float) -> float:
    return float(((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5)


def test_messages_are_known_by_the_ids_of_their_flights() -> None:
    seen = quiet()
    assert {sign.id for sign in picture(seen).messages} == set(seen.flights)


def test_a_message_keeps_its_way_while_other_events_happen() -> None:
    seen = quiet()
    before = {sign.id: sign.way for sign in picture(seen).messages}
    seen.step()
    after = {sign.id: sign.way for sign in picture(seen).messages}
    assert all(after[number] is before[number] for number in before.keys() & after.keys())


def test_looking_back_shows_what_was_shown_then() -> None:
    seen = quiet()
    moment, then = now(seen), picture(seen)
    seen.run_until(seen.time_us + ms(500))
    picture(seen)
    again = cluster_picture(moment, moment.time_us, SIZE)
    assert [(s.id, s.x, s.y) for s in again.messages] == [(s.id, s.x, s.y) for s in then.messages]


def test_two_messages_that_meet_on_a_link_pass_each_other() -> None:
    seen = quiet()
    flight = next(f for f in seen.flights.values() if f.source > 0 < f.target)
    back = attrs.evolve(flight, id=1 << 40, source=flight.target, target=flight.source)
    seen.put(back)
    perform(seen, acts.SetLoss(0.0))
    shown = picture(seen, (flight.sent_us + flight.arrives_us) / 2)
    one, other = shown.message(flight.id), shown.message(back.id)
    assert one is not None
    assert other is not None
    assert _distance(one.x, one.y, other.x, other.y) > 0.5 * one.way.face.size


def test_a_heartbeat_is_a_dot() -> None:
    seen = world(until_ms=1_000)
    seen = step_until(seen, lambda it: len(it.flights) >= 4)
    shapes = {sign.way.face.shape for sign in picture(seen).messages}
    assert shapes <= {"dot", "plus"}


def test_a_request_for_a_vote_is_a_ballot_with_a_question_mark() -> None:
    seen = election()
    seen.run_until(seen.time_us + ms(5))
    faces = {sign.way.face for sign in picture(seen).messages}
    assert {(look.shape, look.text) for look in faces} >= {("ballot", "?")}


def test_entries_are_a_stack_with_their_count() -> None:
    seen = quiet()
    seen = step_until(
        seen, lambda it: any(getattr(f.message, "entries", ()) for f in it.flights.values())
    )
    looks = {(sign.way.face.shape, sign.way.face.text) for sign in picture(seen).messages}
    assert ("stack", "1") in looks


def test_a_message_without_room_for_its_term_is_smaller() -> None:
    assert face("dot", "", 3, 12.0, tags=False).half_w < face("dot", "", 3, 12.0).half_w


def test_too_many_messages_show_no_terms() -> None:
    seen = quiet()
    flight = next(iter(seen.flights.values()))
    for i in range(MOST_WITH_TAGS + 1):
        seen.put(attrs.evolve(flight, id=(1 << 40) + i))
    perform(seen, acts.SetLoss(0.0))
    assert not picture(seen).tags


# What was lost


def test_a_lost_message_gets_its_cross_where_it_was_lost() -> None:
    seen, flight = loss()
    sign = next(sign for sign in picture(seen).lost if sign.id == flight.id)
    place = sign.way.line.at(flight.position(seen.time_us))
    assert (sign.cross_x, sign.cross_y) == pytest.approx(place)


def test_a_lost_message_falls_off_its_link() -> None:
    seen, flight = loss()
    later = picture(seen, seen.time_us + FALL_US / 2)
    sign = next(sign for sign in later.lost if sign.id == flight.id)
    link = sign.way.line
    assert link.distance(sign.x, sign.y) > link.distance(sign.cross_x, sign.cross_y) + 1


def test_a_lost_message_fades() -> None:
    seen, flight = loss()
    early = picture(seen, seen.time_us + FALL_US * 0.2).message(flight.id)
    late = picture(seen, seen.time_us + FALL_US * 0.9).message(flight.id)
    assert early.left > late.left  # type: ignore[union-attr]


def test_a_lost_message_is_gone_in_the_end() -> None:
    seen, flight = loss()
    assert picture(seen, seen.time_us + FALL_US).message(flight.id) is None


def test_with_reduced_motion_a_lost_message_stays_at_its_cross() -> None:
    seen, flight = loss()
    shown = picture(seen, seen.time_us + FALL_US * 0.9, reduced_motion=True)
    sign = next(sign for sign in shown.lost if sign.id == flight.id)
    assert (sign.x, sign.y) == (sign.cross_x, sign.cross_y)


# Servers


def test_the_first_server_stands_at_the_top() -> None:
    shown = picture(quiet())
    assert shown.server(1).y == min(sign.y for sign in shown.servers)


def test_a_timer_runs_empty() -> None:
    seen = world()
    host = seen.hosts[1]
    assert picture(seen, host.timer_us / 2).server(1).timer == pytest.approx(0.5)


def test_the_leader_says_so() -> None:
    seen = quiet()
    assert picture(seen).server(leader(seen)).face.role == "leader"


def test_a_crashed_server_shows_what_its_disk_keeps() -> None:
    seen = quiet()
    down = leader(seen)
    perform(seen, acts.Crash(down))
    count = seen.hosts[down].disk.durable.log.last_index
    words = " ".join(label.text for label in picture(seen).labels if label.of == PickedServer(down))
    assert f"disk: {count} entries" in words


def test_a_crashed_server_has_no_timer() -> None:
    seen = quiet()
    perform(seen, acts.Crash(2))
    assert picture(seen).server(2).timer is None


def test_a_paused_server_says_so() -> None:
    seen = quiet()
    perform(seen, acts.Pause(2))
    assert picture(seen).server(2).face.status is Status.PAUSED


def test_a_write_under_way_is_marked() -> None:
    seen = step_until(quiet(), lambda it: any(h.disk.writes for h in it.hosts.values()))
    writing = {host.id for host in seen.hosts.values() if host.disk.writes}
    assert {sign.id for sign in picture(seen).servers if sign.face.unwritten} == writing


def test_a_broken_property_is_named_beside_its_server() -> None:
    shown = picture(quiet(), broken={3: "Election Safety"})
    words = [label.text for label in shown.labels if label.tone == "broken"]
    assert " ".join(words) == "Election Safety"


# Votes


def test_a_candidate_has_a_pip_for_every_voter() -> None:
    shown = picture(election())
    assert [pip.voter for pip in shown.pips] == [1, 2, 3, 4, 5]


def test_a_candidate_votes_for_itself() -> None:
    seen = election()
    own = next(pip for pip in picture(seen).pips if pip.voter == candidate(seen))
    assert own.state == "granted"


def test_the_vote_of_a_crashed_server_cannot_come() -> None:
    seen = election()
    down = next(host.id for host in seen.hosts.values() if not host.is_up)
    assert next(pip for pip in picture(seen).pips if pip.voter == down).state == "cannot"


def test_a_vote_is_on_its_way_while_its_request_flies() -> None:
    seen = election()
    seen.run_until(seen.time_us + ms(5))
    states = [pip.state for pip in picture(seen).pips]
    assert states.count("coming") == 3


def test_votes_are_counted_in_words() -> None:
    texts = {label.text for label in picture(election()).labels}
    assert texts & {"candidate · 1 of 3 votes", "1 of 3 votes"}


# Partitions and cuts


def test_a_partition_cuts_every_link_between_its_groups() -> None:
    seen = quiet()
    perform(seen, acts.Partition(((1, 2), (3, 4, 5))))
    cut = {(link.source, link.target) for link in picture(seen).links if link.cut}
    assert cut == {(1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5)}


@given(st.lists(st.integers(0, 2), min_size=3, max_size=9))
def test_a_link_is_cut_where_it_crosses_a_wall(home: list[int]) -> None:
    seen = world(len(home))
    groups = tuple(tuple(i + 1 for i, g in enumerate(home) if g == k) for k in sorted(set(home)))
    perform(seen, acts.Partition(groups))
    shown = picture(seen)
    for link in shown.links:
        if link.cut is not None:
            assert min(wall.distance(link.cut.x, link.cut.y) for wall in shown.walls) < 0.01


def test_a_message_for_another_group_is_lost_at_the_wall() -> None:
    seen = quiet()
    boss = leader(seen)
    perform(seen, acts.Partition(((boss,), tuple(i for i in seen.hosts if i != boss))))
    since = seen.time_us
    seen = step_until(seen, lambda it: any(s.way.since_us > since for s in picture(it).lost))
    shown = picture(seen)
    sign = next(sign for sign in shown.lost if sign.way.since_us > since)
    near = min(wall.distance(sign.cross_x, sign.cross_y) for wall in shown.walls)
    assert near < 3 * sign.way.face.size


def test_a_cut_in_one_direction_shows_its_direction() -> None:
    seen = quiet()
    perform(seen, acts.Cut(3, 1))
    link = next(link for link in picture(seen).links if link.cut)
    assert link.cut is not None
    assert not link.cut.both
    to_first = (link.line.x1 - link.line.x2, link.line.y1 - link.line.y2)
    assert link.cut.ux * to_first[0] + link.cut.uy * to_first[1] > 0


def test_a_line_between_servers_divides_them() -> None:
    shown = picture(quiet())
    one = shown.server(1)
    line = Line(one.x - 300, one.y + 90, one.x + 300, one.y + 90)
    assert divided(shown, line) == ((1,), (2, 3, 4, 5))


def test_a_short_line_that_crosses_nothing_divides_nobody() -> None:
    assert divided(picture(quiet()), Line(5, 5, 12, 9)) == ()


# Pointing


def test_pointing_at_a_server_finds_it() -> None:
    shown = picture(quiet())
    assert at(shown, shown.server(4).x, shown.server(4).y) == PickedServer(4)


def test_pointing_at_a_message_finds_it() -> None:
    seen = quiet()
    number, sent, arrives = _in_flight(seen)
    shown = picture(seen, sent + (arrives - sent) * 0.4)
    sign = shown.message(number)
    assert sign is not None
    assert at(shown, sign.x, sign.y) == PickedMessage(number)


def test_pointing_at_a_link_finds_it() -> None:
    shown = picture(world())
    link = next(link for link in shown.links if (link.source, link.target) == (1, 2))
    assert at(shown, *link.line.at(0.5)) == PickedLink(1, 2)


def test_pointing_at_a_client_finds_it() -> None:
    shown = picture(quiet())
    assert at(shown, shown.clients[0].x, shown.clients[0].y) == PickedClient(-1)


def test_pointing_at_words_finds_whose_they_are() -> None:
    shown = picture(quiet())
    label = next(label for label in shown.labels if label.of == PickedServer(2))
    assert at(shown, label.box.x + 3, label.box.y + 3) == PickedServer(2)


def test_a_message_tells_when_it_arrives() -> None:
    seen = quiet()
    number, _, arrives = _in_flight(seen)
    assert "arrives in 4.1 ms" in describe(now(seen), arrives - 4_100, PickedMessage(number))


def test_a_server_tells_its_role_and_term() -> None:
    seen = quiet()
    boss = leader(seen)
    assert describe(now(seen), seen.time_us, PickedServer(boss)).startswith(
        f"S{boss}, leader, term"
    )


def test_the_cluster_can_be_told_in_a_sentence() -> None:
    seen = world(until_ms=1_000)
    assert summary(now(seen)) == f"5 servers. S{leader(seen)} leads term 1."


# Layout


def test_a_client_appears_without_moving_a_server() -> None:
    seen = world(until_ms=1_000)
    before = [(sign.x, sign.y) for sign in picture(seen).servers]
    perform(seen, acts.Request("x=1"))
    assert [(sign.x, sign.y) for sign in picture(seen).servers] == before


def test_a_crowd_of_servers_has_no_words() -> None:
    assert picture(world(20)).labels == ()


def _rough(servers: int, seed: int, until_ms: int) -> World:
    """A world in which much goes wrong."""
    seen = world(servers, loss=0.2, duplicate=0.1, seed=seed, requests_us=ms(25))
    seen.run_until(ms(until_ms) // 2)
    perform(seen, acts.Crash(seed % servers + 1))
    perform(seen, acts.Pause((seed + 1) % servers + 1))
    if seed % 2 and servers > 1:
        half = tuple(range(1, servers // 2 + 1))
        rest = tuple(range(servers // 2 + 1, servers + 1))
        perform(seen, acts.Partition((half, rest)))
    seen.run_until(ms(until_ms))
    return seen


def _covered(shown: ClusterPicture) -> list[str]:
    """Every word that a message, a link, a wall, a sign or another word lies on."""
    found = []
    words = [(label.text, label.box) for label in shown.labels]
    for text, box in words:
        found += [f"{text}: {s.way.face}" for s in shown.messages if s.box.touches(box)]
        found += [f"{text}: lost {s.way.face}" for s in shown.lost if s.box.touches(box)]
        found += [
            f"{text}: {k.source}-{k.target}" for k in shown.links if box.is_crossed_by(*k.line)
        ]
        found += [f"{text}: wall" for wall in shown.walls if box.is_crossed_by(*wall)]
        found += [f"{text}: {s.face.name}" for s in shown.servers if _lies_on(box, s)]
    found += [f"{a} and {b}" for (a, p), (b, q) in combinations(words, 2) if p.touches(q)]
    return found


def _lies_on(box: Box, server: ServerSign) -> bool:
    dx = max(box.x - server.x, 0.0, server.x - box.x - box.w)
    dy = max(box.y - server.y, 0.0, server.y - box.y - box.h)
    return dx * dx + dy * dy < (server.radius * 1.15) ** 2


@given(
    servers=st.integers(1, 9),
    seed=st.integers(1, 10_000),
    until_ms=st.integers(400, 2_500),
    size=st.sampled_from([(1000.0, 700.0), (1600.0, 1000.0), (640.0, 480.0), (600.0, 800.0)]),
)
def test_no_label_is_covered_by_a_message_or_a_link(
    servers: int, seed: int, until_ms: int, size: tuple[float, float]
) -> None:
    seen = _rough(servers, seed, until_ms)
    for later in (0, FALL_US // 2):
        shown = cluster_picture(now(seen), seen.time_us + later, size)
        assert _covered(shown) == []


@given(servers=st.integers(1, 12), seed=st.integers(1, 999))
def test_every_word_stays_inside_the_picture(servers: int, seed: int) -> None:
    shown = picture(_rough(servers, seed, 900))
    for label in shown.labels:
        assert 0 <= label.box.x <= shown.width - label.box.w
        assert 0 <= label.box.y <= shown.height - label.box.h


@pytest.mark.parametrize("size", [(1000.0, 700.0), (520.0, 420.0), (400.0, 300.0)])
@pytest.mark.parametrize("servers", [1, 3, 5, 7])
def test_the_name_of_every_property_has_room_beside_every_server(
    servers: int, size: tuple[float, float]
) -> None:
    seen = world(servers, until_ms=900)
    for one in PROPERTIES:
        broken = dict.fromkeys(range(1, servers + 1), one.title)
        shown = cluster_picture(now(seen), seen.time_us, size, broken=broken)
        for label in shown.labels:
            assert 0 <= label.box.x <= shown.width - label.box.w, (label.text, one.title)
            assert 0 <= label.box.y <= shown.height - label.box.h, (label.text, one.title)
            words = text_width(label.text, label.size, bold=label.bold)
            assert words <= label.box.w + 1, (label.text, one.title)
        pairs = combinations(shown.labels, 2)
        assert not any(a.box.touches(b.box) for a, b in pairs), one.title

"""Steps to the next place where something is so, and back."""

import pytest

from raftviz.data import asset_path
from raftviz.picture.primitives import (
    PickedClient,
    PickedEntry,
    PickedLink,
    PickedMessage,
    PickedServer,
    PickedVote,
)
from raftviz.session.kinds import BY_ID, KINDS, applies, changes_role, commits
from raftviz.session.places import EventPlace, PlaceError, TimePlace, parse_place
from raftviz.session.scenes import Scenes
from raftviz.session.seeking import ConditionSearch, EventSearch, Search, TimeSearch
from raftviz.session.session import Session
from raftviz.shelf import read_scenario
from raftviz.sim import acts
from raftviz.sim.conditions import parse_condition
from raftviz.sim.events import Acted
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sim.vocabulary import act_from_text
from raftviz.tracefile import open_recording


def a_session(**settings: object) -> Session:
    return Session.of_settings(Settings(seed=4, **settings))  # type: ignore[arg-type]


def recorded() -> Session:
    return Session.of_scenario(read_scenario("leader-crashes"))


def to_kind(session: Session, kind: str, *, back: bool = False, selected: object = None) -> Search:
    wanted = BY_ID[kind].wanted(session, selected)  # type: ignore[arg-type]
    search = EventSearch(session, wanted, back=back)
    while not search.advance(50):
        pass
    return search


def until(session: Session, condition: str, *, back: bool = False) -> ConditionSearch:
    servers = len(session.history.start.hosts)
    search = ConditionSearch(session, parse_condition(condition, servers), back=back)
    while not search.advance(100):
        pass
    return search


def holds(session: Session, condition: str, count: int | None = None) -> bool:
    at = session.count if count is None else count
    scene = Scenes(session.history, session.branch, at)
    return parse_condition(condition, len(scene.hosts)).holds(scene)


class TestKinds:
    def test_each_kind_stops_at_its_events_only_and_at_all_of_them(self) -> None:
        tests = {"role": changes_role, "commit": commits, "apply": applies}
        for kind, test in tests.items():
            session = recorded()
            wanted = [n for n, record in enumerate(session.branch.records()) if test(record)]
            found = []
            while to_kind(session, kind).found and session.count <= wanted[-1] + 1:
                found.append(session.count - 1)
                if session.count == wanted[-1] + 1:
                    break
            assert found == wanted

    def test_backwards_the_same_places_come_in_the_other_order(self) -> None:
        session = recorded()
        there, back = [], []
        for _ in range(5):
            to_kind(session, "role")
            there.append(session.count)
        for _ in range(4):
            to_kind(session, "role", back=True)
            back.append(session.count)
        assert back == there[-2::-1]

    def test_where_the_record_ends_the_world_goes_on(self) -> None:
        session = a_session()
        search = to_kind(session, "role")
        assert search.found == session.count == len(session.branch)
        assert search.new == session.count
        assert changes_role(session.branch[session.count - 1])

    def test_what_never_comes_leaves_one_where_one_was(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("raftviz.session.seeking.MOST_NEW", 300)
        session = a_session()
        to_kind(session, "role")
        before = session.cursor
        search = to_kind(session, "act")
        assert search.found is None
        assert search.new == 300
        assert session.cursor == before

    def test_backwards_what_never_was_leaves_one_where_one_was(self) -> None:
        session = a_session()
        to_kind(session, "role")
        before = session.cursor
        assert to_kind(session, "act", back=True).found is None
        assert session.cursor == before

    def test_an_act_is_stepped_to(self) -> None:
        session = recorded()
        to_kind(session, "act")
        assert isinstance(session.branch[session.count - 1].event, Acted)

    def test_a_broken_property_is_stepped_to_and_back_to(self) -> None:
        from raftviz.checks.properties import ELECTION_SAFETY, Violation

        session = recorded()
        for event in (20, 60):
            found = Violation(ELECTION_SAFETY, 0, event, 0, "broken", frozenset({1}))
            session.checker.violations.append(found)
        to_kind(session, "violation")
        assert session.count == 21
        to_kind(session, "violation")
        assert session.count == 61
        to_kind(session, "violation", back=True)
        assert session.count == 21

    def test_of_what_is_selected_only_its_own_events_count(self) -> None:
        for picked, part in (
            (PickedServer(3), 3),
            (PickedClient(-1), -1),
            (PickedEntry(3, 1, 1), 3),
        ):
            session = recorded()
            for _ in range(4):
                to_kind(session, "selected", selected=picked)
                assert session.branch[session.count - 1].part == part

    def test_of_a_message_its_sending_and_its_end_are_steps(self) -> None:
        session = recorded()
        flight = next(r for r in session.branch.records() if r.flights).flights[0]
        to_kind(session, "selected", selected=PickedMessage(flight.id))
        assert session.count - 1 == flight.cause
        to_kind(session, "selected", selected=PickedMessage(flight.id))
        assert session.branch[session.count - 1].ended == flight.id

    def test_of_a_link_or_a_vote_what_passes_between_the_two_counts(self) -> None:
        for picked in (PickedLink(2, 4), PickedVote(2, 4, 1)):
            session = recorded()
            to_kind(session, "selected", selected=picked)
            event = session.branch[session.count - 1].event
            assert {event.flight.source, event.flight.target} == {2, 4}  # type: ignore[union-attr]

    def test_every_kind_has_a_title_and_a_word_for_sentences(self) -> None:
        assert len({kind.id for kind in KINDS}) == len(KINDS)
        assert all(kind.title and kind.one for kind in KINDS)


class TestConditions:
    def test_one_stops_where_it_becomes_true(self) -> None:
        session = recorded()
        until(session, "leader.term >= 2")
        assert holds(session, "leader.term >= 2")
        assert not holds(session, "leader.term >= 2", session.count - 1)

    def test_what_holds_already_must_first_cease_to_hold(self) -> None:
        session = recorded()
        until(session, "any_leader")
        first = session.count
        until(session, "any_leader")
        assert session.count > first
        assert any(not holds(session, "any_leader", n) for n in range(first, session.count))

    def test_backwards_one_stops_at_the_last_time_that_it_became_true(self) -> None:
        session = recorded()
        until(session, "any_leader")
        first = session.count
        until(session, "any_leader")
        second = session.count
        session.go_end()
        until(session, "any_leader", back=True)
        assert session.count == second
        until(session, "any_leader", back=True)
        assert session.count == first

    def test_what_held_from_the_beginning_is_found_there(self) -> None:
        session = recorded()
        session.seek_event(200)
        search = until(session, "followers >= 1", back=True)
        assert search.found == 0
        assert session.count == 0

    def test_what_never_becomes_true_leaves_one_where_one_was(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("raftviz.session.seeking.MOST_NEW", 200)
        session = recorded()
        session.seek_event(100)
        before = session.cursor
        search = until(session, "term >= 99")
        assert search.found is None
        assert not search.held_at_start
        assert session.cursor == before
        assert until(session, "term >= 99", back=True).found is None
        assert session.cursor == before

    def test_the_world_goes_on_until_it_is_so(self) -> None:
        session = a_session()
        search = until(session, "any_leader")
        assert search.new
        assert holds(session, "any_leader")

    def test_scenes_read_one_beside_the_other_are_those_of_the_history(self) -> None:
        session = recorded()
        branch, history = session.branch, session.history
        scenes = Scenes(history, branch, 0)
        order = [*range(len(branch) + 1), *range(len(branch), -1, -1), 7, 200, 3]
        for count in order:
            scene, state = scenes.at(count), history.state_at(branch, count)
            assert scene.hosts == state.hosts
            assert scene.clients == state.clients
            assert scene.network == state.network
            assert scene.time_us == state.time_us
            if count % 40 == 0:
                assert scene.flights == state.flights


class TestPlaces:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("1284.2ms", TimePlace(1_284_200)),
            ("1.2 s", TimePlace(1_200_000)),
            ("1 284.20", TimePlace(1_284_200)),
            ("1,284.2 ms", TimePlace(1_284_200)),
            ("250us", TimePlace(250)),
            ("2min", TimePlace(120_000_000)),
            ("0", TimePlace(0)),
            ("#412", EventPlace(411)),
            ("# 1,412", EventPlace(1411)),
        ],
    )
    def test_instants_and_events_are_read_as_people_write_them(
        self, text: str, place: object
    ) -> None:
        assert parse_place(text) == place

    @pytest.mark.parametrize("text", ["", "soon", "-3ms", "3 parsecs", "#", "#0", "1e99", "9" * 40])
    def test_anything_else_gets_a_sentence(self, text: str) -> None:
        with pytest.raises(PlaceError, match=r"\.$"):
            parse_place(text)

    def test_an_instant_that_is_not_simulated_yet_is_simulated(self) -> None:
        session = a_session()
        search = TimeSearch(session, ms(900))
        while not search.advance(100):
            pass
        assert session.time_us == ms(900)
        assert session.at_end
        assert search.found == session.count > 0

    def test_an_instant_in_the_past_is_looked_up(self) -> None:
        session = recorded()
        session.go_end()
        count = len(session.branch)
        assert TimeSearch(session, ms(300)).advance(1)
        assert session.time_us == ms(300)
        assert len(session.branch) == count


class TestOnARecording:
    def test_steps_of_a_kind_end_where_it_ends(self) -> None:
        session = open_recording(str(asset_path("traces") / "two-leaders.jsonl"))
        to_kind(session, "violation")
        assert session.count == session.checker.violations[0].event + 1
        session.go_end()
        before = session.cursor
        search = to_kind(session, "role")
        assert search.found is None
        assert not search.new
        assert session.cursor == before

    def test_an_instant_behind_its_end_is_not_reached(self) -> None:
        session = open_recording(str(asset_path("traces") / "two-leaders.jsonl"))
        search = TimeSearch(session, ms(90_000))
        assert search.advance(1)
        assert search.found is None


class TestOneInstant:
    def test_events_of_one_instant_are_steps_of_their_own_and_counted(self) -> None:
        session = a_session(servers=3, latency_us=(ms(5), ms(5)), disk_us=(0, 0))
        for server in (1, 2, 3):
            session.dispatch(act_from_text(f"timeout S{server}", 3))
        for _ in range(20):
            session.step()
        seen = []
        session.go_home()
        while not session.at_end:
            session.step()
            instant = session.at_this_instant
            seen.append((session.time_us, instant.place, instant.all))
        several = [one for one in seen if one[2] > 1]
        assert several
        for time_us, place, of in several:
            same = [one for one in seen if one[0] == time_us]
            assert [one[1] for one in same] == list(range(1, len(same) + 1))
            assert of == len(same)
            assert place <= of

    def test_more_that_is_due_at_the_same_instant_is_told(self) -> None:
        session = a_session(servers=3, latency_us=(ms(5), ms(5)), disk_us=(0, 0))
        session.dispatch(acts.Timeout(1))
        session.step()
        assert session.at_this_instant.more  # the other request arrives at the same instant
        session.step()
        assert session.at_this_instant.place == 2

    def test_before_anything_has_happened_there_is_none(self) -> None:
        instant = a_session().at_this_instant
        assert (instant.place, instant.all, instant.more) == (0, 0, False)

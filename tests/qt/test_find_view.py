"""Finding where a broken rule matters, at the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from raftviz.compare.comparison import Kind
from raftviz.lab.apart import Failed, News, Quest, search_of
from raftviz.lab.exhaustive.bounds import Bounds, usual
from raftviz.lab.findings import SHRINKING, Finding, Progress
from raftviz.picture.theme import DARK
from raftviz.qt.asking import Asking
from raftviz.qt.find import FindView, State
from raftviz.qt.variants import VariantsView
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.settings import Settings
from tests.qt.desk import Person, at_window

SENT_IS_STORED = "count_next_index"


class Elsewhere:
    """A search that a test has in its hands: what it tells, and whether it was stopped."""

    def __init__(self) -> None:
        self.quests: list[Quest] = []
        self.told: list[News] = []
        self.stopped = 0

    def __call__(self, quest: Quest) -> "Elsewhere":
        self.quests.append(quest)
        return self

    def news(self) -> News | None:
        return self.told.pop(0) if self.told else None

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def person(qtbot: QtBot) -> Iterator[Person]:
    with at_window(qtbot, Session.of_settings(Settings(seed=7))) as somebody:
        yield somebody


@pytest.fixture
def elsewhere(person: Person) -> Elsewhere:
    """What the view's search is, from here on."""
    search = Elsewhere()
    view(person).hunt._begin = search
    return search


def view(person: Person) -> FindView:
    if person.window.later["Find"].view is None:
        person.press("Shift+F")
        QApplication.processEvents()
    found = person.window.later["Find"].view
    assert isinstance(found, FindView)
    return found


def state(person: Person) -> State:
    return view(person).state


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def hear(person: Person, elsewhere: Elsewhere, *news: News) -> None:
    """The other process tells this, and the window looks."""
    for one in news:
        elsewhere.told.append(one)
        view(person).hunt.look()


def choose_one(person: Person) -> None:
    """Break a rule: the one that is found within three steps."""
    person.window.conductor.dispatch(acts.SwitchOn("vote_not_persisted"))


def discard(person: Person) -> None:
    """Answer the question what is to become of what was done so far."""
    (asking,) = (d for d in person.window.findChildren(Asking) if d.isVisible())
    click(next(button for button in asking.buttons if button.text() == "Discard"))
    person.window.activateWindow()
    QApplication.processEvents()


def found(name: str = "vote_not_persisted") -> Finding:
    """What the real search finds, found here."""
    search = search_of(Quest(name, exhaustive=True, bounds=usual((name,))[0]))
    try:
        while True:
            next(search)
    except StopIteration as end:
        finding: Finding = end.value
        return finding


# Choosing


def test_what_is_broken_here_is_chosen_at_first(person: Person) -> None:
    choose_one(person)
    assert view(person).form.quest.variant == "vote_not_persisted"
    person.window.conductor.dispatch(acts.SwitchOn("no_log_check"))
    assert set(view(person).form.quest.variant.split("+")) == {"vote_not_persisted", "no_log_check"}


def test_another_mistake_can_be_chosen_and_has_bounds_that_suit_it(person: Person) -> None:
    view(person).look_at("votes_counted_not_set")
    assert view(person).form.quest.bounds == Bounds(4, 1, 0, 0)
    view(person).look_at("no_log_check")
    assert view(person).form.quest.bounds == Bounds()


def test_what_is_to_fall_is_what_the_mistake_is_known_for_or_anything_else(person: Person) -> None:
    shown = view(person)
    shown.look_at("no_log_check")
    assert "Leader Completeness" in shown.form.falls.currentText()
    assert shown.form.quest.falls == ""
    QTest.keyClick(shown.form.falls, Qt.Key.Key_Down)
    assert shown.form.falls.currentText() == "Whatever falls first"
    assert shown.form.quest.falls == "any"


def test_to_change_a_bound_is_to_want_all_within_it_and_the_number_of_states_is_told(
    person: Person,
) -> None:
    shown, before = view(person), view(person).form.quest
    assert not before.exhaustive
    shown.form.bounds["terms"].setFocus()
    QTest.keyClick(shown.form.bounds["terms"], Qt.Key.Key_Down)
    assert shown.form.quest.exhaustive
    assert shown.form.quest.bounds.terms == 3
    assert "states, some" in shown.form.estimate.text()


def test_keys_alone_choose_as_well(person: Person) -> None:
    shown = view(person)
    before = shown.form.quest
    QTest.keyClick(shown.form.mistake, Qt.Key.Key_Down)
    shown.form.at_random.setFocus()
    QTest.keyClick(shown.form.at_random, Qt.Key.Key_Down)
    after = shown.form.quest
    assert after.variant != before.variant
    assert after.exhaustive
    assert not before.exhaustive


# Searching


def test_a_click_begins_it_counts_are_seen_and_another_click_ends_it(
    person: Person, elsewhere: Elsewhere
) -> None:
    shown = view(person)
    click(shown.button)
    assert state(person) is State.SEARCHING
    assert shown.button.text() == "Cancel"
    person.clock.now_s += 3
    hear(person, elsewhere, Progress(runs=1_234))
    assert shown.told.text() == "1,234 runs, 3 s"
    click(shown.button)
    assert elsewhere.stopped == 1
    assert state(person) is State.CHOOSING
    assert shown.told.text() == "Cancelled. 1,234 runs, 3 s"
    assert not shown.hunt.runs


def test_keys_alone_do_so_as_well(person: Person, elsewhere: Elsewhere) -> None:
    person.press("Shift+S")
    assert state(person) is State.SEARCHING
    assert person.window.command_actions["search"].text() == "Cancel the search"
    person.press("Shift+S")
    assert state(person) is State.CHOOSING
    assert elsewhere.stopped == 1


def test_states_and_shrinking_are_told_too(person: Person, elsewhere: Elsewhere) -> None:
    shown = view(person)
    shown.form.of_all.click()
    click(shown.button)
    hear(person, elsewhere, Progress(states=5_000, depth=7))
    assert shown.told.text() == "5,000 states, 7 steps from the start, 0 s"
    assert 0 < shown.bar.value() < shown.bar.maximum()
    hear(person, elsewhere, Progress(SHRINKING, acts=14))
    assert "14 acts by now" in shown.told.text()


def test_what_was_found_is_kept_when_somebody_does_not_wait_for_the_least(
    person: Person, elsewhere: Elsewhere
) -> None:
    click(view(person).button)
    hear(person, elsewhere, Progress(SHRINKING, acts=8, best=found()))
    click(view(person).button)
    assert state(person) is State.FOUND
    assert view(person).told.text().endswith("Stopped before it was the least.")
    click(view(person).open_button)
    assert person.session.branch.name == "the rule is broken"


def test_where_nothing_falls_that_is_said(person: Person, elsewhere: Elsewhere) -> None:
    click(view(person).button)
    nothing = Finding(found=False, variant="none", says="No violation within these bounds.")
    hear(person, elsewhere, nothing)
    assert view(person).told.text() == "No violation within these bounds."
    assert not view(person).open_button.isVisible()
    assert not person.window.command_actions["open-found"].isEnabled()


def test_a_search_that_fails_says_why_and_another_can_begin(
    person: Person, elsewhere: Elsewhere
) -> None:
    click(view(person).button)
    hear(person, elsewhere, Failed("it would not end"))
    assert view(person).told.text() == "No search: it would not end."
    click(view(person).button)
    assert state(person) is State.SEARCHING


def test_a_search_does_not_outlive_the_window(person: Person, elsewhere: Elsewhere) -> None:
    click(view(person).button)
    person.window.filing.let_go()
    person.window.close()
    assert elsewhere.stopped == 1


# Opening


def test_what_was_found_opens_at_its_beginning_beside_the_whole_rule(
    person: Person, elsewhere: Elsewhere
) -> None:
    choose_one(person)
    click(view(person).button)
    hear(person, elsewhere, found())
    assert "Election Safety falls" in view(person).told.text()
    person.press("Shift+E")
    discard(person)

    comparing = person.window.conductor.comparing.beside
    assert comparing is not None
    assert person.session.count == 0
    assert person.session.branch.name == "the rule is broken"


def test_it_can_be_read_in_the_dark(person: Person) -> None:
    view(person)
    person.window.set_theme(DARK)
    assert DARK.muted in view(person).form.estimate.styleSheet()


# All of it, as a person does it


def test_what_was_sent_counts_as_stored_is_found_and_seen_beside_the_whole_rule(
    person: Person, qtbot: QtBot
) -> None:
    person.press("Shift+V")
    QApplication.processEvents()
    variants = person.window.later["Variants"].view
    assert isinstance(variants, VariantsView)
    variants.look_at(SENT_IS_STORED)
    QTest.keyClick(variants.list, Qt.Key.Key_Return)
    assert person.state.network.variants == (SENT_IS_STORED,)

    shown = view(person)
    assert shown.form.quest.variant == SENT_IS_STORED
    click(shown.button)
    qtbot.waitUntil(lambda: shown.state is not State.SEARCHING, timeout=120_000)
    assert state(person) is State.FOUND
    assert "State Machine Safety falls" in shown.told.text()

    click(shown.open_button)
    discard(person)
    beside = person.window.conductor.comparing.beside
    assert beside is not None
    broken, whole = beside.branch(Kind.LEFT), beside.branch(Kind.RIGHT)
    assert (broken.name, whole.name) == ("the rule is broken", "the rule is whole")
    fallen: set[tuple[int, str]] = set()
    for _ in range(400):
        person.press("Right")
        fallen = {(one.branch, one.property.name) for one in beside.all_violations}
        if (broken.number, "state_machine_safety") in fallen:
            break
    assert (broken.number, "state_machine_safety") in fallen
    assert whole.number not in {branch for branch, _ in fallen}, "it is not fooled"
    person.press("I")
    assert person.window.compare.showing, "and the differences can be walked"

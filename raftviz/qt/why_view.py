"""Why: the selected thing, what led to it, what it caused; a path that one walks."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.branch_index import Indexes
from raftviz.picture.primitives import (
    Picked,
    PickedBreach,
    PickedEvent,
    PickedField,
    PickedMessage,
    Subject,
)
from raftviz.picture.theme import Theme
from raftviz.picture.why.explain import explain
from raftviz.picture.why.fields import event_of_field
from raftviz.picture.why.flights import flight_of
from raftviz.picture.why.page import MOST_STEPS, Page
from raftviz.picture.why.subjects import subject_at
from raftviz.picture.why.threads import Threads, all_threads
from raftviz.picture.why.walk import Walk, crumb
from raftviz.qt.guard import guarded
from raftviz.qt.later import View
from raftviz.qt.why_pieces import PresentCard, StepList, StepRow, label, say, show_if
from raftviz.raft.names import name
from raftviz.session.session import Session
from raftviz.sim.events import Acted, Woke
from raftviz.sim.history import FLIGHTS_PER_EVENT, Branch, History
from raftviz.sim.network import Flight

_SLICE = 20_000
"""Events that are read without a pause: a tenth of a second."""

_CRUMBS = 4
"""So many places of the way are named; of those before, there is a sign."""

_NOTHING_YET = (
    "Nothing has happened yet. Press Space to let time pass, or → to go to the first event; then "
    "click anything to see what led to it."
)
_LED, _CONTRADICTS = "What led to it", "What contradicts each other"
_PLAYING = "Time passes. Pause to look at what happened."


class WhyView(View):
    """A page of the walk. It follows what is selected and new until somebody walks."""

    event_wanted = Signal(int)
    """The number of an event that somebody wants to be just behind."""
    word_wanted = Signal(str)
    """Somebody wants to look up a word."""
    rule_wanted = Signal(str)
    """The id of a rule of the book that somebody wants to read."""
    said = Signal(str)
    """A sentence for the status line."""
    lit = Signal(object, object)
    """What is walked: the things to light up in the picture, and the events on the timeline."""

    context_wanted = Signal(int, QPoint)
    """Somebody wants to know what can be done at an event; with it goes a global point."""

    def __init__(
        self, selected: Callable[[], Picked | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selected = selected
        self._session: Session | None = None
        self._history: History | None = None
        self._branch: Branch | None = None
        self._threads: Indexes[Threads] | None = None
        self._catching_up = False
        self._shown: tuple[object, ...] = ()
        self._all = False
        self._seen = False
        self.walk = Walk()
        self.page: Page | None = None
        self.led = StepList(_LED)
        self.present = PresentCard()
        self.caused = StepList("What it caused")
        self._fill()
        for steps in (self.led, self.caused):
            steps.walked.connect(self.walk_to)
            steps.gone.connect(self.go_there)
            steps.moved.connect(self._move_from)
            steps.all_wanted.connect(self._show_all)
        self.present.gone.connect(self.go_there)
        self.present.rule_wanted.connect(self.rule_wanted)
        self.present.word_wanted.connect(self.word_wanted)
        self.present.button.moved.connect(lambda step: self._move_from(self.present.button, step))

    def _fill(self) -> None:
        self._back = _button("◀", "Back on the walk   Alt+Left", self.back)
        self._forward = _button("▶", "Forward on the walk   Alt+Right", self.forward)
        self._crumbs = QLabel()
        self._crumbs.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._crumbs.setAccessibleName("The way so far")
        self._crumbs.linkActivated.connect(lambda place: self._go_to_place(int(place)))
        top = QHBoxLayout()
        top.setContentsMargins(12, 8, 12, 6)
        top.addWidget(self._back)
        top.addWidget(self._forward)
        top.addSpacing(6)
        top.addWidget(self._crumbs, 1)
        self._note = label(tone="muted")
        self._note.setContentsMargins(16, 4, 16, 4)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(8, 4, 8, 12)
        self._column.setSpacing(8)
        for piece in (self.led, self.present, self.caused):
            self._column.addWidget(piece)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._note)
        column.addWidget(self.area, 1)
        self.setFocusProxy(self.present.button)

    # What is shown

    def show_session(self, session: Session) -> None:
        """Follow a session; while time passes nothing is made anew."""
        self._session = session
        if session.history is not self._history:
            self._history, self._threads = session.history, all_threads(session.history)
            self._branch, self.walk, self._shown = session.branch, Walk(), ()
        elif session.branch is not self._branch and self._branch is not None:
            shared = session.branch.shared_with(self._branch)
            self.walk = self.walk.kept(lambda subject: _is_before(subject, shared))
            self._branch = session.branch
        self._renew()

    def set_theme(self, theme: Theme) -> None:
        """The style sheet of the window says it all."""

    def look_at(self, thing: object) -> None:
        """Begin a walk at a thing."""
        if isinstance(thing, PickedField):
            thing = self._cause_of(thing)
        if isinstance(thing, Subject):
            self.walk = self.walk.to(thing)
            self._renew()
            self._light()  # the page may be the one that is shown, and only now walked to

    def _cause_of(self, picked: PickedField) -> Subject | None:
        """The event that made a field what it is."""
        session = self._session
        if session is None or self._threads is None:
            return None
        threads = self._threads.of(session.branch)
        threads.extend()
        number = event_of_field(threads, session.moment, picked)
        if number is None:
            self.said.emit(f"{name(picked.owner)}'s {picked.field} was so from the beginning.")
            return None
        return PickedEvent(number)

    def renew(self) -> None:
        """Something else is selected, or time stopped."""
        if self._seen:
            self._renew()

    def _renew(self) -> None:
        session = self._session
        if session is None or self._threads is None:
            return
        if session.playback.playing:
            say(self._note, _PLAYING)
            return
        threads = self._threads.of(session.branch)
        if not threads.extend(_SLICE):
            self._catch_up_later(threads)
            return
        moment, violations = session.moment, session.checker.violations
        subject = self.walk.subject or subject_at(moment, self._selected())
        shown = (session.branch, session.count, len(session.branch), subject, len(violations))
        if shown != self._shown:
            if self.page is None or subject != self.page.subject:
                self._all = False
            self._shown = shown
            page = None if subject is None else explain(threads, moment, subject, violations)
            self._show_page(page)
        elif self._note.text():
            say(self._note, "" if self.page is not None else _NOTHING_YET)
        self._show_way(session.branch)

    def _catch_up_later(self, threads: Threads) -> None:
        """A long history is read a slice at a time, so that the window stays quick."""
        say(
            self._note,
            f"Reading what has happened: {threads.read:,} of {len(threads.branch):,} events …",
        )
        if not self._catching_up:
            self._catching_up = True
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = False
        self._renew()

    def _show_page(self, page: Page | None) -> None:
        other = self.page is None or page is None or page.subject != self.page.subject
        self.page = page
        say(self._note, "" if page is not None else _NOTHING_YET)
        for piece in (self.led, self.present, self.caused):
            show_if(piece, page is not None)
        if page is not None and self._session is not None:
            most = len(page.led) + len(page.caused) if self._all else MOST_STEPS
            self.led.show_steps(page.led, most, self._began(page))
            self.present.show_page(page, here=page.event == self._session.count - 1)
            self.caused.show_steps(page.caused, most, "Nothing that is recorded came of it.")
            # Of what is broken there is no more to say than what contradicts each other.
            contradicts = isinstance(page.subject, PickedBreach)
            say(self.led.caption, _CONTRADICTS if contradicts else _LED)
            show_if(self.caused, not contradicts)
        # At once: or else one would see the page jump.
        self._column.activate()
        if other:
            self._bring_into_view()
        self._light()

    def _began(self, page: Page) -> str:
        """Where a chain ends: what there is to say where nothing led to it."""
        session = self._session
        if session is None or not isinstance(page.subject, PickedEvent):
            return "Nothing before it."
        event = session.branch[page.subject.number].event
        if isinstance(event, Acted):
            return "Nothing: somebody did this."
        if isinstance(event, Woke):
            return "Nothing: a client does this by itself."
        return "Nothing before it."

    def _bring_into_view(self) -> None:
        """The present thing in the middle, or as near as there is to see around it."""
        bar, card = self.area.verticalScrollBar(), self.present.geometry()
        bar.setValue(card.center().y() - self.area.viewport().height() // 2)

    def _show_all(self) -> None:
        self._all, self._shown = True, ()
        self._renew()

    def _light(self) -> None:
        if self._seen and self.walk.place > 0 and self.page is not None:
            self.lit.emit(self.page.lit, self.page.events[: MOST_STEPS * 2])
        else:
            self.lit.emit(frozenset(), ())

    # The way

    def _show_way(self, branch: Branch) -> None:
        self._back.setEnabled(self.walk.can_go_back)
        self._forward.setEnabled(self.walk.can_go_forward)
        first = max(1, self.walk.place - _CRUMBS + 1)
        places = [(0, "Now")] + [
            (place, crumb(subject, _flight(branch, subject)))
            for place, subject in enumerate(self.walk.steps, 1)
            if first <= place <= self.walk.place
        ]
        words = [
            f"<b>{text}</b>" if place == self.walk.place else f'<a href="{place}">{text}</a>'
            for place, text in places
        ]
        if first > 1:
            words.insert(1, "…")
        self._crumbs.setText(" › ".join(words))

    def walk_to(self, subject: object) -> None:
        """Go on to a thing; time does not move."""
        if isinstance(subject, Subject):
            seen = self.page.subject if self.page is not None else None
            self._take(self.walk.to(subject, seen))

    def back(self) -> None:
        """To where one was on the walk."""
        self._go_to_place(self.walk.place - 1)

    def forward(self) -> None:
        """To where one came back from."""
        self._go_to_place(self.walk.place + 1)

    def now(self) -> None:
        """To what is selected, or happened last; the way stays for *forward*."""
        self._go_to_place(0)

    def _go_to_place(self, place: int) -> None:
        self._take(self.walk.at(place))

    def _take(self, walk: Walk) -> None:
        focus: QWidget | None = self.window().focusWidget()
        within = focus is not None and self.isAncestorOf(focus)
        self.walk = walk
        self._renew()
        self._light()
        if within:
            self.present.button.setFocus()

    def up(self) -> None:
        """To what led to it: the chosen row, or the first."""
        self._walk_along(self.led)

    def down(self) -> None:
        """To what it caused: the chosen row, or the first."""
        self._walk_along(self.caused)

    def _walk_along(self, steps: StepList) -> None:
        rows = steps.seen()
        chosen = next((row for row in rows if row.hasFocus()), rows[0] if rows else None)
        if chosen is not None:
            chosen.walk()

    def go_there(self) -> None:
        """Let the cluster be seen as it was just behind the present thing."""
        if self.page is not None and self.page.event is not None:
            # Where one is stays where one is, also when this was only what happened last.
            self.walk = self.walk.to(self.page.subject)
            self.event_wanted.emit(self.page.event)

    # Rows by keys

    def _move_from(self, widget: QWidget, step: int) -> None:
        places: list[QWidget] = [*self.led.seen(), self.present.button, *self.caused.seen()]
        at = places.index(widget) + step if widget in places else 0
        if 0 <= at < len(places):
            places[at].setFocus()
            self.area.ensureWidgetVisible(places[at])

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click on a row, where no row stands any more."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.go_there()

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done at the event of a row, or at the present one."""
        keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        widget = self.focusWidget() if keys else self.childAt(event.pos())
        where = event.globalPos()
        if keys and widget is not None:
            where = widget.mapToGlobal(widget.rect().center())
        while widget is not None and widget is not self and not isinstance(widget, StepRow):
            widget = widget.parentWidget()
        number = self.page.event if self.page is not None else None
        if isinstance(widget, StepRow):
            number = _event_of(widget.step.target)
        if number is not None:
            self.context_wanted.emit(number, where)

    def show_seen(self, *, seen: bool) -> None:
        """What somebody walks is lit as long as the page can be seen."""
        self._seen = seen
        self._light()


def _event_of(subject: Subject | None) -> int | None:
    """The number of the event that a thing is, or that sent it."""
    match subject:
        case PickedEvent(number=number):
            return number
        case PickedMessage(flight_id=flight):
            return flight // FLIGHTS_PER_EVENT
    return None


def _is_before(subject: Subject, count: int) -> bool:
    """Whether a thing is among what two branches share, their first ``count`` events."""
    match subject:
        case PickedEvent(number=number):
            return number < count
        case PickedMessage(flight_id=flight):
            return flight // FLIGHTS_PER_EVENT < count
        case PickedBreach():
            return False
    return True


def _flight(branch: Branch, subject: Subject) -> Flight | None:
    return flight_of(branch, subject.flight_id) if isinstance(subject, PickedMessage) else None


def _button(text: str, tip: str, run: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip.split("   ", maxsplit=1)[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(run)
    return button

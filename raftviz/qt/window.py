"""The main window: it puts the views together, and carries out what needs more than one of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMainWindow,
    QMenu,
    QMenuBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from raftviz.picture.primitives import (
    Picked,
    PickedEntry,
    PickedEvent,
    PickedMessage,
    PickedServer,
)
from raftviz.picture.theme import LIGHT, Theme
from raftviz.playback import SPEEDS
from raftviz.qt import accessible
from raftviz.qt.branch_desk import BranchDesk
from raftviz.qt.canvas import ClusterCanvas
from raftviz.qt.cards import GAP, Dock, Island, card
from raftviz.qt.commands import BY_ID, COMMANDS, MENUS
from raftviz.qt.commands.command import REQUESTS_US, Command, key_text
from raftviz.qt.compare.desk import CompareDesk
from raftviz.qt.conductor import Conductor
from raftviz.qt.context import context_actions
from raftviz.qt.docking import dock_views
from raftviz.qt.filing import Filing, dropped_file
from raftviz.qt.guard import guarded
from raftviz.qt.inspector import Inspector
from raftviz.qt.later import Later
from raftviz.qt.layouts import Layouts
from raftviz.qt.lesson_desk import LessonDesk
from raftviz.qt.logs import LogsView
from raftviz.qt.looks import Looks
from raftviz.qt.own_lessons import OwnLessons
from raftviz.qt.preferences import Preferences
from raftviz.qt.presenter import Presenter
from raftviz.qt.recent import RecentMenu
from raftviz.qt.stepping import Stepping
from raftviz.qt.students import Students
from raftviz.qt.style import palette_of, sheet_of
from raftviz.qt.timeline import TimelineView
from raftviz.qt.transport import Transport
from raftviz.qt.why import WhyBand
from raftviz.raft.names import name
from raftviz.session.progress import Progress
from raftviz.session.session import Session
from raftviz.shelf import shipped_scenarios
from raftviz.sim import acts
from raftviz.sim.acts import Choice
from raftviz.sim.client import some_command
from raftviz.sim.host import Host
from raftviz.sim.network import Flight
from raftviz.sim.settings import Settings
from raftviz.sim.targets import choice_of

if TYPE_CHECKING:
    from raftviz.qt.accidents import Accidents
    from raftviz.qt.act_recorder import ActRecorder
    from raftviz.qt.tour import Tour
    from raftviz.qt.welcome import Welcome

# Dialogs are imported when they are asked for, so that the window is there sooner.
# ruff: noqa: PLC0415


def tip_of(command: Command, now: str = "") -> str:
    """What a command does, what it would do ``now`` if its title does not say so, and its keys."""
    lead = f"{command.about} Now: {now}." if now not in ("", command.title) else command.about
    return "   ".join([lead, "  ".join(map(key_text, command.keys))]).rstrip()


class Window(QMainWindow):
    """The window on one session."""

    conductor: Conductor
    looks: Looks
    layouts: Layouts
    presenter: Presenter
    lessons: LessonDesk
    students: Students
    own_lessons: OwnLessons
    stepping: Stepping
    canvas: ClusterCanvas
    why: WhyBand
    transport: Transport
    branches: BranchDesk
    compare: CompareDesk
    filing: Filing

    def __init__(
        self,
        conductor: Conductor,
        theme: Theme = LIGHT,
        preferences: Preferences | None = None,
        progress: Progress | None = None,
    ) -> None:
        super().__init__()
        self.conductor = conductor
        conductor.setParent(self)
        self.theme = theme
        self.resize(1600, 1000)
        accessible.install()
        self.command_actions = {command.id: self._action(command) for command in COMMANDS}
        self.canvas = ClusterCanvas()
        self.why = WhyBand()
        self.logs = LogsView()
        self.timeline = TimelineView()
        self.inspector = Inspector()
        self.transport = Transport(self.command_actions)
        self.later: dict[str, Later] = {}
        self.docks: dict[str, Dock] = {}
        self.below: list[str] = []
        self.branches = BranchDesk(self)
        self.compare = CompareDesk(self, self._show_context_menu)
        self._requests_sent = 0
        self._walked: frozenset[Picked] = frozenset()
        self._pointed: frozenset[Picked] = frozenset()
        self._lit: tuple[int, ...] = ()
        self.stepping = Stepping(conductor, self)
        self._lay_out()
        self._fill_menus()
        self._connect()
        self.presenter = Presenter(self)
        self.lessons = LessonDesk(self, progress)
        self.lessons.changed.connect(self._lesson_changed)
        self.students = Students(self)
        self.own_lessons = OwnLessons(self)
        self.tour: Tour | None = None
        self.recorder: ActRecorder | None = None
        self.welcome: Welcome | None = None
        self.looks = Looks(self, preferences or Preferences())
        self.layouts = Layouts(self, self.looks.preferences)
        self._dress(None if preferences else theme)
        self.filing = Filing(self)
        self.filing.changed.connect(self._show_file)
        self.accidents: Accidents | None = None
        self.recent = RecentMenu(self.filing, self.looks.preferences, self)
        self.command_actions["recent"].setMenu(self.recent)
        self.setAcceptDrops(True)
        self._show_file()
        self._session_changed()

    # Putting together

    def _dress(self, theme: Theme | None) -> None:
        """Wear a theme; without one, look as somebody left it."""
        if theme is None:
            self.looks.dress()
            self.layouts.restore()
        else:
            self.looks.wear(theme)

    def _action(self, command: Command) -> QAction:
        action = QAction(command.title, self)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setToolTip(tip_of(command))
        action.setStatusTip(command.about)
        action.setIconText(command.short or command.title)
        action.triggered.connect(lambda: self._run(command))
        self.addAction(action)
        return action

    def _run(self, command: Command) -> None:
        command.run(self)
        self.update_actions()

    def _lay_out(self) -> None:
        middle = QWidget()
        self._middle = column = QVBoxLayout(middle)
        column.setSpacing(0)
        picture = card(self.canvas, Island(self.why), margin=12)
        column.addWidget(picture)
        self.pages = QStackedWidget()
        self.pages.addWidget(middle)
        self.setCentralWidget(self.pages)
        self.stand_at_edges(at_edges=False)
        self.setMenuWidget(self._top())
        dock_views(self)
        self.statusBar().setSizeGripEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def stand_at_edges(self, *, at_edges: bool) -> None:
        """Whether the picture has nothing beside and below it, and so keeps away from the edges."""
        far = GAP if at_edges else 0
        self._middle.setContentsMargins(GAP, GAP, far, far)

    def show_view(self, name: str) -> None:
        """Bring a view to the front, by the name on its tab, and give it the keys."""
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        dock.view.setFocus()

    def look_at(self, name: str, thing: object) -> None:
        """Show a thing in a view, which comes to the front."""
        self.show_view(name)
        view = self.later[name].view
        if view is not None:
            view.look_at(thing)

    def _ask_of_last(self, broken: bool) -> None:  # noqa: FBT001 - a slot
        """What led to the last event, or what contradicts each other if it broke something."""
        if broken:
            self.command_actions["contradiction"].trigger()
        else:
            self.conductor.pause()
            count = self.conductor.session.count
            self.look_at("Why", PickedEvent(count - 1) if count else None)

    def _light(self, things: frozenset[Picked], events: tuple[int, ...]) -> None:
        """Light up what somebody walks along."""
        self._walked, self._lit = things, events
        self._show_light()

    def _point(self, things: frozenset[Picked]) -> None:
        """Light up what somebody points at in a view."""
        self._pointed = things
        self._show_light()

    def _show_light(self) -> None:
        things = self._walked | self._pointed
        self.canvas.set_highlighted(things, by="window")
        self.timeline.set_lit(self._lit)
        self.compare.light(things, self._lit)

    def _top(self) -> QWidget:
        """The menu bar and the transport, one below the other, over the whole width."""
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.menu_bar = QMenuBar()
        column.addWidget(self.menu_bar)
        column.addWidget(self.transport)
        return top

    def _fill_menus(self) -> None:
        menus = {title: self.menu_bar.addMenu(title) for title in MENUS}
        parts: dict[tuple[str, str], QMenu] = {}
        for command in COMMANDS:
            menu = menus[command.menu]
            if command.submenu:
                place = (command.menu, command.submenu)
                menu = parts.get(place) or parts.setdefault(place, menu.addMenu(command.submenu))
            elif command.separator:
                menu.addSeparator()
            menu.addAction(self.command_actions[command.id])
        scenarios = self.scenarios = QMenu("Scenarios", self)
        for scenario, path in shipped_scenarios().items():
            action = scenarios.addAction(scenario.replace("-", " ").capitalize())
            action.triggered.connect(lambda _=False, path=path: self.open_scenario(str(path)))
        menus["File"].insertMenu(self.command_actions["recent"], scenarios)
        menus["View"].addSeparator()
        for dock in self.docks.values():
            menus["View"].addAction(dock.toggleViewAction())
        for title, menu in menus.items():
            menu.aboutToShow.connect(self.update_actions)
            menu.setToolTipsVisible(title != "View")

    def _connect(self) -> None:
        conductor = self.conductor
        conductor.session_changed.connect(self._session_changed)
        conductor.moment_changed.connect(self._show_moment)
        conductor.playback_changed.connect(self._show_playback)
        conductor.selection_changed.connect(self._show_selection)
        conductor.pointed_changed.connect(self._point)
        conductor.look_wanted.connect(self.look_at)
        conductor.lit.connect(self._light)
        conductor.said.connect(lambda words: self.statusBar().showMessage(words, 12_000))
        self.transport.speed_wanted.connect(lambda at: conductor.set_speed(SPEEDS[at]))
        self.transport.kind_wanted.connect(self.stepping.choose)
        self.stepping.kind_changed.connect(lambda: self.transport.show_kind(self.stepping.kind))
        self.canvas.picked.connect(conductor.select)
        self.canvas.acted.connect(conductor.dispatch)
        self.canvas.rules_asked.connect(self.command_actions["variants"].trigger)
        self.canvas.context_wanted.connect(self._show_context_menu)
        self.timeline.seek_wanted.connect(conductor.seek)
        self.timeline.message_picked.connect(lambda flight: conductor.select(PickedMessage(flight)))
        self.timeline.event_picked.connect(conductor.seek_event)
        self.branches.connect_timeline(self.timeline)
        self.logs.server_picked.connect(lambda server: conductor.select(PickedServer(server)))
        self.logs.entry_picked.connect(
            lambda server, index, term: conductor.select(PickedEntry(server, index, term))
        )
        self.logs.context_wanted.connect(self._show_context_menu)
        self.inspector.why_wanted.connect(self.command_actions["why"].trigger)
        self.inspector.field_asked.connect(lambda field: self.look_at("Why", field))
        self.why.asked.connect(self._ask_of_last)
        for view in (self.why, self.inspector):
            view.word_wanted.connect(self.look_up)

    def show_welcome(self) -> None:
        """Show what one can begin with."""
        from raftviz.qt.welcome import Welcome

        if self.welcome is not None:
            self.welcome.deleteLater()
        self.welcome = Welcome(self)
        self.welcome.cover()

    def record_acts(self) -> None:
        """Begin to record what is done, or stop and show it."""
        from raftviz.qt.act_recorder import ActRecorder

        self.recorder = self.recorder or ActRecorder(self)
        self.recorder.toggle()

    def take_tour(self) -> None:
        """Point at what is where, for half a minute."""
        from raftviz.qt.tour import Tour

        self.tour = self.tour or Tour(self)
        self.tour.begin()

    def show_rule(self, rule: str) -> None:
        """Show a rule in the book, by its id."""
        from raftviz.qt.rules import RulesView

        self.show_view("Rules")
        view = self.later["Rules"].view
        assert isinstance(view, RulesView)
        view.choose(rule)

    def look_up(self, word: str) -> None:
        """Show a word of the glossary."""
        self.look_at("Glossary", word)

    # Showing

    def set_theme(self, theme: Theme) -> None:
        """Dress the whole window anew."""
        self.theme = theme
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.setPalette(palette_of(theme))
        self.setStyleSheet(sheet_of(theme))
        for view in (self.canvas, self.logs, self.timeline, self.branches, self.compare):
            view.set_theme(theme)
        for later in self.later.values():
            later.set_theme(theme)
        self._show_playback()

    def _session_changed(self) -> None:
        self._requests_sent = 0
        self._show_moment()
        self._show_playback()
        self._show_selection()
        self.timeline.fit_all()

    def _show_moment(self) -> None:
        session = self.conductor.session
        if self.compare.showing:
            self.compare.show_moment()
        else:
            self._show_one(session)
        moment = session.moment
        self.inspector.show_moment(moment, self.conductor.selected, session.bookmarks)
        self.transport.show_session(session)
        self.presenter.show_moment()
        for view in self.later.values():
            view.show_session(session)
        self.update_actions()

    def _show_one(self, session: Session) -> None:
        """The views that show one line; while two are compared, nobody sees them."""
        moment, violations = session.moment, session.violations
        self.canvas.set_broken({s: v.property.title for v in violations for s in v.servers})
        self.canvas.show_picture(moment, session.time_us)
        self.timeline.set_violations(
            [(v.time_us, sorted(v.servers), v.property.title) for v in violations]
        )
        self.timeline.set_bookmarks(session.bookmarks)
        self.timeline.show_moment(moment)
        self.logs.show_moment(moment)
        self.why.show_moment(moment, violations)

    def _lesson_changed(self) -> None:
        self.presenter.show_moment()
        self.update_actions()

    def _show_playback(self) -> None:
        session = self.conductor.session
        self.transport.set_theme(self.theme, playing=session.playback.playing)
        self.transport.show_playback(session)

    def _show_selection(self) -> None:
        conductor = self.conductor
        self.canvas.set_selected(conductor.selected)
        entry = conductor.selected
        index = entry.index if isinstance(entry, PickedEntry) else 0
        self.logs.set_selected(conductor.selected_server or 0, index)
        self.compare.show_selection()
        session = conductor.session
        self.inspector.show_moment(session.moment, conductor.selected, session.bookmarks)
        self.presenter.show_moment()
        self.update_actions()

    def update_actions(self) -> None:
        """Ask all commands whether they can run now, and what they say."""
        for command in COMMANDS:
            action = self.command_actions[command.id]
            action.setEnabled(command.can(self))
            if command.says is not None:
                words = command.says(self)
                if words != action.text():
                    action.setText(words)
                    action.setToolTip(tip_of(command, words))

    def _show_context_menu(self, picked: object, at: QPoint) -> None:
        self.branches.pop_up(self.context_actions(picked), at)

    def context_actions(self, picked: object) -> Iterator[QAction]:
        """What can be done to a thing; the thing is selected first, as the commands act on that."""
        return context_actions(self, picked)

    # What commands need of the window

    def selected_host(self) -> Host | None:
        """The selected server's host as it is now."""
        server = self.conductor.selected_server
        moment = self.conductor.session.moment
        if server is None or server not in moment.history.start.hosts:
            return None
        return moment.history.host_at(moment.branch, server, moment.count)

    def selected_choice(self) -> Choice | None:
        """The selected message in the words of acts, if it is in flight."""
        flight = self.selected_flight()
        return None if flight is None else choice_of(flight)

    def selected_flight(self) -> Flight | None:
        """The selected message, if it is in flight."""
        number, session = self.conductor.selected_message, self.conductor.session
        return None if number is None else session.branch.flights(session.count)[number]

    def select_server(self, server: int) -> None:
        """Select a server by its number."""
        self.conductor.select(PickedServer(server))

    def send_request(self, *, to_selected: bool = False) -> None:
        """Send a request whose value counts up, so that one tells them apart."""
        self._requests_sent += 1
        number = self._requests_sent
        machine = self.conductor.session.history.settings.options.machine
        command = some_command(machine, "abc"[number % 3], number, -1)
        target = self.conductor.selected_server if to_selected else None
        self.conductor.dispatch(acts.Request(command, target))

    def toggle_requests(self) -> None:
        """Begin or stop the steady requests."""
        clients = self.conductor.session.moment.state.clients.values()
        steady = any(client.every_us for client in clients)
        self.conductor.dispatch(acts.SetRequests(0 if steady else REQUESTS_US))

    def isolate_selected(self) -> None:
        """Partition the selected server from all others."""
        server = self.conductor.selected_server
        if server is not None:
            self.conductor.dispatch(acts.Partition(((server,),)))

    def ask_partition(self) -> None:
        """Ask who is on which side, with a majority and a minority to begin with."""
        servers = list(self.conductor.session.history.start.hosts)
        minority = (len(servers) - 1) // 2
        sides = (servers[:minority], servers[minority:])
        self.prompt_act("partition " + " | ".join(" ".join(map(name, side)) for side in sides))

    def prompt_act(self, text: str = "") -> None:
        """Ask for an act in words."""
        from raftviz.qt.prompt import ActPrompt

        prompt = ActPrompt(len(self.conductor.session.history.start.hosts), text, self)
        prompt.act_wanted.connect(self.conductor.dispatch)
        self._show_dialog(prompt)

    def toggle_theme(self) -> None:
        """Light if dark, dark if light."""
        self.looks.choose_theme("light" if self.theme.dark else "dark")

    def fit_timeline(self) -> None:
        """Show all of the timeline."""
        (self.compare if self.compare.showing else self.timeline).fit_all()

    def new_cluster(self) -> None:
        """Ask for a fresh cluster, and begin with it."""
        self.filing.ask_before(self._ask_for_cluster)

    def _ask_for_cluster(self) -> None:
        from raftviz.qt.dialogs import NewCluster

        dialog = NewCluster(self.conductor.session.history.settings, self)
        dialog.settings_wanted.connect(self._begin)
        self._show_dialog(dialog)

    def _begin(self, settings: Settings) -> None:
        self.conductor.open(Session.of_settings(settings))
        self.conductor.play()

    def open_scenario(self, path: str) -> None:
        """Open a file; one that cannot be read leaves everything as it is."""
        self.filing.open_path(path)

    def show_recent(self) -> None:
        """Let somebody choose among the files that were open last."""
        self.recent.popup(self.menu_bar.mapToGlobal(self.menu_bar.rect().bottomLeft()))

    def protect(self, folder: Path) -> None:
        """Keep copies for the case of an accident in a folder, and offer what is there."""
        from raftviz.qt.accidents import Accidents

        self.accidents = Accidents(self, folder)
        self.accidents.offer()

    def _show_file(self) -> None:
        self.setWindowTitle(f"{self.filing.title.replace('[*]', '')}[*] — raftviz")
        self.setWindowModified(self.filing.is_modified)

    def save_picture(self) -> None:
        """Ask for a place and save what the window shows."""
        path, _ = QFileDialog.getSaveFileName(self, "Save picture", "raftviz.png", "PNG (*.png)")
        if path and not self.grab().save(str(Path(path).with_suffix(".png"))):
            self.conductor.said.emit(f"{path} cannot be written. Nothing was saved.")

    def show_palette(self) -> None:
        """Find a command by typing."""
        from raftviz.qt.palette import CommandPalette

        palette = CommandPalette(lambda command: command.can(self), self)
        palette.chosen.connect(lambda command: self._run(BY_ID[command]))
        self._show_dialog(palette)

    def show_keys(self) -> None:
        """Show every key."""
        from raftviz.qt.dialogs import Keys

        self._show_dialog(Keys(COMMANDS, self))

    def show_about(self) -> None:
        """Say what raftviz is."""
        from raftviz.qt.dialogs import About

        self._show_dialog(About(self))

    def _show_dialog(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped here."""
        if dropped_file(event.mimeData()):
            event.acceptProposedAction()

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        """Open a file that is dropped, once whoever drops it has let go."""
        file = dropped_file(event.mimeData())
        event.acceptProposedAction()
        QTimer.singleShot(0, self, lambda: self.filing.open_path(file))

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop time, so that no timer outlives the window, and remember where everything is.

        Who did something that is in no file is asked first.
        """
        if not self.filing.may_close():
            event.ignore()
            return
        self.conductor.comparing.stop()
        self.conductor.rest()
        for later in self.later.values():
            later.let_go()
        if self.accidents is not None:
            self.accidents.finish()
        if self.presenter.showing:
            self.presenter.toggle()
        self.layouts.remember()
        self.looks.forget()
        event.accept()

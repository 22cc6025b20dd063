"""A window under a person's hands, and a clock that only this person moves."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from raftviz.picture.primitives import PickedMessage, PickedServer
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.conductor import Conductor
from raftviz.qt.window import Window
from raftviz.raft.server import Leader
from raftviz.session.session import Session
from raftviz.sim.history import State
from raftviz.sim.host import Host


class Clock:
    """Wall-clock seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Person:
    """Somebody at the window: presses keys, moves the mouse, lets time pass, looks."""

    def __init__(self, window: Window, clock: Clock) -> None:
        self.window = window
        self.clock = clock

    @property
    def session(self) -> Session:
        return self.window.conductor.session

    @property
    def state(self) -> State:
        return self.session.moment.state

    def leader(self) -> Host:
        """The server that runs and leads the highest term."""
        leaders = [
            host
            for host in self.state.hosts.values()
            if host.is_up and isinstance(host.server.role, Leader)
        ]
        return max(leaders, key=lambda host: host.server.current_term)

    def press(self, key: str) -> None:
        """Press a key as it is named in the table of commands."""
        QTest.keySequence(self.window, key)

    def wait(self, seconds: float, frames: int = 10) -> None:
        """Let time pass, in so many frames."""
        for _ in range(frames):
            self.clock.now_s += seconds / frames
            self.window.conductor.tick()

    def server_at(self, server: int) -> QPoint:
        """Where a server is on the canvas."""
        picture = self.window.canvas.picture
        assert picture is not None
        sign = next(sign for sign in picture.servers if sign.id == server)
        return QPoint(round(sign.x), round(sign.y))

    def click_server(self, server: int) -> None:
        QTest.mouseClick(self.window.canvas, Qt.MouseButton.LeftButton, pos=self.server_at(server))

    def click_button(self, command: str) -> None:
        """Click a button of the bar at the top."""
        button = self.window.transport.button(command)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def choose(self, command: str) -> None:
        """Choose an entry of the context menu of what is selected."""
        selected = self.window.conductor.selected
        actions = {a.objectName(): a for a in self.window.context_actions(selected)}
        assert actions[command].isEnabled(), f"{command} is greyed out"
        actions[command].trigger()

    def selected_server(self) -> int | None:
        picked = self.window.conductor.selected
        return picked.id if isinstance(picked, PickedServer) else None

    def selected_message(self) -> int | None:
        picked = self.window.conductor.selected
        return picked.flight_id if isinstance(picked, PickedMessage) else None


@contextmanager
def at_window(qtbot: QtBot, session: Session, theme: Theme = LIGHT) -> Iterator[Person]:
    """A person at a window that is shown and active, and closed afterwards."""
    clock = Clock()
    window = Window(Conductor(session, clock=clock), theme)
    qtbot.addWidget(window)
    window.resize(1600, 1000)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield Person(window, clock)
    window.filing.let_go()
    window.close()

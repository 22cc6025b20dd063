"""Ten situations that the window is to show well: what one looks at before a release, and in tests.

``python -m tests.pictures.situations FOLDER`` saves each of them, light and dark, to look at; with
``--reference`` instead of a folder, as the small pictures that the tests compare with.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from raftviz.application import application
from raftviz.bench.frames import busy_world
from raftviz.checks.checker import Checker
from raftviz.checks.properties import ELECTION_SAFETY
from raftviz.picture.layouts import PRESENTER
from raftviz.picture.primitives import PickedServer
from raftviz.picture.theme import DARK, LIGHT, Theme
from raftviz.qt.window import Window
from raftviz.raft.cluster import Options
from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.messages import InstallSnapshotRequest
from raftviz.raft.server import Persistent
from raftviz.session.session import Session
from raftviz.sim import acts
from raftviz.sim.scenario import parse_scenario
from raftviz.sim.settings import Settings
from raftviz.sim.units import ms
from raftviz.sources import open_session
from raftviz.still import still_window

SIZE = (1600, 1000)

TWO_LEADERS = """raft 1
title "A vote that was forgotten"
cluster 3 seed=1
variant vote_not_persisted
timeout S1
drop RequestVote S1 -> S3
until leader == S1 within 500ms
partition S1 | S2 S3
crash S2
restart S2
timeout S3
until leaders == 2 within 500ms
run 5ms
"""


def quiet() -> Session:
    return at("quiet-cluster", 1_500)


def split_vote() -> Session:
    session = at("split-vote", None)
    session.seek(session.bookmarks[0].time_us + ms(17))
    return session


def partition() -> Session:
    session = at("partition", None)
    session.seek(session.bookmarks[0].time_us + ms(215))
    return session


def repair() -> Session:
    session = at("figure-7", None)
    session.seek(ms(56))
    return session


def snapshot() -> Session:
    """A follower that was away gets a snapshot."""
    options = Options(snapshot_every=8, chunk=60)
    session = Session.of_settings(Settings(seed=4, requests_us=ms(40), options=options))
    played(session, 600)
    session.dispatch(acts.Crash(2))
    played(session, 1_900)
    session.dispatch(acts.Restart(2))
    restarted_us = session.time_us
    while True:
        session.step()
        for flight in session.moment.state.flights.values():
            is_snapshot = isinstance(flight.message, InstallSnapshotRequest)
            if is_snapshot and flight.sent_us > restarted_us:
                played(session, session.time_us / 1000 + 5)
                return session


def violation() -> Session:
    session = Session.of_scenario(parse_scenario(TWO_LEADERS))
    fell = next(v for v in session.checker.violations if v.property is ELECTION_SAFETY)
    session.seek_event(fell.event)
    return session


def long_logs() -> Session:
    """100,000 entries, the last of them not yet everywhere."""
    # Only those in view hold commands: executing all of them would take seconds.
    first = 100_000 - 200
    entries = (
        Entry(i, 1 + i // 30_000, Command(f"x={i % 97}"))
        if i > first
        else Entry(i, 1 + i // 30_000)
        for i in range(1, 100_001)
    )
    log = Log(entries)
    start = {server: Persistent(4, 0, log) for server in range(1, 6)}
    session = Session.of_settings(Settings(seed=3, requests_us=ms(25), start=start))
    return played(session, 700)


def crowd() -> Session:
    world = busy_world(9, 200)
    session = Session(world.history, Checker(world.history), "Nine servers, 200 messages")
    session.seek(world.time_us)
    return session


def at(name: str, at_ms: float | None) -> Session:
    session = open_session(name)
    if at_ms is not None:
        session.seek(ms(at_ms))
    return session


def played(session: Session, until_ms: float) -> Session:
    while session.time_us < ms(until_ms):
        session.step()
    return session


def as_it_is(window: Window) -> None:
    """Nothing is done at the window."""


def with_leader_chosen(window: Window) -> None:
    state = window.conductor.session.moment.state
    leads = max(state.hosts.values(), key=lambda host: host.server.current_term)
    window.conductor.select(PickedServer(leads.id))


def presented(window: Window) -> None:
    theme = window.theme
    window.layouts.choose(PRESENTER)
    window.showNormal()
    window.resize(*SIZE)
    if theme.dark:
        window.looks.wear(theme)


def welcomed(window: Window) -> None:
    window.show_welcome()


SITUATIONS: dict[str, tuple[Callable[[], Session], Callable[[Window], None]]] = {
    "quiet-cluster": (quiet, with_leader_chosen),
    "split-vote": (split_vote, as_it_is),
    "partition": (partition, as_it_is),
    "repair-of-a-follower": (repair, with_leader_chosen),
    "snapshot": (snapshot, as_it_is),
    "violation": (violation, as_it_is),
    "100000-entries": (long_logs, as_it_is),
    "nine-servers-200-messages": (crowd, as_it_is),
    "presenter": (quiet, presented),
    "welcome": (quiet, welcomed),
}
"""What there is to see, and what is done at the window."""


def window_of(name: str, theme: Theme) -> Window:
    """The window in a situation."""
    begin, do = SITUATIONS[name]
    session = begin()
    window = still_window(session, theme, SIZE)
    session.seek(session.time_us)
    do(window)
    window.conductor.moment_changed.emit()
    for _ in range(4):
        QApplication.processEvents()
    return window


THEMES = (LIGHT, DARK)


def file_name(name: str, theme: Theme) -> str:
    return f"{name}-{theme.name}.png"


def save_all(folder: Path, wide: int) -> None:
    """Save every situation in both themes, so many pixels wide."""
    application(screen=False)
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        for name in SITUATIONS:
            window = window_of(name, theme)
            image = window.grab().toImage()
            image.scaledToWidth(wide, SMOOTHLY).save(str(folder / file_name(name, theme)))
            window.filing.let_go()
            window.close()


REFERENCE = Path(__file__).parent / "reference"
REFERENCE_WIDTH = 320
SMOOTHLY = Qt.TransformationMode.SmoothTransformation


if __name__ == "__main__":
    if sys.argv[1:] == ["--reference"]:
        save_all(REFERENCE, REFERENCE_WIDTH)
    else:
        save_all(Path(sys.argv[1]), SIZE[0])

"""The small windows: a new cluster, the list of keys, about."""

import random
from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from raftviz import __version__
from raftviz.qt.chooser import Chooser
from raftviz.qt.commands import MENUS
from raftviz.qt.commands.command import REQUESTS_US, Command, key_text
from raftviz.qt.counter import Counter
from raftviz.qt.fonts import mono_font
from raftviz.raft.cluster import Options
from raftviz.raft.machine import MACHINES
from raftviz.sim.settings import Settings

SCREEN_SERVERS = 9
"""The most servers the window begins with: as many as there are digits to select them."""


class NewCluster(QDialog):
    """Asks how large a fresh cluster is to be."""

    settings_wanted = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New cluster")
        form = QFormLayout()
        self.servers = Counter(1, SCREEN_SERVERS, min(settings.servers, SCREEN_SERVERS))
        # A new cluster is a new run unless one asks for the same: only here is chance not keyed.
        self.seed = Counter(
            0,
            2**31 - 1,
            random.randint(1, 9999),
            "Everything random follows from the seed: the same one, the same run.",
        )
        self.requests = QCheckBox("A client sends a request every 100 ms")
        self.requests.setChecked(bool(settings.requests_us))
        options = settings.options
        self.batch = Counter(1, 1000, options.batch, "Commands that are sent together; 1: at once.")
        self.pipeline = Counter(
            1, 100, options.pipeline, "Appends to one follower that may be unanswered."
        )
        self.snapshot_every = Counter(
            0, 10_000, options.snapshot_every, "Entries after which the log is compacted; 0: never."
        )
        self.machine = Chooser()
        self.machine.addItems(list(MACHINES))
        self.machine.setCurrentText(options.machine)
        self.no_op = QCheckBox("A new leader appends an empty entry")
        self.no_op.setChecked(options.no_op)
        form.addRow("Servers", self.servers)
        form.addRow("Seed", self.seed)
        form.addRow("", self.requests)
        form.addRow("Batch", self.batch)
        form.addRow("Pipeline", self.pipeline)
        form.addRow("Snapshot every", self.snapshot_every)
        form.addRow("State machine", self.machine)
        form.addRow("", self.no_op)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(14)
        column.addLayout(form)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self._begin)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _begin(self) -> None:
        every = REQUESTS_US if self.requests.isChecked() else 0
        options = Options(
            no_op=self.no_op.isChecked(),
            batch=self.batch.value(),
            pipeline=self.pipeline.value(),
            snapshot_every=self.snapshot_every.value(),
            machine=self.machine.currentText(),
        )
        self.settings_wanted.emit(
            Settings(
                servers=self.servers.value(),
                seed=self.seed.value(),
                requests_us=every,
                options=options,
            )
        )
        self.accept()


class Keys(QDialog):
    """Every command with its keys, by menu."""

    def __init__(self, commands: Iterable[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.resize(900, 640)
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(24, 18, 24, 18)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        row = 0
        shown = list(commands)
        for menu in MENUS:
            head = QLabel(menu)
            head.setProperty("tone", "accent")
            grid.addWidget(head, row, 0, 1, 3)
            row += 1
            for command in shown:
                if command.menu != menu or not command.keys:
                    continue
                keys = QLabel("  ".join(map(key_text, command.keys)))
                keys.setFont(mono_font(10, bold=True))
                about = QLabel(command.about)
                about.setProperty("tone", "muted")
                about.setWordWrap(True)
                grid.addWidget(keys, row, 0)
                grid.addWidget(QLabel(command.title), row, 1)
                grid.addWidget(about, row, 2)
                row += 1
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)


class About(QDialog):
    """What raftviz is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About raftviz")
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        text = QLabel(
            f"<h2>raftviz {__version__}</h2>"
            "<p>Watch the Raft consensus algorithm work, stop it, and break it.</p>"
            "<p>The algorithm follows Diego Ongaro and John Ousterhout, <i>In Search of an "
            "Understandable Consensus Algorithm</i> (2014), and Diego Ongaro's dissertation. "
            "What you see is the algorithm itself: nothing on the screen is faked.</p>"
            "<p>MIT licence.</p>"
        )
        text.setWordWrap(True)
        text.setMinimumWidth(420)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

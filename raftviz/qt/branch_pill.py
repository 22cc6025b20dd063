"""The branch that is looked at, in the bar at the top: its sign, its name, and a list of all."""

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.branch_signs import branch_icon
from raftviz.qt.plain import plain_tip
from raftviz.session.session import Session

_WIDEST_PX = 130


class BranchPill(QToolButton):
    """A button with the branch's name. Whoever owns it fills ``list`` before it is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pill")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.list = QMenu(self)
        self.clicked.connect(self.open_list)
        self._theme = LIGHT
        self._colour = 0
        self._shown: tuple[object, ...] = ()

    def set_theme(self, theme: Theme) -> None:
        """Take the sign in the colours of ``theme``."""
        if theme is not self._theme:
            self._theme = theme
            self.setIcon(branch_icon(theme, self._colour))

    def show_session(self, session: Session) -> None:
        """Show the branch that is looked at."""
        branch = session.branch
        label, several = branch.label, len(session.history.visible)
        shown = (label.name, label.note, label.colour, several)
        if shown == self._shown:
            return
        self._shown = shown
        metrics = QFontMetricsF(self.font())
        name = metrics.elidedText(label.name, Qt.TextElideMode.ElideMiddle, _WIDEST_PX)
        self.setText(f"{name.replace('&', '&&')} ▾")
        self._colour = label.colour
        self.setIcon(branch_icon(self._theme, label.colour))
        count = "the only branch" if several == 1 else f"one of {several} branches"
        lines = [f"“{label.name}”, {count}", label.note, "Click for a list of all   Alt+B"]
        self.setToolTip(plain_tip("\n".join(line for line in lines if line)))
        self.setAccessibleName(f"Branch {label.name}, {count}")

    def open_list(self) -> None:
        """Show the list below the button."""
        self.list.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

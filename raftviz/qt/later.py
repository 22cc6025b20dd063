"""Views that are made when they are first seen, and that cost nothing while they are not."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from raftviz.picture.theme import Theme
from raftviz.session.session import Session


class View(QWidget):
    """What shows a session in its own way."""

    def show_session(self, session: Session) -> None:
        """Show the session as it is at its cursor. Called for every frame while time passes."""
        raise NotImplementedError

    def set_theme(self, theme: Theme) -> None:
        """Paint in the colours of ``theme`` from now on."""
        raise NotImplementedError

    def look_at(self, thing: object) -> None:
        """Show this thing, of those that the view is about."""

    def show_seen(self, *, seen: bool) -> None:
        """Whether somebody can see the view now: what it lights up elsewhere goes out with it."""

    def let_go(self) -> None:
        """The window closes: end what goes on for this view."""


class Later(QWidget):
    """The place of a view. ``make`` imports and makes it when the place is first seen."""

    def __init__(self, name: str, make: Callable[[], View]) -> None:
        super().__init__()
        self._make = make
        self._session: Session | None = None
        self._theme: Theme | None = None
        self._dressed: Theme | None = None
        self._seen = False
        self.view: View | None = None
        """The view itself, once it has been seen."""
        self.setAccessibleName(name)

    def show_session(self, session: Session) -> None:
        """Tell the view, if somebody can see it."""
        self._session = session
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        """Dress the view, if somebody can see it."""
        self._theme = theme
        self._tell()

    def set_seen(self, seen: bool) -> None:  # noqa: FBT001 - a slot, called with a dock's word
        """Whether somebody can see the place: a tab behind another is shown, as Qt has it."""
        self._seen = seen
        if seen and self.view is None:
            self.view = self._make()
            around = QVBoxLayout(self)
            around.setContentsMargins(0, 0, 0, 0)
            around.addWidget(self.view)
            self.view.show()  # the layout would do it, but only later
            self.setFocusProxy(self.view)
        self._tell()
        if self.view is not None:
            self.view.show_seen(seen=seen)

    def let_go(self) -> None:
        """The window closes."""
        if self.view is not None:
            self.view.let_go()

    def _tell(self) -> None:
        view = self.view
        if view is None or not self._seen:
            return
        if self._theme is not None and self._theme is not self._dressed:
            self._dressed = self._theme
            view.set_theme(self._theme)
        if self._session is not None:
            view.show_session(self._session)

"""What the window remembers of how somebody likes it. What is kept there wrongly is passed over."""

from PySide6.QtCore import QByteArray, QSettings

SCALES = (0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
"""How much larger words can be."""

MOST_RECENT = 10
"""As many files as a list shows without a search."""


class Preferences:
    """The look and the layout; kept between starts if ``kept`` is given, else while this lives."""

    def __init__(self, kept: QSettings | None = None) -> None:
        self._kept = kept
        self._here: dict[str, object] = {}

    def _value(self, key: str, otherwise: object = None) -> object:
        if self._kept is None:
            return self._here.get(key, otherwise)
        return self._kept.value(key, otherwise)

    def _keep(self, key: str, value: object) -> None:
        if self._kept is None:
            self._here[key] = value
        else:
            self._kept.setValue(key, value)

    @property
    def theme(self) -> str:
        """The name of a theme; ``"system"`` follows the desktop."""
        return str(self._value("look/theme", "system"))

    @theme.setter
    def theme(self, name: str) -> None:
        self._keep("look/theme", name)

    @property
    def text_scale(self) -> float:
        """One of ``SCALES``."""
        try:
            scale = float(str(self._value("look/text_scale", 1.0)))
        except ValueError:
            return 1.0
        return scale if scale in SCALES else 1.0

    @text_scale.setter
    def text_scale(self, scale: float) -> None:
        self._keep("look/text_scale", scale)

    @property
    def reduced_motion(self) -> bool:
        """Whether things on the screen jump rather than glide."""
        return str(self._value("look/reduced_motion", "no")) == "yes"

    @reduced_motion.setter
    def reduced_motion(self, reduced: bool) -> None:
        self._keep("look/reduced_motion", "yes" if reduced else "no")

    @property
    def welcome(self) -> bool:
        """Whether the welcome place comes at the start."""
        return str(self._value("start/welcome", "yes")) == "yes"

    @welcome.setter
    def welcome(self, shown: bool) -> None:
        self._keep("start/welcome", "yes" if shown else "no")

    @property
    def recent(self) -> list[str]:
        """The files that were opened or saved last, newest first."""
        kept = self._value("files/recent", [])
        files = [kept] if isinstance(kept, str) else kept if isinstance(kept, list) else []
        return [file for file in files if isinstance(file, str) and file][:MOST_RECENT]

    def add_recent(self, file: str) -> None:
        """A file was opened or saved."""
        others = [other for other in self.recent if other != file]
        self._keep("files/recent", [file, *others][:MOST_RECENT])

    def forget_recent(self) -> None:
        """Keep no list of files any more, until the next."""
        self._keep("files/recent", [])

    @property
    def student(self) -> str:
        """Who learns here; empty for somebody without a name."""
        return str(self._value("lessons/student", ""))

    @student.setter
    def student(self, name: str) -> None:
        self._keep("lessons/student", name)

    @property
    def lesson_folder(self) -> str:
        """The folder of one's own lessons; empty for none."""
        return str(self._value("lessons/folder", ""))

    @lesson_folder.setter
    def lesson_folder(self, folder: str) -> None:
        self._keep("lessons/folder", folder)

    def layout(self, name: str) -> QByteArray | None:
        """Where the views are in a layout, as Qt says it."""
        kept = self._value(_layout_key(name))
        return kept if isinstance(kept, QByteArray) else None

    def keep_layout(self, name: str, state: QByteArray) -> None:
        """Keep where the views are in a layout."""
        self._keep(_layout_key(name), state)

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window was, as Qt says it."""
        kept = self._value("layout/geometry")
        return kept if isinstance(kept, QByteArray) else None

    @geometry.setter
    def geometry(self, state: QByteArray) -> None:
        self._keep("layout/geometry", state)


def _layout_key(name: str) -> str:
    """Under what a layout is kept; the first one has been kept since there were no others."""
    return "layout/state" if name == "explore" else f"layout/{name}"

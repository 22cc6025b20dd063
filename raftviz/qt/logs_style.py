"""Sizes, fonts and colours of the grid of logs."""

from PySide6.QtGui import QFont, QFontInfo

from raftviz.picture.logs_grid import LogGrid
from raftviz.picture.theme import Theme
from raftviz.raft.values import value

_USUAL_FONT_PX = 12.0


@value(eq=False)
class LogStyle:
    """A theme and the sizes that go with a font."""

    theme: Theme
    unit: float
    title: QFont
    small: QFont
    tiny: QFont
    name: QFont
    code: QFont
    titled: bool

    @classmethod
    def of(cls, theme: Theme, font: QFont, *, titled: bool) -> "LogStyle":
        """The style for a widget's font."""
        pixels = QFontInfo(font).pixelSize()

        def sized(part: float, *, bold: bool = False) -> QFont:
            made = QFont(font)
            made.setPixelSize(max(8, round(pixels * part)))
            made.setBold(bold)
            return made

        code = sized(0.88, bold=True)
        code.setFamilies(["DejaVu Sans Mono", "Menlo", "Consolas", "monospace"])
        return cls(
            theme,
            pixels / _USUAL_FONT_PX,
            sized(1.0, bold=True),
            sized(0.84),
            sized(0.72),
            sized(0.95, bold=True),
            code,
            titled,
        )

    def grid(self, rows: int, width: float, height: float) -> LogGrid:
        """The grid in a viewport of this size; rows share its height as far as they can."""
        unit = self.unit
        top = (26 if self.titled else 4) * unit + 15 * unit
        pitch = min(max((height - top - 2) / max(rows, 1), 23 * unit), 30 * unit)
        return LogGrid(94 * unit, top, 70 * unit, pitch, 7.5 * unit, width, height)

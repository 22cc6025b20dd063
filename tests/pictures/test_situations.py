"""What the window shows in ten situations: everything in its place, and as it was when last looked at."""

from itertools import combinations
from math import hypot

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from raftviz.picture.geometry import Box
from raftviz.picture.theme import LIGHT, Theme
from raftviz.qt.window import Window
from tests.pictures.situations import (
    REFERENCE,
    REFERENCE_WIDTH,
    SITUATIONS,
    SMOOTHLY,
    THEMES,
    file_name,
    window_of,
)

_BLOCK_PX = 10
"""A reference is compared in blocks: letters of another font differ within them, not between them."""

_DIFFERS, _BLOCKS = 0.10, 0.06
"""A block has changed if it is that much lighter or darker, of 1; and so much of all may have: other
fonts move words, but a view that is missing or elsewhere is a tenth of the window and more."""


@pytest.mark.parametrize("name", SITUATIONS)
def test_everything_is_in_its_place(name: str, qtbot: QtBot) -> None:
    window = window_of(name, LIGHT)
    qtbot.addWidget(window)
    no_view_lies_over_another_or_leaves_the_window(window)
    no_words_of_the_picture_are_covered_or_cut_off(window)
    no_label_of_the_window_is_cut_off(window)
    window.filing.let_go()
    window.close()


def place_of(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def is_in_front(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def no_view_lies_over_another_or_leaves_the_window(window: Window) -> None:
    docks = [dock for dock in window.docks.values() if is_in_front(dock)]
    places = [place_of(dock) for dock in docks] + [place_of(window.canvas)]
    assert all(window.rect().contains(place) for place in places)
    assert not any(one.intersects(other) for one, other in combinations(places, 2))


def no_words_of_the_picture_are_covered_or_cut_off(window: Window) -> None:
    picture = window.canvas.picture
    assert picture is not None
    frame = Box(0, 0, picture.width, picture.height)
    for label in picture.labels:
        box = label.box
        assert frame.contains(box.x, box.y)
        assert frame.contains(box.x + box.w, box.y + box.h)
        assert not any(box.touches(sign.box) for sign in picture.messages), label.text
        for server in picture.servers:
            near_x = min(max(server.x, box.x), box.x + box.w)
            near_y = min(max(server.y, box.y), box.y + box.h)
            assert hypot(server.x - near_x, server.y - near_y) >= server.radius, label.text
    for one, other in combinations(picture.labels, 2):
        assert not one.box.touches(other.box), (one.text, other.text)


def no_label_of_the_window_is_cut_off(window: Window) -> None:
    for label in window.findChildren(QLabel):
        if not is_in_front(label) or not label.text() or label.textFormat().name == "RichText":
            continue
        room, metrics = label.contentsRect(), QFontMetricsF(label.font())
        if label.wordWrap():
            assert label.heightForWidth(label.width()) <= label.height() + 3, label.text()
        else:
            assert metrics.horizontalAdvance(label.text()) <= room.width() + 2, label.text()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", SITUATIONS)
def test_it_looks_as_it_did(name: str, theme: Theme, qtbot: QtBot) -> None:
    shown = window_of(name, theme)
    qtbot.addWidget(shown)
    image = shown.grab().toImage().scaledToWidth(REFERENCE_WIDTH, SMOOTHLY)
    shown.filing.let_go()
    shown.close()
    reference = QImage(str(REFERENCE / file_name(name, theme)))
    assert not reference.isNull(), "there is no reference: see tests/pictures/situations.py"
    changed = np.abs(blocks_of(image) - blocks_of(reference)).max(axis=2) > _DIFFERS
    assert changed.mean() <= _BLOCKS, f"{changed.mean():.0%} of {name} is not as it was"


def test_another_situation_would_be_noticed() -> None:
    """The tolerance is for fonts; what is somewhere else is beyond it."""
    images = {
        name: QImage(str(REFERENCE / file_name(name, LIGHT)))
        for name in ("quiet-cluster", "presenter", "welcome")
    }
    for one, other in combinations(images.values(), 2):
        changed = np.abs(blocks_of(one) - blocks_of(other)).max(axis=2) > _DIFFERS
        assert changed.mean() > 2 * _BLOCKS


def blocks_of(image: QImage) -> np.ndarray:
    """The mean colour of each block, 0 … 1."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    wide, high = plain.width(), plain.height()
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(high, plain.bytesPerLine())
    pixels = rows[:, : 3 * wide].reshape(high, wide, 3) / 255
    side = _BLOCK_PX
    high, wide = high // side * side, wide // side * side
    cut = pixels[:high, :wide]
    blocks: np.ndarray = cut.reshape(high // side, side, wide // side, side, 3).mean(axis=(1, 3))
    return blocks

"""What the painter keeps and puts together is what it would have painted afresh."""

from array import array
from math import cos, pi, sin

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from raftviz.picture.cluster import cluster_picture
from raftviz.picture.primitives import ServerFace, ServerSign
from raftviz.picture.theme import LIGHT
from raftviz.qt.arcs import Arcs
from raftviz.qt.atlas import Atlas, draw_fragments
from raftviz.qt.painting import Painter
from raftviz.qt.signs import pen
from raftviz.sim import acts
from raftviz.sim.acting import perform
from raftviz.sim.host import Status
from raftviz.sim.world import World
from tests.picture.scenes import election, now, quiet

NOBODYS = QColor("#FF00FF")
"""A colour that no theme has."""


@pytest.fixture(autouse=True)
def application(qtbot: QtBot) -> None:
    """Pixmaps need one."""


def paper(width: int, height: int, ratio: float) -> QImage:
    image = QImage(
        round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(NOBODYS)
    return image


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("size", [(803, 601), (1600, 1000), (240, 200)])
def test_the_ground_covers_every_pixel(size: tuple[int, int], ratio: float) -> None:
    seen = quiet()
    image = paper(*size, ratio)
    with QPainter(image) as p:
        Painter(LIGHT, "", ratio).paint(p, cluster_picture(now(seen), seen.time_us, size))
    nobodys = NOBODYS.rgb()
    left = [(x, y) for x in range(image.width()) for y in (0, image.height() - 1)]
    left += [(x, y) for y in range(image.height()) for x in (0, image.width() - 1)]
    left += [(x, y) for x in range(0, image.width(), 7) for y in range(image.height())]
    left += [(x, y) for y in range(0, image.height(), 7) for x in range(image.width())]
    assert not [place for place in left if image.pixel(*place) == nobodys]


def painted(painter: Painter, seen: World) -> QImage:
    image = paper(900, 700, 1.0)
    with QPainter(image) as p:
        painter.paint(p, cluster_picture(now(seen), seen.time_us, (900.0, 700.0)))
    return image


def largest_difference(one: QImage, other: QImage) -> int:
    """Of any channel of any pixel, up to 255. A sprite's edges depend a little on its place."""
    channels = [np.frombuffer(image.constBits(), np.uint8).astype(int) for image in (one, other)]
    return int(np.abs(channels[0] - channels[1]).max())


def test_a_painter_that_has_painted_much_paints_the_same_as_a_new_one() -> None:
    seen, used = quiet(), Painter(LIGHT, "", 1.0)
    for _ in range(40):
        seen.run_until(seen.time_us + 2_000)
        painted(used, seen)
    perform(seen, acts.Partition(((1, 2), (3, 4, 5))))
    seen.run_until(seen.time_us + 2_000)
    painted(used, election())
    assert largest_difference(painted(used, seen), painted(Painter(LIGHT, "", 1.0), seen)) < 8
    perform(seen, acts.Heal())
    assert largest_difference(painted(used, seen), painted(Painter(LIGHT, "", 1.0), seen)) < 8


def test_an_atlas_that_is_full_begins_anew_and_nothing_is_seen_of_it() -> None:
    seen, used = quiet(), Painter(LIGHT, "", 1.0)
    fresh = painted(used, seen)
    used.atlas._y = 4_000  # nearly full
    used.atlas._cells.clear()
    used._resting_of = ()
    used.swarm._ways = ()
    used.swarm._looks = {}
    used.arcs._dials = {}
    assert largest_difference(painted(used, seen), fresh) < 8
    assert used.atlas.generation == 1


ARC_RADIUS = 50 + 0.115 * 50
THICK = 0.062 * 50


@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize(
    "left", [0.0, 0.02, 0.12, 0.13, 0.25, 0.3, 0.4, 0.5, 0.63, 0.75, 0.88, 1.0]
)
def test_an_arc_of_sprites_is_the_arc_that_would_be_drawn(left: float, ratio: float) -> None:
    face = ServerFace(1, "S1", 1, "term 1", "follower", Status.UP, 50)
    atlas, sprites, drawn = Atlas(LIGHT, "", ratio), paper(160, 160, ratio), paper(160, 160, ratio)
    values = Arcs(atlas).lay_out(ServerSign(face, 80, 80), left)
    with QPainter(sprites) as p:
        draw_fragments(p, array("d", values), atlas.pixmap)
    with QPainter(drawn) as p:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_arc(p, left)
    # The end lies under a knob, which stands on whole pixels; the beginning was round.
    turn = 2 * pi * left
    ends = [(80 + ARC_RADIUS * sin(turn), 80 - ARC_RADIUS * cos(turn)), (80, 80 - ARC_RADIUS)]
    for x in range(sprites.width()):
        for y in range(sprites.height()):
            far = min(abs(complex(x / ratio - a, y / ratio - b)) for a, b in ends)
            if far > 1.45 * THICK + 2:
                assert alike(sprites.pixelColor(x, y), drawn.pixelColor(x, y)), (x, y)


def draw_arc(p: QPainter, left: float) -> None:
    p.setPen(pen(LIGHT.timer, THICK))
    box = QRectF(80 - ARC_RADIUS, 80 - ARC_RADIUS, 2 * ARC_RADIUS, 2 * ARC_RADIUS)
    p.drawArc(box, 90 * 16, -round(left * 360 * 16))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(LIGHT.timer))
    turn = 2 * pi * left
    knob = QPointF(80 + ARC_RADIUS * sin(turn), 80 - ARC_RADIUS * cos(turn))
    p.drawEllipse(knob, 1.45 * THICK, 1.45 * THICK)


def alike(one: QColor, other: QColor) -> bool:
    """To a third of a pixel's edge: Qt draws an arc as a curve that is nearly one."""
    red, green = abs(one.red() - other.red()), abs(one.green() - other.green())
    return red < 70 and green < 70

"""Colours that can be told apart: by everybody, on every ground, in every theme."""

import math
from itertools import combinations, pairwise

import pytest

from raftviz.picture.theme import OKABE_ITO, THEMES, Theme, contrast

# What is left of red, green and blue without one kind of cone, in linear light, after the paper of
# Viénot, Brettel and Mollon on legibility for dichromats (1999), for protanopes and deuteranopes;
# for tritanopes after Brettel and others (1997), with one plane in place of two.
BLINDNESS = {
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "tritanopia": ((1.0, 0.14461, -0.14461), (0.0, 0.85924, 0.14076), (0.0, 0.85924, 0.14076)),
    "none": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
}

JUST_TOLD_APART = 2.3
"""CIE76 units that a trained eye just tells apart, side by side (Mahy et al. 1994)."""

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)


def linear(colour: str) -> tuple[float, float, float]:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return red, green, blue


def seen_with(blindness: str, colour: str) -> tuple[float, float, float]:
    """The colour in CIELAB (D65) as somebody sees it."""
    light = linear(colour)
    rgb = [
        min(1.0, max(0.0, sum(m * c for m, c in zip(row, light, strict=True))))
        for row in BLINDNESS[blindness]
    ]
    to_xyz = (
        (0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047),
        (0.2126, 0.7152, 0.0722),
        (0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883),
    )

    def bend(part: float) -> float:
        return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116

    x, y, z = (bend(sum(m * c for m, c in zip(row, rgb, strict=True))) for row in to_xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(blindness: str, a: str, b: str) -> float:
    first, second = seen_with(blindness, a), seen_with(blindness, b)
    return math.dist(first, second)


def test_the_simulation_of_blindness_leaves_grey_alone() -> None:
    for blindness in BLINDNESS:
        assert distance(blindness, "#808080", "#808080") == 0
        first, second = seen_with(blindness, "#808080"), seen_with("none", "#808080")
        assert first == pytest.approx(second, abs=1.0)


def test_red_and_green_of_one_lightness_look_alike_to_a_deuteranope() -> None:
    assert distance("none", "#C04040", "#707000") > 3 * distance(
        "deuteranopia", "#C04040", "#707000"
    )


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_terms_that_follow_each_other_are_told_apart_by_everybody(blindness: str) -> None:
    cycle = (*OKABE_ITO, OKABE_ITO[0])
    for before, after in pairwise(cycle):
        assert distance(blindness, before, after) > 8 * JUST_TOLD_APART, (before, after)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_any_two_terms_of_the_cycle_are_told_apart_by_everybody(blindness: str) -> None:
    for one, other in combinations(OKABE_ITO, 2):
        assert distance(blindness, one, other) > 3 * JUST_TOLD_APART, (one, other)


@pytest.mark.parametrize("blindness", BLINDNESS)
@themes
def test_what_is_broken_looks_like_no_term(theme: Theme, blindness: str) -> None:
    for colour in theme.terms:
        assert distance(blindness, theme.broken, colour.solid) > 3 * JUST_TOLD_APART


@themes
def test_text_stands_out_by_4_5_to_1(theme: Theme) -> None:
    grounds = (theme.window, theme.surface, theme.raised)
    for ground in grounds:
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5
        assert contrast(theme.broken, ground) >= 4.5
    for ink, ground in (
        (theme.accent, theme.surface),
        (theme.accent, theme.accent_soft),
        (theme.on_accent, theme.accent),
        (theme.text, theme.accent_soft),
        (theme.text, theme.broken_soft),
        (theme.good, theme.surface),
    ):
        assert contrast(ink, ground) >= 4.5, (ink, ground)


@themes
def test_words_on_a_term_stand_out(theme: Theme) -> None:
    for colour in theme.terms:
        assert contrast(colour.on_fill, colour.fill) >= 4.5
        assert contrast(colour.on_solid, colour.solid) >= 4.5


@themes
def test_signs_stand_out_by_3_to_1(theme: Theme) -> None:
    for colour in theme.terms:
        assert contrast(colour.line, theme.surface) >= 3
    assert contrast(theme.timer, theme.surface) >= 3


@pytest.mark.parametrize("name", ["contrast", "projector"])
def test_the_strong_themes_are_stronger_than_the_plain_ones(name: str) -> None:
    strong, plain = THEMES[name], THEMES["dark" if THEMES[name].dark else "light"]
    assert contrast(strong.muted, strong.surface) > contrast(plain.muted, plain.surface)
    assert contrast(strong.edge, strong.surface) > contrast(plain.edge, plain.surface)
    assert strong.stroke > plain.stroke

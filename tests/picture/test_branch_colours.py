"""The colours of branches: readable, told apart without seeing colours, never mistaken for a term."""

from itertools import combinations
from math import dist

import pytest

from raftviz.picture.theme import BRANCH_COLOURS, THEMES, Theme, branch_colour, contrast

Colour = tuple[float, float, float]
Matrix = tuple[Colour, Colour, Colour]

# How linear sRGB looks to those who lack one kind of cone (Machado, Oliveira, Fernandes 2009).
SIGHTS: dict[str, Matrix] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour: str) -> Colour:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def times(matrix: Matrix, colour: Colour) -> Colour:
    a, b, c = (sum(m * x for m, x in zip(row, colour, strict=True)) for row in matrix)
    return a, b, c


def oklab(rgb: Colour) -> Colour:
    """Björn Ottosson's OKLab, in which distances are about as large as they look."""
    cones = times(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        rgb,
    )
    red, green, blue = (max(cone, 0.0) ** (1 / 3) for cone in cones)
    return times(
        (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ),
        (red, green, blue),
    )


def apart(one: str, other: str) -> float:
    """How different two colours look to whoever sees them worst."""
    distances = []
    for sight in SIGHTS.values():
        a, b = oklab(times(sight, linear(one))), oklab(times(sight, linear(other)))
        distances.append(dist(a, b))
    return min(distances)


THEMES_ALL = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
PLACES = range(len(BRANCH_COLOURS))


@THEMES_ALL
def test_a_branch_is_never_taken_for_a_term(theme: Theme) -> None:
    terms = [shade for colour in theme.terms for shade in (colour.solid, colour.line)]

    assert min(apart(theme.branch(place), term) for place in PLACES for term in terms) > 0.065


@THEMES_ALL
def test_a_branch_is_never_taken_for_something_broken_or_for_the_accent(theme: Theme) -> None:
    assert min(apart(theme.branch(place), theme.broken) for place in PLACES) > 0.06
    assert min(apart(theme.branch(place), theme.accent) for place in PLACES) > 0.04


@THEMES_ALL
def test_the_colours_are_told_apart_by_everybody(theme: Theme) -> None:
    pairs = combinations([theme.branch(place) for place in PLACES], 2)

    assert min(apart(one, other) for one, other in pairs) > 0.045


@THEMES_ALL
def test_each_stands_out_from_its_ground(theme: Theme) -> None:
    assert min(contrast(theme.branch(place), theme.surface) for place in PLACES) >= 4.5


def test_each_colour_has_a_name_and_a_shape_of_its_own() -> None:
    assert len({colour.name for colour in BRANCH_COLOURS}) == len(BRANCH_COLOURS)
    assert len({colour.shape for colour in BRANCH_COLOURS}) == len(BRANCH_COLOURS)


def test_after_the_last_colour_comes_the_first_again() -> None:
    assert branch_colour(len(BRANCH_COLOURS)) is BRANCH_COLOURS[0]

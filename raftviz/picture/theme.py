"""Colours, with one meaning each. Everything painted takes its colours from a ``Theme``.

Terms wear a cycle of the colour-blind-safe palette of Okabe and Ito (2008), without its vermilion:
red is kept for what is broken. The cycle never speaks alone, the term's number stands beside it.
"""

from functools import lru_cache
from typing import Literal

from raftviz.raft.values import value

OKABE_ITO = ("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#0072B2", "#F0E442")
"""Sky blue, orange, bluish green, reddish purple, blue, yellow."""

Shape = Literal["circle", "square", "triangle", "diamond", "ring"]


@value
class BranchColour:
    """One of the few colours of branches, with a shape of its own for those who see no difference.

    Terms own the bright colours: these are deep ones on light ground and pale ones on dark.
    """

    name: str
    shape: Shape
    on_light: str
    on_dark: str


BRANCH_COLOURS = (
    BranchColour("ink", "circle", "#1E2733", "#F0F4F9"),
    BranchColour("indigo", "square", "#463C8E", "#D6CCFF"),
    BranchColour("wine", "triangle", "#8E3F68", "#EBB0C2"),
    BranchColour("umber", "diamond", "#56260A", "#CFC09A"),
    BranchColour("teal", "ring", "#0B4145", "#9FF5BE"),
)
"""A branch's label holds a place in this palette; beyond the last one it begins anew."""


def branch_colour(place: int) -> BranchColour:
    """The colour at a place of the palette of branches."""
    return BRANCH_COLOURS[place % len(BRANCH_COLOURS)]


@value
class TermColour:
    """How one term is painted: ``fill`` a quiet ground, ``solid`` a strong one, ``line`` edges.

    ``on_fill`` and ``on_solid`` are for text on them.
    """

    fill: str
    solid: str
    line: str
    on_fill: str
    on_solid: str


@value
class Theme:
    """One look of the whole window. Colours are ``#RRGGBB``."""

    name: str
    dark: bool
    window: str
    surface: str
    raised: str
    edge: str
    ring: str
    link: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    accent_soft: str
    broken: str
    broken_soft: str
    good: str
    timer: str
    terms: tuple[TermColour, ...]
    stroke: float = 1.0
    """How much thicker lines are than usual."""
    text_scale: float = 1.0
    """How much larger words are than usual."""

    def term(self, term: int) -> TermColour:
        """The colours of a term; term 0 is before any election and has none."""
        if term <= 0:
            return TermColour(self.raised, self.raised, self.muted, self.text, self.text)
        return self.terms[(term - 1) % len(self.terms)]

    def branch(self, place: int) -> str:
        """The colour of a branch whose label has this place in the palette."""
        colour = branch_colour(place)
        return colour.on_dark if self.dark else colour.on_light


@lru_cache(maxsize=1024)
def blend(colour: str, other: str, part: float) -> str:
    """``colour`` with ``part`` (0 … 1) of ``other`` mixed in."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    mixed = (round(a + (b - a) * part) for a, b in pairs)
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(colour: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2 (1 … 21) between two colours."""
    first, second = sorted((_luminance(colour), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


@lru_cache(maxsize=1024)
def _luminance(colour: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = _channels(colour)
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def _readable(colour: str, ground: str, towards: str, ratio: float) -> str:
    """``colour``, moved towards another until it stands out from ``ground`` by ``ratio``."""
    for step in range(21):
        moved = blend(colour, towards, step / 20)
        if contrast(moved, ground) >= ratio:
            return moved
    return towards


def _term_colours(
    surface: str, ink: str, *, dark: bool, strength: float = 0.0, edge: float = 3.0
) -> tuple[TermColour, ...]:
    """The cycle on a surface: fills of some strength, edges that stand out by a contrast ratio."""
    colours = []
    for base in OKABE_ITO:
        fill = blend(surface, base, strength or (0.30 if dark else 0.22))
        colours.append(
            TermColour(
                fill=fill,
                solid=base,
                line=_readable(base, surface, "#FFFFFF" if dark else "#000000", edge),
                on_fill=ink,
                on_solid="#10151C" if contrast("#10151C", base) > 5 else "#FFFFFF",
            )
        )
    return tuple(colours)


LIGHT = Theme(
    name="light",
    dark=False,
    window="#F4F6F8",
    surface="#FFFFFF",
    raised="#F4F6F9",
    edge="#DDE2E8",
    ring="#EBEFF2",
    link="#D5DBE1",
    text="#1A2230",
    muted="#5D6775",
    faint="#8C95A1",
    accent="#0B6BCB",
    on_accent="#FFFFFF",
    accent_soft="#E4EFFB",
    broken="#C62828",
    broken_soft="#FBE9E9",
    good="#0B7A55",
    timer="#7C8AA0",
    terms=_term_colours("#FFFFFF", "#1A2230", dark=False),
)

DARK = Theme(
    name="dark",
    dark=True,
    window="#12161C",
    surface="#1B2128",
    raised="#141920",
    edge="#2C343E",
    ring="#232A33",
    link="#39434F",
    text="#E8ECF1",
    muted="#A0A9B5",
    faint="#76808D",
    accent="#58A6FF",
    on_accent="#0B1420",
    accent_soft="#1C2E44",
    broken="#F55138",
    broken_soft="#3A2023",
    good="#4CC79A",
    timer="#8A96A8",
    terms=_term_colours("#1B2128", "#E8ECF1", dark=True),
)

CONTRAST = Theme(
    name="contrast",
    dark=True,
    window="#000000",
    surface="#000000",
    raised="#141414",
    edge="#C8C8C8",
    ring="#2A2A2A",
    link="#9A9A9A",
    text="#FFFFFF",
    muted="#E0E0E0",
    faint="#B4B4B4",
    accent="#7CC4FF",
    on_accent="#000000",
    accent_soft="#10304A",
    broken="#FF6242",
    broken_soft="#4A1512",
    good="#6FE0B4",
    timer="#D0D0D0",
    terms=_term_colours("#000000", "#FFFFFF", dark=True, strength=0.25, edge=7.0),
    stroke=1.5,
)

PROJECTOR = Theme(
    name="projector",
    dark=False,
    window="#E9EDF1",
    surface="#FFFFFF",
    raised="#EEF1F5",
    edge="#9AA4B0",
    ring="#DCE2E8",
    link="#9DA7B3",
    text="#000000",
    muted="#333B46",
    faint="#5C6572",
    accent="#0050A8",
    on_accent="#FFFFFF",
    accent_soft="#CFE3FA",
    broken="#A31212",
    broken_soft="#F8D7D7",
    good="#00583C",
    timer="#4A5668",
    terms=_term_colours("#FFFFFF", "#000000", dark=False, strength=0.45, edge=4.5),
    stroke=1.6,
    text_scale=1.35,
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST, PROJECTOR)}
"""All themes by name."""

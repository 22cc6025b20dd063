"""The legend has a row for every kind of sign that there is in the picture."""

from typing import get_args

import attrs

from raftviz.picture.legend import legend
from raftviz.picture.logs import Cell, LogRow
from raftviz.picture.primitives import (
    ClientSign,
    ClusterPicture,
    MessageFace,
    PipState,
    RoleName,
    ServerFace,
    ServerSign,
    Shape,
    Tone,
)
from raftviz.picture.timeline import TimelinePicture
from raftviz.picture.timeline_codes import Fate, Kind, RoleCode, StatusCode
from raftviz.sim.host import Status

ROWS = [row for section in legend() for row in section.rows]
KINDS = {kind for row in ROWS for kind in row.kinds}

# Fields that are no signs of their own: what and where things are, and words.
PLAIN = {
    ServerFace: {"id", "name", "term_words", "radius"},
    ServerSign: {"face", "x", "y"},
    ClientSign: {"id", "name", "x", "y", "half", "selected", "highlighted"},
    MessageFace: {"text", "term", "size", "half_w", "half_h"},
    Cell: {"index", "entry"},
    ClusterPicture: {
        *("width", "height", "ring", "messages", "servers", "clients", "pips", "labels"),
        *("tags", "selected", "highlighted"),
    },
    TimelinePicture: {
        *("scale", "lanes", "head_x", "legs", "ticks", "arrows", "bands", "density"),
        *("tracks", "flags", "recorded"),  # told in words where they stand
    },
}

# What each other field is shown by.
SHOWN = {
    ServerFace: {
        "term": {"term"},
        "role": {f"role:{role}" for role in get_args(RoleName)},
        "status": {f"status:{status.value}" for status in Status if status is not Status.UP},
        "unwritten": {"unwritten"},
        "broken": {"broken"},
    },
    ServerSign: {
        "timer": {"timer:election", "timer:heartbeat"},
        "selected": {"selected"},
        "highlighted": {"highlighted"},
    },
    ClientSign: {"waiting": {"client", "client:waiting"}},
    MessageFace: {
        "shape": {f"shape:{shape}" for shape in get_args(Shape)},
        "held": {"held"},
    },
    Cell: {
        "committed": {"cell:committed", "cell:uncommitted"},
        "applied": {"cell:unapplied"},
        "durable": {"cell:not durable"},
        "gone": {"cell:gone"},
        "conflicts": {"cell:conflicts"},
    },
    ClusterPicture: {
        "links": {"cut:both", "cut:one way"},
        "walls": {"wall"},
        "lost": {"lost"},
        "jumps": {"jump"},
        "rules": {"rules"},
    },
    TimelinePicture: {
        "marks": {"act", "act:stopped"},
        "forks": {"fork:own", "fork:other"},
    },
}


def test_every_field_of_a_sign_is_explained_or_is_no_sign() -> None:
    for kind, shown in SHOWN.items():
        fields = {field.name for field in attrs.fields(kind)}
        assert fields == PLAIN[kind] | set(shown), f"a new field of {kind.__name__}"
        for field, kinds in shown.items():
            assert kinds <= KINDS, f"{kind.__name__}.{field}"


def test_votes_messages_and_tones_are_explained() -> None:
    assert {f"pip:{state}" for state in get_args(PipState)} <= KINDS
    assert {f"shape:{shape}" for shape in get_args(Shape)} <= KINDS
    assert "broken" in get_args(Tone)
    assert "tone:broken" in KINDS


def test_rows_of_the_logs_are_explained() -> None:
    fields = {field.name for field in attrs.fields(LogRow)}

    assert {"next_index", "match_index", "log", "status"} <= fields
    assert {"mark:next_index", "mark:match_index", "cell:snapshot", "row:crashed"} <= KINDS
    assert "line:commit" in KINDS


def test_bands_and_arrows_of_the_timeline_are_explained() -> None:
    known = {RoleCode.FOLLOWER, RoleCode.CANDIDATE, RoleCode.LEADER, RoleCode.UNKNOWN}
    assert set(RoleCode) == known
    assert {f"band:{role.name.lower()}" for role in known - {RoleCode.UNKNOWN}} <= KINDS
    assert {f"band:{s.name.lower()}" for s in StatusCode if s.value in (1, 2)} <= KINDS
    assert {f"arrow:{kind.name.lower()}" for kind in Kind} <= KINDS
    assert {"fate:lost", "fate:held"} <= KINDS
    assert Fate.LOST in Fate


def test_no_kind_has_two_rows() -> None:
    kinds = [kind for row in ROWS for kind in row.kinds]

    assert len(kinds) == len(set(kinds))


def test_each_row_says_what_its_sign_means() -> None:
    for row in ROWS:
        assert row.title
        assert row.words.endswith(".")

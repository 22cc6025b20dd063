"""``value`` is ``attrs.frozen`` to whoever uses it, but for the guard against assignment."""

import copy
import pickle

import attrs
import pytest

from raftviz.raft.values import value


@value
class Point:
    x: int
    y: int = 0
    seen: list[int] = attrs.field(factory=list, eq=False, repr=False)


@value
class Spot(Point):
    name: str = attrs.field(default="", kw_only=True)


@value
class Alone:
    it: object


@value
class Nothing:
    pass


@value
class Same:
    log: list[int] = attrs.field(eq=id)


@value(eq=False)
class Thing:
    x: int


@attrs.frozen
class Told:
    x: int
    y: int = 0


def test_equal_fields_make_equal_values() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert hash(Point(1, 2)) == hash(Point(1, 2))
    assert Point(1, 2, [3]) == Point(1, 2, [4])
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert Alone((1, 2)) == Alone((1, 2)) != Alone((2, 1))


def test_values_of_two_classes_are_never_equal() -> None:
    assert Point(1, 2) != Spot(1, 2)
    assert Spot(1, 2) != Point(1, 2)
    others: tuple[object, ...] = (1, ())
    assert Alone(1) not in others
    assert Nothing() not in others


def test_a_class_of_a_class_compares_its_own_fields_too() -> None:
    assert Spot(1, 2, name="a") == Spot(1, 2, name="a") != Spot(1, 2, name="b")


def test_a_field_can_be_compared_by_something_of_it() -> None:
    log = [1]
    assert Same(log) == Same(log)
    assert Same(log) != Same([1])


def test_without_eq_a_value_equals_only_itself() -> None:
    one = Thing(1)
    assert one == one != Thing(1)  # noqa: PLR0124 - that is the point
    assert len({one, Thing(1)}) == 2


def test_a_value_shows_itself_as_attrs_would() -> None:
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"
    assert repr(Told(1, 2)).replace("Told", "Point") == repr(Point(1, 2))
    assert repr(Nothing()) == "Nothing()"
    assert repr(Spot(1, name="a")) == "Spot(x=1, y=0, name='a')"


def test_what_a_class_defines_itself_stays() -> None:
    @value
    class Own:
        x: int

        def __repr__(self) -> str:
            return "mine"

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

    assert (repr(Own(1)), Own(1) == Own(2), hash(Own(1))) == ("mine", True, 7)


def test_values_are_copied_changed_matched_and_sent_as_attrs_values_are() -> None:
    spot = Spot(1, 2, name="a")
    assert attrs.evolve(spot, x=5) == Spot(5, 2, name="a")
    assert copy.deepcopy(spot) == pickle.loads(pickle.dumps(spot)) == spot
    assert [field.name for field in attrs.fields(Spot)] == ["x", "y", "seen", "name"]
    match spot:
        case Spot(1, y=y):
            assert y == 2
        case _:
            pytest.fail("it did not match")


def test_a_value_has_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]

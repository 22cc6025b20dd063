"""What is painted, for screen readers: each thing on a painted view has a name, a role and actions.

A view that paints its own things says what they are (``Speaks.accessible_things``); they become the
view's children. Qt asks for them only while an assistive tool is running.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Protocol, cast, runtime_checkable

import attrs
from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from raftviz.qt.guard import guarded
from raftviz.raft.values import value

_NONE = cast("QAccessibleInterface", None)
"""No interface: Qt takes None here, whatever its stubs say."""

_NO_OBJECT = cast("QObject", None)
_NO_NAMES: list[str] = []

_PRESS = QAccessibleActionInterface.pressAction()

_Role = QAccessible.Role


@value
class Thing:
    """One thing on a view. ``key`` is the same for the same thing at all times.

    ``box`` is in the view's pixels. ``press`` is the usual thing to do; ``actions`` are others.
    """

    key: Hashable
    name: str
    more: str
    box: QRect
    press: Callable[[], None]
    actions: Mapping[str, Callable[[], None]] = attrs.field(factory=dict)
    role: QAccessible.Role = _Role.ListItem
    selected: bool = False


@runtime_checkable
class Speaks(Protocol):
    """A view that can say what it paints."""

    def accessible_things(self) -> list[Thing]:
        """What it paints now, in a sensible order."""


class _ThingActions(QAccessibleActionInterface):
    def __init__(self, access: "_ThingAccess") -> None:
        super().__init__()
        self._access = access

    @guarded(default=_NO_NAMES)
    def actionNames(self) -> list[str]:
        return [_PRESS, *self._access.thing.actions]

    @guarded
    def doAction(self, actionName: str) -> None:  # noqa: N803 - Qt's name
        thing = self._access.thing
        thing.actions.get(actionName, thing.press)()

    @guarded(default="")
    def localizedActionName(self, name: str) -> str:
        return "Select" if name == _PRESS else name

    @guarded(default="")
    def localizedActionDescription(self, name: str) -> str:
        return "" if name == _PRESS else f"{name}: {self._access.thing.name}"

    @guarded(default=_NO_NAMES)
    def keyBindingsForAction(self, name: str) -> list[str]:  # noqa: ARG002
        return []


class _ThingAccess(QAccessibleInterface):
    def __init__(self, view: QWidget, thing: Thing) -> None:
        super().__init__()
        self._view = view
        self.thing = thing
        self.here = True
        self._actions = _ThingActions(self)

    @guarded(default="")
    def text(self, kind: QAccessible.Text) -> str:
        thing = self.thing
        return {
            QAccessible.Text.Name: thing.name,
            QAccessible.Text.Description: thing.more.replace("\n", "; "),
            QAccessible.Text.Value: thing.more.partition("\n")[0],
        }.get(kind, "")

    @guarded(default=_Role.ListItem)
    def role(self) -> QAccessible.Role:
        return self.thing.role

    @guarded(default=QAccessible.State())
    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.selectable = state.focusable = 1
        state.selected = state.focused = int(self.thing.selected)
        return state

    @guarded(default=QRect())
    def rect(self) -> QRect:
        box = self.thing.box
        return QRect(self._view.mapToGlobal(box.topLeft()), box.size())

    @guarded(default=False)
    def isValid(self) -> bool:
        return self.here

    @guarded(default=_NO_OBJECT)
    def object(self) -> QObject:
        return _NO_OBJECT

    @guarded(default=_NONE)
    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._view)

    @guarded(default=_NONE)
    def child(self, index: int) -> QAccessibleInterface:  # noqa: ARG002
        return _NONE

    @guarded(default=_NONE)
    def childAt(self, x: int, y: int) -> QAccessibleInterface:  # noqa: ARG002
        return _NONE

    @guarded(default=0)
    def childCount(self) -> int:
        return 0

    @guarded(default=-1)
    def indexOfChild(self, child: QAccessibleInterface) -> int:  # noqa: ARG002
        return -1

    @guarded(default=cast("Any", None))
    def interface_cast(self, t: QAccessible.InterfaceType) -> Any:
        return self._actions if t == QAccessible.InterfaceType.ActionInterface else None

    @guarded
    def setText(self, t: QAccessible.Text, text: str) -> None:
        """Nothing here can be renamed."""


class _ViewAccess(QAccessibleWidget):
    """A view with its things as children; one that stays keeps its interface, and so its identity."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view, _Role.List, view.accessibleName())
        self._view = view
        self._kept: dict[Hashable, _ThingAccess] = {}

    def _children(self) -> list[_ThingAccess]:
        assert isinstance(self._view, Speaks)
        things = self._view.accessible_things()
        for key in self._kept.keys() - {thing.key for thing in things}:
            self._kept.pop(key).here = False
        for thing in things:
            access = self._kept.get(thing.key)
            if access is None:
                self._kept[thing.key] = _ThingAccess(self._view, thing)
            else:
                access.thing = thing
        return [self._kept[thing.key] for thing in things]

    @guarded(default="")
    def text(self, t: QAccessible.Text) -> str:
        if t == QAccessible.Text.Description:
            return self._view.accessibleDescription()
        return self._view.accessibleName() if t == QAccessible.Text.Name else ""

    @guarded(default=0)
    def childCount(self) -> int:
        return len(self._children())

    @guarded(default=_NONE)
    def child(self, index: int) -> QAccessibleInterface:
        children = self._children()
        return children[index] if 0 <= index < len(children) else _NONE

    @guarded(default=-1)
    def indexOfChild(self, child: QAccessibleInterface) -> int:
        children = self._children()
        return next((at for at, one in enumerate(children) if one is child), -1)

    @guarded(default=_NONE)
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        here = self._view.mapFromGlobal(QPoint(x, y))
        children = self._children()
        return next((one for one in children if one.thing.box.contains(here)), _NONE)


# Qt takes no reference of its own: an interface must live as long as its view.
_kept: dict[int, _ViewAccess] = {}


def _make(_: str, thing: QObject) -> QAccessibleInterface:
    if not isinstance(thing, QWidget) or not isinstance(thing, Speaks):
        return _NONE
    key = id(thing)
    _kept[key] = _ViewAccess(thing)
    thing.destroyed.connect(lambda: _kept.pop(key, None))
    return _kept[key]


_installed: list[bool] = []


def install() -> None:
    """Let Qt know how to speak of painted views; once is enough."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_make)


def say_selected(view: QWidget, key: Hashable) -> None:
    """Tell whoever listens that a thing is in focus now."""
    if not QAccessible.isActive() or not isinstance(view, Speaks):
        return
    keys = [thing.key for thing in view.accessible_things()]
    if key in keys:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(keys.index(key))
        QAccessible.updateAccessibility(event)

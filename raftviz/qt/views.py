"""The views that are made when they are first seen: where they belong, and whom they speak to.

Their modules are imported with them, and so is what those need: whoever never looks at a view does
not wait for it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from raftviz.qt.conductor import Conductor
from raftviz.qt.later import View

if TYPE_CHECKING:
    from raftviz.qt.window import Window

Make = Callable[[Conductor], View]


def rules(conductor: Conductor) -> View:
    """The book of rules."""
    from raftviz.picture.rulebook import fired
    from raftviz.qt.rules import RulesView

    view = RulesView()
    view.event_wanted.connect(conductor.seek_event)
    view.word_wanted.connect(lambda word: conductor.look_wanted.emit("Glossary", word))
    view.search_wanted.connect(lambda rule: conductor.go_on_until(lambda r: rule in fired(r)))
    view.said.connect(conductor.said)
    return view


def _window_of(conductor: Conductor) -> "Window":
    """The window that a conductor belongs to."""
    from raftviz.qt.window import Window

    window = conductor.parent()
    assert isinstance(window, Window)
    return window


def why(conductor: Conductor) -> View:
    """What led to a thing and what it caused, as a path to walk."""
    from raftviz.qt.why_view import WhyView

    view = WhyView(lambda: conductor.selected)
    view.event_wanted.connect(conductor.seek_event)
    view.rule_wanted.connect(lambda rule: conductor.look_wanted.emit("Rules", rule))
    view.word_wanted.connect(lambda word: conductor.look_wanted.emit("Glossary", word))
    view.lit.connect(conductor.lit)
    view.context_wanted.connect(_window_of(conductor).branches.show_event_menu)
    view.said.connect(conductor.said)
    conductor.selection_changed.connect(view.renew)
    conductor.playback_changed.connect(view.renew)
    return view


def glossary(conductor: Conductor) -> View:  # noqa: ARG001 - as all of them
    """The words of Raft."""
    from raftviz.qt.glossary import GlossaryView

    return GlossaryView()


def machines(conductor: Conductor) -> View:
    """The state machines."""
    from raftviz.picture.primitives import PickedServer
    from raftviz.qt.machines import MachinesView

    view = MachinesView()
    view.server_picked.connect(lambda server: conductor.select(PickedServer(server)))
    view.event_wanted.connect(conductor.seek_event)
    return view


def legend(conductor: Conductor) -> View:  # noqa: ARG001 - as all of them
    """Every sign, and what it means."""
    from raftviz.qt.legend import LegendView

    return LegendView()


def clients(conductor: Conductor) -> View:
    """What clients asked and were told."""
    from raftviz.qt.clients import ClientsView

    view = ClientsView()
    view.seek_wanted.connect(conductor.seek)
    view.event_wanted.connect(conductor.seek_event)
    return view


def plots(conductor: Conductor) -> View:
    """What can be measured over time."""
    from raftviz.qt.plots import PlotsView

    view = PlotsView()
    view.seek_wanted.connect(conductor.seek)
    view.said.connect(conductor.said)
    conductor.selection_changed.connect(lambda: view.show_selected(conductor.selected_server or 0))
    return view


def branches(conductor: Conductor) -> View:
    """The tree of branches, and the bookmarks."""
    return _window_of(conductor).branches.make_panel()


def following(conductor: Conductor) -> View:
    """What may happen next."""
    from raftviz.qt.commands import BY_ID
    from raftviz.qt.commands.command import key_text
    from raftviz.qt.next_view import LET, NextView

    of = {LET: "let-happen", "Hold": "hold", "Release": "hold", "Drop": "drop"}
    of["Duplicate"] = "duplicate"
    rows = {word: BY_ID[command] for word, command in of.items()}
    view = NextView(
        {word: f"{row.about}   {'  '.join(map(key_text, row.keys))}" for word, row in rows.items()}
    )
    view.acted.connect(conductor.dispatch)
    view.picked.connect(conductor.select)
    view.pointed.connect(conductor.pointed_changed)
    view.pause_wanted.connect(conductor.pause)
    conductor.playback_changed.connect(lambda: view.show_session(conductor.session))
    conductor.selection_changed.connect(lambda: view.show_selected(conductor.selected))
    return view


def variants(conductor: Conductor) -> View:
    """The rules that one can break, and how one comes to break them."""
    from raftviz.qt.variants import VariantsView

    view = VariantsView(_window_of(conductor).lessons.is_there)
    view.acted.connect(conductor.dispatch)
    view.lesson_wanted.connect(_window_of(conductor).lessons.ask_to_open)
    view.rule_wanted.connect(lambda rule: conductor.look_wanted.emit("Rules", rule))
    return view


def find(conductor: Conductor) -> View:
    """The search for the shortest run in which a broken rule matters."""
    from raftviz.qt.find import FindView
    from raftviz.qt.hunt import Hunt

    view = FindView(Hunt(), conductor.clock)
    window = _window_of(conductor)
    view.open_wanted.connect(window.filing.open_found)
    view.changed.connect(window.update_actions)
    view.said.connect(conductor.said)
    return view


def lesson(conductor: Conductor) -> View:
    """The lesson that is open, or all of them to choose from."""
    from raftviz.qt.lesson_place import LessonPlace

    return LessonPlace(_window_of(conductor).lessons)


BESIDE: dict[str, Make] = {
    "Lesson": lesson,
    "Next": following,
    "Why": why,
    "Branches": branches,
    "Rules": rules,
    "Variants": variants,
    "Find": find,
    "Glossary": glossary,
    "Legend": legend,
}
"""Beside the picture, behind the inspector."""
ON_DEMAND = ("Variants", "Find", "Glossary", "Legend")
"""Those that one looks something up in: they have a tab when somebody asks for them."""
WITH_LOGS: dict[str, Make] = {
    "State machine": machines,
}
"""Below the picture, behind the logs."""
WITH_TIMELINE: dict[str, Make] = {
    "Clients": clients,
    "Plots": plots,
}
"""At the bottom, behind the timeline."""

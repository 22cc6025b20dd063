"""Commands on reasons: asking for them, and walking along them."""

from typing import TYPE_CHECKING

from raftviz.picture.primitives import PickedBreach
from raftviz.picture.why.subjects import is_on, subject_at
from raftviz.qt.choosing import choose_entry, choose_vote
from raftviz.qt.commands.command import Can, Command

if TYPE_CHECKING:
    from raftviz.qt.why_view import WhyView
    from raftviz.qt.window import Window


def _walk(window: "Window") -> "WhyView":
    """The page of the walk, brought to the front."""
    from raftviz.qt.why_view import WhyView  # noqa: PLC0415 - imported when it is first seen

    window.show_view("Why")
    view = window.later["Why"].view
    assert isinstance(view, WhyView)
    return view


def _ask(window: "Window") -> None:
    """Of what is selected, or else of what happened last."""
    conductor = window.conductor
    subject = subject_at(conductor.session.moment, conductor.selected)
    conductor.pause()
    view = _walk(window)
    if subject is not None:
        view.look_at(subject)


def _breach(window: "Window") -> PickedBreach | None:
    """The last property that was broken before the instant that is looked at."""
    session = window.conductor.session
    moment, violations = session.moment, session.checker.violations
    found = [
        place
        for place, violation in enumerate(violations)
        if violation.event < session.count and is_on(moment, violation)
    ]
    return PickedBreach(max(found, key=lambda at: violations[at].event)) if found else None


def _show_contradiction(window: "Window") -> None:
    breach = _breach(window)
    if breach is not None:
        window.conductor.pause()
        _walk(window).look_at(breach)


def _place(window: "Window") -> tuple[int, int]:
    """Where one is on the walk, and how long it is; 0 and 0 while nobody has walked."""
    view = window.later["Why"].view
    walk = getattr(view, "walk", None)
    return (walk.place, len(walk.steps)) if walk is not None else (0, 0)


def _can_go(step: int) -> Can:
    return lambda window: 0 <= _place(window)[0] + step <= _place(window)[1]


COMMANDS: tuple[Command, ...] = (
    Command(
        "why", "Why?", "Why", ("Q",),
        "See what led to what is selected, or to what happened last, and what it caused.",
        _ask,
    ),
    Command(
        "contradiction", "Show the contradiction", "Why", ("Shift+Q",),
        "See the two events that contradict each other, after a property was broken.",
        _show_contradiction, lambda w: _breach(w) is not None,
    ),
    Command(
        "entry-before", "Select an entry", "Why", ("L",),
        "Select the newest entry of the selected server's log, or the leader's; then older ones.",
        lambda w: choose_entry(w.conductor, -1), separator=True,
    ),
    Command(
        "entry-behind", "Select a newer entry", "Why", ("Shift+L",),
        "Select the entry behind the one that is selected.",
        lambda w: choose_entry(w.conductor, 1),
    ),
    Command(
        "next-vote", "Select a vote", "Why", ("O",),
        "Select the votes of an election one after the other.",
        lambda w: choose_vote(w.conductor, 1),
    ),
    Command(
        "last-vote", "Select the previous vote", "Why", ("Shift+O",),
        "Select the votes of an election the other way round.",
        lambda w: choose_vote(w.conductor, -1),
    ),
    Command(
        "why-up", "Walk to what led to it", "Why", ("Alt+Up",),
        "Walk to the chosen reason, or to the first; time does not move.",
        lambda w: _walk(w).up(), separator=True,
    ),
    Command(
        "why-down", "Walk to what it caused", "Why", ("Alt+Down",),
        "Walk to the chosen consequence, or to the first; time does not move.",
        lambda w: _walk(w).down(),
    ),
    Command(
        "why-back", "Back on the walk", "Why", ("Alt+Left",), "Go back to where you were.",
        lambda w: _walk(w).back(), _can_go(-1),
    ),
    Command(
        "why-forward", "Forward on the walk", "Why", ("Alt+Right",),
        "Go to where you came back from.", lambda w: _walk(w).forward(), _can_go(1),
    ),
    Command(
        "why-now", "End the walk", "Why", ("Alt+Home",),
        "Go back to what is selected, or to what happened last.",
        lambda w: _walk(w).now(), _can_go(-1),
    ),
    Command(
        "why-go", "Go there in time", "Why", ("Ctrl+Return",),
        "See the cluster as it was just behind the event on the page.", lambda w: _walk(w).go_there(),
        separator=True,
    ),
)  # fmt: skip

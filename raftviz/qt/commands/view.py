"""Commands on what is shown, and help."""

from typing import TYPE_CHECKING

from raftviz.picture.layouts import EXPLORE, LESSON, PRESENTER
from raftviz.qt.commands.command import Can, Command, Run

if TYPE_CHECKING:
    from raftviz.qt.window import Window


def _exists(server: int) -> Can:
    return lambda window: server in window.conductor.session.history.start.hosts


def _select(server: int) -> Run:
    return lambda window: window.select_server(server)


def _step_out(window: "Window") -> None:
    """Nothing is selected any more; if nothing was, nothing is compared any more."""
    if window.conductor.selected is None and window.compare.showing:
        window.compare.toggle()
    else:
        window.conductor.select(None)


def _presenting(window: "Window") -> bool:
    return window.presenter.showing


def _lay_out(layout: str) -> Run:
    return lambda window: window.layouts.choose(layout)


def _wear(theme: str) -> Run:
    return lambda window: window.looks.choose_theme(theme)


_THEMES = (
    ("system", "As the desktop has it", "Light or dark, whichever the desktop is."),
    ("light", "Light", "Dark words on a light ground."),
    ("dark", "Dark", "Light words on a dark ground."),
    ("contrast", "High contrast", "White on black, with thick strokes."),
    ("projector", "Projector", "Large words and thick strokes, for a hall."),
)

_LAYOUTS = (
    (EXPLORE, "Explore", "All views as you left them; once more, where they were when new."),
    (LESSON, "Lesson", "The lesson from top to bottom, beside all else; once more, as when new."),
    (PRESENTER, "Presenter", "Nothing but the picture, full screen and large, for a hall."),
)


COMMANDS: tuple[Command, ...] = (
    Command(
        "palette", "All commands…", "View", ("Ctrl+P", "Ctrl+Shift+P"),
        "Find any command by typing a few letters of it.", lambda w: w.show_palette(),
    ),
    Command(
        "present", "Show to a hall", "View", ("F11",),
        "Full screen, large, nothing but the picture. Once more, and all is as before.",
        lambda w: w.presenter.toggle(),
    ),
    Command(
        "present-next", "Presenter: next event", "View", ("PgDown",),
        "Let the next event happen, with a clicker.",
        lambda w: w.conductor.step(), _presenting, submenu="Presenter",
    ),
    Command(
        "present-back", "Presenter: previous event", "View", ("PgUp",),
        "Go back to before the last event, with a clicker.",
        lambda w: w.conductor.step_back(), _presenting, submenu="Presenter",
    ),
    Command(
        "spotlight", "Spotlight", "View", ("Ctrl+L",),
        "Dim everything but the selected server, or nothing.",
        lambda w: w.presenter.spotlight.toggle(), submenu="Presenter",
    ),
    Command(
        "blank", "Blank screen", "View", (".",),
        "Show nothing at all, so that all look at you; once more to go on.",
        lambda w: w.presenter.blank.toggle(), submenu="Presenter",
    ),
    Command(
        "speaker-note", "Speaker's note", "View", ("F9",),
        "Show or hide what is noted for this place: a lesson's notes, or the last bookmark's.",
        lambda w: w.presenter.note.toggle(), submenu="Presenter",
    ),
    Command(
        "theme", "Light or dark", "View", ("Ctrl+T",), "Change between light and dark.",
        lambda w: w.toggle_theme(), separator=True, submenu="Theme",
    ),
    *(
        Command(
            f"theme-{theme}", title, "View", (f"Alt+{n}",), about, _wear(theme), submenu="Theme",
        )
        for n, (theme, title, about) in enumerate(_THEMES, 1)
    ),
    Command(
        "larger", "Larger words", "View", ("Ctrl++", "Ctrl+="), "Make all words larger.",
        lambda w: w.looks.zoom(1), separator=True,
    ),
    Command(
        "smaller", "Smaller words", "View", ("Ctrl+-",), "Make all words smaller.",
        lambda w: w.looks.zoom(-1),
    ),
    Command(
        "usual-size", "Words of the usual size", "View", ("Ctrl+0",),
        "Make all words as large as they usually are.", lambda w: w.looks.zoom(0),
    ),
    Command(
        "reduced-motion", "Less motion", "View", ("Ctrl+Shift+M",),
        "Let messages jump from place to place rather than glide, or glide again.",
        lambda w: w.looks.set_reduced_motion(reduced=not w.looks.preferences.reduced_motion),
    ),
    Command(
        "arrange", "Arrange the views", "View", ("Ctrl+Shift+A",),
        "Show the views' title bars, to drag, float or close them; once more to hide the bars.",
        lambda w: w.looks.arrange(), separator=True,
    ),
    *(
        Command(
            f"layout-{layout}", title, "View", (f"Ctrl+{n}",), about, _lay_out(layout),
            submenu="Layout",
        )
        for n, (layout, title, about) in enumerate(_LAYOUTS, 1)
    ),
    Command(
        "fit", "Whole timeline", "View", ("F",), "Show all of the timeline.",
        lambda w: w.fit_timeline(),
    ),
    Command(
        "select-none", "Select nothing", "View", ("Esc",),
        "Look at the whole cluster again; with nothing selected, leave a comparison.",
        _step_out, separator=True,
    ),
    *(
        Command(
            f"select-{n}", f"Select S{n}", "View", (str(n),), f"Look closer at server S{n}.",
            _select(n), _exists(n),
        )
        for n in range(1, 10)
    ),
    Command(
        "keys", "Keys", "Help", ("?", "F1"), "Show every key.", lambda w: w.show_keys(),
    ),
    Command(
        "glossary", "Glossary", "Help", ("Shift+F1",),
        "Look up the words of Raft.", lambda w: w.show_view("Glossary"),
    ),
    Command(
        "welcome", "Welcome", "Help", ("Ctrl+Shift+H",),
        "What one can begin with: a lesson, a tour, a situation, a file.",
        lambda w: w.show_welcome(),
    ),
    Command(
        "tour", "Tour", "Help", ("F4",),
        "Half a minute: what is where, and what one can do with it.", lambda w: w.take_tour(),
    ),
    Command(
        "about", "About raftviz", "Help", ("Ctrl+F1",), "What raftviz is, and its version.",
        lambda w: w.show_about(),
    ),
)  # fmt: skip

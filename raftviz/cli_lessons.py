"""The command line for lessons: list them, check them, begin a new one, play one."""

import json
import sys
from pathlib import Path

import attrs
import click

from raftviz.door import refuse
from raftviz.session.lesson_files import (
    NoLessonError,
    all_lessons,
    check_file,
    find_lesson,
    lessons_in,
    read_file,
)
from raftviz.sim.script_error import ScriptError
from raftviz.teaching.reading import name_of

_TEMPLATE = """---
title: {title}
part: Lessons of your own
order: 100
minutes: 5
servers: 5
start: leader S1 in term 2
goals: [leader]
---

# The first step

Say what there is to see, in a few short sentences. A word can lead to the
[glossary](word:leader).

```{{until}} Crash the leader.
crashed(S1)
```

```{{hint}}
Click S1 and press `K`.
```

```{{solution}}
crash S1
```

# What will happen?

Ask before it happens. The model plays ahead and knows the answer.

```{{predict}} Will S1 lead again by itself?
- [ ] Yes
- [x] No
check: any_leader and leader != S1
until: any_leader
because: It is down; another server takes its place.
```
"""


_CHALLENGE = """---
title: {title}
part: Challenges of your own
order: 200
minutes: 5
servers: 5
seed: 7
start: leader S1 in term 2
challenge: true
forbid: [crash]
acts: 6
goals: [leader]
---

# The goal

Say what is to be brought about, and what is not allowed.

```{{until}} Let another server lead.
any_leader and leader != S1
```

```{{hint}}
Who does not hear from the leader begins an election.
```

```{{solution}}
timeout S2
until leader == S2 within 2s
```
"""


@click.group()
def lessons() -> None:
    """List, check, begin and play lessons."""


def _lesson_of(path: Path) -> Path:
    """The file of a lesson that somebody names, or none by that name."""
    if path.exists():
        return path
    try:
        return find_lesson(str(path))
    except NoLessonError as error:
        refuse(f"there is no {path}, and {error}")


@lessons.command("list")
@click.option("--json", "json_wanted", is_flag=True, help="Print the list as JSON.")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def list_command(json_wanted: bool, folder: Path | None) -> None:  # noqa: FBT001 - click passes flags so
    """List the lessons that ship, and those of a FOLDER."""
    found = all_lessons([folder] if folder else [])
    if json_wanted:
        rows = [
            {
                "name": one.name,
                "file": str(one.path),
                "title": one.lesson.title if one.lesson else None,
                "part": one.lesson.part if one.lesson else None,
                "challenge": one.lesson.is_challenge if one.lesson else None,
                "steps": len(one.lesson.steps) if one.lesson else None,
                "minutes": one.lesson.minutes if one.lesson else None,
                "fault": one.fault or None,
            }
            for one in found
        ]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    part = ""
    for one in found:
        if one.lesson and one.lesson.part != part:
            part = one.lesson.part
            click.echo(part)
        told = f"{one.lesson.title} ({one.lesson.minutes} minutes)" if one.lesson else one.fault
        click.echo(f"  {one.name:28}{told}")


@lessons.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "json_wanted", is_flag=True, help="Print what was found as JSON.")
def check(files: tuple[Path, ...], json_wanted: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Play every lesson's solution and tell what a student could stumble over.

    FILES are lessons, also by their names, or folders of them; without any, those that ship. Exit status 1 if
    anything is wrong.
    """
    shipped = all_lessons()
    paths = [one.path for one in shipped]
    if files:
        paths = []
        for path in files:
            paths += list(lessons_in(path)) if path.is_dir() else [_lesson_of(path)]
    names = {one.name for one in shipped} | {name_of(path) for path in paths}
    wrong = {path: check_file(path, names) for path in paths}
    if json_wanted:
        rows = [{"file": str(p), "faults": [attrs.asdict(f) for f in wrong[p]]} for p in paths]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    else:
        for path, faults in wrong.items():
            for fault in faults:
                click.echo(f"{path}:{fault.line}: {fault.sentence}")
        bad = sum(bool(faults) for faults in wrong.values())
        told = "1 lesson" if len(paths) == 1 else f"{len(paths)} lessons"
        click.echo(f"{told}, {bad or 'none'} of them with something to mend")
    if any(wrong.values()):
        sys.exit(1)


@lessons.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--title", default="A lesson of my own", show_default=True)
@click.option(
    "--challenge", is_flag=True, help="Begin a challenge: a goal, rules, a count of acts."
)
def new(file: Path, title: str, *, challenge: bool) -> None:
    """Begin a lesson of your own in FILE, which must not exist yet."""
    template = _CHALLENGE if challenge else _TEMPLATE
    path = file if file.suffix == ".md" else file.with_name(f"{file.name}.md")
    try:
        with path.open("x", encoding="utf-8") as out:
            out.write(template.format(title=json.dumps(title, ensure_ascii=False)))
    except FileExistsError:
        refuse(f"{path} is there already, and stays as it is")
    except OSError as error:
        refuse(f"{path} cannot be written: {error.strerror}")
    click.echo(f"{path} is there. Check it with: raftviz lessons check {path}")


@lessons.command()
@click.argument("lesson")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--answers", is_flag=True, help="With the model's answers and the notes: for teachers."
)
def handout(lesson: str, out: Path, *, answers: bool) -> None:
    """Write LESSON to OUT to be printed: a .pdf, or a page of .html.

    It holds the lesson's words, what to do, and its questions with room for answers.
    """
    # Qt is imported only by the commands that need it.
    from raftviz.application import application  # noqa: PLC0415
    from raftviz.qt.handout import write_handout  # noqa: PLC0415

    if out.suffix.lower() not in (".pdf", ".html", ".htm"):
        refuse(f"{out} is to end in .pdf or .html")
    try:
        read = read_file(find_lesson(lesson))
        application(screen=False)
        write_handout(read, out, answers=answers)
    except NoLessonError as error:
        refuse(str(error))
    except ScriptError as error:
        refuse(f"{lesson} cannot be played to its end: {error}")
    except OSError as error:
        refuse(f"{out} cannot be written: {error.strerror or error}")
    click.echo(f"The handout is in {out}.")


@lessons.command()
@click.argument("lesson")
def play(lesson: str) -> None:
    """Open the window on LESSON: a file, or the name of a lesson that ships."""
    from raftviz import app  # noqa: PLC0415 - Qt is imported only by the commands that show it

    try:
        sys.exit(app.show_lesson(find_lesson(lesson)))
    except NoLessonError as error:
        refuse(str(error))

"""From a bare clone and a bare Python to an environment that has everything.

Only the standard library may be imported here, and little of it: this runs before anything is installed,
and again, in a few hundredths of a second, at every later start. Three parts: `look` gathers the facts,
`plan` decides from the facts alone what has to be done, and `prepare` does it. An interpreter that has
everything already (an installed wheel, an editable install, `uv run`) is left as it is.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, TextIO

PACKAGE = Path(__file__).resolve().parent

# What a Debian or Ubuntu package is called, and the library in it that Qt will ask for.
QT_LIBRARIES = {
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
}
X11_LIBRARIES = {
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-shape0": "libxcb-shape.so.0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client0": "libwayland-client.so.0",
    "libwayland-cursor0": "libwayland-cursor.so.0",
    "libwayland-egl1": "libwayland-egl.so.1",
}

# The file in .venv that says it is ours and what it was made for. Empty: ours, but unfinished.
STAMP = "raftviz-stamp"

# How pip and apt-get say that they could not reach anybody.
UNREACHABLE = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ProxyError",
    "Failed to establish a new connection",
    "Temporary failure",
    "Could not resolve",
    "Could not connect",
)


class Goal(Enum):
    """What was asked for on the command line."""

    APP = "app"
    TEST = "test"


class Venv(Enum):
    """In what state the clone's `.venv` is."""

    ABSENT = "there is none, or only an empty folder"
    UNFINISHED = "a set-up of ours was interrupted"
    MISPLACED = "ours, for another Python or another place"
    OUTDATED = "ours, for an earlier pyproject.toml"
    READY = "ours, and finished"
    FOREIGN = "made by somebody else: theirs to change, not ours"


MADE_AFRESH = frozenset({Venv.ABSENT, Venv.UNFINISHED, Venv.MISPLACED})


class Facts(NamedTuple):
    """All that `plan` decides from."""

    goal: Goal
    clone: Path | None = None  # None: an installed wheel, with no pyproject.toml beside it
    complete: bool = False  # this interpreter can import all the goal needs
    inside: bool = False  # this interpreter is the one of the clone's .venv
    venv: Venv = Venv.ABSENT
    venv_pip: bool = True  # there are the means to make an environment: ensurepip, or a pip to lend
    packages: tuple[str, ...] = ()  # system packages that lack, by Debian's names
    apt: bool = False
    root: bool = False


class Step(Enum):
    """Something to be done, in the order of doing."""

    INSTALL_PACKAGES = "install system packages with apt-get"
    MAKE_VENV = "make a virtual environment in .venv"
    INSTALL_PROJECT = "install raftviz and the libraries it stands on into .venv (some 150 MB)"
    GO_INSIDE = "go on in .venv"


class Refused(Exception):  # noqa: N818 - not a fault of the program: a sentence for the person
    """One sentence on why there is no going on, and what to do about it."""


# --- deciding ---------------------------------------------------------------------------------------


def plan(facts: Facts) -> list[Step]:
    """What has to be done before this goal can be met; nothing at all, if this interpreter will do."""
    if facts.clone is None:
        if facts.goal is Goal.TEST:
            raise Refused("The tests are not part of an installed raftviz: run them in a clone.")
        return []
    if facts.complete:
        return []
    if facts.inside:
        return _plan_inside(facts.venv)
    steps: list[Step] = []
    wanted = packages_to_install(facts)
    if wanted:
        if not (facts.apt and facts.root):
            raise Refused(_how_to_install(wanted, apt=facts.apt))
        steps.append(Step.INSTALL_PACKAGES)
    if facts.venv in MADE_AFRESH:
        steps.append(Step.MAKE_VENV)
    if facts.venv in MADE_AFRESH or facts.venv is Venv.OUTDATED:
        steps.append(Step.INSTALL_PROJECT)
    return [*steps, Step.GO_INSIDE]


def _plan_inside(venv: Venv) -> list[Step]:
    """The .venv's own interpreter was started: it may complete the environment, not replace it."""
    if venv is Venv.FOREIGN:
        raise Refused(
            "The environment in .venv was not made by raftviz and lacks something it needs: run"
            " `uv sync` or `.venv/bin/python -m pip install -e '.[test]'`, or remove .venv."
        )
    if venv in MADE_AFRESH:
        raise Refused(
            "The environment in .venv is unfinished or not for this place: run `deactivate`, then"
            " `python3 -m raftviz` again to have it made afresh."
        )
    return [Step.INSTALL_PROJECT, Step.GO_INSIDE]


def packages_to_install(facts: Facts) -> tuple[str, ...]:
    """The system packages this plan lacks; Debian keeps the making of environments in one of its own."""
    if facts.venv in MADE_AFRESH and not facts.venv_pip:
        return (*facts.packages, "python{}.{}-venv".format(*sys.version_info))
    return facts.packages


def _how_to_install(packages: Sequence[str], *, apt: bool) -> str:
    if apt:
        return (
            f"raftviz needs system packages that only root may install: run `{apt_line(packages)}`,"
            " then start it again."
        )
    known = QT_LIBRARIES | X11_LIBRARIES | WAYLAND_LIBRARIES
    wanted = ", ".join(known.get(package, "Python's venv with ensurepip") for package in packages)
    return f"raftviz needs what this system lacks: install the packages that provide {wanted}."


def apt_line(packages: Sequence[str]) -> str:
    """The one line to run, as somebody who is not root."""
    install = f"apt-get install --no-install-recommends {' '.join(packages)}"
    return f"sudo apt-get update && sudo {install}"


def workers(cpus: int) -> list[str]:
    """How many processes pytest is to use: beyond eight, starting them costs more than they save."""
    return [] if cpus < 2 else ["-n", str(min(cpus, 8))]


# --- looking ----------------------------------------------------------------------------------------


def look(goal: Goal) -> Facts:
    """The facts about this machine, this interpreter and the folder that this file is in."""
    clone = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None
    if clone is None:
        return Facts(goal)
    inside = Path(sys.prefix).resolve() == clone / ".venv"
    venv = venv_state(clone)
    if inside and venv is Venv.READY:
        return Facts(goal, clone, complete=True)
    if has_everything(clone, goal):
        return Facts(goal, clone, complete=True)
    return Facts(
        goal,
        clone,
        inside=inside,
        venv=venv,
        venv_pip=find_spec("ensurepip") is not None or find_spec("pip") is not None,
        packages=missing_packages(goal, os.environ),
        apt=Path("/usr/bin/apt-get").exists(),
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
    )


def missing_packages(goal: Goal, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The Debian packages whose libraries Qt would look for here in vain."""
    if not sys.platform.startswith("linux"):
        return ()  # elsewhere the wheels bring all they need
    wanted = dict(QT_LIBRARIES)
    if goal is Goal.APP and environ.get("DISPLAY"):
        wanted |= X11_LIBRARIES
    if goal is Goal.APP and environ.get("WAYLAND_DISPLAY"):
        wanted |= WAYLAND_LIBRARIES
    missing = tuple(package for package, library in wanted.items() if not _can_open(library))
    if missing and not Path("/etc/ssl/certs/ca-certificates.crt").exists():
        return (*missing, "ca-certificates")  # Debian's pip trusts nobody without them
    return missing


def missing_libraries_sentence() -> str | None:
    """For those who find that Qt does not load: what to install, or None if that is not why."""
    packages = missing_packages(Goal.APP, os.environ)
    return _how_to_install(packages, apt=Path("/usr/bin/apt-get").exists()) if packages else None


def _can_open(library: str) -> bool:
    import ctypes  # noqa: PLC0415 - a hundredth of a second, needed on Linux alone

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_everything(clone: Path, goal: Goal) -> bool:
    """Whether this interpreter, whoever set it up, has raftviz and every distribution the goal needs."""
    if find_spec("PySide6") is None:  # the quick answer of a bare Python
        return False
    import tomllib  # noqa: PLC0415 - not worth loading for a bare Python
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415

    project = tomllib.loads((clone / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = [*project["dependencies"]]
    if goal is Goal.TEST:
        requirements += project["optional-dependencies"]["test"]
    try:
        for name in [project["name"], *_names(requirements)]:
            distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _names(requirements: Sequence[str]) -> Iterator[str]:
    """The distributions that are needed everywhere; a line with a marker may be meant for elsewhere."""
    for requirement in requirements:
        if ";" not in requirement:
            yield requirement.partition("[")[0].rstrip("<>=!~.,0123456789 ")


def venv_state(clone: Path) -> Venv:
    """What the stamp in .venv says; it is written last, so that an interrupted set-up has none."""
    venv = clone / ".venv"
    if not venv.is_dir() or not any(venv.iterdir()):
        return Venv.ABSENT
    try:
        stamp = (venv / STAMP).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Venv.FOREIGN
    wanted = stamp_of(clone)
    if not stamp:
        return Venv.UNFINISHED
    if stamp.split("\n")[0] != wanted.split("\n")[0] or not venv_python(clone).exists():
        return Venv.MISPLACED
    return Venv.READY if stamp == wanted else Venv.OUTDATED


def stamp_of(clone: Path) -> str:
    """What an environment is made for: this Python and this place; and these dependencies."""
    import hashlib  # noqa: PLC0415 - not needed by an installed wheel

    digest = hashlib.sha256((clone / "pyproject.toml").read_bytes()).hexdigest()
    return "Python {}.{} in {}\n{}".format(*sys.version_info[:2], clone, digest)


def venv_python(clone: Path) -> Path:
    """The interpreter of the clone's environment."""
    where = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return clone.joinpath(".venv", *where)


# --- doing ------------------------------------------------------------------------------------------


def prepare(arguments: Sequence[str]) -> int | None:
    """Set up what is missing; None if this interpreter is to go on, else the exit code.

    With something to set up, the going on happens in another interpreter; so does `test`, in pytest.
    """
    goal = Goal.TEST if arguments[:1] == ["test"] else Goal.APP
    try:
        facts = look(goal)
        steps = plan(facts)
        if facts.clone is None:
            return None
        if set(steps) > {Step.GO_INSIDE}:
            steps = _set_up(facts.clone, goal)
        if steps:
            return _become([os.fspath(venv_python(facts.clone)), "-m", "raftviz", *arguments])
        return _run_tests(facts.clone, arguments[1:]) if goal is Goal.TEST else None
    except Refused as refusal:
        _say(str(refusal))
        return 2
    except KeyboardInterrupt:
        _say("Stopped; what was not finished is done again next time.")
        return 130


def _set_up(clone: Path, goal: Goal) -> list[Step]:
    """Do the plan, all but the going inside, while no other start is at it."""
    with _alone(clone) as lock:
        facts = look(goal)  # again: the one we may have waited for has done the work
        steps = plan(facts)
        todo = [step for step in steps if step is not Step.GO_INSIDE]
        if todo:
            _say("Setting up, once:")
        for step in todo:
            what = step.value
            if step is Step.INSTALL_PACKAGES:
                what = f"{what}: {' '.join(packages_to_install(facts))}"
            _say(f"  - {what}")
        for step in todo:
            _do(step, facts, clone, lock)
        return steps


def _do(step: Step, facts: Facts, clone: Path, lock: TextIO) -> None:
    match step:
        case Step.INSTALL_PACKAGES:
            _install_packages(packages_to_install(facts))
        case Step.MAKE_VENV:
            _make_venv(clone)
        case Step.INSTALL_PROJECT:
            _install_project(clone, lock)
        case Step.GO_INSIDE:
            pass


def _install_packages(packages: Sequence[str]) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    # Without a network, `update` is content with a warning and leaves it to `install` to fail.
    update = _run(["apt-get", "update", "--quiet"], env=quiet)
    done = _run(install, env=quiet)
    if done.returncode:
        raise Refused(
            f"`{' '.join(install)}` failed ({_why(update.stdout + done.stdout)});"
            " nothing in this clone was changed."
        )


def _make_venv(clone: Path) -> None:
    import shutil  # noqa: PLC0415 - once in the life of a clone

    venv = clone / ".venv"
    try:
        if venv.exists():
            shutil.rmtree(venv)
        venv.mkdir()
        (venv / STAMP).touch()  # before anything else, should we be interrupted
    except OSError as error:
        raise Refused(f"Cannot make {venv}: {error.strerror}; nothing was installed.") from None
    # Asked of a process of its own, for apt-get may have brought it only now.
    bare = _run([sys.executable, "-c", "import ensurepip"]).returncode != 0
    options = ["--without-pip"] if bare else []
    done = _run([sys.executable, "-m", "venv", *options, os.fspath(venv)])
    if done.returncode:
        raise Refused(f"Making .venv failed ({_why(done.stdout)}); it is made afresh next time.")


def _install_project(clone: Path, lock: TextIO) -> None:
    stamp = clone / ".venv" / STAMP
    stamp.write_text("", encoding="utf-8")
    python = os.fspath(venv_python(clone))
    # An environment made --without-pip borrows ours.
    own = _run([python, "-c", "import pip"]).returncode == 0
    pip = [python, "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", python]
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    done = _run(
        [*pip, "install", *options, "--editable", f"{clone}[test]"],
        # Should we be killed, pip goes on; it holds the lock until it ends.
        pass_fds=() if os.name == "nt" else (lock.fileno(),),
    )
    if done.returncode:
        log = stamp.with_name("set-up.log")
        log.write_text(done.stdout, encoding="utf-8")
        raise Refused(
            f"Installing into .venv failed ({_why(done.stdout)}; all of it in .venv/{log.name});"
            " system packages and downloads are kept, the rest is done afresh next time."
        )
    stamp.write_text(stamp_of(clone), encoding="utf-8")


def _run(
    command: Sequence[str], *, env: dict[str, str] | None = None, pass_fds: Sequence[int] = ()
) -> subprocess.CompletedProcess[str]:
    """Run to the end, and keep what was said in case it is needed."""
    return subprocess.run(
        command,
        env=env,
        pass_fds=pass_fds,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def _why(output: str) -> str:
    """The one line of a long output that tells the cause."""
    if any(sign in output for sign in UNREACHABLE):
        return "the network cannot be reached"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "e:"))]
    return (errors or lines or ["it did not say why"])[-1]


@contextmanager
def _alone(clone: Path) -> Iterator[TextIO]:
    """Hold the clone's lock; the system lets go of it even if we are killed."""
    try:
        lock = (clone / ".venv.lock").open("w", encoding="ascii")
    except OSError as error:
        raise Refused(f"Cannot set up in {clone}: {error.strerror}; nothing was changed.") from None
    with lock:
        if not _locked(lock):
            _say("Another start of raftviz is setting up; waiting for it to finish.")
            while not _locked(lock):
                time.sleep(0.2)
        yield lock


def _locked(lock: TextIO) -> bool:
    """Try to lock, and tell whether it is ours now."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows alone has it

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - Windows alone lacks it

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _run_tests(clone: Path, arguments: Sequence[str]) -> int:
    """The clone's tests, on every core and without a screen; what the caller adds has the last word."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.chdir(clone)
    cpus = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return _become([sys.executable, "-m", "pytest", *workers(cpus), *arguments])


def _become(command: Sequence[str]) -> int:
    """Go on as another process; where a process cannot be replaced, wait for it."""
    if os.name != "nt":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(command[0], list(command))
    return subprocess.run(command, check=False).returncode


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)

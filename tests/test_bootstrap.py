"""The first start: what is planned from which facts, and what becomes of it when things go wrong.

Deciding is tested as a function; doing is tested by real processes in a small clone whose pip and apt-get
are stand-ins, for the real ones want a network and root.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from raftviz import bootstrap
from raftviz.bootstrap import Facts, Goal, Refused, Step, Venv, plan

CLONE = Path("/somewhere/raftviz")
FRESH = [Step.MAKE_VENV, Step.INSTALL_PROJECT, Step.GO_INSIDE]

posix = pytest.mark.skipif(os.name == "nt", reason="stand-ins for pip are shell scripts")


def facts(**known: object) -> Facts:
    return Facts(Goal.APP, CLONE)._replace(**known)  # type: ignore[arg-type]


# --- deciding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("venv", [Venv.ABSENT, Venv.UNFINISHED, Venv.MISPLACED])
def test_an_environment_that_cannot_be_used_is_made_afresh(venv: Venv) -> None:
    assert plan(facts(venv=venv)) == FRESH


def test_a_changed_pyproject_is_installed_into_the_same_environment() -> None:
    assert plan(facts(venv=Venv.OUTDATED)) == [Step.INSTALL_PROJECT, Step.GO_INSIDE]


@pytest.mark.parametrize("venv", [Venv.READY, Venv.FOREIGN])
def test_a_later_start_only_goes_inside(venv: Venv) -> None:
    assert plan(facts(venv=venv)) == [Step.GO_INSIDE]


def test_an_interpreter_that_has_everything_is_left_as_it_is() -> None:
    assert plan(facts(complete=True, packages=("libegl1",), venv=Venv.UNFINISHED)) == []


def test_an_installed_wheel_never_bootstraps() -> None:
    assert plan(Facts(Goal.APP, clone=None)) == []


def test_an_installed_wheel_has_no_tests() -> None:
    with pytest.raises(Refused, match="run them in a clone"):
        plan(Facts(Goal.TEST, clone=None))


def test_root_installs_what_the_system_lacks_first() -> None:
    lacking = facts(packages=("libegl1",), apt=True, root=True)

    assert plan(lacking) == [Step.INSTALL_PACKAGES, *FRESH]


def test_anybody_else_is_told_the_line_to_run() -> None:
    line = "sudo apt-get update && sudo apt-get install --no-install-recommends libegl1 libgl1"

    with pytest.raises(Refused, match=f"run `{line}`"):
        plan(facts(packages=("libegl1", "libgl1"), apt=True, root=False))


def test_without_apt_the_libraries_are_named() -> None:
    with pytest.raises(Refused, match=r"provide libEGL\.so\.1, libGL\.so\.1\."):
        plan(facts(packages=("libegl1", "libgl1"), apt=False, root=True))


def test_debians_python_needs_a_package_to_make_environments() -> None:
    lacking = facts(venv_pip=False, apt=True, root=True)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"

    assert plan(lacking)[0] is Step.INSTALL_PACKAGES
    assert bootstrap.packages_to_install(lacking) == (package,)
    assert bootstrap.packages_to_install(lacking._replace(venv=Venv.READY)) == ()


@pytest.mark.parametrize(
    ("venv", "advice"),
    [(Venv.FOREIGN, "uv sync"), (Venv.UNFINISHED, "deactivate"), (Venv.MISPLACED, "deactivate")],
)
def test_an_environment_does_not_replace_itself(venv: Venv, advice: str) -> None:
    with pytest.raises(Refused, match=advice):
        plan(facts(inside=True, venv=venv))


def test_an_environment_may_bring_itself_up_to_date() -> None:
    steps = plan(facts(inside=True, venv=Venv.OUTDATED))

    assert steps == [Step.INSTALL_PROJECT, Step.GO_INSIDE]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the wheels bring all they need")
def test_only_a_window_needs_the_libraries_of_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_can_open", lambda library: False)
    display = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}

    for_tests = bootstrap.missing_packages(Goal.TEST, display)
    without_display = bootstrap.missing_packages(Goal.APP, {})
    for_window = bootstrap.missing_packages(Goal.APP, display)

    assert for_tests == without_display
    assert {"libxcb-cursor0", "libwayland-client0"} <= {*for_window} - {*for_tests}


@pytest.mark.parametrize(
    ("cpus", "options"), [(1, []), (2, ["-n", "2"]), (8, ["-n", "8"]), (64, ["-n", "8"])]
)
def test_workers_are_capped(cpus: int, options: list[str]) -> None:
    assert bootstrap.workers(cpus) == options


@pytest.mark.parametrize(
    ("output", "why"),
    [
        (
            "WARNING: ... NewConnectionError(...)\nERROR: No match\n",
            "the network cannot be reached",
        ),
        ("W: odd\nE: Unable to locate package x\nbye\n", "E: Unable to locate package x"),
        ("one\ntwo\n", "two"),
        ("", "it did not say why"),
    ],
)
def test_the_cause_is_told_in_one_line(output: str, why: str) -> None:
    assert bootstrap._why(output) == why


def test_requirements_are_read_by_name() -> None:
    lines = [
        "attrs>=23.2",
        "pytest-qt >=4.5,<5",
        "numpy",
        "thing[extra]>=1",
        "only; os_name == 'nt'",
    ]

    assert list(bootstrap._names(lines)) == ["attrs", "pytest-qt", "numpy", "thing"]


# --- the stamp --------------------------------------------------------------------------------------


@pytest.fixture
def small_clone(tmp_path: Path, clone: Path) -> Path:
    """A clone of just the bootstrap, with a command line that tells where it runs."""
    small = tmp_path / "small"
    (small / "raftviz").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "bootstrap.py"):
        shutil.copy(clone / "raftviz" / name, small / "raftviz")
    (small / "raftviz" / "start.py").write_text(
        "import sys\ndef main(): print('raftviz', *sys.argv[1:], 'in', sys.prefix)\n"
    )
    (small / "pyproject.toml").write_text("[project]\nname = 'raftviz'\ndependencies = []\n")
    return small


def make_venv(clone: Path, stamp: str | None) -> None:
    python = bootstrap.venv_python(clone)
    python.parent.mkdir(parents=True)
    python.touch()
    if stamp is not None:
        (clone / ".venv" / bootstrap.STAMP).write_text(stamp)


def test_no_environment_or_an_empty_folder_is_absent(small_clone: Path) -> None:
    assert bootstrap.venv_state(small_clone) is Venv.ABSENT
    (small_clone / ".venv").mkdir()
    assert bootstrap.venv_state(small_clone) is Venv.ABSENT


def test_an_environment_without_our_stamp_is_somebody_elses(small_clone: Path) -> None:
    make_venv(small_clone, stamp=None)
    assert bootstrap.venv_state(small_clone) is Venv.FOREIGN


def test_an_empty_stamp_is_an_interrupted_set_up(small_clone: Path) -> None:
    make_venv(small_clone, stamp="")
    assert bootstrap.venv_state(small_clone) is Venv.UNFINISHED


def test_the_stamp_follows_pyproject_python_and_place(
    small_clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_venv(small_clone, stamp=bootstrap.stamp_of(small_clone))
    assert bootstrap.venv_state(small_clone) is Venv.READY

    with (small_clone / "pyproject.toml").open("a") as pyproject:
        pyproject.write("# one more dependency\n")
    assert bootstrap.venv_state(small_clone) is Venv.OUTDATED

    moved = small_clone.rename(small_clone.with_name("moved"))
    assert bootstrap.venv_state(moved) is Venv.MISPLACED
    moved.rename(small_clone)
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert bootstrap.venv_state(small_clone) is Venv.MISPLACED


def test_an_environment_whose_python_has_gone_is_made_afresh(small_clone: Path) -> None:
    make_venv(small_clone, stamp=bootstrap.stamp_of(small_clone))
    bootstrap.venv_python(small_clone).unlink()

    assert bootstrap.venv_state(small_clone) is Venv.MISPLACED


# --- doing, in real processes -----------------------------------------------------------------------

# Stands in for pip: `python -m pip` in a new environment finds it first, through PYTHONPATH.
PIP = """
import os, sys, time
if __name__ == "__main__":
    with open(os.environ["PIP_WAS_CALLED"], "a") as calls:
        print(*sys.argv[1:], file=calls)
    time.sleep(float(os.environ.get("PIP_TAKES", "0")))
    print(os.environ.get("PIP_SAYS", ""))
    sys.exit(int(os.environ.get("PIP_EXITS", "0")))
"""

# The system has what Qt needs, for this is about environments; and Ctrl-C is heard, which a shell that
# runs the tests in the background turns off.
SITE = """
import ctypes, signal
ctypes.CDLL = lambda name: None
signal.signal(signal.SIGINT, signal.default_int_handler)
"""


class Start:
    """Starts raftviz in a small clone, as a person would, and remembers what pip was asked for."""

    def __init__(self, clone: Path) -> None:
        """Put the stand-in for pip in place."""
        self.clone = clone
        self.calls = clone.parent / "pip-calls"
        modules = clone.parent / "modules"
        modules.mkdir()
        (modules / "pip.py").write_text(PIP)
        (modules / "sitecustomize.py").write_text(SITE)
        self.environ = {
            **os.environ,
            "PYTHONPATH": str(modules),
            "PIP_WAS_CALLED": str(self.calls),
        }

    def begin(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        # The base interpreter: the one of this test run would have everything already.
        return subprocess.Popen(
            [sys._base_executable, "-m", "raftviz", *arguments],  # type: ignore[attr-defined]
            cwd=self.clone,
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        with self.begin(*arguments, **environ) as process:
            out, err = process.communicate(timeout=60)
        assert "Traceback" not in err
        return process.returncode, out, err

    def installs(self) -> int:
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0


@pytest.fixture
def start(small_clone: Path) -> Start:
    return Start(small_clone)


@posix
def test_the_first_start_sets_up_and_goes_on_inside(start: Start) -> None:
    code, out, err = start("run", "x.raft")

    assert (code, out) == (0, f"raftviz run x.raft in {start.clone / '.venv'}\n")
    assert "Setting up, once:" in err
    assert start.installs() == 1
    assert f"--editable {start.clone}[test]" in start.calls.read_text()
    assert bootstrap.venv_state(start.clone) is Venv.READY


@posix
def test_later_starts_are_silent_and_soon_inside(start: Start) -> None:
    start()
    began = time.perf_counter()
    code, out, err = start()
    took = time.perf_counter() - began

    assert (code, out, err) == (0, f"raftviz in {start.clone / '.venv'}\n", "")
    assert start.installs() == 1
    assert took < 2  # two interpreters; generous, for the machine has other tests to run


@posix
def test_a_changed_pyproject_is_installed_again(start: Start) -> None:
    start()
    with (start.clone / "pyproject.toml").open("a") as pyproject:
        pyproject.write("# changed\n")

    assert start()[0] == 0
    assert start.installs() == 2


@posix
def test_a_failed_install_is_told_in_a_sentence_and_done_again(start: Start) -> None:
    code, out, err = start(PIP_EXITS="1", PIP_SAYS="... NameResolutionError ...\nERROR: No match")

    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == (
        "Installing into .venv failed (the network cannot be reached; all of it in"
        " .venv/set-up.log); system packages and downloads are kept, the rest is done afresh next"
        " time."
    )
    assert "No match" in (start.clone / ".venv" / "set-up.log").read_text()
    assert bootstrap.venv_state(start.clone) is Venv.UNFINISHED
    assert start()[0] == 0
    assert start.installs() == 2


def wait_for_pip(start: Start) -> None:
    for _ in range(600):
        if start.installs():
            return
        time.sleep(0.05)
    pytest.fail("pip was never called")


@posix
def test_an_install_cut_off_by_a_kill_is_done_again(start: Start) -> None:
    with start.begin(PIP_TAKES="1") as process:
        wait_for_pip(start)
        process.kill()
        process.communicate()
    assert bootstrap.venv_state(start.clone) is Venv.UNFINISHED

    code, _, err = start()

    assert code == 0
    assert "waiting" in err, "the orphaned pip still held the lock"
    assert start.installs() == 2
    assert bootstrap.venv_state(start.clone) is Venv.READY


@posix
def test_an_interrupt_from_the_keyboard_is_no_traceback(start: Start) -> None:
    with start.begin(PIP_TAKES="1") as process:
        wait_for_pip(start)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert err.splitlines()[-1].startswith("Stopped;")
    assert "Traceback" not in err
    assert bootstrap.venv_state(start.clone) is Venv.UNFINISHED


@posix
def test_of_two_starts_at_once_one_sets_up_and_the_other_waits(start: Start) -> None:
    with start.begin("first", PIP_TAKES="1") as first:
        wait_for_pip(start)
        code, out, err = start("second")
        out_of_first, _ = first.communicate(timeout=60)

    assert (code, first.returncode) == (0, 0)
    assert "waiting" in err
    assert out.startswith("raftviz second in ")
    assert out_of_first.startswith("raftviz first in ")
    assert start.installs() == 1


@posix
def test_an_environment_of_somebody_else_is_not_touched(start: Start) -> None:
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", start.clone / ".venv"], check=True
    )

    code, _, err = start()

    assert code == 2
    assert "was not made by raftviz" in err
    assert start.installs() == 0


@posix
@pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_read_only_clone_is_told_in_a_sentence(start: Start) -> None:
    start.clone.chmod(0o555)

    code, _, err = start()

    assert code == 2
    assert "Cannot set up in" in err


def test_a_bare_interpreter_can_import_the_bootstrap(clone: Path) -> None:
    # -S: without site-packages, so whatever is imported is the standard library's.
    script = "import sys; from raftviz import bootstrap; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", script],
        cwd=clone,
        capture_output=True,
        text=True,
        check=True,
    )

    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert imported <= sys.stdlib_module_names | {"raftviz", "__main__", "__mp_main__"}


def test_an_old_python_is_told_in_a_sentence(small_clone: Path) -> None:
    script = (
        "import runpy, sys; sys.version_info = (3, 8, 1, 'final', 0);"
        " runpy.run_module('raftviz', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=small_clone, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "raftviz needs Python 3.11 or newer; this is Python 3.8.\n"

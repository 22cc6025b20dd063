"""Finding and reading scenarios: files, and those that ship, by name."""

from pathlib import Path
from typing import TYPE_CHECKING

from raftviz.data import asset_path
from raftviz.sim.script_error import ScriptError, did_you_mean

if TYPE_CHECKING:
    from raftviz.sim.statements import Scenario

SUFFIX = ".raft"


class UnreadableError(ValueError):
    """A scenario that cannot be had; the message is a sentence with the file and the place."""


def shipped_scenarios() -> dict[str, Path]:
    """The scenarios that ship, by the name one calls them, in alphabetical order."""
    return {path.stem: path for path in sorted(asset_path("scenarios").glob(f"*{SUFFIX}"))}


def is_there(name: str) -> bool:
    """Whether there is a file or folder of this name; a name that no file can have is no error."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def ships(path: Path) -> bool:
    """Whether a file is one of those that ship, and is nobody's to change."""
    return path.resolve().is_relative_to(asset_path("scenarios").resolve())


def path_of(name: str) -> Path:
    """The path of a file, or of a shipped scenario by its name."""
    if not is_there(name) and name.removesuffix(SUFFIX) in (shipped := shipped_scenarios()):
        return shipped[name.removesuffix(SUFFIX)]
    return Path(name)


def read_text(name: str) -> str:
    """The text of a file, or of a shipped scenario by its name. Raises UnreadableError."""
    from raftviz.sim.scenario import MAX_SIZE, decode_text  # noqa: PLC0415 - see read_scenario

    try:
        with path_of(name).open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except FileNotFoundError as error:
        hint = did_you_mean(name, shipped_scenarios())
        raise UnreadableError(f"there is no file or scenario “{name}”{hint}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableError(f"{name} cannot be read: {reason}") from error
    try:
        return decode_text(data)
    except ScriptError as error:
        raise UnreadableError(f"{name}: {error}") from error


def read_scenario(name: str) -> "Scenario":
    """Read a file, or a shipped scenario by its name. Raises UnreadableError."""
    from raftviz.sim.scenario import (  # noqa: PLC0415 - who only lists files reads none
        parse_scenario,
    )

    text = read_text(name)
    try:
        return parse_scenario(text)
    except ScriptError as error:
        raise UnreadableError(f"{name}: {error}") from error

"""The floors of the house, as failing tests; pyproject.toml says which floor is which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

PURE = ("raft", "sim", "checks")

# Not one of these may be reached by the pure floors, at the top of a file or inside a function. Beside
# the clock, chance and machines of the contract: the ways around an import statement.
FORBIDDEN = {
    *("time", "datetime", "random", "secrets", "uuid"),
    *("asyncio", "threading", "multiprocessing", "concurrent", "socket", "subprocess"),
    *("logging", "os", "sys", "importlib"),
    *("numpy", "PySide6", "pyqtgraph"),
}
FORBIDDEN_CALLS = {"__import__", "exec", "eval", "open", "print", "input"}


def test_import_contracts(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(clone / "pyproject.toml"), no_cache=True)

    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("floor", PURE)
def test_pure_floor_reaches_no_clock_chance_or_machine(clone: Path, floor: str) -> None:
    files = sorted((clone / "raftviz" / floor).rglob("*.py"))

    found = [f"{file.name}: {what}" for file in files for what in _impurities(file)]

    assert files, f"there is no code in raftviz/{floor}: has the floor moved?"
    assert found == []


def test_an_impurity_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "impure.py"
    file.write_text("def now():\n    import time as clock\n    return __import__('random')\n")

    assert list(_impurities(file)) == ["line 2: time", "line 3: __import__"]


def _impurities(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                reached = {name.name.partition(".")[0] for name in names} & FORBIDDEN
            case ast.ImportFrom(module=str(module)):
                reached = {module.partition(".")[0]} & FORBIDDEN
            case ast.Call(func=ast.Name(id=name)):
                reached = {name} & FORBIDDEN_CALLS
            case _:
                continue
        for what in sorted(reached):
            yield f"line {node.lineno}: {what}"

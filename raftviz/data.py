"""Where the files that ship with raftviz are: its assets and its lessons.

An installed wheel carries them in `raftviz/_data`; an editable install and a checkout have them beside
the package. Nobody else needs to know.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_data", _PACKAGE.parent)


class MissingDataError(FileNotFoundError):
    """A file that should have shipped with raftviz is not there."""


def asset_path(*parts: str) -> Path:
    """The shipped file or folder `assets/PARTS`."""
    return _find("assets", *parts)


def lesson_path(*parts: str) -> Path:
    """The shipped file or folder `lessons/PARTS`."""
    return _find("lessons", *parts)


def _find(*parts: str) -> Path:
    for root in _ROOTS:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    places = " or ".join(str(root) for root in _ROOTS)
    raise MissingDataError(f"raftviz has no {'/'.join(parts)}: looked in {places}")

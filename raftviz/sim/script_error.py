"""The one error that scripts, sessions and lessons are refused with."""

from collections.abc import Iterable


class ScriptError(ValueError):
    """A text that cannot be understood, with the place: 1-based line and column (0: unknown)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if not self.line:
            return self.message
        return f"line {self.line}, column {self.column}: {self.message}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``"; did you mean “crash”?"`` when something known is near, else nothing."""
    import difflib  # noqa: PLC0415 - only for somebody who has mistyped

    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean “{near[0]}”?" if near else ""

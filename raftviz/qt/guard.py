"""A guard for every method that Qt calls.

When Python calls Qt and Qt calls back into an override (`paintEvent`, `data`, an event handler), an
exception that leaves the override has no Python frame to go to; on Python 3.11 it can end the process
with a segmentation fault. So none leaves: the guard hands it to `sys.excepthook`, which the window and
the tests listen to, and returns a value that Qt can live with.
"""

import functools
import sys
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, overload

Self = TypeVar("Self")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

Method = Callable[Concatenate[Self, Arguments], Result]


@overload
def guarded(method: Method[Self, Arguments, None], /) -> Method[Self, Arguments, None]: ...


@overload
def guarded(
    *, default: Result
) -> Callable[[Method[Self, Arguments, Result]], Method[Self, Arguments, Result]]: ...


def guarded(
    method: Method[Self, Arguments, Result] | None = None, /, *, default: Result | None = None
) -> object:
    """Guard an override: `@guarded` where Qt wants nothing back, `@guarded(default=False)` where it does."""
    if method is None:
        return lambda wrapped: _guard(wrapped, default)
    return _guard(method, default)


def _guard(
    method: Method[Self, Arguments, Result], default: Result
) -> Method[Self, Arguments, Result]:
    @functools.wraps(method)
    def override(self: Self, /, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return method(self, *args, **kwargs)
        except BaseException:  # noqa: BLE001 - KeyboardInterrupt would crash Qt just the same
            sys.excepthook(*sys.exc_info())
            return default

    return override

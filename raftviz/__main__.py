"""`python3 -m raftviz`, from a bare clone or an installed wheel: set up what is missing, then start.

This file and `raftviz/__init__.py` must parse on old Pythons too, so that they can say what is wrong.
"""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "raftviz needs Python 3.11 or newer; this is Python %d.%d.\n" % sys.version_info[:2]
    )
    sys.exit(2)

from raftviz import bootstrap


def main() -> None:
    """Go on in an environment that has everything, or make one and go on in that."""
    code = bootstrap.prepare(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from raftviz import start  # noqa: PLC0415 - only now is it certain that its imports are there

    start.main()


if __name__ == "__main__":
    main()

"""Log entries as lists: index, term, command, and who waits for an answer to which request.

``null`` is the command of a no-op; a command that is left out is not known.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from raftviz.raft.log import Command, Entry
from raftviz.sim.partly import UNTOLD
from raftviz.sim.recording.fields import Json, Wrong, integer, items, line_of_text
from raftviz.sim.recording.names import Names
from raftviz.sim.recording.schema import MAX_INDEX

T = TypeVar("T")

Commands = Mapping[tuple[int, int], Command | None]
"""What the commands are that some lines leave out, by index and term: other lines tell them."""


def entry_out(entry: Entry, names: Names) -> list[Json]:
    """An entry as a list."""
    command = entry.command
    if command is UNTOLD:
        return [entry.index, entry.term]
    if command is None:
        return [entry.index, entry.term, None]
    if not command.client and not command.serial:
        return [entry.index, entry.term, command.text]
    client = names.of(command.client)
    return [entry.index, entry.term, command.text, client, command.serial]


def entries_out(entries: Iterable[Entry], names: Names) -> list[Json]:
    """Entries as lists."""
    return [entry_out(entry, names) for entry in entries]


class Entries:
    """Reads entries. Those that are alike are one value, as they are in a simulation."""

    def __init__(self, names: Names, commands: Commands, *, all_told: bool = True) -> None:
        self.nameless = False
        """Whether an entry was read that does not say whose request it is, though it may be one."""
        self._all_told = all_told
        self._names = names
        self._commands = commands
        self._known: dict[tuple[int, int], Entry] = {}
        self.read = 0
        """How many have been read."""

    def entries(self, value: Json) -> tuple[Entry, ...]:
        """Entries whose indexes follow each other."""
        found: list[Entry] = []
        for at, item in enumerate(items(value)):
            try:
                entry = self._entry(item)
            except Wrong as wrong:
                raise wrong.under(at) from None
            if found and entry.index != found[-1].index + 1:
                raise Wrong(f"entry {entry.index} cannot follow entry {found[-1].index}", at, 0)
            found.append(entry)
        self.read += len(found)
        return tuple(found)

    def _entry(self, value: Json) -> Entry:
        fields = items(value)
        if len(fields) not in (2, 3, 5):
            raise Wrong(
                "an entry is [index, term, command] or [index, term, command, client, serial]"
            )
        index = _at(fields, 0, lambda it: integer(it, 1, MAX_INDEX))
        term = _at(fields, 1, integer)
        known = self._known.get((index, term))
        command = self._command(fields, index, term)
        # A command may really be “?”: one that is not told is told apart by identity.
        alike = known is not None and (known.command is UNTOLD) == (command is UNTOLD)
        if known is not None and alike and known.command == command:
            return known
        entry = self._known[index, term] = Entry(index, term, command)
        return entry

    def _command(self, fields: list[Json], index: int, term: int) -> Command | None:
        if len(fields) == 2:
            self.nameless = not self._all_told
            return self._commands.get((index, term), UNTOLD)
        if fields[2] is None:
            return None
        text = _at(fields, 2, line_of_text)
        if len(fields) == 3:
            self.nameless = not self._all_told
            return Command(text)
        client = _at(fields, 3, self._names.client_or_nobody)
        return Command(text, client, _at(fields, 4, integer))


def _at(fields: list[Json], at: int, read: Callable[[Json], T]) -> T:
    try:
        return read(fields[at])
    except Wrong as wrong:
        raise wrong.under(at) from None

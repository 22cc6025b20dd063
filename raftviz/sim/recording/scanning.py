"""A first look at all lines: what later lines tell of earlier ones.

Somebody else's recording tells that a message was sent, and lines later that it arrived; but where it
is on its way depends on when it will arrive. So what is told of that, and of clients and commands, is
collected before anything is made of the lines. Nothing is refused here: that comes at the second look.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from raftviz.raft.log import Command
from raftviz.sim.recording.entries import Entries
from raftviz.sim.recording.fields import Json, Wrong
from raftviz.sim.recording.lines import objects
from raftviz.sim.recording.names import Names, read_names
from raftviz.sim.script_error import ScriptError

_PROGRESS = 500

_USUAL_US = 10_000
"""How long a message takes if nobody tells of any."""


class Ending(NamedTuple):
    """When a message comes to its end, and why it is lost if it is."""

    time_us: int
    why: str


class Foresight:
    """What becomes of messages whose arrival is not told where they are sent, and who is there.

    ``endings`` are by branch and message. ``patience_us`` is the longest that any such message took.
    ``clients`` are those that others speak to before anything is told of them. ``commands`` are
    those of entries, by index and term, if some lines leave them out.
    """

    def __init__(self) -> None:
        self.is_spared = False
        """Whether the header says that everything is told where it belongs."""
        self.endings: dict[tuple[Json, Json], Ending] = {}
        self.patience_us = 0
        self.clients: set[int] = set()
        self.commands: dict[tuple[int, int], Command | None] = {}
        self._sent: dict[Json, int] = {}
        self._appeared: dict[Json, dict[Json, int]] = {}
        self._parents: dict[Json, tuple[Json, int]] = {}
        self._next: dict[Json, int] = {}
        self._names = Names.of_size(1)
        self._lacks_commands = False

    def scan(self, lines: Iterable[bytes]) -> Iterator[int]:
        """Look through all lines, unless the first says that all is told where it belongs.

        Gives how many bytes have been read, now and then.
        """
        end = 0
        try:
            for line in objects(lines):
                end = line.end
                if line.number % _PROGRESS == 0:
                    yield end
                if line.told.get("complete") is True and "schema" in line.told:
                    self.is_spared = True
                    return
                self._look(line.told)
        except (ScriptError, Wrong):
            pass  # the second look comes there too, and says so
        yield end

    def collect_commands(self, lines: Iterable[bytes]) -> Iterator[int]:
        """Look for the commands that some lines leave out; only if there are such lines."""
        end = 0
        if not self._lacks_commands:
            return
        try:
            for line in objects(lines):
                end = line.end
                if line.number % _PROGRESS == 0:
                    yield end
                for entries in _entries(line.told):
                    self._learn(entries)
        except ScriptError:
            pass
        yield end

    def ending_of(self, branch: Json, message: Json) -> Ending | None:
        """How a message ends in a branch; None if that is not told."""
        return self.endings.get((_key(branch), _key(message)))

    @property
    def patience(self) -> int:
        """After how many µs a message that nothing more is told of is given up."""
        return self.patience_us or _USUAL_US

    def _look(self, told: dict[str, Json]) -> None:
        if "schema" in told:
            self._names = read_names(told.get("servers"))
            return
        branch, time_us = _key(told.get("branch", 0)), _whole(told.get("time_us"))
        if told.get("kind") == "branch":
            self._parents[branch] = _key(told.get("parent")), _whole(told.get("fork"))
            self._next[branch] = _whole(told.get("fork"))
            return
        number = _whole(told.get("number", self._next.get(branch, 0)))
        self._next[branch] = number + 1
        part = told.get("part")
        if isinstance(part, str) and part not in self._names.servers:
            self._appeared.setdefault(branch, {}).setdefault(part, number)
        for sent in _list(told.get("sends")):
            if isinstance(sent, dict):
                if "arrives_us" not in sent:
                    self._sent[_key(sent.get("id"))] = time_us
                self._meet(sent, branch, number)
        message = told.get("message")
        if isinstance(message, dict) and told.get("kind") in ("deliver", "lose"):
            why = told.get("why", "loss") if told["kind"] == "lose" else ""
            self._end(_key(message.get("id")), branch, Ending(time_us, str(why)))
            self._meet(message, branch, number)
        for entries in _entries(told):
            if any(isinstance(entry, list) and len(entry) == 2 for entry in entries):
                self._lacks_commands = True

    def _meet(self, message: dict[str, Json], branch: Json, number: int) -> None:
        """Note the clients that a message is from or to, if nothing was told of them before."""
        for end in (message.get("from"), message.get("to")):
            if isinstance(end, str) and end not in self._names.servers:
                try:
                    client = self._names.client(end)
                except Wrong:
                    continue
                if not self._has_appeared(end, branch, number):
                    self.clients.add(client)

    def _has_appeared(self, client: str, branch: Json, number: int) -> bool:
        """Whether something was told of a client before event ``number`` of a branch."""
        seen = set()
        while branch not in seen:
            seen.add(branch)
            if self._appeared.get(branch, {}).get(client, number + 1) <= number:
                return True
            branch, fork = self._parents.get(branch, (branch, number))
            number = min(number, fork - 1)
        return False

    def _end(self, message: Json, branch: Json, ending: Ending) -> None:
        sent_us = self._sent.get(message)
        if sent_us is not None:
            self.endings.setdefault((branch, message), ending)
            self.patience_us = max(self.patience_us, ending.time_us - sent_us)

    def _learn(self, entries: list[Json]) -> None:
        for entry in entries:
            if isinstance(entry, list) and len(entry) > 2:
                try:
                    read = Entries(self._names, {}).entries([entry])[0]
                except Wrong:
                    continue
                self.commands.setdefault((read.index, read.term), read.command)


def _entries(told: dict[str, Json]) -> Iterator[list[Any]]:
    """Every list of entries in a line, wherever it stands."""
    state = told.get("state")
    log = state.get("log") if isinstance(state, dict) else None
    for holder in (log, told.get("message"), *_list(told.get("sends"))):
        if isinstance(holder, dict) and isinstance(holder.get("entries"), list):
            yield holder["entries"]


def _list(value: Json) -> list[Any]:
    return value if isinstance(value, list) else []


def _whole(value: Json) -> int:
    return value if type(value) is int else 0


def _key(value: Json) -> Json:
    """A value that can be looked up by."""
    return value if isinstance(value, str | int) else None

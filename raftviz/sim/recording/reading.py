"""A recording as a history: line by line, each checked, and shown to whoever watches.

Two looks are taken at the lines (see ``scanning``), so a recording is given as something that opens
them anew each time. Nothing here trusts a line: what cannot be is refused with its place.
"""

from collections.abc import Callable, Iterable, Iterator

from raftviz.raft.values import NOTHING
from raftviz.sim.history import Branch, History, Label, Recording, State
from raftviz.sim.recording.drafts import Recall
from raftviz.sim.recording.entries import Entries
from raftviz.sim.recording.events_in import EVENTS, EventReader
from raftviz.sim.recording.fields import (
    Clock,
    Json,
    Wrong,
    get,
    integer,
    known_keys,
    line_of_text,
    need,
    one_of,
    title,
    truth,
)
from raftviz.sim.recording.flights_in import FlightReader
from raftviz.sim.recording.hosts_in import host_in
from raftviz.sim.recording.lines import at, objects
from raftviz.sim.recording.messages import Messages
from raftviz.sim.recording.names import read_names
from raftviz.sim.recording.others import client_in, network_in
from raftviz.sim.recording.scanning import Foresight
from raftviz.sim.recording.schema import (
    MAX_BRANCHES,
    MAX_EVENTS,
    MAX_PARTS,
    NETWORK_NAME,
    SCHEMA,
    VERSION,
)
from raftviz.sim.recording.settings import SETTINGS, settings_in
from raftviz.sim.recording.start import unknown_client, unknown_host, unknown_network
from raftviz.sim.recording.tracks import Track
from raftviz.sim.script_error import ScriptError
from raftviz.sim.settings import Settings
from raftviz.sim.world import Watcher

Told = dict[str, Json]

Lines = Callable[[], Iterable[bytes]]
"""Opens the lines of a recording, from the first one on."""

_PROGRESS = 100
"""Lines that are read before somebody who waits hears of it: a few milliseconds."""

_HEADER = frozenset(
    {"schema", "version", "title", "servers", "events", "settings", "origin_us", "complete"}
)
_read_kind = one_of("start", "branch", *EVENTS)
_START = frozenset({"kind", "part", "state"})
_BRANCH = frozenset(
    {"kind", "branch", "name", "note", "colour", "hidden", "parent", "fork", "time_us"}
)


class RecordingReader:
    """Reads one recording: ``history`` and ``title`` are there once ``read`` has come to its end."""

    history: History

    def __init__(self, lines: Lines, watch: Callable[[History], Watcher] | None = None) -> None:
        self.title = ""
        self._lines = lines
        self._watch = watch
        self._foresight = Foresight()
        self._expected: int | None = None
        self._events = 0
        self._tracks: dict[int, Track] = {}
        self._began = False

    @property
    def looks(self) -> int:
        """How often all lines are looked at: twice, unless they say that once is enough."""
        return 1 if self._foresight.is_spared else 2

    def read(self) -> Iterator[int]:
        """Read it all. Gives now and then how many bytes were looked at, counting each look.

        ``watch`` is asked for a watcher when the history begins, and that one sees every record as
        it is appended. Raises ScriptError for the first line that cannot be.
        """
        size = last = 0
        for size in self._foresight.scan(self._lines()):
            yield size
        for _ in self._foresight.collect_commands(self._lines()):
            yield size
        for line in objects(self._lines()):
            try:
                self._read_line(line.told, first=not last)
            except Wrong as wrong:
                raise at(wrong, line.number, line.text) from wrong
            last = line.number
            if last % _PROGRESS == 0:
                yield size + line.end
        self._finish(last)

    def read_all(self) -> History:
        """Read it all at once. Raises ScriptError."""
        for _ in self.read():
            pass
        return self.history

    def _finish(self, last: int) -> None:
        if not last:
            raise ScriptError("the file is empty", 1, 1)
        self._begin()
        if self._expected is not None and self._events < self._expected:
            told = f"{self._events:,} of {self._expected:,}"
            raise ScriptError(f"the file ends after {told} events: it is cut short", last + 1, 1)

    def _read_line(self, told: Told, *, first: bool) -> None:
        if first:
            self._read_header(told)
            return
        kind = need(told, "kind", _read_kind)
        if kind == "start":
            self._read_start(told)
            return
        self._begin()
        if kind == "branch":
            self._read_branch(told)
        else:
            self._read_event(told)
        if self._entries.read + self._flights.read > MAX_PARTS:
            raise Wrong(f"a recording tells of at most {MAX_PARTS:,} entries and messages")

    # The header and the start

    def _read_header(self, told: Told) -> None:
        if told.get("schema") != SCHEMA:
            raise Wrong(f"this is no recording: its first line would say “schema”: “{SCHEMA}”")
        version = need(told, "version", lambda it: integer(it, 1))
        if version > VERSION:
            newer = f"version {version}, and this raftviz reads those up to version {VERSION}"
            raise Wrong(f"this is a recording of {newer}", "version")
        known_keys(told, _HEADER)
        names = self._names = need(told, "servers", read_names)
        complete = get(told, "complete", truth, default=False)
        self.title = get(told, "title", lambda it: line_of_text(it, 200), "")
        self._expected = get(told, "events", lambda it: integer(it, 0, MAX_EVENTS), None)
        self._clock = Clock(get(told, "origin_us", integer, 0))
        size = len(names.servers)
        read = get(told, "settings", lambda it: settings_in(it, size), None)
        settings, untold = read or (Settings(servers=size), frozenset(SETTINGS))
        self._settings, self._recording = settings, Recording(names.called, untold, complete)
        self._entries = Entries(names, self._foresight.commands, all_told=complete)
        messages = Messages(names, self._entries)
        blank = settings.options.blank
        recall = self._recall = Recall(names, self._entries, messages, blank, self._clock)
        self._flights = FlightReader(recall, self._foresight)
        self._reader = EventReader(recall, self._flights, size)
        never = frozenset({"language"}) if "options" in untold else NOTHING
        self._hosts = {server: unknown_host(server, blank, never) for server in range(1, size + 1)}
        clients = sorted(self._foresight.clients, reverse=True)
        self._clients = {address: unknown_client(address) for address in clients}
        self._network = unknown_network(settings, untold)

    def _read_start(self, told: Told) -> None:
        if self._began:
            raise Wrong("the start is told before the first event", "kind")
        known_keys(told, _START)
        part = need(told, "part", lambda it: it)
        state = need(told, "state", lambda it: it)
        names = self._names
        address = 0 if part == NETWORK_NAME else need(told, "part", names.address)
        try:
            if not address:
                self._network = network_in(self._network, state, names)
            elif address > 0:
                self._hosts[address] = host_in(self._hosts[address], state, self._recall)
            else:
                client = self._clients.get(address) or unknown_client(address)
                self._clients[address] = client_in(client, state, names, self._recall.clock)
        except Wrong as wrong:
            raise wrong.under("state") from None

    def _begin(self) -> None:
        """Let the history begin, once the start is told."""
        if self._began:
            return
        self._began = True
        start = State(0, self._hosts, self._clients, self._network, {})
        self.history = History(self._settings, start, self._recording)
        track = self._tracks[0] = Track(self.history, self.history.root, None)
        track.watcher = self._watch(self.history) if self._watch is not None else None

    # Branches and events

    def _read_branch(self, told: Told) -> None:
        known_keys(told, _BRANCH)
        number = need(told, "branch", lambda it: integer(it, 0, MAX_BRANCHES))
        branch = self._root(told) if number == 0 else self._new_branch(told, number)
        label = branch.label
        name = get(told, "name", title, label.name)
        note = get(told, "note", line_of_text, "")
        branch.label = Label(name, note, get(told, "colour", integer, label.colour))
        branch.hidden = get(told, "hidden", truth, default=False)

    def _root(self, told: Told) -> Branch:
        if "parent" in told or "fork" in told:
            raise Wrong("branch 0 is the one that begins at the start", "branch")
        return self.history.root

    def _new_branch(self, told: Told, number: int) -> Branch:
        if number in self._tracks:
            raise Wrong(f"there is a branch {number} already", "branch")
        parent = need(told, "parent", self._track)
        fork = need(told, "fork", integer)
        try:
            count = parent.event(fork - 1) + 1 if fork else 0
        except Wrong as wrong:
            raise wrong.under("fork") from None
        forked_us = get(told, "time_us", self._clock.instant, parent.branch.time_at(count))
        if forked_us < parent.branch.time_at(count):
            raise Wrong("a branch cannot begin before the events it begins with", "time_us")
        branch = self.history.open_branch(parent.branch, count, forked_us)
        track = self._tracks[number] = Track(self.history, branch, parent, fork)
        track.watcher = parent.watcher
        return branch

    def _track(self, value: Json) -> Track:
        track = self._tracks.get(integer(value, 0, MAX_BRANCHES))
        if track is None:
            raise Wrong(f"there is no branch {value}")
        return track

    def _read_event(self, told: Told) -> None:
        track = get(told, "branch", self._track, self._tracks[0])
        self._flights.branch = told.get("branch", 0)
        self._reader.read(track, told, need(told, "time_us", self._clock.instant))
        self._events += 1
        if self._events > MAX_EVENTS:
            raise Wrong(f"a recording has at most {MAX_EVENTS:,} events")
        if self._expected is not None and self._events > self._expected:
            raise Wrong(f"the header tells of {self._expected:,} events, and this is one more")

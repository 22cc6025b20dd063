"""Messages: their types by the paper's names, and their fields as the paper calls them."""

from collections.abc import Callable
from typing import Any

import attrs

from raftviz.raft.log import Command
from raftviz.raft.messages import (
    AppendEntriesRequest,
    AppendEntriesResponse,
    ClientRequest,
    ClientResponse,
    InstallSnapshotRequest,
    InstallSnapshotResponse,
    Message,
    NotLeader,
    RequestVoteRequest,
    RequestVoteResponse,
    message_name,
)
from raftviz.raft.names import Address
from raftviz.raft.values import NOTHING
from raftviz.sim.partly import UNTOLD
from raftviz.sim.recording.entries import Entries, entries_out
from raftviz.sim.recording.fields import (
    Json,
    Wrong,
    get,
    integer,
    line_of_text,
    log_index,
    need,
    one_of,
    text,
    truth,
)
from raftviz.sim.recording.names import Names
from raftviz.sim.recording.schema import MAX_LINE

Fields = dict[str, Json]

TYPES: dict[str, type[Message]] = {
    "RequestVote": RequestVoteRequest,
    "RequestVoteResponse": RequestVoteResponse,
    "AppendEntries": AppendEntriesRequest,
    "AppendEntriesResponse": AppendEntriesResponse,
    "InstallSnapshot": InstallSnapshotRequest,
    "InstallSnapshotResponse": InstallSnapshotResponse,
    "ClientRequest": ClientRequest,
    "ClientResponse": ClientResponse,
    "NotLeader": NotLeader,
}
"""Every type by its name."""

FIELDS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in attrs.fields(kind)) for kind in TYPES.values()
}
"""The fields of each type."""

OF_MESSAGES = frozenset(
    {"type", "client", "serial", *(field for fields in FIELDS.values() for field in fields)}
)
"""Every field of any message, as a line has it."""

_read_type = one_of(*TYPES)

_SPEAKERS = ("candidate_id", "leader_id")
_OPTIONAL = {"match_index": 0, "conflict_index": 0, "conflict_term": 0}
"""What has a meaning when it is left out: nothing to say of it."""


def message_out(message: Message, sender: Address, names: Names) -> Fields:
    """A message's type and fields."""
    told: Fields = {"type": message_name(message)}
    if isinstance(message, ClientRequest):
        command = message.command
        told["command"] = command.text
        if command.client != sender:
            told["client"] = names.of(command.client)
        told["serial"] = command.serial
        return told
    for field in FIELDS[type(message)]:
        found = getattr(message, field)
        if field in _SPEAKERS:
            found = names.of(found)
        elif field == "entries":
            found = entries_out(found, names)
        told[field] = found
    return told


class Messages:
    """Reads messages."""

    def __init__(self, names: Names, entries: Entries) -> None:
        self._names = names
        self._readers: dict[str, Callable[[Json], Any]] = {
            "candidate_id": names.server,
            "leader_id": names.server_or_nobody,
            "entries": entries.entries,
            "vote_granted": truth,
            "success": truth,
            "done": truth,
            "installed": truth,
            "data": lambda value: text(value, MAX_LINE),
            "result": line_of_text,
            "term": integer,
            "serial": integer,
            "offset": integer,
            "last_log_term": integer,
            "prev_log_term": integer,
            "last_included_term": integer,
            "conflict_term": integer,
        }

    def message(self, fields: Fields, sender: Address) -> tuple[Message, frozenset[str]]:
        """The message that these fields tell of, and which of its fields they leave out."""
        kind = TYPES[need(fields, "type", _read_type)]
        stray = next((key for key in fields if key in OF_MESSAGES and not _has(kind, key)), None)
        if stray is not None:
            name = fields["type"]
            raise Wrong(f"a message of type {name} has no “{stray}”", stray)
        if kind is ClientRequest:
            return self._request(fields, sender)
        values: dict[str, Any] = {}
        unknown = []
        for field in FIELDS[kind]:
            if field in fields:
                values[field] = self._value(fields, field)
            elif field in _SPEAKERS and kind is not NotLeader and sender > 0:
                values[field] = sender
            elif field in _OPTIONAL:
                values[field] = _OPTIONAL[field]
            else:
                unknown.append(field)
                values[field] = _UNTOLD.get(field, 0)
        _check_entries(values)
        return kind(**values), frozenset(unknown) if unknown else NOTHING

    def _value(self, fields: Fields, field: str) -> Any:
        read = self._readers.get(field, log_index)
        try:
            return read(fields[field])
        except Wrong as wrong:
            raise wrong.under(field) from None

    def _request(self, fields: Fields, sender: Address) -> tuple[Message, frozenset[str]]:
        told = "command" in fields
        words = need(fields, "command", line_of_text) if told else UNTOLD.text
        client = get(fields, "client", self._names.client_or_nobody, min(sender, 0))
        command = Command(words, client, get(fields, "serial", integer, 0))
        unknown = [field for field in ("command", "serial") if field not in fields]
        return ClientRequest(command), frozenset(unknown) if unknown else NOTHING


_UNTOLD: dict[str, Any] = {
    "entries": (),
    "vote_granted": False,
    "success": False,
    "done": False,
    "installed": False,
    "data": "",
    "result": "",
}
"""What stands in a message for what is not told; 0 for the others."""


def _has(kind: type[Message], field: str) -> bool:
    if kind is ClientRequest:
        return field in ("type", "command", "client", "serial")
    return field == "type" or field in FIELDS[kind]


def _check_entries(values: dict[str, Any]) -> None:
    entries = values.get("entries")
    if entries and entries[0].index != values["prev_log_index"] + 1:
        message = (
            f"entry {entries[0].index} cannot follow prev_log_index {values['prev_log_index']}"
        )
        raise Wrong(message, "entries", 0)

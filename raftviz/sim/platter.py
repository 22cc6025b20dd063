"""What is on a disk, byte by byte: made only when somebody damages it, and read at the next start.

A disk holds records: the term and the vote, the snapshot, then the entries. Each begins with its
length and a checksum. A write that a crash tears leaves an unfinished record at the end, which was
never acknowledged and is cut off; a record that does not match its checksum is damage.
"""

import json
import struct
import zlib
from typing import Any

from raftviz.raft.log import Command, Entry, Log
from raftviz.raft.machine import Replica
from raftviz.raft.server import Persistent, Snapshot

_HEAD = struct.Struct(">III")
"""Length of the payload, the CRC-32 of that length, the CRC-32 of the payload. The length has its
own: a length with a bit too many would make whole records look like one that was torn."""


class DamagedError(ValueError):
    """A disk that cannot be read; the message names the first record that is wrong."""


def encoded(persistent: Persistent) -> bytes:
    """A disk's bytes."""
    return b"".join(_record(payload) for _, payload in _payloads(persistent))


def torn(persistent: Persistent, unfinished: Persistent) -> bytes:
    """A disk's bytes when a crash stops it half-way through writing ``unfinished``."""
    half_written = _record(_payloads(unfinished)[-1][1])
    return encoded(persistent) + half_written[: len(half_written) // 2]


def flipped(image: bytes, bit: int) -> bytes:
    """A disk's bytes with one bit turned over; ``bit`` counts round and round."""
    at = bit % (len(image) * 8)
    changed = bytearray(image)
    changed[at // 8] ^= 1 << at % 8
    return bytes(changed)


def decoded(image: bytes, blank: Replica) -> Persistent:
    """What a disk holds. Raises DamagedError."""
    payloads = list(_read_records(image))
    if not payloads:
        raise DamagedError("its disk has no readable term and vote")
    term, vote, snapshot_index, snapshot_term = payloads[0]
    snapshot, rest = None, payloads[1:]
    if snapshot_index:
        if not rest:
            raise DamagedError("its snapshot is missing")
        snapshot = Snapshot(snapshot_index, snapshot_term, blank.loaded(rest.pop(0)[0]))
    entries = [
        Entry(index, entry_term, Command(*command) if command else None)
        for index, entry_term, command in rest
    ]
    return Persistent(term, vote, Log(entries, snapshot_index, snapshot_term), snapshot)


def _payloads(persistent: Persistent) -> list[tuple[str, bytes]]:
    log, snapshot = persistent.log, persistent.snapshot
    head = [persistent.current_term, persistent.voted_for, log.snapshot_index, log.snapshot_term]
    values: list[tuple[str, object]] = [("term and vote", head)]
    if snapshot is not None:
        values.append(("snapshot", [snapshot.replica.dumped()]))
    for entry in log:
        command = entry.command
        said = [command.text, command.client, command.serial] if command else None
        values.append((f"entry {entry.index}", [entry.index, entry.term, said]))
    return [(name, json.dumps(value).encode()) for name, value in values]


def _record(payload: bytes) -> bytes:
    length = struct.pack(">I", len(payload))
    return length + struct.pack(">II", zlib.crc32(length), zlib.crc32(payload)) + payload


def _read_records(image: bytes) -> list[list[Any]]:
    """Every whole record's value. An unfinished one at the end is where a crash tore a write."""
    records: list[list[Any]] = []
    at = 0
    while at + _HEAD.size <= len(image):
        length, length_sum, checksum = _HEAD.unpack_from(image, at)
        payload = image[at + _HEAD.size : at + _HEAD.size + length]
        sound = zlib.crc32(image[at : at + 4]) == length_sum
        if sound and len(payload) < length:
            break
        if not sound or zlib.crc32(payload) != checksum:
            raise DamagedError(f"record {len(records) + 1} on its disk does not match its checksum")
        records.append(json.loads(payload))
        at += _HEAD.size + length
    return records

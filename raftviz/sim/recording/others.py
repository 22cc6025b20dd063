"""Clients and the network, told whole whenever they change: both ways."""

import attrs

from raftviz.raft.log import Command
from raftviz.sim.client import Client, Operation
from raftviz.sim.network import Link, Network, Quality
from raftviz.sim.partly import OF_CLIENT, PartlyKnownClient, PartlyKnownNetwork
from raftviz.sim.recording.fields import (
    Clock,
    Json,
    Wrong,
    each,
    fraction,
    get,
    instant,
    integer,
    items,
    known_keys,
    line_of_text,
    mapping,
    need,
    pairs,
    shown,
    text,
)
from raftviz.sim.recording.names import Names
from raftviz.sim.recording.schema import MAX_NAME
from raftviz.sim.units import NEVER

Told = dict[str, Json]


def when(time_us: int) -> Json:
    """An instant as a line tells it."""
    return "never" if time_us >= NEVER else time_us


# Clients

_OPERATION = frozenset({"command", "serial", "invoked_us", "asked", "attempts"})
_CLIENT = frozenset(
    {"serial", "operation", "leader", "wake_us", "every_us", "next_us", "answered", "last_result"}
)


def client_out(client: Client, names: Names) -> Told:
    """All that is known of a client."""
    operation = client.operation
    told: Told = {
        "serial": client.serial,
        "operation": _operation_out(operation, names) if operation is not None else "none",
        "leader": names.of(client.leader),
        "answered": client.answered,
        "last_result": client.last_result,
        "wake_us": when(client.wake_us),
        "every_us": client.every_us,
        "next_us": when(client.next_us),
    }
    return {field: None if field in client.unknown else value for field, value in told.items()}


def _operation_out(operation: Operation, names: Names) -> Told:
    return {
        "command": operation.command.text,
        "serial": operation.command.serial,
        "invoked_us": operation.invoked_us,
        "asked": names.of(operation.asked),
        "attempts": operation.attempts,
    }


def client_in(before: Client, value: Json, names: Names, clock: Clock) -> Client:
    """The client after a line that tells ``value`` of it."""
    told = mapping(value)
    known_keys(told, _CLIENT)
    unknown = set(before.unknown)
    for field in OF_CLIENT:
        if field in told:
            (unknown.add if told[field] is None else unknown.discard)(field)
    told = {field: item for field, item in told.items() if item is not None}
    rest = (
        before.id,
        get(told, "serial", integer, before.serial),
        get(
            told,
            "operation",
            lambda it: _operation_in(it, before.id, names, clock),
            before.operation,
        ),
        get(told, "leader", names.server_or_nobody, before.leader),
        get(told, "wake_us", clock.alarm, before.wake_us),
        get(told, "every_us", instant, before.every_us),
        get(told, "next_us", clock.alarm, before.next_us),
        get(told, "answered", integer, before.answered),
        get(told, "last_result", line_of_text, before.last_result),
    )
    return PartlyKnownClient(*rest, frozenset(unknown)) if unknown else Client(*rest)


def _operation_in(value: Json, client: int, names: Names, clock: Clock) -> Operation | None:
    if value == "none":
        return None
    told = mapping(value)
    known_keys(told, _OPERATION)
    command = need(told, "command", line_of_text)
    return Operation(
        Command(command, client, get(told, "serial", integer, 0)),
        get(told, "invoked_us", clock.instant, 0),
        need(told, "asked", names.server),
        get(told, "attempts", integer, 1),
    )


# The network

_NETWORK = frozenset({"quality", "links", "cuts", "groups", "variants"})
_QUALITY = frozenset({"latency_us", "loss", "duplicate", "reorder"})


def network_out(network: Network, names: Names) -> Told:
    """All that is known of the network."""

    def link(ends: Link) -> str:
        return f"{names.of(ends[0])} -> {names.of(ends[1])}"

    told: Told = {
        "quality": _quality_out(network.quality),
        "links": {link(ends): _quality_out(own) for ends, own in network.links.items()},
        "cuts": [link(ends) for ends in sorted(network.cuts)],
        "groups": [[names.of(server) for server in sorted(side)] for side in network.groups],
        "variants": list(network.variants),
    }
    return {field: value for field, value in told.items() if field not in network.unknown}


def _quality_out(quality: Quality) -> Told:
    return {**attrs.asdict(quality), "latency_us": list(quality.latency_us)}


def network_in(before: Network, value: Json, names: Names) -> Network:
    """The network after a line that tells ``value`` of it."""
    told = mapping(value)
    known_keys(told, _NETWORK)

    def link(item: Json) -> Link:
        ends = text(item).split(" -> ")
        if len(ends) != 2:
            raise Wrong(f"a link such as “S1 -> S2” is expected, not {shown(item)}")
        return names.address(ends[0]), names.address(ends[1])

    def side(item: Json) -> frozenset[int]:
        return frozenset(each(item, names.server))

    rest = (
        get(told, "quality", lambda it: quality_in(it, before.quality), before.quality),
        get(told, "links", lambda it: pairs(it, link, _whole_quality), before.links),
        get(told, "cuts", lambda it: frozenset(each(it, link)), before.cuts),
        get(told, "groups", lambda it: each(it, side), before.groups),
        get(told, "variants", variants, before.variants),
    )
    unknown = before.unknown - told.keys()
    return PartlyKnownNetwork(*rest, unknown) if unknown else Network(*rest)


def quality_in(value: Json, default: Quality) -> Quality:
    """The quality of links; what is not told is as in ``default``."""
    told = mapping(value)
    known_keys(told, _QUALITY)
    return Quality(
        get(told, "latency_us", span, default.latency_us),
        get(told, "loss", fraction, default.loss),
        get(told, "duplicate", fraction, default.duplicate),
        get(told, "reorder", fraction, default.reorder),
    )


def _whole_quality(value: Json) -> Quality:
    return quality_in(value, Quality((0, 0)))


def span(value: Json) -> tuple[int, int]:
    """A range of times in µs."""
    ends = items(value)
    if len(ends) != 2:
        raise Wrong("a range is two numbers, from and to")
    low, high = each(ends, instant)
    if low > high:
        raise Wrong("the range runs backwards")
    return low, high


def variants(value: Json) -> tuple[str, ...]:
    """The names of variants that are on; whoever wrote it may have others than we."""
    return each(value, lambda it: line_of_text(it, MAX_NAME))

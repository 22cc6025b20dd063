"""Who is who in a recording: its own names for servers, and S1, S2, … as they are shown."""

import re
from collections.abc import Iterable

from raftviz.raft.names import Address, name
from raftviz.sim.recording.fields import Json, Wrong, integer, items, shown, title
from raftviz.sim.recording.schema import MAX_CLIENTS, NETWORK_NAME, NOBODY
from raftviz.sim.script_error import did_you_mean
from raftviz.sim.settings import MAX_SERVERS

_CLIENT = re.compile(r"C([1-9]\d{0,5})")
_OURS = re.compile(r"S\d+|C\d+")


class Names:
    """The names of a recording's servers, in order; clients are C1, C2, … everywhere."""

    def __init__(self, servers: Iterable[str]) -> None:
        self.servers = tuple(servers)
        self._addresses: dict[str, Address] = {n: at for at, n in enumerate(self.servers, 1)}
        self._names: dict[Address, str] = {at: n for n, at in self._addresses.items()}
        self._addresses[NOBODY] = 0
        self._names[0] = NOBODY

    @classmethod
    def of_size(cls, size: int) -> "Names":
        """Servers that are called as we call them."""
        return cls(name(server) for server in range(1, size + 1))

    @property
    def called(self) -> dict[int, str]:
        """What those servers are called that are not called S1, S2 and so on."""
        return {at: n for at, n in enumerate(self.servers, 1) if n != name(at)}

    def of(self, address: Address) -> str:
        """The recording's name of a server or client, or of nobody."""
        return self._names.get(address) or name(address)

    def address(self, value: Json) -> Address:
        """A server or a client."""
        found = self._addresses.get(value) if isinstance(value, str) else None
        if found:
            return found
        client = _CLIENT.fullmatch(value) if isinstance(value, str) else None
        if client is None:
            hint = did_you_mean(value, self.servers) if isinstance(value, str) else ""
            raise Wrong(f"there is no server or client {shown(value)}{hint}")
        if int(client[1]) > MAX_CLIENTS:
            raise Wrong(f"a client is one of C1 to C{MAX_CLIENTS}, not {shown(value)}")
        return -int(client[1])

    def server(self, value: Json) -> int:
        """A server."""
        found = self._addresses.get(value) if isinstance(value, str) else None
        if not found:
            hint = did_you_mean(value, self.servers) if isinstance(value, str) else ""
            raise Wrong(f"there is no server {shown(value)}{hint}")
        return found

    def server_or_nobody(self, value: Json) -> int:
        """A server, or ``"nobody"``."""
        return 0 if value == NOBODY else self.server(value)

    def client_or_nobody(self, value: Json) -> Address:
        """A client, or ``"nobody"``."""
        return 0 if value == NOBODY else self.client(value)

    def client(self, value: Json) -> Address:
        """A client."""
        found = self.address(value)
        if found > 0:
            raise Wrong(f"a client is expected, not {shown(value)}")
        return found


def read_names(value: Json) -> Names:
    """The ``servers`` of a header: how many there are, or what they are called."""
    if type(value) is int:
        return Names.of_size(integer(value, 1, MAX_SERVERS))
    names = items(value)
    if not 1 <= len(names) <= MAX_SERVERS:
        raise Wrong(f"from 1 to {MAX_SERVERS} servers are expected, not {len(names)}")
    found: list[str] = []
    for at, called in enumerate(names):
        try:
            found.append(_server_name(called, at + 1, found))
        except Wrong as wrong:
            raise wrong.under(at) from None
    return Names(found)


def _server_name(value: Json, place: int, others: list[str]) -> str:
    found = title(value)
    if found in others:
        raise Wrong(f"two servers are called {shown(found)}")
    if found in (NOBODY, NETWORK_NAME) or (_OURS.fullmatch(found) and found != name(place)):
        raise Wrong(f"server {place} cannot be called {shown(found)}: that is somebody else's name")
    return found

"""The newest instant of one branch, and how it moves on: one event after the other.

A ``World`` is the only mutable thing of the simulation, and only a way to reach the next event
quickly: everything in it can be read out of the history again (``World.at``), which is what opening
a branch in the past does.

Several events at one instant happen in a fixed order: disks, then arrivals in the order in which
the messages were sent, then timers, then batches, then clients; within each, lower numbers first.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

import attrs

from raftviz.raft.algorithm import receive, step
from raftviz.raft.because import ALREADY_DURABLE, Because
from raftviz.raft.cluster import Cluster
from raftviz.raft.inputs import BatchDue, Input, Persisted, TimerFired
from raftviz.raft.messages import ClientRequest, Message
from raftviz.raft.names import Address
from raftviz.raft.server import Follower, Persistent, restarted
from raftviz.raft.transition import HEARTBEAT, KEEP, SAME, Transition
from raftviz.sim import client as clients
from raftviz.sim.chance import Chance, Purpose
from raftviz.sim.client import Client
from raftviz.sim.events import Delivered, Event, Lost, TimedOut, Woke, Wrote
from raftviz.sim.faults import LOST, PANIC, WRITE_FAILED
from raftviz.sim.history import FLIGHTS_PER_EVENT, NETWORK, Branch, History, Part, Record, State
from raftviz.sim.host import CRASHED, PAUSED, Disk, Host, Write, crashed
from raftviz.sim.network import Flight, Network
from raftviz.sim.settings import Settings
from raftviz.sim.units import NEVER

_CLASS = 1 << 50  # the queue's keys hold a class of event above it, and who or what below
_DISK, _FLIGHT, _TIMER, _BATCH, _CLIENT = (place * _CLASS for place in range(5))

_REORDER_FACTOR = 3
"""A message that chance holds up takes this many longest latencies more: enough to be overtaken."""

CUT_PLACE = 0.5
"""The part of a link's way at which a cut stops messages: where a drawn line crosses it."""

_LOSS_PLACES = (20, 80)
"""Percent of the way at which a lossy link loses a message: well visible between two servers."""

NONSENSE = (ValueError,)
"""What the algorithm raises when a rule, broken on purpose, hands it what makes no sense."""

Watcher = Callable[[Branch, int, Record], None]
"""Sees each record once, as it is appended: the branch, its number, the record."""


def begin(settings: Settings) -> History:
    """A new history: all servers up, their first election timeouts drawn, nobody has said a word."""
    chance = Chance(settings.seed)
    hosts = {}
    for server in range(1, settings.servers + 1):
        disk = settings.start.get(server, Persistent())
        timeout = election_timeout(chance, settings, server, 0)
        started = restarted(server, disk, settings.options.blank)
        hosts[server] = Host(started, Disk(disk), timer_us=timeout)
    network = Network(settings.quality, variants=settings.variants)
    start_clients = {}
    if settings.requests_us:
        start_clients[-1] = Client(-1, every_us=settings.requests_us, next_us=settings.requests_us)
    return History(settings, State(0, hosts, start_clients, network, {}))


def election_timeout(chance: Chance, settings: Settings, server: int, now_us: int) -> int:
    """A randomised election timeout in µs for a timer that ``server`` sets now (§5.2)."""
    low, high = settings.election_timeout_us
    drawn = chance.between(low, high, Purpose.ELECTION_TIMEOUT, server, 0, now_us)
    return by_its_clock(chance, settings, server, drawn) if settings.drift else drawn


def by_its_clock(chance: Chance, settings: Settings, server: int, duration_us: int) -> int:
    """How long ``duration_us`` on a server's own clock, which may run fast or slow, really takes."""
    if not settings.drift:
        return duration_us
    thousandth = chance.between(-1000, 1000, Purpose.DRIFT, server, 0, 0)
    return max(1, round(duration_us * (1 + settings.drift * thousandth / 1000)))


class World:
    """The simulation at the end of a branch. Make one with ``World.at``."""

    def __init__(
        self,
        history: History,
        branch: Branch,
        state: State,
        cluster: Cluster,
        watcher: Watcher | None,
    ) -> None:
        self.history = history
        self.branch = branch
        self.settings = history.settings
        self.cluster = cluster
        """The servers and the rules they follow; with variants on, those of ``network``."""
        self._whole = cluster
        self.watcher = watcher
        self.since = 0
        """Conditions on acts look no further back than to this event."""
        self.time_us = state.time_us
        self.hosts = dict(state.hosts)
        self.clients = dict(state.clients)
        self.network = state.network
        if self.network.variants:
            self._follow_rules()
        self.flights = dict(state.flights)
        self._chance = Chance(self.settings.seed)
        self._count = len(branch)
        self._heartbeat_us = {
            server: by_its_clock(self._chance, self.settings, server, self.settings.heartbeat_us)
            for server in self.hosts
        }
        self._queue: list[tuple[int, int]] = []
        self._queued_timer: dict[int, int] = {}
        self._new_flights: list[Flight] = []
        self._fill_queue()

    @classmethod
    def at(
        cls,
        history: History,
        branch: Branch | None = None,
        *,
        count: int | None = None,
        time_us: int | None = None,
        new_branch: str | None = None,
        cluster: Cluster | None = None,
        watcher: Watcher | None = None,
    ) -> "World":
        """A world that goes on behind the first ``count`` events of ``branch`` (all, if None).

        It appends to ``branch`` itself when nothing has happened behind ``count`` yet, and to a
        new branch otherwise, or when ``new_branch`` gives the name of one.

        Raises ValueError for a recording: nothing goes on from it.
        """
        if history.is_recording:
            raise ValueError("a recording cannot go on")
        branch = history.root if branch is None else branch  # an empty one is one, too
        count = len(branch) if count is None else count
        opens = count < len(branch) or new_branch is not None
        now = max(branch.time_at(count), time_us or 0)
        if count == branch.fork and (time_us is None or not opens):
            now = max(now, branch.forked_us)
        state = history.state_at(branch, count, now)
        if opens:
            branch = history.open_branch(branch, count, now, new_branch or "")
        settings = history.settings
        cluster = cluster or Cluster.of_size(settings.servers, settings.options)
        return cls(history, branch, state, cluster, watcher)

    @classmethod
    def beside(cls, history: History, branch: Branch, state: State) -> "World":
        """A world on a branch that is none of the history's: to see what would happen."""
        settings = history.settings
        return cls(
            history, branch, state, Cluster.of_size(settings.servers, settings.options), None
        )

    def _follow_rules(self) -> None:
        """Follow the rules that are in force by what ``network`` says, which is what is recorded."""
        from raftviz.raft.variants import rules_with  # noqa: PLC0415 - for who breaks a rule

        on = self.network.variants
        self.cluster = attrs.evolve(self._whole, rules=rules_with(on)) if on else self._whole

    @property
    def place(self) -> tuple[Branch, int]:
        """The branch, and how many events have happened."""
        return self.branch, self._count

    def _fill_queue(self) -> None:
        queue = self._queue
        for flight in self.flights.values():
            queue.append((flight.due_us, _FLIGHT + flight.id))
        for host in self.hosts.values():
            if host.is_up:
                self._queued_timer[host.id] = host.timer_us
                queue.append((host.timer_us, _TIMER + host.id))
                if host.batch_us < NEVER:
                    queue.append((host.batch_us, _BATCH + host.id))
            if host.is_up and host.disk.writes:
                queue.append((host.disk.writes[0].done_us, _DISK + host.id))
        for client in self.clients.values():
            queue.append((client.alarm_us, _CLIENT - client.id))
        heapify(queue)

    # Moving on

    def next_us(self) -> int:
        """When the next event is due; ``NEVER`` when nothing is."""
        queue = self._queue
        while queue:
            due_us, key = queue[0]
            if self._is_due(due_us, key):
                return due_us
            heappop(queue)
            self._requeue(due_us, key)
        return NEVER

    def step(self) -> Record | None:
        """Let the next event happen. None when nothing will ever happen again."""
        return None if self.next_us() >= NEVER else self._happen(*heappop(self._queue))

    def run_until(self, time_us: int) -> None:
        """Let everything happen that is due up to ``time_us``, and stand there."""
        queue = self._queue
        while queue and queue[0][0] <= time_us:
            due_us, key = heappop(queue)
            if self._is_due(due_us, key):
                self._happen(due_us, key)
            else:
                self._requeue(due_us, key)
        self.time_us = max(self.time_us, time_us)

    def run_some(self, time_us: int, events: int) -> bool:
        """Let at most so many events happen that are due up to ``time_us``; whether those were all.

        For who wants to do something in between: time stands where the last of them happened.
        """
        queue = self._queue
        while queue and queue[0][0] <= time_us:
            due_us, key = heappop(queue)
            if self._is_due(due_us, key):
                self._happen(due_us, key)
                events -= 1
                if not events:
                    return False
            else:
                self._requeue(due_us, key)
        return True

    def stand_at(self, time_us: int) -> None:
        """Let everything happen that is due before ``time_us``, and stand there: an act comes first.

        What is due at that very instant waits, so that somebody who stops between two events of one
        instant can do something between them.
        """
        self.run_until(time_us - 1)
        self.time_us = max(self.time_us, time_us)

    def _happen(self, due_us: int, key: int) -> Record:
        """An event that was at the head of the queue, and is due."""
        self.time_us = due_us
        if key < _FLIGHT:
            return self.finish_write(key)
        if key < _TIMER:
            return self._flight_ends(self.flights[key - _FLIGHT])
        if key < _BATCH:
            return self._timer_fires(key - _TIMER)
        if key < _CLIENT:
            return self._batch_is_due(key - _BATCH)
        return self.wake_client(_CLIENT - key)

    def _is_due(self, due_us: int, key: int) -> bool:
        """Whether a queued alarm still stands: the world may have changed since it was queued."""
        if key < _FLIGHT:
            host = self.hosts[key]
            writes = host.disk.writes
            return bool(writes) and writes[0].done_us == due_us and host.can_write
        if key < _TIMER:
            flight = self.flights.get(key - _FLIGHT)
            return flight is not None and due_us == (
                flight.arrives_us if flight.lost_us is None else flight.lost_us
            )
        if key < _BATCH:
            host = self.hosts[key - _TIMER]
            return host.timer_us == due_us and host.is_up
        if key < _CLIENT:
            host = self.hosts[key - _BATCH]
            return host.batch_us == due_us and host.is_up
        return self.clients[_CLIENT - key].alarm_us == due_us

    def _requeue(self, due_us: int, key: int) -> None:
        """A timer that was set anew while its old alarm was queued gets its new alarm now.

        Timers are set anew at every heartbeat; only one alarm for each is ever queued.
        """
        if _TIMER <= key < _BATCH:
            server = key - _TIMER
            if self._queued_timer.get(server) == due_us:
                del self._queued_timer[server]
                self._queue_timer(self.hosts[server])

    def queue_disk(self, host: Host) -> None:
        """Queue the end of the host's oldest write."""
        if host.disk.writes:
            heappush(self._queue, (host.disk.writes[0].done_us, _DISK + host.id))

    def queue_batch(self, host: Host) -> None:
        """Queue the end of gathering, if commands gather."""
        if host.batch_us < NEVER:
            heappush(self._queue, (host.batch_us, _BATCH + host.id))

    def _queue_timer(self, host: Host) -> None:
        server = host.server.id
        if host.timer_us < self._queued_timer.get(server, NEVER) and host.is_up:
            self._queued_timer[server] = host.timer_us
            heappush(self._queue, (host.timer_us, _TIMER + server))

    # What can happen

    def _flight_ends(self, flight: Flight) -> Record:
        del self.flights[flight.id]
        if flight.lost_us is not None:
            return self.lose(flight, flight.lost_why)
        return self.deliver(flight)

    def lose(self, flight: Flight, why: str) -> Record:
        """A message that is no longer in flight went nowhere; ``why`` is a key of ``LOST``."""
        because = (Because(LOST[why], {"me": flight.target, "other": flight.source}),)
        return self.record(Lost(flight, why), flight.cause, NETWORK, self.network, because)

    def deliver(self, flight: Flight) -> Record:
        """A message that is no longer in flight reaches whom it is for."""
        if flight.target < 0:
            return self._client_hears(flight)
        host = self.hosts[flight.target]
        if host.status is CRASHED:
            return self.lose(flight, "crashed")
        if host.status is PAUSED:
            waiting = attrs.evolve(host, backlog=(*host.backlog, flight))
            event = Delivered(flight, waits=True)
            return self.record(event, flight.cause, host.id, waiting, ())
        try:
            transition = receive(self.cluster, host.server, flight.source, flight.message)
        except NONSENSE as error:
            return self.panic(Delivered(flight), flight.cause, host, error)
        return self.carry_out(Delivered(flight), flight.cause, host, transition)

    def _timer_fires(self, server: int) -> Record:
        self._queued_timer.pop(server, None)
        host = self.hosts[server]
        return self.let(TimedOut(server), host.timer_cause, host, TimerFired())

    def _batch_is_due(self, server: int) -> Record:
        host = self.hosts[server]
        rested = attrs.evolve(host, batch_us=NEVER)
        return self.let(Woke(server), host.timer_cause, rested, BatchDue())

    def finish_write(self, server: int) -> Record:
        """The oldest write is on the disk: what waited for it may leave, a leader counts itself."""
        host = self.hosts[server]
        write, *waiting = host.disk.writes
        if host.disk.fails:
            return self._write_fails(host, write, tuple(waiting))
        disk = attrs.evolve(host.disk, durable=write.persistent, writes=tuple(waiting))
        host = attrs.evolve(host, disk=disk)
        self.queue_disk(host)
        try:
            transition = self._note_durable(host, write.persistent)
        except NONSENSE as error:
            return self.panic(Wrote(server), write.cause, host, error)
        return self.carry_out(Wrote(server), write.cause, host, transition, released=write.messages)

    def _write_fails(self, host: Host, write: Write, waiting: tuple[Write, ...]) -> Record:
        """A transient error: the write is tried again, and takes as long once more."""
        takes_us = self._draw_write(host.id)
        again = attrs.evolve(write, done_us=self.time_us + takes_us)
        later = tuple(attrs.evolve(w, done_us=w.done_us + takes_us) for w in waiting)
        disk = attrs.evolve(host.disk, writes=(again, *later), fails=False)
        after = attrs.evolve(host, disk=disk)
        self.queue_disk(after)
        because = (Because(WRITE_FAILED, {"me": host.id}),)
        return self.record(Wrote(host.id, failed=True), write.cause, host.id, after, because)

    def _note_durable(self, host: Host, written: Persistent) -> Transition:
        done = Persisted(written.current_term, written.log.last_index)
        return step(self.cluster, host.server, done)

    # Carrying out what the algorithm says

    def let(self, event: Event, cause: int, host: Host, happened: Input) -> Record:
        """Let ``happened`` reach the algorithm on a host, and carry out what it says."""
        try:
            transition = step(self.cluster, host.server, happened)
        except NONSENSE as error:
            return self.panic(event, cause, host, error)
        return self.carry_out(event, cause, host, transition)

    def panic(self, event: Event, cause: int, host: Host, error: Exception) -> Record:
        """A broken rule led the algorithm to what makes no sense, and the server stopped.

        Raises ``error`` again in a world in which no rule is broken: then it is our mistake.
        """
        if not self.network.variants:
            raise error
        because = Because(PANIC, {"me": host.id, "why": str(error)})
        after = crashed(host, self.settings.options.blank)
        return self.record(event, cause, host.id, after, (because,))

    def carry_out(
        self,
        event: Event,
        cause: int,
        host: Host,
        transition: Transition,
        *,
        released: tuple[tuple[Address, Message], ...] = (),
    ) -> Record:
        """Write to disk what must be there, then send; set the timer; append the record.

        No message leaves before all that was written before it is durable. ``released`` are
        messages that have waited long enough.
        """
        now, number = self.time_us, self._count
        if released:
            self._send_all(host.id, released)
        disk = host.disk
        if transition.persist is not None or (disk.writes and transition.messages):
            try:
                disk, transition = self._write(host, transition, number)
            except NONSENSE as error:  # on a disk that takes no time, behind the write
                durable = transition.persist or disk.durable
                written = attrs.evolve(host, disk=attrs.evolve(disk, durable=durable))
                return self.panic(event, cause, written, error)
        elif transition.messages:
            self._send_all(host.id, transition.messages)
        timer_us, timer_from_us, timer_cause = host.timer_us, host.timer_from_us, host.timer_cause
        if transition.timer is not KEEP:
            took_us = timer_us - timer_from_us
            timer_from_us, timer_cause = now, number
            timer_us = now + (
                self._heartbeat_us[host.id]
                if transition.timer is HEARTBEAT
                else took_us
                if transition.timer is SAME
                else election_timeout(self._chance, self.settings, host.server.id, now)
            )
        after = Host(
            transition.server,
            disk,
            host.status,
            timer_us,
            timer_from_us,
            timer_cause,
            host.backlog,
            self._batch_alarm(host) if transition.batch else host.batch_us,
        )
        return self.record(event, cause, host.id, after, transition.because)

    def _batch_alarm(self, host: Host) -> int:
        """When the commands that gather are sent; asked for once a batch."""
        if host.batch_us < NEVER:
            return host.batch_us
        due_us = self.time_us + self.settings.batch_us
        heappush(self._queue, (due_us, _BATCH + host.id))
        return due_us

    def draw_election_timeout(self, server: int) -> int:
        """A fresh randomised election timeout for a server, in µs (§5.2)."""
        return election_timeout(self._chance, self.settings, server, self.time_us)

    def draw_bit(self, server: int) -> int:
        """Which bit of a server's disk turns over."""
        return self._chance.bits(Purpose.DAMAGE, server, 0, self.time_us)

    def draw_server(self, client: Address) -> int:
        """The server that a client who knows no leader asks: any (dissertation §6.2)."""
        size = self.settings.servers
        return self._chance.between(1, size, Purpose.CLIENT_CHOICE, client, 0, self.time_us)

    def _write(self, host: Host, transition: Transition, number: int) -> tuple[Disk, Transition]:
        """Queue the write with the messages that wait for it; with no latency, do it at once."""
        disk, persist, messages = host.disk, transition.persist, transition.messages
        if persist is None:  # nothing of its own to write, but it must not overtake
            last = disk.writes[-1]
            last = attrs.evolve(last, messages=last.messages + messages)
            return attrs.evolve(disk, writes=(*disk.writes[:-1], last)), transition
        at_once = self.settings.disk_us[1] == 0 and not disk.writes
        if at_once and host.can_write and not disk.fails:
            return self._write_at_once(host, transition, persist)
        if len(disk.writes) > 1:
            # While one write is under way the others gather, and go to the disk together.
            last = disk.writes[-1]
            gathered = Write(persist, last.done_us, last.cause, last.messages + messages)
            return attrs.evolve(disk, writes=(*disk.writes[:-1], gathered)), transition
        start = disk.writes[-1].done_us if disk.writes else self.time_us
        write = Write(persist, start + self._draw_write(host.id), number, messages)
        longer = attrs.evolve(disk, writes=(*disk.writes, write))
        if not disk.writes:
            self.queue_disk(attrs.evolve(host, disk=longer))
        return longer, transition

    def _draw_write(self, server: int) -> int:
        low, high = self.settings.disk_us
        return self._chance.between(low, high, Purpose.DISK, server, 0, self.time_us)

    def _write_at_once(
        self, host: Host, transition: Transition, persist: Persistent
    ) -> tuple[Disk, Transition]:
        """A disk that takes no time: durable before the messages leave, in one event."""
        self._send_all(host.id, transition.messages)
        while not isinstance(transition.server.role, Follower):
            host = attrs.evolve(host, server=transition.server)
            durable = self._note_durable(host, persist)
            if durable.server is host.server:
                break
            self._send_all(host.id, durable.messages)
            # That it is on disk goes without saying here; what follows from it does not.
            told = tuple(b for b in durable.because if b.reason is not ALREADY_DURABLE)
            transition = Transition(
                durable.server,
                transition.because + told,
                timer=transition.timer if durable.timer is KEEP else durable.timer,
                batch=transition.batch or durable.batch,
            )
            if durable.persist is None:
                break
            persist = durable.persist
        disk = host.disk
        return Disk(persist, disk.writes, disk.image, disk.full), transition

    def _send_all(self, source: Address, messages: tuple[tuple[Address, Message], ...]) -> None:
        previous, salt = 0, 0
        for target, message in messages:
            # Two messages to one receiver at one instant must not share their fate.
            salt = salt + 1 if target == previous else 0
            previous = target
            self.send(source, target, message, salt)

    def send(self, source: Address, target: Address, message: Message, salt: int = 0) -> None:
        """Put a message on its way; its record is the one appended next."""
        network, chance, now = self.network, self._chance, self.time_us
        quality = network.quality_of(source, target)
        low, high = quality.latency_us
        key = (source, target, now, salt)
        takes = chance.between(low, high, Purpose.LATENCY, source, target, now, salt)
        if quality.reorder and chance.happens(quality.reorder, Purpose.REORDER, *key):
            takes += _REORDER_FACTOR * high
        lost_us, why = None, ""
        if (network.cuts or network.groups) and network.is_cut(source, target):
            lost_us, why = now + round(takes * CUT_PLACE), "cut"
        elif quality.loss and chance.happens(quality.loss, Purpose.LOSS, *key):
            place = chance.between(*_LOSS_PLACES, Purpose.LOSS_PLACE, *key)
            lost_us, why = now + takes * place // 100, "loss"
        self.put(
            Flight(
                self._count * FLIGHTS_PER_EVENT + len(self._new_flights),
                source,
                target,
                message,
                self._count,
                now,
                now + takes,
                lost_us,
                why,
            )
        )
        if quality.duplicate and chance.happens(quality.duplicate, Purpose.DUPLICATE, *key):
            again = chance.between(low, high, Purpose.LATENCY, source, target, now, salt + 1000)
            first = self._new_flights[-1]
            late = attrs.evolve(first, id=self.new_flight_id(), arrives_us=now + takes + again)
            self.put(late)

    def new_flight_id(self) -> int:
        """An id for one more message that the next record puts on its way."""
        return self._count * FLIGHTS_PER_EVENT + len(self._new_flights)

    def put(self, flight: Flight) -> None:
        """Let a flight go on as ``flight`` says; its record is the one appended next."""
        self._new_flights.append(flight)
        self.flights[flight.id] = flight
        due_us = flight.arrives_us if flight.lost_us is None else flight.lost_us
        heappush(self._queue, (due_us, _FLIGHT + flight.id))

    def record(
        self,
        event: Event,
        cause: int,
        part: Address,
        after: Part,
        because: tuple[Because, ...],
    ) -> Record:
        """Append what just happened, put ``after`` in its place, and show it to the watcher."""
        before: Part | None
        if isinstance(after, Host):
            before = self.hosts[part]
            self.hosts[part] = after
            if after.timer_us != before.timer_us or after.status is not before.status:
                self._queue_timer(after)
        elif isinstance(after, Network):
            before = self.network
            self.network = after
            if after.variants != before.variants:
                self._follow_rules()
        else:
            before = self.clients.get(part)
            self.clients[part] = after
            heappush(self._queue, (after.alarm_us, _CLIENT - part))
        flights = self._new_flights
        record = Record(self.time_us, event, cause, part, before, after, because, tuple(flights))
        if flights:
            flights.clear()
        number = self._count
        self._count = number + 1
        branch = self.branch
        branch.append(record, self.flights)
        if self.watcher is not None:
            self.watcher(branch, number, record)
        return record

    # Clients

    def wake_client(self, address: Address) -> Record:
        """A client's alarm rings: it loses patience, or it is time for its next request."""
        client = self.clients[address]
        now, size = self.time_us, self.settings.servers
        if client.wake_us <= client.next_us:
            after, reason = clients.lose_patience(client, size, now, self.settings)
        else:
            key = "xyz"[self._chance.between(0, 2, Purpose.WORKLOAD, address, 0, now)]
            anyone = self.draw_server(address)
            after, reason = clients.send_next(client, key, anyone, now, self.settings)
        return self.client_acts(Woke(address), -1, client, after, reason)

    def _client_hears(self, flight: Flight) -> Record:
        client = self.clients[flight.target]
        after, reason = clients.hear(client, flight.message, self.time_us, self.settings)
        return self.client_acts(Delivered(flight), flight.cause, client, after, reason)

    def client_acts(
        self,
        event: Event,
        cause: int,
        before: Client,
        after: Client,
        because: tuple[Because, ...],
    ) -> Record:
        """Send what a client now wants to be sent, and append the record."""
        operation = after.operation
        if operation is not None and clients.is_sent_anew(before, operation):
            self.send(after.id, operation.asked, ClientRequest(operation.command))
        return self.record(event, cause, after.id, after, because)

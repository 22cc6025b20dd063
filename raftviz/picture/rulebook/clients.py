"""The book's last part: compaction (§7), and clients (§8)."""

from raftviz.picture.rulebook.rule import Chapter, Rule
from raftviz.raft import because as why
from raftviz.raft import rules
from raftviz.raft.applying import apply_committed, compact
from raftviz.raft.leading import accept_command
from raftviz.raft.machine import Replica
from raftviz.raft.messages import ClientResponse
from raftviz.sim import client
from raftviz.sim.history import Record
from raftviz.sim.host import Host


def _answers(record: Record) -> bool:
    """Whether a server tells a client that it is done."""
    return any(isinstance(flight.message, ClientResponse) for flight in record.flights)


def _repeats(record: Record) -> bool:
    """Whether a server comes by a command in its log that it has executed before."""
    before, after = record.before, record.after
    if not isinstance(before, Host) or not isinstance(after, Host) or not after.is_up:
        return False
    was, now = before.server, after.server
    if was.last_applied >= now.last_applied:
        return False
    done = {address: serial for address, (serial, _) in was.replica.sessions.items()}
    for entry in now.log.recall(was.last_applied + 1, now.last_applied):
        command = entry.command
        if command is not None and command.client:
            if command.serial <= done.get(command.client, 0):
                return True
            done[command.client] = command.serial
    return False


COMPACTION = Chapter(
    "Log compaction",
    (
        Rule(
            "compact",
            "A server may replace what it has applied by a snapshot of its state machine, each on "
            "its own, and never more than it has applied.",
            "§7",
            (compact, rules.compaction_index),
            (why.COMPACT, why.NOTHING_TO_COMPACT),
        ),
    ),
)

CLIENTS = Chapter(
    "Clients",
    (
        Rule(
            "ask-leader",
            "A client asks the leader it knows of, or else any server.",
            "§8",
            (client.ask, client.send_next),
            (client.ASK, client.SKIP),
        ),
        Rule(
            "name-leader",
            "A server that does not lead takes no command. It names the leader it knows of.",
            "§8",
            (accept_command,),
            (why.SEND_TO_LEADER,),
        ),
        Rule(
            "follow-hint",
            "The client asks where it was sent; if nobody leads, it waits a little.",
            "§8",
            (client.hear,),
            (client.FOLLOW_HINT, client.WAIT_FOR_LEADER),
        ),
        Rule(
            "ask-again",
            "No answer in time? Ask again, somebody else if need be, with the same serial number.",
            "§8",
            (client.lose_patience,),
            (client.RETRY,),
        ),
        Rule(
            "execute-once",
            "A command that is in the log twice is executed once: each server keeps, for each "
            "client, the last serial number and what it answered.",
            "§8, dissertation §6.3",
            (rules.execute, Replica),
            seen_in=_repeats,
        ),
        Rule(
            "answer-committed",
            "A leader tells a client “done” only when its command is committed and executed.",
            "§8",
            (rules.may_answer, apply_committed),
            seen_in=_answers,
        ),
        Rule(
            "be-answered",
            "The client takes the first answer; a second one it ignores.",
            "§8",
            (client.hear,),
            (client.DONE, client.OLD_ANSWER),
        ),
    ),
)

CHAPTERS = (COMPACTION, CLIENTS)

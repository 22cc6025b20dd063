"""What an event came to, in a few words: “S1 committed up to entry 4”.

The long form is the reason's own sentence. A test demands a short one for every reason there is.
"""

from raftviz.picture.event_words import event_sentence
from raftviz.raft import because as why
from raftviz.raft.because import Because, Reason
from raftviz.sim import client, faults
from raftviz.sim.history import Record

OUTCOMES: dict[Reason, str] = {
    why.STEP_DOWN: "{me} moved to term {term}",
    why.START_ELECTION: "{me} became a candidate in term {term}",
    why.GRANT_VOTE: "{me} voted for {other} in term {term}",
    why.REFUSE_VOTE_STALE_TERM: "{me} refused its vote: an old term",
    why.REFUSE_VOTE_ALREADY_VOTED: "{me} refused its vote: it had voted for {voted_for}",
    why.REFUSE_VOTE_LOG_BEHIND: "{me} refused its vote: its own log is newer",
    why.COUNT_VOTE: "{me} has the votes of {granted} and needs {majority}",
    why.NOTE_REFUSAL: "{me} did not get the vote of {other}",
    why.WIN_ELECTION: "{me} won the election of term {term}",
    why.IGNORE_STALE_RESPONSE: "{me} ignored an answer from an old term",
    why.IGNORE_LATE_VOTE: "{me} had no more use for this vote",
    why.IGNORE_LATE_ANSWER: "{me} had no use for this answer",
    why.SEND_HEARTBEAT: "{me} sent heartbeats",
    why.HEAR_HEARTBEAT: "{me} heard from its leader {leader}",
    why.FOLLOW_LEADER: "{me} follows {leader} in term {term}",
    why.STORE_ENTRIES: "{me} stored entries up to {index}",
    why.REPLACE_ENTRIES: "{me} replaced its entries from {conflict} on",
    why.REJECT_STALE_LEADER: "{me} refused a leader of an old term",
    why.REJECT_SECOND_LEADER: "{me} refused a second leader",
    why.REJECT_MISSING: "{me} refused: it has no entry {index}",
    why.REJECT_MISMATCH: "{me} refused: its entry {index} is another one",
    why.REJECT_COMMITTED: "{me} refused: entry {index} is committed",
    why.FOLLOWER_COMMITS: "{me} knows entry {index} to be committed",
    why.COUNT_COPY: "{me} knows that {other} holds entry {index}",
    why.NOTHING_NEW: "{me} learned nothing new",
    why.LEADER_COMMITS: "{me} committed up to entry {index}",
    why.HOLD_COMMIT: "{me} may not commit entry {index} yet",
    why.BACK_OFF: "{me} goes back to entry {index} for {other}",
    why.LEADER_APPENDS: "{me} appended entry {index}",
    why.SEND_TO_LEADER: "{me} does not lead and says who does: {leader}",
    why.ALREADY_DURABLE: "{me} has on its disk what it wrote",
    why.FIRED_TOO_LATE: "{me} had nothing to do",
    why.GATHER: "{me} appended entry {index} and gathers more",
    why.SEND_BATCH: "{me} sent {count} commands together",
    why.NOTHING_GATHERED: "{me} had nothing left to send",
    why.COMPACT: "{me} took a snapshot up to entry {index}",
    why.NOTHING_TO_COMPACT: "{me} had nothing to compact",
    why.INSTALL: "{me} took over a snapshot up to entry {index}",
    why.STORE_CHUNK: "{me} stored a piece of a snapshot",
    why.OLDER_CHUNK: "{me} keeps to a later snapshot",
    why.NEXT_CHUNK: "{me} sent the next piece of a snapshot to {other}",
    why.SNAPSHOT_KNOWN: "{me} has all that is in the snapshot",
    client.ASK: "{me} asked {other}: {command}",
    client.FOLLOW_HINT: "{me} asked {other} instead: {command}",
    client.WAIT_FOR_LEADER: "{me} found no leader and waits",
    client.RETRY: "{me} asked {other} again: {command}",
    client.DONE: "{me} was told that {command} is done",
    client.OLD_ANSWER: "{me} ignored a second answer",
    client.SKIP: "{me} still waits and asked nothing new",
    faults.WRITE_FAILED: "a write of {me} failed and is tried again",
    faults.REFUSE_START: "{me} did not start",
}
"""By reason. What people do, and what befalls messages, their sentences tell well enough."""

_BESIDES = {
    why.COUNT_COPY,
    why.ALREADY_DURABLE,
    why.HEAR_HEARTBEAT,
    why.NOTHING_NEW,
}
"""Goes without saying beside anything else."""


def outcome(record: Record) -> str:
    """What an event came to, in a few words and without a full stop."""
    told = [because for because in record.because if because.reason in OUTCOMES]
    telling = [because for because in told if because.reason not in _BESIDES] or told
    if not telling:
        return event_sentence(record).rstrip(".")
    words = [_short(because) for because in telling]
    # “S3 moved to term 2; voted for S1 in term 2”: the name once, if all speak of one server.
    first = words[0].split(" ", 1)[0]
    rest = [word.removeprefix(f"{first} ") for word in words[1:]]
    joined = "; ".join([words[0], *rest])
    return joined[0].upper() + joined[1:]


def _short(because: Because) -> str:
    return because.told(OUTCOMES[because.reason])

"""What faults do to a cluster, in the words of the paper: the reasons behind what is no algorithm."""

from raftviz.raft.because import Reason

_NOT_COUNTED_ON = "Raft never counts on a message arriving: what stays unanswered is sent again."

LOST = {
    "loss": Reason("network", "§2, §5.1", f"Networks lose messages. {_NOT_COUNTED_ON}"),
    "dropped": Reason("network", "§2, §5.1", f"It looks like any other loss. {_NOT_COUNTED_ON}"),
    "cut": Reason("network", "§2", f"No message passes the cut. {_NOT_COUNTED_ON}"),
    "crashed": Reason(
        "network",
        "§5.5",
        "{me} is down and answers nothing. {other} asks again until it is back.",
    ),
    "untold": Reason(
        "network",
        "",
        "The recording says nothing more of this message: it may have arrived, or not.",
    ),
}
"""Why a message went nowhere, or is not heard of again."""

CRASH = Reason(
    "crash",
    "§5.5",
    "{me} lost all that is not on its disk: its role, its timer, its commit index. Term, vote and "
    "log are on its disk.",
    notable=True,
)
RESTART = Reason(
    "restart",
    "§5.5",
    "{me} found its term, vote and log on its disk and begins as a follower. It learns from the "
    "next leader what is committed.",
    notable=True,
)
REFUSE_START = Reason(
    "recovered",
    "Figure 2",
    "{me} does not start: {why}. To start without what it had promised would be worse than not "
    "to start.",
    notable=True,
)
TEAR = Reason(
    "crash",
    "§5.5",
    "{me} crashed while it was writing. What it had not finished writing was never acknowledged.",
    notable=True,
)
TORN = Reason(
    "recovered",
    "§5.5",
    "{me} found an unfinished record at the end of its disk and cut it off: nobody was told of it.",
    notable=True,
)
DAMAGE = Reason(
    "recovered",
    "Figure 2",
    "A bit on the disk of {me} turned over. Nobody notices before it starts.",
)
FULL = Reason(
    "persist_before_reply",
    "Figure 2",
    "{me} cannot write, so it answers nothing that needs writing: an answer is a promise to keep.",
)
FREED = Reason("persist_before_reply", "Figure 2", "{me} can write again, and then answer.")
FAIL_WRITE = Reason(
    "persist_before_reply", "Figure 2", "The next write of {me} will fail, and be tried again."
)
WRITE_FAILED = Reason(
    "persist_before_reply",
    "Figure 2",
    "A write of {me} failed. It is tried again, and until then {me} does not answer.",
)
FAIL_APPLY = Reason(
    "applied_after_failure", "§5.3", "The next command that {me} executes will fail once."
)
HOLD = Reason(
    "network",
    "§2",
    "A network may take as long as it likes with a message. Raft's safety does not depend on how "
    "long.",
)
PAUSE = Reason(
    "pause", "§2", "{me} does nothing and hears nothing. To the others it looks like a crash."
)
RESUME = Reason(
    "resume",
    "§2",
    "{me} goes on as if no time had passed. Raft's safety does not depend on timing, so it does no "
    "harm.",
)
PARTITION = Reason(
    "partition",
    "§2, §5.2",
    "Servers on different sides do not hear each other. Only a side with a majority of all servers "
    "can elect a leader and commit.",
    notable=True,
)
HEAL = Reason(
    "heal",
    "§5.1",
    "All hear each other again. A leader of an earlier term steps down as soon as it hears of a "
    "later one.",
    notable=True,
)
BREAK_RULE = Reason(
    "variant",
    "",
    "From here on a rule is broken on purpose, on all servers: {why}.",
    notable=True,
)
MEND_RULE = Reason(
    "variant",
    "",
    "From here on the rule is whole again, on all servers. It was broken so: {why}.",
    notable=True,
)
PANIC = Reason(
    "panic",
    "",
    "{me} stopped: {why}. With the rules as the paper has them it cannot come to this.",
    notable=True,
)

"""What is wrong with a scenario is said in one sentence, with line and column."""

import string
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from raftviz.sim.scenario import MAX_SIZE, decode_scenario, parse_scenario
from raftviz.sim.script_error import ScriptError
from raftviz.sim.text import MAX_LINE
from raftviz.sim.vocabulary import FORMS
from tests.sim.worlds import HEAD, played

FIVE = "raft 1\ncluster 5\n"

WRONG = [
    # The beginning
    ("", 1, 1, "a scenario begins with “raft 1”"),
    ("# nothing\n\n", 2, 1, "a scenario begins with “raft 1”"),
    ("cluster 5", 1, 1, "a scenario begins with “raft 1”"),
    ("raft", 1, 5, "the line ends where a number is expected"),
    ("raft 2\ncluster 5", 1, 6, "of version 2; this raftviz reads version 1"),
    ("raft one", 1, 6, "a whole number is expected, not “one”"),
    ("raft 1 2", 1, 8, "nothing more is expected here, but “2”"),
    ("raft 1", 1, 1, "the scenario has no “cluster” line"),
    ("raft 1\ncrash S1", 2, 1, "“cluster” is expected first"),
    ("raft 1\ncluster 5\ncluster 3", 3, 1, "there is a “cluster” line already"),
    # The cluster
    ("raft 1\ncluster", 2, 8, "the line ends where a number is expected"),
    ("raft 1\ncluster 0", 2, 9, "a number from 1 to 51 is expected, not 0"),
    ("raft 1\ncluster 1000", 2, 9, "a number from 1 to 51 is expected, not 1000"),
    ("raft 1\ncluster -3", 2, 9, "a whole number is expected, not “-3”"),
    ("raft 1\ncluster 5 sead=3", 2, 11, "did you mean “seed”?"),
    ("raft 1\ncluster 5 seed", 2, 11, "“seed” is no setting of a cluster"),
    ("raft 1\ncluster 5 seed=x", 2, 11, "a whole number is expected, not “x”"),
    ("raft 1\ncluster 5 seed=1 seed=2", 2, 18, "“seed” is given twice"),
    ("raft 1\ncluster 5 latency=15..10ms", 2, 11, "the range “15..10ms” runs backwards"),
    ("raft 1\ncluster 5 latency=1..2..3ms", 2, 11, "a range is expected"),
    ("raft 1\ncluster 5 latency=10", 2, 11, "a duration is expected, such as 200ms"),
    ("raft 1\ncluster 5 latency=-10ms", 2, 11, "a duration is expected, such as 200ms"),
    ("raft 1\ncluster 5 latency=99999s", 2, 11, "“99999s” is more than a day"),
    ("raft 1\ncluster 5 election_timeout=0", 2, 11, "a time above 0 is expected"),
    ("raft 1\ncluster 5 heartbeat=0ms", 2, 11, "a time above 0 is expected"),
    ("raft 1\ncluster 5 heartbeat=150ms", 2, 1, "the heartbeat must be shorter"),
    ("raft 1\ncluster 5 loss=101%", 2, 11, "a probability is at most 100%"),
    ("raft 1\ncluster 5 loss=-1", 2, 11, "a probability is expected, such as 10%"),
    ("raft 1\ncluster 5 loss=nan", 2, 11, "a probability is expected, such as 10%"),
    ("raft 1\ncluster 5 requests=10us", 2, 11, "at least 1ms is expected"),
    ("raft 1\ncluster 5 no_op=maybe", 2, 11, "“on” or “off” is expected, not “maybe”"),
    # Servers to start with
    (f"{FIVE}server", 3, 7, "the line ends where a server"),
    (f"{FIVE}server S6", 3, 8, "there is no server S6: the cluster has S1 to S5"),
    (f"{FIVE}server leader", 3, 1, "a server's number is expected here, such as S3"),
    (f"{FIVE}server S1 turm=3", 3, 11, "did you mean “term”?"),
    (f"{FIVE}server S1 term=x", 3, 11, "a whole number is expected, not “x”"),
    (f"{FIVE}server S1 vote=S9", 3, 11, "there is no server S9"),
    (f"{FIVE}server S1 vote=leader", 3, 11, "a server's number is expected"),
    (f"{FIVE}server S1 term=3 log=1,4", 3, 1, "an entry of term 4, and the server's term is 3"),
    (f"{FIVE}server S1 term=3 log=2,1", 3, 18, "the terms of a log never fall"),
    (f"{FIVE}server S1 term=2\nserver S1 term=3", 4, 11, "S1 has its term already"),
    (f"{FIVE}server S1 term=2 log=2\nserver S1 log=1", 4, 11, "the terms of a log never fall"),
    (f"{FIVE}server S1 log=1,zwei", 3, 11, "a whole number is expected, not “zwei”"),
    (f"{FIVE}run 1s\nserver S1", 4, 1, "“server” lines come before everything that happens"),
    # Acts
    (f"{FIVE}crsh S1", 3, 1, "“crsh” is nothing one can do; did you mean “crash”?"),
    (f"{FIVE}dance", 3, 1, "“dance” is nothing one can do"),
    (f'{FIVE}"crash" S1', 3, 1, "“crash” is nothing one can do"),
    (f"{FIVE}crash", 3, 6, "the line ends where a server, such as S3 or leader, is expected"),
    (f"{FIVE}crash S1 S2", 3, 10, "nothing more is expected here, but “S2”"),
    (f"{FIVE}crash S0", 3, 7, "there is no server S0"),
    (f"{FIVE}crash S6", 3, 7, "there is no server S6: the cluster has S1 to S5"),
    (f"{FIVE}crash S9999999", 3, 7, "a server is expected"),
    (f"{FIVE}crash leder", 3, 7, "did you mean “leader”?"),
    (f"{FIVE}crash the", 3, 10, "the line ends where a server"),
    (f'{FIVE}crash "the old king"', 3, 1, "no server is called “the old king” by then"),
    (f'{FIVE}crash S1 as "leader"', 3, 13, "“leader” has a meaning of its own"),
    (f'{FIVE}heal as "x"', 3, 1, "only an act on one server can give it a name"),
    (f"{FIVE}crash S1 as king", 3, 13, "a name in quotation marks is expected"),
    (f'{FIVE}crash S1 as ""', 3, 13, "a name in quotation marks is expected"),
    (f"{FIVE}request", 3, 8, "the line ends where a command, such as x=1, is expected"),
    (f"{FIVE}request x=1 from S1", 3, 18, "a client is expected, C1 to C9, not “S1”"),
    (f"{FIVE}request x=1 from C10", 3, 18, "a client is expected, C1 to C9, not “C10”"),
    (f"{FIVE}request {'x' * 201}", 3, 9, "a command has at most 200 characters"),
    (f"{FIVE}partition", 3, 10, "a partition names its sides"),
    (f"{FIVE}partition | S1", 3, 11, "a side of the partition is empty"),
    (f"{FIVE}partition S1 |", 3, 15, "a partition names its sides"),
    (f"{FIVE}partition S1 | S1", 3, 16, "S1 stands on two sides"),
    (f"{FIVE}cut S1 S2", 3, 8, "-> or <-> is expected, not “S2”"),
    (f"{FIVE}cut S1 ->", 3, 10, "the line ends where a server"),
    (f"{FIVE}drop Vote S1 -> S2", 3, 6, "a message is expected, such as RequestVote"),
    (f"{FIVE}drop RequestVotes S1 -> S2", 3, 6, "did you mean “RequestVote”?"),
    (f"{FIVE}drop RequestVote S1 <-> S2", 3, 21, "-> is expected, not “<->”"),
    (f"{FIVE}drop ClientResponse S1 -> C0", 3, 27, "a client is expected, C1 to C9, not “C0”"),
    (f"{FIVE}delay RequestVote S1 -> S2", 3, 27, "“by” and a duration are expected"),
    (f"{FIVE}delay RequestVote S1 -> S2 by 5", 3, 31, "a duration is expected"),
    (f"{FIVE}loss 10ms", 3, 6, "a probability is expected, such as 10%, not “10ms”"),
    (f"{FIVE}loss 200%", 3, 6, "a probability is at most 100%"),
    (f"{FIVE}loss 5% on S1", 3, 14, "the line ends where -> or <-> is expected"),
    (f"{FIVE}latency 5..ms", 3, 9, "a range is expected, such as 10..15ms"),
    (f"{FIVE}requests 100ms", 3, 10, "“every” and a duration, or “off”, are expected"),
    (f"{FIVE}requests every 1us", 3, 16, "at least 1ms are expected"),
    # Statements
    (f"{FIVE}run", 3, 4, "the line ends where a duration, such as 200ms, is expected"),
    (f"{FIVE}run 5", 3, 5, "a duration is expected, such as 200ms or 1.5s, not “5”"),
    (f"{FIVE}step 0", 3, 6, "a number from 1 to 1,000,000 is expected, not 0"),
    (f"{FIVE}step {'9' * 30}", 3, 6, "a whole number is expected"),
    (f"{FIVE}at 2s\nat 1s crash S1", 4, 4, "time runs back here"),
    (f"{FIVE}at noon crash S1", 3, 4, "a duration is expected"),
    (f"{FIVE}until", 3, 6, "the line ends where a condition"),
    (f"{FIVE}until leader within", 3, 20, "the line ends where a duration"),
    (f"{FIVE}until ledaer", 3, 7, "“ledaer” means nothing here; did you mean “leader”?"),
    (f"{FIVE}expect S1.turm == 2", 3, 8, "a server has no “turm”; did you mean “term”?"),
    (f"{FIVE}bookmark here", 3, 10, "a name in quotation marks is expected"),
    (f'{FIVE}bookmark "a"\nbookmark "a"', 4, 10, "there is a bookmark “a” already"),
    (f'{FIVE}run 1s\nbranch "b"', 4, 11, "“from” and a bookmark are expected"),
    (f'{FIVE}bookmark "here"\nbranch "b" from "her"', 4, 17, "did you mean “here”?"),
    (f"{FIVE}at 1s after", 3, 12, "the line ends where a number is expected"),
    (f"{FIVE}at 1s after x crash S1", 3, 13, "a whole number is expected, not “x”"),
    (f"{FIVE}at 2000000h", 3, 4, "a duration is expected"),
    (f"{FIVE}at 99999999s", 3, 4, "“99999999s” is more than 1,000 days"),
    # Branches and bookmarks
    (f'{FIVE}branch "a"\nbranch "a" from "a" at 0', 4, 8, "there is a branch “a” already"),
    (f'{FIVE}branch "b" from "mian" at 0', 3, 17, "did you mean “main”?"),
    (f'{FIVE}branch "b" from "b" at 0', 3, 17, "there is no branch “b” before this line"),
    (f'{FIVE}branch "b" from "main" at', 3, 26, "the line ends where an instant"),
    (f'{FIVE}at 2s\nbranch "b" from "main" at 1s\nat 500ms', 5, 4, "time runs back here"),
    (f'{FIVE}bookmark "{"x" * 61}"', 3, 10, "a name has at most 60 characters"),
    (f'{FIVE}bookmark "a\u200fb"', 3, 10, "all of which can be seen"),
    (f"{FIVE}note hello", 3, 1, "a note stands below the branch or the bookmark"),
    (f"{FIVE}  note hello", 3, 3, "a note stands below the branch or the bookmark"),
    (f'{FIVE}branch "a"\nnote {"x" * MAX_LINE}', 4, MAX_LINE, "the line is longer than 2,000"),
    (f"{FIVE}colour 3", 3, 1, "a colour stands below the branch"),
    (f'{FIVE}bookmark "a"\ncolour 3', 4, 1, "a colour stands below the branch"),
    (f'{FIVE}branch "a"\ncolour red', 4, 8, "a whole number is expected, not “red”"),
    # Saved sessions
    (f'{FIVE}look "main"', 3, 12, "“at” and an instant are expected"),
    (f'{FIVE}look "main" at 0\nlook "main" at 0', 4, 1, "there is a “look” line already"),
    (f'{FIVE}look "mian" at 0\nend', 3, 1, "no branch “mian” to look at; did you mean “main”?"),
    (f'{FIVE}look "main" at 0\nrun 1s', 4, 7, "the file is not whole"),
    (f"{FIVE}end\ncrash S1", 4, 1, "nothing more is expected behind “end”"),
    (f"{FIVE}end of it", 3, 5, "nothing more is expected here, but “of”"),
    (f'{FIVE}branch "a"\nend\nnote x', 5, 1, "a note stands below"),
    (f"{FIVE}trace 0 events {'0' * 16}", 3, 7, "a number from 1 to 1,000,000 is expected, not 0"),
    (f"{FIVE}trace 9 {'0' * 16}", 3, 9, "“events” and a fingerprint are expected"),
    (f"{FIVE}trace 9 events {'0' * 15}g", 3, 16, "a fingerprint is 16 digits from 0 to f"),
    # Text
    (f'{FIVE}crash "S1', 3, 7, "the quotation is not closed"),
    (f"{FIVE}{'x' * (MAX_LINE + 1)}", 3, MAX_LINE, "the line is longer than 2,000 characters"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), WRONG)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse_scenario(text)
    error = caught.value
    assert words in error.message
    assert (error.line, error.column) == (line, column)


@pytest.mark.parametrize(("text", "line", "column", "words"), WRONG)
def test_a_mistake_is_told_in_one_line(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(ScriptError, match=f"^line {line}, column {column}: [^\n]*$"):
        parse_scenario(text)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.word)
def test_a_misspelt_act_is_guessed(form: object) -> None:
    word: str = getattr(form, "word")  # noqa: B009 - one attribute of many kinds
    with pytest.raises(ScriptError, match=f"did you mean “{word}”"):
        parse_scenario(f"{FIVE}{word}x S1")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "this is not text"),
        (b"\x7fELF\x02\x01\x01\x00", "this is not text"),
        ("raft 1".encode("utf-16"), "this is not text"),
        (b"raft 1\ncluster 5\n\xff\xfe", "line 3, column 1: this is not text"),
        (b"raft 1\0", "this is not text"),
        (b"#" * (MAX_SIZE + 1), "the file is larger than 4,194,304 bytes"),
    ],
)
def test_what_is_no_text_is_no_scenario(data: bytes, words: str) -> None:
    with pytest.raises(ScriptError, match=words):
        decode_scenario(data)


def test_a_byte_order_mark_and_windows_lines_are_no_mistake() -> None:
    scenario = decode_scenario(b"\xef\xbb\xbfraft 1\r\ncluster 3\r\ncrash S1\r\n")
    assert scenario.settings.servers == 3
    assert len(scenario.statements) == 1


# Mistakes that show only when the scenario is played


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("cluster 5\nrun 2s\nat 1s crash S1", 4, "it is 2s already, later than 1s"),
        ('cluster 5\ncrash leader as "x"', 3, "nobody can be called “x”: nobody leads right now"),
        ("cluster 5\nexpect crashed(3)", 3, "crashed asks for a server"),
        (
            'cluster 5\nrun 1s\nbranch "b" from "main" at 2s',
            4,
            "“main” comes only to 1000ms, not to",
        ),
        ('cluster 5\nlook "main" at 1ms\nend', 3, "“main” comes only to 0ms, not to 1ms"),
    ],
)
def test_a_mistake_in_playing_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ScriptError) as caught:
        played(text)
    assert words in caught.value.message
    assert caught.value.line == line


def test_an_expectation_in_vain_is_a_failure_and_the_scenario_goes_on() -> None:
    player = played(
        "cluster 5\nexpect leader\nuntil leader == S9000 or leader within 1us\nrun 1s\n".replace(
            "S9000", "S5"
        )
    )
    assert [failure.line for failure in player.failures] == [3, 4]
    assert player.failures[0].sentence == "expected in vain: leader"
    assert player.failures[1].sentence.startswith("waited 1us in vain for: leader == S5")
    assert player.world.time_us == 1_000_001


def test_an_act_in_vain_is_a_note_with_its_line() -> None:
    player = played("cluster 5\nheal\n")
    assert [(note.line, note.sentence) for note in player.notes] == [(3, "nothing is cut")]


# Names


def test_a_server_keeps_the_name_it_was_given() -> None:
    player = played(
        'cluster 3\ntimeout S2\nuntil leader == S2\ncrash leader as "king"\nrestart "king"\nexpect up(S2)\n'
    )
    assert not player.failures
    assert not player.notes


def test_a_name_that_looks_like_a_number_is_no_number() -> None:
    player = played('cluster 3\ncrash S3 as "1"\ncrash S1\nexpect crashed(S1)\n')
    assert not player.failures


def test_a_branch_goes_on_from_its_bookmark() -> None:
    player = played(
        'cluster 3\nrun 100ms\nbookmark "here"\ncrash S1\nrun 1s\n'
        'branch "what if" from "here"\nexpect up(S1)\nexpect time == 100\nat 150ms crash S2\n'
    )
    assert not player.failures
    assert [branch.name for branch in player.history.branches] == ["main", "what if"]
    assert player.history.branches[1].forked_us == 100_000


def test_steps_are_events() -> None:
    player = played("cluster 3\nstep 7\nstep\n")
    assert len(player.branch) == 8


# Anything at all

WORDS = [form.word for form in FORMS]
WORDS += [
    "raft",
    "cluster",
    "server",
    "at",
    "run",
    "step",
    "until",
    "expect",
    "bookmark",
    "branch",
    "from",
    "within",
    "title",
    "as",
    "look",
    "trace",
    "note",
    "colour",
    "end",
    "after",
    "events",
    '"main"',
    "0123456789abcdef",
]
WORDS += [
    "S1",
    "S5",
    "S99",
    "leader",
    "*",
    "->",
    "<->",
    "|",
    "=",
    "1",
    "5",
    "10ms",
    "1..2ms",
    "10%",
    '"',
    "#",
    "(",
    ")",
    "==",
    "x=1",
    "seed=3",
    "log=1,2",
    "\n",
    "\n",
    "\n",
]

shuffled = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


@given(st.text())
def test_any_text_is_a_scenario_or_a_script_error(text: str) -> None:
    _is_read_or_refused(text)


@given(shuffled | st.text(string.printable))
def test_any_words_behind_a_good_beginning_are_read_or_refused(text: str) -> None:
    _is_read_or_refused(FIVE + text)


@given(st.text(max_size=80))
@example("(" * 490)
@example("not " * 120 + "leader")
@example("-" * 400 + "1")
@example("[" * 200 + "]" * 200)
@example("leader" + ".term" * 90)
@example("lambda" * 70)
@example("9" * 480 + " < 3")
@example("1e999 < 3")
@example("\ud800")
def test_any_condition_is_read_or_refused(text: str) -> None:
    _is_read_or_refused(f"{FIVE}expect {text}")


@given(st.binary())
def test_any_bytes_are_a_scenario_or_a_script_error(data: bytes) -> None:
    error = _refusal(lambda: decode_scenario(data))
    assert error is None or "\n" not in str(error)


def _refusal(read: Callable[[], object]) -> ScriptError | None:
    try:
        read()
    except ScriptError as error:
        return error
    return None


def _is_read_or_refused(text: str) -> None:
    error = _refusal(lambda: parse_scenario(text))
    assert error is None or (error.message and error.line >= 1 and error.column >= 0)


def test_the_largest_scenario_is_read_in_no_time() -> None:
    line = "partition S1 S2 | S3 S4 S5 # and so on\n"
    text = f"{HEAD}cluster 5\n{line * ((MAX_SIZE - 100) // len(line))}"
    assert len(parse_scenario(text).statements) > 20_000

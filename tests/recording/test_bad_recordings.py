"""Files that are no recordings, or contradict themselves: one sentence with the place, nothing else."""

import json
from typing import Any

import pytest

from raftviz.sim.recording import lines, reading
from raftviz.sim.recording.schema import MAX_INDEX, MAX_LINE
from tests.recording.recorded import (
    HEADER,
    Told,
    file_of,
    lines_of,
    read,
    refusal,
    refusal_of,
    written,
)
from tests.sim.worlds import played

VOTE: Told = {"type": "RequestVote", "term": 1, "last_log_index": 0, "last_log_term": 0}


def event(**fields: Any) -> Told:
    return {"kind": "note", "part": "S1", "time_us": 0, **fields}


def state(**told: Any) -> Told:
    return event(state=told)


def send(time_us: int = 0, **message: Any) -> Told:
    return event(time_us=time_us, sends=[{"id": 1, "to": "S2", **VOTE, **message}])


def says(error: Exception, line: int, *words: str) -> None:
    """Fail unless the refusal is for this line, with these words in its sentence."""
    assert str(error).startswith(f"line {line}, column "), error
    assert "\n" not in str(error)
    for word in words:
        assert word in str(error), error


# Not a recording


def test_an_empty_file() -> None:
    says(refusal_of(b""), 1, "the file is empty")
    says(refusal_of(b"\n \n"), 1, "the file is empty")


@pytest.mark.parametrize(
    "data",
    [b'{"name": "left-pad", "version": 1}\n', b'{"schema": "ours", "version": 1, "servers": 3}\n'],
)
def test_other_json(data: bytes) -> None:
    says(refusal_of(data), 1, "this is no recording", "raftviz-trace")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"raft 1\ncluster 5\n", "this is no JSON"),
        (b"[1, 2]\n", "an object is expected"),
        (b'"text"\n', "an object is expected"),
        (b"\x89PNG\r\n\x1a\n", "no text in UTF-8"),
        (b"\x00" * 500, "this is no JSON"),
    ],
)
def test_other_files(data: bytes, words: str) -> None:
    says(refusal_of(data), 1, words)


def test_a_newer_version_is_named() -> None:
    error = refusal(version=2)
    says(error, 1, "version 2", "up to version 1")
    assert error.column == 40


# Cut short


def test_a_file_that_ends_in_the_middle_of_a_line() -> None:
    data = file_of(event(), send())
    says(refusal_of(data[:-20]), 3, "the file ends in the middle of this line")


def test_a_file_that_ends_after_a_line_says_so_if_it_told_how_many_there_are() -> None:
    data = written(played("cluster 3 seed=1\ntimeout S1\nrun 200ms").history)
    lines = data.splitlines(keepends=True)

    says(refusal_of(b"".join(lines[:-4])), len(lines) - 3, "ends after", "cut short")


def test_more_events_than_the_header_tells() -> None:
    says(refusal(event(), event(), events=1), 3, "1 events, and this is one more")


# Contradictions


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (event(part="S4"), "there is no server or client “S4”"),
        (state(voted_for="S9"), "there is no server “S9”"),
        (state(role="candidate", granted=["S1", "S7"]), "there is no server “S7”"),
        (send(to="S8"), "“S8”"),
        (send(to="S1"), "from one server to another"),
        ({"kind": "act", "act": "crash S7", "time_us": 0}, "there is no server S7"),
        ({"kind": "act", "act": "explode S1", "time_us": 0}, "there is no act “explode”"),
    ],
)
def test_servers_that_are_not_there(line: Told, words: str) -> None:
    says(refusal(line), 2, words)


def test_a_name_with_a_slip_is_recognised() -> None:
    error = refusal(event(part="alhpa"), servers=["alpha", "beta"])
    says(error, 2, "there is no server or client “alhpa”; did you mean “alpha”?")


def test_times_that_run_back() -> None:
    error = refusal(event(time_us=5000), event(time_us=4999))
    says(error, 3, "the times run back: it is 5.000 ms already")
    line = json.dumps(event(time_us=4999))
    assert line[error.column - 1 :].startswith("4999")


def test_an_event_that_is_told_twice() -> None:
    says(refusal(event(number=7), event(number=7)), 3, "event 7 comes too late", "8 is the next")


def test_a_cause_that_is_not_there() -> None:
    says(refusal(event(), event(cause=5)), 3, "there is no event 5 before this one")
    says(refusal(event(cause=0)), 2, "there is no event 0 before this one")


def test_a_message_that_arrives_and_was_never_sent() -> None:
    arrival = {"kind": "deliver", "time_us": 9, "message": {"id": "a7"}}
    says(refusal(send(), arrival), 3, "no message “a7” is on its way here: it was never sent")


def test_a_message_that_arrives_twice() -> None:
    arrival = {"kind": "deliver", "time_us": 9, "message": {"id": 1}}
    says(
        refusal(send(), arrival, arrival), 4, "no message “1” is on its way", "has come to its end"
    )


def test_a_message_that_is_sent_twice_under_one_id() -> None:
    says(refusal(send(), send()), 3, "a message of this id is on its way already")


def test_a_message_that_arrives_before_it_is_sent() -> None:
    says(refusal(send(50, arrives_us=49)), 2, "cannot arrive before it is sent")


@pytest.mark.parametrize(
    ("arrival", "words"),
    [
        ({"part": "S3"}, "this message is for S2"),
        ({"message": {"id": 1, "to": "S3"}}, "“to”: “S2”, not “S3”"),
        ({"message": {"id": 1, "type": "AppendEntries"}}, "“type”: “RequestVote”"),
        ({"message": {"id": 1, **VOTE, "term": 2}}, "not what was sent under this id"),
    ],
)
def test_a_message_that_arrives_as_another_one(arrival: Told, words: str) -> None:
    told = {"kind": "deliver", "time_us": 9, "message": {"id": 1}, **arrival}
    says(refusal(send(), told), 3, words)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"role": "follower", "granted": ["S1"]}, "only a candidate has this"),
        ({"next_index": {"S2": 1}}, "only a leader has this"),
        ({"log": {"entries": [[1, 1, "x=1"], [3, 1, "y=1"]]}}, "entry 3 cannot follow entry 1"),
        ({"log": {"from": 2, "entries": [[1, 1, "x=1"]]}}, "entry 1 stands where 2 belongs"),
        (
            {"log": {"entries": [[1, 1, "x=1"]]}, "last_log_index": 4, "last_log_term": 1},
            "ends with",
        ),
        ({"last_log_index": 4}, "“last_log_term” is missing"),
        ({"durable": "oldest write"}, "no write was on its way"),
        ({"backlog": [9]}, "no message “9” waits here"),
        ({"machine": {"x": 1}}, "a text is expected"),
        ({"curent_term": 1}, "“curent_term” means nothing here; did you mean “current_term”?"),
    ],
)
def test_states_that_cannot_be(told: Told, words: str) -> None:
    says(refusal(state(**told)), 2, words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"kind": "branch", "branch": 1, "parent": 3, "fork": 0}, "there is no branch 3"),
        ({"kind": "branch", "branch": 1, "parent": 0, "fork": 9}, "there is no event 8"),
        ({"kind": "branch", "branch": 0, "parent": 0, "fork": 0}, "branch 0 is the one"),
        (event(branch=4), "there is no branch 4"),
        ({"kind": "start", "part": "S1", "state": {}}, "before the first event"),
        ({"kind": "happen", "time_us": 0}, "“start”, “branch”, “deliver”"),
        ({"time_us": 0}, "“kind” is missing"),
        ({"kind": "note", "part": "S1"}, "“time_us” is missing"),
        ({"kind": "timeout", "time_us": 0}, "“part” is missing"),
    ],
)
def test_lines_that_cannot_be(line: Told, words: str) -> None:
    says(refusal(event(), line), 3, words)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"servers": 0}, "from 1 to 51"),
        ({"servers": 52}, "from 1 to 51"),
        ({"servers": ["a", "a"]}, "two servers are called “a”"),
        ({"servers": ["S2", "S1"]}, "somebody else's name"),
        ({"servers": ["nobody"]}, "somebody else's name"),
        ({"servers": ["a\nb"]}, "on one line"),
        ({"servers": None}, "a list is expected"),
        ({"settings": {"seeds": 1}}, "did you mean “seed”?"),
        ({"settings": {"latency_us": [5, 1]}}, "runs backwards"),
        ({"settings": {"loss": 1.5}}, "from 0 to 1"),
        ({"settings": {"options": {"machine": "tape"}}}, "“map”, “counter” or “lock”"),
    ],
)
def test_headers_that_cannot_be(header: Told, words: str) -> None:
    says(refusal(**header), 1, words)


def test_the_column_is_that_of_what_is_wrong() -> None:
    text = '{"kind":"note", "time_us": 0, "part":"S1", "state": {"log": {"entries": [[1, 1, "ä"], [2, -1, null]]}}}'
    error = refusal(text)

    assert text[error.column - 1 :].startswith("-1")


# Huge and hostile


@pytest.mark.parametrize(
    "told",
    [
        {"current_term": 10**20},
        {"commit_index": MAX_INDEX + 1},
        {"log": {"entries": [[MAX_INDEX + 1, 1, "x"]], "before_term": 1}},
        {"timer": {"from_us": 0, "until_us": 1 << 80}},
        {"current_term": True},
        {"current_term": 1.0},
    ],
)
def test_numbers_are_bounded(told: Told) -> None:
    says(refusal(state(**told)), 2, "is expected")


def test_a_number_of_thousands_of_digits() -> None:
    says(
        refusal(f'{{"kind":"note","part":"S1","time_us":{"9" * 10_000}}}'),
        2,
        "a number here is too large",
    )


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none(word: str) -> None:
    says(refusal(f'{{"kind":"note","part":"S1","time_us":{word}}}'), 2, f"{word} is no number")


@pytest.mark.parametrize("nest", ["[", '{"a":'])
def test_lists_in_lists_in_lists(nest: str) -> None:
    says(refusal(f'{{"kind":"note","x-a":{nest * 200_000}'), 2, "nested too deeply")


def test_a_line_of_millions_of_values() -> None:
    says(refusal('{"x-a":[' + "0," * 2_500_000 + "0]}"), 2, "more than 2,000,000 values")


def test_a_line_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1_000)
    says(refusal("x" * 1_001), 2, "the line has more than")
    assert MAX_LINE < 1 << 25


def test_a_file_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_SIZE", 1_000)
    says(refusal(*[event()] * 100), 22, "a recording has at most")


def test_entries_and_messages_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_PARTS", 5)
    told = {"entries": [[i, 1, "x"] for i in range(1, 8)]}
    says(refusal(state(log=told)), 2, "at most 5 entries and messages")


def test_events_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_EVENTS", 3)
    says(refusal(*[event()] * 4), 5, "at most 3 events")


@pytest.mark.parametrize(
    "text",
    ["half \ud83d a character", "two\nlines", "\x00", "x" * 10_001],
)
def test_texts_are_whole_and_bounded(text: str) -> None:
    says(refusal(event(text=text)), 2, "expected" if text[0] != "h" else "half a character")


def test_keys_that_are_huge_or_strange_are_named_in_few_words() -> None:
    error = refusal(state(**{"\u202eevil\n" * 5_000: 1}))
    assert len(str(error)) < 200
    says(error, 2, "means nothing here")


def test_all_of_a_good_file_is_read_nevertheless() -> None:
    data = written(played("cluster 3 seed=1\ntimeout S1\nrun 200ms").history)
    assert lines_of(data)[0] | HEADER | {"servers": ["S1", "S2", "S3"]} == lines_of(data)[0]
    assert read().records == []

"""Files that were damaged on their way: cut off, shuffled, changed here and there, or hostile."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raftviz.sim import player as playing
from raftviz.sim.player import Player
from raftviz.sim.scenario import decode_scenario, parse_scenario
from raftviz.sim.script_error import ScriptError
from tests.sim.worlds import HEAD, played

FILES = sorted((Path(__file__).resolve().parent.parent / "files").glob("version-*/*.raft"))

TEXTS = [path.read_text(encoding="utf-8") for path in FILES]

WHOLE = TEXTS[FILES.index(next(path for path in FILES if path.stem == "one-acknowledgement"))]

LINES = sorted({line for text in TEXTS for line in text.splitlines()})


def refusal(text: str) -> ScriptError | None:
    """Why a text cannot be opened, if it cannot; it is played for a while if it can."""
    try:
        player = Player(parse_scenario(text))
        for _ in player.playing():
            if player.events > 500:
                break
    except ScriptError as error:
        return error
    return None


def unread(data: bytes) -> ScriptError | None:
    """Why bytes cannot be read, if they cannot."""
    try:
        decode_scenario(data)
    except ScriptError as error:
        return error
    return None


def is_told(error: ScriptError | None) -> bool:
    """Whether it is one sentence with a line and a column."""
    return error is None or re.fullmatch(r"line \d+, column \d+: [^\n]+", str(error)) is not None


@pytest.mark.parametrize("part", range(0, 100, 3))
def test_a_file_that_broke_off_is_refused(part: int) -> None:
    at = len(WHOLE.rstrip().removesuffix("end")) * part // 100
    error = refusal(WHOLE[:at])
    assert error is not None
    assert is_told(error)


def test_a_file_that_broke_off_at_the_end_of_a_line_says_so() -> None:
    text, _ = WHOLE.split("branch “one is lost”".replace("“", '"').replace("”", '"'))
    error = refusal(text.replace('look "one is lost" at 1207.747ms', 'look "main" at 1ms'))
    assert error is not None
    assert "the file is not whole: a saved session ends with “end”" in str(error)


@given(st.data())
def test_lines_that_are_lost_doubled_or_moved_are_played_or_refused(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match data.draw(st.sampled_from(("lose", "double", "move", "other"))):
            case "lose" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(to, lines[at])
            case "move":
                lines.insert(to, lines.pop(at))
            case _:
                lines[at] = data.draw(st.sampled_from(LINES))
    assert is_told(refusal("\n".join(lines)))


@given(st.data())
def test_characters_that_are_others_are_played_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text) - 1))
        new = data.draw(st.sampled_from(' \n"#019aSms.>-|\0\x1b\u2028é') | st.characters())
        text = text[:at] + new + text[at + data.draw(st.integers(0, 3)) :]
    assert is_told(refusal(text))


@given(st.data())
def test_bytes_that_are_others_are_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(TEXTS)).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert is_told(unread(bytes(raw)))


class TestHostile:
    def test_all_branches_together_have_an_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(playing, "MAX_EVENTS", 5_000)
        branches = "".join(f'branch "{n}" from "main" at 0\nrun 2s\n' for n in range(30))
        with pytest.raises(ScriptError, match="more than 5,000 events"):
            played(f"cluster 5\nrun 1s\n{branches}")

    @pytest.mark.parametrize("line", ["run 24h", "run 24s", "at 80000s", "step 1000000"])
    def test_no_statement_goes_on_for_ever(
        self, monkeypatch: pytest.MonkeyPatch, line: str
    ) -> None:
        monkeypatch.setattr(playing, "MAX_EVENTS", 5_000)
        with pytest.raises(ScriptError):
            played(f"cluster 5 requests=1ms\n{line}\n")

    def test_waiting_for_nothing_does_not_go_on_for_ever(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(playing, "MAX_EVENTS", 5_000)
        with pytest.raises(ScriptError, match="more than 5,000 events"):
            played("cluster 5 requests=1ms\nuntil term == 9 and term == 8 within 24s\n")

    def test_messages_that_never_arrive_do_not_fill_the_memory(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(playing, "MAX_MESSAGES", 2_000)
        flood = "cluster 51 latency=80000s election_timeout=2us heartbeat=1us"
        with pytest.raises(ScriptError, match="more than 2,000 messages are under way"):
            played(f"{flood}\nrun 1s\n")

    def test_branches_have_a_limit(self) -> None:
        branches = "".join(f'branch "{n}" from "main" at 0\n' for n in range(1_001))
        with pytest.raises(ScriptError, match="there are 1,000 already"):
            parse_scenario(f"{HEAD}cluster 1\nrun 1ms\n{branches}")

    def test_a_place_far_beyond_what_was_played_is_refused(self) -> None:
        with pytest.raises(ScriptError, match="“main” comes only to 5ms, not to 5000000ms"):
            played('cluster 1\nrun 5ms\nbranch "b" from "main" at 5000s\n')

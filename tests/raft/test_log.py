"""The log: views that share one array and never see each other's changes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raftviz.raft.log import Command, Entry, Log
from tests.raft.lab import entries, entry, terms


def test_an_empty_log_ends_at_index_0_in_term_0() -> None:
    assert (Log().last_index, Log().last_term, len(Log())) == (0, 0, 0)
    assert Log().term_at(0) == 0


def test_indexes_start_at_1() -> None:
    log = Log.of_terms(1, 2)
    assert log[1] == entry(1, 1)
    with pytest.raises(IndexError):
        log[0]
    with pytest.raises(IndexError):
        log[3]


def test_a_term_is_known_from_the_beginning_to_the_end_and_not_beyond() -> None:
    log = Log.of_terms(1, 2)
    assert [log.term_at(index) for index in (-1, 0, 1, 2, 3)] == [None, 0, 1, 2, None]


def test_a_slice_holds_both_ends_and_only_what_is_there() -> None:
    log = Log.of_terms(1, 2, 3)
    assert [e.index for e in log.slice(2, 3)] == [2, 3]
    assert [e.index for e in log.slice(0, 9)] == [1, 2, 3]
    assert log.slice(3, 2) == ()


def test_entries_out_of_place_are_an_error() -> None:
    with pytest.raises(ValueError, match="entry 2 stands where 1 belongs"):
        Log([entry(2, 1)])
    with pytest.raises(ValueError, match="entry 3 cannot follow 1"):
        Log.of_terms(1).append([entry(3, 1)])


def test_appending_nothing_is_the_same_log() -> None:
    log = Log.of_terms(1)
    assert log.append(()) is log
    assert log.truncate_from(2) is log


def test_appending_and_truncating_leave_the_older_view_as_it_was() -> None:
    log = Log.of_terms(1, 2, 2)
    shorter = log.truncate_from(2)
    other = shorter.append(entries(2, (3, 3, 3)))
    assert terms(log) == [1, 2, 2]
    assert terms(shorter) == [1]
    assert terms(other) == [1, 3, 3, 3]


def test_two_futures_of_one_log_do_not_see_each_other() -> None:
    log = Log.of_terms(1)
    one, two = log.append(entries(2, (2,))), log.append(entries(2, (3,)))
    assert (terms(log), terms(one), terms(two)) == ([1], [1, 2], [1, 3])
    assert terms(one.append(entries(3, (4,)))) == [1, 2, 4]
    assert terms(two.append(entries(3, (5,)))) == [1, 3, 5]


def test_growing_copies_nothing() -> None:
    """Else a run's memory grows with the square of its length."""
    log = Log.of_terms(1)
    longer = log.append(entries(2, (1, 1)))
    assert longer._array is log._array


def test_a_run_of_one_term_has_a_first_and_a_last_index() -> None:
    log = Log.of_terms(1, 2, 2, 2, 4)
    assert [log.first_index_of_term_at(index) for index in (1, 2, 4, 5)] == [1, 2, 2, 5]
    assert [log.last_index_of_term(term) for term in (1, 2, 3, 4, 5)] == [1, 4, None, 5, None]
    assert Log().last_index_of_term(1) is None


def test_above_a_snapshot_the_log_counts_on() -> None:
    log = Log(entries(6, (3, 3)), 5, 2)
    assert (len(log), log.last_index, log.last_term) == (2, 7, 3)
    assert [log.term_at(index) for index in (4, 5, 6, 7, 8)] == [None, 2, 3, 3, None]
    assert [e.index for e in log.slice(1, 99)] == [6, 7]
    with pytest.raises(IndexError):
        log[5]


def test_a_log_that_is_all_snapshot_ends_where_the_snapshot_ends() -> None:
    log = Log((), 5, 2)
    assert (len(log), log.last_index, log.last_term, log.term_at(5)) == (0, 5, 2, 2)
    assert terms(log.append(entries(6, (4,)))) == [4]


def test_the_snapshot_is_never_taken_back() -> None:
    log = Log(entries(6, (3, 3)), 5, 2)
    assert log.truncate_from(6) == Log((), 5, 2)
    with pytest.raises(ValueError, match="in a snapshot"):
        log.truncate_from(5)


def test_runs_of_a_term_stop_at_the_snapshot() -> None:
    log = Log(entries(6, (3, 3)), 5, 3)
    assert log.first_index_of_term_at(7) == 6
    assert log.last_index_of_term(3) == 7
    assert log.last_index_of_term(2) is None
    assert Log(entries(6, (4,)), 5, 3).last_index_of_term(3) == 5


def test_after_truncating_above_a_snapshot_the_copy_counts_on_too() -> None:
    log = Log(entries(6, (3, 3, 3)), 5, 2)
    other = log.truncate_from(7).append(entries(7, (4, 4)))
    assert [(e.index, e.term) for e in other] == [(6, 3), (7, 4), (8, 4)]
    assert terms(log) == [3, 3, 3]


# Against a plain list


def _model_slice(model: list[Entry], base: int, first: int, last: int) -> tuple[Entry, ...]:
    return tuple(e for e in model if max(first, base + 1) <= e.index <= last)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(data=st.data(), base=st.integers(0, 3))
def test_every_view_stays_what_a_plain_list_would_be(data: st.DataObject, base: int) -> None:
    """Any view may be continued or cut at any time; all of them keep what they held."""
    views: list[tuple[Log, list[Entry]]] = [(Log((), base, min(base, 1)), [])]
    for serial in range(data.draw(st.integers(1, 15))):
        log, model = data.draw(st.sampled_from(views))
        last = base + len(model)
        if data.draw(st.booleans()):
            count = data.draw(st.integers(0, 3))
            new = [
                Entry(i, 1 + serial // 4, Command(f"x={serial}"))
                for i in range(last + 1, last + 1 + count)
            ]
            views.append((log.append(new), model + new))
        else:
            index = data.draw(st.integers(base + 1, last + 2))
            views.append((log.truncate_from(index), model[: index - base - 1]))
    for log, model in views:
        assert list(log) == model
        assert (len(log), log.last_index) == (len(model), base + len(model))
        assert log.last_term == (model[-1].term if model else min(base, 1))
        assert [log[e.index] for e in model] == model
        assert [log.term_at(e.index) for e in model] == [e.term for e in model]
        first, until = data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9)))
        assert log.slice(first, until) == _model_slice(model, base, first, until)
        other, theirs = data.draw(st.sampled_from(views))
        _compare(log, model, other, theirs)


def _compare(log: Log, model: list[Entry], other: Log, theirs: list[Entry]) -> None:
    agree = 0
    while agree < min(len(model), len(theirs)) and model[agree] == theirs[agree]:
        agree += 1
    # An index agrees if all up to it does, so the count from the start is the highest.
    assert log.agrees_until(other) - log.snapshot_index == agree
    assert (log == other) == (model == theirs)
    assert log.is_prefix_of(other) == (theirs[: len(model)] == model)
    if log == other:
        assert hash(log) == hash(other)

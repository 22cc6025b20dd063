"""The words of Raft: each is there once, refers to others that are there, and is found in texts."""

import re

import pytest

from raftviz.checks.properties import PROPERTIES
from raftviz.picture.glossary import GLOSSARY, Entry, entry_of, linked, references, search

entries = pytest.mark.parametrize("entry", GLOSSARY, ids=lambda entry: entry.word)


@entries
def test_what_an_entry_refers_to_is_there(entry: Entry) -> None:
    for word in re.findall(r"\[([^\]]+)\]", entry.meaning):
        assert entry_of(word) is not None, word
    assert entry not in references(entry)


@entries
def test_an_entry_is_short_and_names_its_section(entry: Entry) -> None:
    assert 4 <= len(entry.meaning.split()) <= 50
    assert re.fullmatch(
        r"(§\d[\d.]*(, )?)+( of the dissertation)?|Figure \d|raftviz", entry.section
    )


def test_no_form_stands_for_two_words() -> None:
    forms = [form.lower() for entry in GLOSSARY for form in (entry.word, *entry.forms)]
    assert len(forms) == len(set(forms))


def test_the_words_stand_in_alphabetical_order() -> None:
    words = [entry.word.lower() for entry in GLOSSARY]
    assert words == sorted(words)


def test_every_entry_can_be_reached_or_stands_for_itself() -> None:
    reached = {other.word for entry in GLOSSARY for other in references(entry)}
    for needed in ("term", "vote", "log", "majority", "committed", "leader", "snapshot"):
        assert needed in reached


def show(word: str, entry: Entry) -> str:
    return f"<{entry.word}:{word}>"


def test_the_longest_word_is_found_and_each_only_once() -> None:
    text = "Its election timeout ran out; an election begins, the election of term 3."
    assert linked(text, show) == (
        "Its <election timeout:election timeout> ran out; an <election:election> begins, the "
        "election of <term:term> 3."
    )


def test_a_word_inside_another_is_none() -> None:
    assert (
        linked("a catalogue of logistics, terminal", show) == "a catalogue of logistics, terminal"
    )


def test_what_lies_between_is_put_through_plain() -> None:
    assert linked("<b> vote", show, lambda text: text.replace("<", "&lt;")) == "&lt;b> <vote:vote>"


def test_searching_finds_words_before_meanings() -> None:
    found = search("vote")
    assert [entry.word for entry in found[:3]] == ["RequestVote", "split vote", "vote"]
    assert "candidate" in [entry.word for entry in found]
    assert search("no such thing") == []


def test_the_statements_of_the_properties_use_words_that_are_explained() -> None:
    for one in PROPERTIES:
        assert "<" in linked(one.statement, show), one.statement

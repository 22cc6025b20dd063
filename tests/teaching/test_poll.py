"""Hands for each answer of a question."""

from raftviz.teaching.poll import Poll


def test_each_answer_has_its_share_of_all_hands() -> None:
    poll = Poll.of((4, 12, 0))
    assert poll.all == 16
    assert [poll.share(at) for at in range(3)] == [0.25, 0.75, 0.0]
    assert poll.favourite == 1


def test_nobody_has_won_a_draw_or_an_empty_hall() -> None:
    assert Poll.of((3, 3)).favourite is None
    assert Poll.of((0, 0)).favourite is None
    assert Poll.of((0, 0)).share(0) == 0.0


def test_it_says_how_many_were_right() -> None:
    assert Poll.of((4, 12)).words(0) == "4 of 16 hands were right."
    assert Poll.of((4, 12)).words(None) == "16 hands."
    assert Poll.of((0, 0)).words(0) == "Nobody raised a hand."


def test_what_no_hall_can_hold_is_cut() -> None:
    assert Poll.of((-5, 100_000)).hands == (0, 999)

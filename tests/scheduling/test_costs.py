"""How long a card is thought to take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.bank.model import KINDS
from interview_cli.scheduling.costs import LONGEST, PAR_S, USUAL_S, cost_s

seconds = st.floats(0, 1e6)


def test_every_kind_but_code_has_a_usual_time():
    assert {*USUAL_S} == {*KINDS} - {"code"}
    assert max(USUAL_S.values()) < PAR_S


def test_before_anything_was_measured_a_card_takes_what_is_usual():
    assert cost_s(45, []) == 45


def test_what_is_usual_weighs_as_much_as_two_days():
    assert cost_s(20, [50]) == 30
    assert cost_s(20, [50, 30]) == 30
    assert cost_s(20, [50] * 98) == pytest.approx(49.4)


def test_an_interrupted_review_counts_as_five_times_the_usual():
    assert cost_s(20, [3600]) == cost_s(20, [LONGEST * 20]) == pytest.approx(140 / 3)


@given(st.floats(1, 600), st.lists(seconds, max_size=6), seconds)
def test_a_slower_day_never_makes_a_card_cheaper(usual, measured, more):
    slow, quick = (
        cost_s(usual, [*measured, s]) for s in (measured[0] + more if measured else more, 0)
    )
    assert slow >= quick


@given(st.floats(1, 600), st.lists(seconds, max_size=9))
def test_no_card_is_free_or_takes_more_than_five_times_the_usual(usual, measured):
    assert 0 < cost_s(usual, measured) <= LONGEST * usual * (1 + 1e-12)


@given(st.floats(1, 600), st.lists(seconds, max_size=9))
def test_days_count_in_any_order(usual, measured):
    assert cost_s(usual, measured) == pytest.approx(cost_s(usual, measured[::-1]))

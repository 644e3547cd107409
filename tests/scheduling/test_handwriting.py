"""What an attempt at a solution counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.domain.review import Rating
from interview_cli.scheduling.handwriting import credit, suggested_rating


def counted(is_accepted=True, used_s=600.0, par_s=600.0, passed=None, stages=None):
    return credit(is_accepted=is_accepted, used_s=used_s, par_s=par_s, passed=passed, stages=stages)


@pytest.mark.parametrize(
    ("used_s", "recalled"), [(60, 1.0), (600, 1.0), (1200, 0.5), (6000, 0.1), (0, 1.0)]
)
def test_what_was_accepted_counts_by_its_time(used_s, recalled):
    assert counted(used_s=used_s) == (recalled, 0.0)
    assert counted(used_s=used_s, passed=2, stages=4) == (recalled, 0.0)


@pytest.mark.parametrize(
    ("passed", "stages", "forgotten"),
    [(0, 4, 0.0), (1, 4, 0.25), (4, 4, 1.0), (None, 4, 0.0), (3, None, 0.0), (0, 0, 0.0)],
)
def test_what_was_not_accepted_counts_by_the_stages_reached(passed, stages, forgotten):
    for used_s in (60.0, 6000.0):
        assert counted(False, used_s, passed=passed, stages=stages) == (1.0, forgotten)


@given(
    st.booleans(), st.floats(0, 1e5), st.floats(1, 1e4),
    st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)  # fmt: skip
def test_remembering_never_counts_less_than_forgetting(is_accepted, used_s, par_s, reached):
    recalled, forgotten = counted(is_accepted, used_s, par_s, *reached)
    assert 0 <= forgotten <= recalled <= 1


@pytest.mark.parametrize(
    ("attempt", "rating"),
    [
        ({"used_s": 300}, Rating.EASY),
        ({"used_s": 301}, Rating.GOOD),
        ({"used_s": 600}, Rating.GOOD),
        ({"used_s": 601}, Rating.HARD),
        ({"used_s": 10, "hints": 1}, Rating.HARD),
        ({"used_s": 10, "is_shown": True}, Rating.AGAIN),
        ({"used_s": 10, "is_accepted": False}, Rating.AGAIN),
    ],
)
def test_a_rating_is_suggested_by_time_and_help(attempt, rating):
    usual = {"is_accepted": True, "limit_s": 600.0, "hints": 0, "is_shown": False}
    assert suggested_rating(**{**usual, **attempt}) == rating

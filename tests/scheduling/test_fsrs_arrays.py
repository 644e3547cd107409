"""FSRS-6 in numpy against FSRS-6 in floats: each function, for one person and for several."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fsrs import LOWER, MAX_STABILITY, UPPER, WEIGHTS, Fsrs

# Where both subtract 1 from a power that is almost 1, nothing is left to agree on: so no exponent
# is nearer to 0 than this, and no recall nearer to 1.
LEAST_EXPONENT = 0.05
EXPONENTS = (10, 13)


def weight(number: int) -> st.SearchStrategy[float]:
    low = max(LOWER[number], LEAST_EXPONENT) if number in EXPONENTS else LOWER[number]
    return st.floats(low, UPPER[number])


weights = st.tuples(*map(weight, range(21)))
people = st.lists(weights, min_size=1, max_size=4)
rating = st.integers(1, 4)
stability = st.floats(0.001, 1e5)
difficulty = st.floats(1, 10)
recall = st.floats(0.01, 0.99)
days = st.integers(0, 10_000)


def cards(*of_each: st.SearchStrategy[float]) -> st.SearchStrategy[list[tuple[float, ...]]]:
    return st.lists(st.tuples(*of_each), min_size=1, max_size=5)


# name: what each function takes of a card, and the same in floats.
CASES = {
    "retrievability": (cards(days, stability), Fsrs.retrievability),
    "interval": (cards(stability, st.floats(0.7, 0.98)), Fsrs.interval),
    "initial_stability": (cards(rating), Fsrs.initial_stability),
    "initial_difficulty": (cards(rating), Fsrs.initial_difficulty),
    "raw_initial_difficulty": (cards(rating), Fsrs.raw_initial_difficulty),
    "next_difficulty": (cards(difficulty, rating), Fsrs.next_difficulty),
    "stability_after_recall": (
        cards(difficulty, stability, recall, st.integers(2, 4)), Fsrs.stability_after_recall,
    ),
    "stability_after_lapse": (cards(difficulty, stability, recall), Fsrs.stability_after_lapse),
    "stability_same_day": (cards(stability, rating), Fsrs.stability_same_day),
}  # fmt: skip


def arrays(given_cards: list[tuple[float, ...]]) -> list[fsrs.Array]:
    """One array for each thing that a function takes."""
    return [np.array(column, float) for column in zip(*given_cards, strict=True)]


@pytest.mark.parametrize("name", CASES)
@given(data=st.data(), given_people=people)
def test_a_function_agrees_with_its_equation_in_floats(name, data, given_people):
    strategy, scalar = CASES[name]
    given_cards = data.draw(strategy)
    floats = [[scalar(Fsrs(w), *card) for card in given_cards] for w in given_people]
    vectorised = getattr(fsrs, name)
    several = vectorised(fsrs.columns(given_people), *arrays(given_cards))
    assert several.shape == (len(given_people), len(given_cards))
    np.testing.assert_allclose(several, floats, rtol=1e-12, atol=1e-12)
    alone = vectorised(fsrs.columns(given_people[0]), *arrays(given_cards))
    assert alone.shape == (len(given_cards),)
    np.testing.assert_allclose(alone, floats[0], rtol=1e-12, atol=1e-12)


@given(people, cards(difficulty, stability, recall, rating))
def test_a_review_takes_the_equation_of_its_rating(given_people, given_cards):
    found_d, found_s = fsrs.reviewed(fsrs.columns(given_people), *arrays(given_cards))
    for person, w in enumerate(given_people):
        model = Fsrs(w)
        for card, (d, s, r, g) in enumerate(given_cards):
            lapsed = model.stability_after_lapse(d, s, r)
            s = lapsed if g == 1 else model.stability_after_recall(d, s, r, g)
            assert found_s[person, card] == pytest.approx(s, rel=1e-12, abs=1e-12)
            assert found_d[person, card] == pytest.approx(model.next_difficulty(d, g), rel=1e-12)


@pytest.mark.parametrize("shape", [(2, 3), (1, 3), (2, 1)])
def test_for_one_person_every_shape_will_do(shape):
    w = fsrs.columns(WEIGHTS)
    s, d = np.full(shape, 5.0), np.full((2, 3), 4.0)
    r = fsrs.retrievability(w, np.full((2, 3), 3.0), s)
    for found in fsrs.reviewed(w, d, s, r, np.full((2, 3), 3.0)):
        assert found.shape == (2, 3)


def test_no_stability_ever_leaves_the_bounds():
    w = fsrs.columns([LOWER, UPPER])
    s = np.array([0.001, 1.0, MAX_STABILITY])
    for rating in np.arange(1.0, 5.0):
        for r in (np.full(3, 1e-9), np.full(3, 1.0)):
            _, after = fsrs.reviewed(w, np.array([1.0, 5.0, 10.0]), s, r, np.full(3, rating))
            same_day = fsrs.stability_same_day(w, s, np.full(3, rating))
            for found in (after, same_day):
                assert np.isfinite(found).all()
                assert (found >= 0.001).all()
                assert (found <= MAX_STABILITY).all()

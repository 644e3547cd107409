"""The laws of a fit: what it predicts, where it ends, and when its weights are adopted."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.learners import FsrsMemories, Habits, Learner, studied
from benchmarks.learners import histories as by_card
from interview_cli.domain.review import Rating, Review
from interview_cli.scheduling import fit as fits
from interview_cli.scheduling.fit import (
    HELD_OUT,
    LEAST_HELD_OUT,
    Optimized,
    TooFew,
    fit,
    optimized,
    packed,
    predicted,
    weights_at,
)
from interview_cli.scheduling.fsrs import LOWER, UPPER, WEIGHTS, Fsrs
from interview_cli.scheduling.scheduler import Rules, trace

EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)


def history(gaps_and_ratings):
    """Days from gaps; below 0: the clock was set back."""
    day, found = 100, []
    for gap, rating in gaps_and_ratings:
        day += gap
        found.append((day, rating))
    return found


gaps = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 7, 30, -1, -20])
histories = st.lists(
    st.lists(st.tuples(gaps, st.integers(1, 4)), max_size=12).map(history), max_size=8
)
# In units of the prior, so that no weight is far from what people have.
people = st.lists(st.floats(-1.5, 1.5), min_size=21, max_size=21).map(np.array).map(weights_at)


def one_by_one(weights, cards):
    """What the program predicts of each review while it replays a log."""
    found = {}
    for number, card in enumerate(cards):
        events = [
            Review(str(place), EPOCH + timedelta(day), 0, "card", Rating(rating))
            for place, (day, rating) in enumerate(card)
        ]
        _, recalls = trace(events, Rules(Fsrs(weights)))
        found |= {(number, int(place)): recall for place, recall in recalls.items()}
    return found


@given(st.lists(people, min_size=1, max_size=3), histories)
def test_every_review_is_predicted_as_the_replay_of_the_log_predicts_it(weights, cards):
    reviews = packed(cards)
    p = predicted(np.array(weights), reviews)
    where = list(zip(reviews.history.tolist(), reviews.place.tolist(), strict=True))
    for person, w in enumerate(weights):
        expected = one_by_one(w, cards)
        assert set(where) == set(expected)
        for at, recall in zip(where, p[person], strict=True):
            assert recall == pytest.approx(expected[at], abs=1e-9)


@given(histories)
def test_a_review_is_recalled_unless_it_was_rated_again(cards):
    reviews = packed(cards)
    ratings = [cards[i][place][1] for i, place in zip(reviews.history, reviews.place, strict=True)]
    assert reviews.recalled.tolist() == [float(rating > 1) for rating in ratings]


def learner(weights, cards):
    """Somebody who forgets as FSRS-6 says, with these weights, and never slips."""
    ease = np.zeros(cards)
    return Learner(FsrsMemories(weights, ease), Habits(), ease, np.random.default_rng(1))


@pytest.fixture(scope="module")
def studies():
    """A month of somebody who forgets faster than the defaults say."""
    weights = np.array(WEIGHTS)
    weights[:4] /= 4
    weights[8] -= 1
    return studied(learner(weights, cards=200), days=30, reviews_per_day=40)


USUAL = fits.Assumed()


def covariance_at(weights, histories):
    return fits.laplace(fits.coordinates(np.array(weights)), packed(histories), USUAL)


def improbability(z, reviews, assumed=USUAL):
    return float(fits.improbability(np.array(z)[None], reviews, assumed)[0])


@pytest.mark.parametrize("assumed", [fits.Assumed(), fits.Assumed(0.5, 0.02)])
def test_the_gradient_is_that_of_the_improbability(studies, assumed):
    reviews = packed(studies)
    rng = np.random.default_rng(1)
    z = np.clip(0.3 * rng.normal(size=21), fits.LOWEST + 0.01, fits.HIGHEST - 0.01)
    gradient, curvature = fits.slopes(z, reviews, assumed)
    for number in range(21):
        h = 1e-4 * np.eye(21)[number]
        up, down = (improbability(z + step, reviews, assumed) for step in (h, -h))
        slope = (up - down) / 2e-4
        assert gradient[number] == pytest.approx(slope, rel=1e-2, abs=2e-2)
    assert (np.linalg.eigvalsh(curvature) >= assumed.strength * 0.999).all()


def test_the_gradient_at_a_clamp_is_that_of_the_side_within(studies):
    reviews = packed(studies)
    z = np.zeros(21)
    z[17], z[18] = fits.HIGHEST[17], fits.LOWEST[18]
    gradient, _ = fits.slopes(z, reviews, fits.Assumed())
    for number, h in ((17, -1e-4), (18, 1e-4)):
        slope = (improbability(z + h * np.eye(21)[number], reviews) - improbability(z, reviews)) / h
        assert gradient[number] == pytest.approx(slope, rel=1e-2)


def test_a_weight_that_is_pressed_against_its_clamp_does_not_bend_the_others_step():
    gradient, curvature = np.zeros(21), 2 * np.eye(21)
    gradient[7], gradient[8] = 1, -1  # the default of w₇ is its lower clamp
    curvature[7, 8] = curvature[8, 7] = 1.9
    step = fits.moved(np.zeros(21), gradient, curvature, damping=0.0)
    assert step[8] == pytest.approx(0.5)
    assert np.count_nonzero(step) == 1


def test_nothing_near_the_weights_found_is_more_probable(studies):
    reviews = packed(studies)
    z = fits.most_probable(reviews, fits.Assumed())
    least = improbability(z, reviews)
    assert least < improbability(np.zeros(21), reviews) - 10
    rng = np.random.default_rng(2)
    near = [*(0.1 * np.eye(21)), *(-0.1 * np.eye(21)), *(0.05 * rng.normal(size=(50, 21)))]
    for step in near:
        other = np.clip(z + step, fits.LOWEST, fits.HIGHEST)
        assert improbability(other, reviews) > least - fits.ENOUGH


@pytest.mark.parametrize("nothing", [[], [[]], [[(1, 3)], [(1, 1), (1, 3), (1, 3)]]])
def test_where_no_review_tests_the_model_the_defaults_stay_and_the_prior_is_all(nothing):
    found = fit(nothing)
    assert found.weights == WEIGHTS
    assert (found.log_loss, found.reviews) == (0.0, 0)
    in_logs = np.array([*WEIGHTS[:4], *[1.0] * 17])
    prior = np.diag((fits.SPREAD * in_logs) ** 2 / fits.PRIOR_STRENGTH)
    np.testing.assert_allclose(found.covariance, prior, rtol=1e-12)


def distance(weights):
    """From the defaults, in standard deviations between people."""
    return float(np.linalg.norm(fits.coordinates(np.array(weights))))


LAPSE, RECALL = [(1, 3), (3, 1)], [(1, 3), (3, 3)]


def test_a_few_reviews_move_the_weights_by_a_fraction_of_what_people_differ():
    """The least for what was to be expected; a lapse surprises."""
    assert 0 < distance(fit([RECALL]).weights) < 0.05
    assert 0 < distance(fit([LAPSE] + [RECALL] * 9).weights) < 0.05
    assert 0 < distance(fit([LAPSE]).weights) < 0.5


def test_the_more_often_the_same_happened_the_further_the_weights_go(studies):
    """Nothing changes at any number of reviews but the weight of the prior."""
    distances = [distance(fit(studies[:20] * times).weights) for times in (1, 2, 3, 5, 8, 12)]
    assert distances == sorted(distances)
    steps = np.diff([0, *distances])
    assert steps.max() < 1.0


def test_a_stronger_prior_keeps_the_weights_closer(studies):
    distances = []
    for strength in (0.5, 1, 2, 4, 8, 1e6):
        assumed = fits.Assumed(strength=strength)
        distances.append(distance(fit(studies, assumed).weights))
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 1e-3


def test_a_slip_on_a_card_known_well_moves_less_where_slips_are_expected():
    steady = [[(0, 3), (1, 3), (2, 3), (4, 3), (6, 3)]] * 20
    slipped = [[*steady[0][:-1], (6, 1)], *steady]
    moved = [
        abs(np.subtract(fit(slipped, assumed).weights, fit(steady, assumed).weights)).sum()
        for assumed in (fits.Assumed(), fits.Assumed(slips=0.05))
    ]
    assert moved[1] < moved[0]


def test_many_reviews_find_how_long_a_first_good_lasts():
    weights = np.array(WEIGHTS)
    weights[2] = 6.0
    someone = learner(weights, cards=10_000)
    someone.review(np.arange(10_000), 0)
    for day in range(1, 16):
        someone.review(np.arange(day, 10_000, 15), day)
    found = fit(by_card(someone.log))
    assert found.weights[2] == pytest.approx(6.0, rel=0.15)


def test_the_log_loss_is_the_mean_over_the_reviews_that_test_the_model(studies):
    found = fit(studies)
    chances = one_by_one(found.weights, studies)
    losses = [np.log(p if studies[i][k][1] > 1 else 1 - p) for (i, k), p in chances.items()]
    assert found.reviews == len(losses)
    assert found.log_loss == pytest.approx(-np.mean(losses))


def test_the_covariance_is_that_at_the_weights_found(studies):
    found = fit(studies)
    np.testing.assert_allclose(covariance_at(found.weights, studies), found.covariance, rtol=1e-6)


def test_more_reviews_leave_less_doubt(studies):
    doubts = [np.diag(covariance_at(WEIGHTS, studies * times)) for times in (0, 1, 2, 4)]
    for before, after in pairwise(doubts):
        assert (after < before).all()


ABSURD = {
    "all again": [[(day, 1) for day in range(0, 60, 3)]] * 40,
    "all easy": [[(day, 4) for day in range(0, 900, 30)]] * 40,
    "a thousand reviews of one card": [[(day, 1 + day % 4) for day in range(1000)]],
    "a thousand reviews on one day": [[(5, 1 + number % 4) for number in range(1000)] + [(6, 1)]],
    "a clock set back": [[(900, 3), (2, 3), (901, 1), (3, 1), (902, 4)]] * 30,
    "thousands of years": [[(1, 1), (3_000_000, 4), (3_000_001, 1)]] * 30,
    "waits of a million years": [[(day * 10**8, 4) for day in range(40)]] * 5,
    "one that never fails after many that do": [[(1, 1), (2, 1), (3, 1)]] * 50
    + [[(1, 4), (9000, 4)]],
}


@pytest.mark.parametrize("name", ABSURD)
def test_the_weights_are_within_the_clamps_whatever_happened(name):
    found = fit(ABSURD[name])
    assert Fsrs(found.weights).weights == found.weights
    assert np.isfinite(found.log_loss)
    assert (np.linalg.eigvalsh(found.covariance / np.outer(fits.SPREAD, fits.SPREAD)) > 0).all()


def test_no_prediction_is_certain_so_no_loss_is_infinite():
    """Without w₁₉, repeats on one day let the stability grow to any size."""
    endless = np.array([*WEIGHTS[:17], 2.0, 2.0, 0.0, WEIGHTS[20]])
    p = predicted(endless[None], packed([[(5, 4)] * 1000 + [(6, 1)]]))
    assert 0.999 < p.max() < 1


@settings(max_examples=30)
@given(histories)
def test_the_weights_are_within_the_clamps(cards):
    weights = np.array(fit(cards).weights)
    assert ((weights >= LOWER) & (weights <= UPPER)).all()


def test_a_fit_is_the_same_every_time(studies):
    first, second = fit(studies), fit([list(card) for card in studies])
    assert first.weights == second.weights
    assert (first.covariance == second.covariance).all()
    assert optimized(studies, WEIGHTS) == optimized(studies, WEIGHTS)


def test_better_weights_are_adopted_as_they_were_judged(studies):
    found = optimized(studies, WEIGHTS)
    assert isinstance(found, Optimized)
    assert found.candidate.log_loss < found.current.log_loss
    assert found.is_adopted
    assert found.weights == found.candidate.weights != WEIGHTS
    assert found.candidate.first_good_days < found.current.first_good_days == WEIGHTS[2]
    assert abs(found.candidate.recall - found.recalled) < abs(found.current.recall - found.recalled)
    assert HELD_OUT <= found.held_out / found.reviews < HELD_OUT + 0.1


def changed(cards, cut, rating):
    """The same with another rating for all reviews from a day on."""
    return [[(day, rating if day >= cut else given) for day, given in card] for card in cards]


def test_weights_that_are_worse_on_held_out_reviews_are_not_adopted(studies):
    """A month of forgetting, and then a week in which nothing is forgotten."""
    day = np.sort(packed(studies).day)
    cut = day[int(len(day) * 0.8)]
    found = optimized(changed(studies, cut, 3), WEIGHTS)
    assert isinstance(found, Optimized)
    assert found.recalled == 1.0
    assert found.candidate.log_loss > found.current.log_loss
    assert not found.is_adopted
    assert found.weights == found.current.weights == WEIGHTS


def test_the_candidate_has_not_seen_what_judges_it(studies):
    day = np.sort(packed(studies).day)
    cut = day[int(len(day) * 0.8)]
    candidates = {optimized(changed(studies, cut, r), WEIGHTS).candidate.weights for r in (1, 3, 4)}
    assert len(candidates) == 1


@settings(max_examples=40)
@given(histories, people)
def test_what_is_adopted_was_better_on_the_last_reviews(cards, current):
    cards = cards * 4
    found = optimized(cards, current)
    if isinstance(found, TooFew):
        assert found.weights == tuple(current)
        return
    losses = []
    for weights in (current, found.weights):
        expected = one_by_one(weights, cards)
        day = {(i, k): max(d for d, _ in cards[i][: k + 1]) for i, k in expected}
        last = sorted(expected, key=lambda at: day[at])[-found.held_out :]
        p = np.clip([expected[at] for at in last], fits.LEAST_CHANCE, 1 - fits.LEAST_CHANCE)
        is_kept = np.array([cards[i][place][1] > 1 for i, place in last])
        losses.append(-np.log(np.where(is_kept, p, 1 - p)).mean())
    if found.is_adopted:
        assert losses[1] < losses[0] + 1e-9
    else:
        assert found.weights == tuple(current)


def test_the_same_weights_again_are_not_better(studies):
    once = optimized(studies, WEIGHTS)
    again = optimized(studies, once.weights)
    assert isinstance(again, Optimized)
    assert again.current == again.candidate
    assert not again.is_adopted


def test_with_too_few_reviews_to_judge_by_nothing_is_adopted():
    assert optimized([], WEIGHTS) == TooFew(WEIGHTS, 0)
    card = [(1, 3), (2, 1), (3, 3)]
    few = optimized([card] * 3, WEIGHTS)
    assert few == TooFew(WEIGHTS, 6)
    enough = optimized([card] * LEAST_HELD_OUT, WEIGHTS)
    assert isinstance(enough, Optimized)
    assert enough.held_out == LEAST_HELD_OUT


@pytest.mark.parametrize("count", [40, 41, 42, 43, 44])
def test_a_fifth_is_held_out_and_no_more_than_that_takes(count):
    cards = [[(1, 3), (day, 3)] for day in range(2, count + 2)]
    found = optimized(cards, WEIGHTS)
    assert isinstance(found, Optimized)
    assert found.held_out == np.ceil(count * HELD_OUT)


def test_what_came_after_a_held_out_review_is_held_out_though_the_clock_was_set_back():
    plain = [[(1, 3), (4, 3)]] * 80
    candidates = set()
    for rating in (1, 3, 4):
        back = [[(1, 3), (30, 3), (2, rating), (6, rating)]] * 10
        found = optimized(plain + back, WEIGHTS)
        assert isinstance(found, Optimized)
        assert (found.reviews, found.held_out) == (100, 20)
        candidates.add(found.candidate.weights)
    assert len(candidates) == 1


def test_a_whole_day_is_held_out_or_none_of_it():
    cards = [[(1, 3), (2, 3)]] * 90 + [[(1, 3), (3, 3)]] * 10
    found = optimized(cards, WEIGHTS)
    assert isinstance(found, Optimized)
    assert found.held_out == 100  # a fifth would begin in the middle of day 2
    assert found.candidate.weights == WEIGHTS

"""The laws of a plan: what it may ask, what it leads to; its table against exhaustive search."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interview_cli.scheduling import fsrs_arrays as fsrs
from interview_cli.scheduling.fsrs import WEIGHTS, Fsrs
from interview_cli.scheduling.plan import (
    LAST_DAY,
    by_day,
    followed,
    left_alone,
    plain_fsrs,
    solve,
    with_lighter_last_day,
)
from interview_cli.scheduling.plan import table as tables
from interview_cli.scheduling.plan.course import (
    FsrsUsers,
    Learners,
    Planners,
    courses,
    drawn,
    filled,
    first_gain,
    start,
)
from interview_cli.scheduling.plan.prices import (
    FEWEST_COURSES,
    LOWEST,
    RANGE,
    SAMPLE,
    best_prices,
    guesses,
    prices,
    sample,
    stakes,
)
from interview_cli.scheduling.plan.problem import (
    FIRST_RATINGS,
    LATER_RATINGS,
    MOST_BLOCKS,
    Cards,
    Problem,
    in_blocks,
)
from interview_cli.scheduling.plan.table import Table, places

MODEL = Fsrs(WEIGHTS)


def posed(cards, budget_s):
    """A problem of rows: stability, difficulty, age_days, is_new, cost_s, weight."""
    s, d, age, is_new, cost, weight = np.array(cards, float).T
    return Problem(
        Cards(s, d, age, is_new > 0, cost, weight),
        np.array(budget_s, float),
        np.array(WEIGHTS),
        np.array(FIRST_RATINGS),
        np.array(LATER_RATINGS),
    )


def drawn_problem(seed, cards=8, days=5, minutes=2.0, new=0.5):
    """Somebody in the middle of it: half of the cards are new, some days are off."""
    rng = np.random.default_rng(seed)
    rows = [
        (
            np.exp(rng.uniform(-1, 4)), rng.uniform(1, 10), rng.integers(0, 15),
            rng.random() < new, rng.choice([15.0, 30.0, 90.0]), rng.choice([0.5, 1.0, 2.0]),
        )
        for _ in range(cards)
    ]  # fmt: skip
    return posed(rows, 60 * minutes * rng.choice([1.0, 1.0, 1.0, 0.0, 2.0], days))


card = st.tuples(
    st.floats(0.05, 500), st.floats(1, 10), st.integers(0, 60), st.booleans(),
    st.sampled_from([10.0, 20.0, 45.0, 130.0, 600.0]), st.sampled_from([0.25, 1.0, 3.0]),
)  # fmt: skip
problems = st.builds(
    posed,
    st.lists(card, min_size=1, max_size=7),
    st.lists(st.sampled_from([0.0, 0.0, 7.0, 60.0, 90.0, 900.0]), min_size=1, max_size=6),
)


# What may be asked.


@settings(max_examples=40, deadline=None)
@given(problems)
def test_no_day_of_any_course_has_more_than_its_seconds(problem):
    table = Table(problem, stakes(problem.cards))
    priced = table.priced(prices(np.array([0.01, 0.1, 2.0]), problem))
    for learners in (
        Planners(problem, start(problem, table), priced, 3),
        FsrsUsers(problem, 0.9, 3),
    ):
        course = courses(learners, np.random.default_rng(0))
        assert (course.seconds <= problem.budget_s + 1e-6).all()
        is_off = problem.budget_s == 0
        for amount in (course.asked, course.fresh, course.seconds):
            assert (amount[:, is_off] == 0).all()
        assert (course.fresh <= course.asked).all()
        assert ((course.recall >= 0) & (course.recall <= 1)).all()


@settings(max_examples=12, deadline=None)
@given(problems)
def test_a_plan_fits_its_days_and_asks_today_what_can_be_asked(problem):
    plan = solve(problem)
    cards, today = problem.cards, plan.today.tolist()
    assert len(set(today)) == len(today)
    assert cards.cost_s[today].sum() <= problem.budget_s[0]
    assert all(cards.is_new[n] or cards.age_days[n] > 0 for n in today)
    assert (plan.seconds <= problem.budget_s + 1e-6).all()
    assert (plan.fresh <= plan.asked + 1e-9).all()
    assert plan.asked.shape == plan.fresh.shape == plan.seconds.shape == problem.budget_s.shape
    assert plan.recall.shape == (len(cards),)
    assert ((plan.recall >= 0) & (plan.recall <= 1)).all()
    assert 0 <= plan.spread < 0.5


def test_with_all_days_off_nothing_is_asked_and_all_is_left_alone():
    problem = drawn_problem(1)._replace(budget_s=np.zeros(5))
    plan = solve(problem)
    assert (plan.today.size, plan.asked.sum(), plan.seconds.sum()) == (0, 0, 0)
    np.testing.assert_allclose(plan.recall, left_alone(problem))


def test_a_day_off_asks_nothing_though_the_days_around_it_do():
    problem = drawn_problem(1)._replace(budget_s=np.array([60.0, 0, 60, 0, 60]))
    plan = solve(problem)
    assert (plan.seconds[[1, 3]] == 0).all()
    assert (plan.seconds[[0, 2, 4]] > 20).all()


def test_on_a_day_off_today_has_no_cards_even_inside_a_block():
    problem = posed([(1, 5, 3, False, 20, 1)] * 5, [0, *[600] * (2 * MOST_BLOCKS - 1)])
    assert in_blocks(problem, MOST_BLOCKS).budget_s[0] > 0
    assert solve(problem).today.size == 0


def test_one_card_and_one_day_are_a_plan():
    for row, is_asked in (
        ((1.0, 5, 0, True, 20, 1), True),
        ((1.0, 5, 5, False, 20, 1), True),
        ((1.0, 5, 0, False, 20, 1), False),  # seen today
        ((1.0, 5, 5, False, 61, 1), False),  # longer than the day
    ):
        plan = solve(posed([row], [60.0]))
        assert plan.today.tolist() == [0] * is_asked
        assert plan.seconds.tolist() == [20.0 * is_asked]


def test_what_hardly_fades_until_the_day_is_not_asked():
    sure = (3000.0, 5, 1, False, 20, 1)
    assert solve(posed([sure, (0.5, 5, 9, False, 20, 1)], [600.0])).today.tolist() == [1]


def test_a_card_longer_than_any_day_is_never_taken_and_hinders_no_other():
    long, short = (0.1, 5, 30, True, 601.0, 50.0), (1, 5, 30, True, 20.0, 1.0)
    plan = solve(posed([long, short], [600.0] * 4))
    assert plan.today.tolist() == [1]
    assert plan.recall[0] == 0
    assert plan.recall[1] > 0.8


def test_a_card_that_fits_some_days_waits_for_them():
    plan = solve(posed([(1, 5, 0, True, 100.0, 1)], [50.0, 50, 200, 50]))
    assert plan.asked.tolist() == [0, 0, 1, 0]


def test_four_hundred_days_are_planned_in_blocks_that_keep_to_their_days():
    rng = np.random.default_rng(4)
    problem = drawn_problem(4, cards=5)._replace(budget_s=rng.choice([0.0, 60, 120], 400))
    plan = solve(problem)
    assert len(plan.seconds) == 400
    assert (plan.seconds <= problem.budget_s + 1e-6).all()
    assert plan.recall @ problem.cards.weight > left_alone(problem) @ problem.cards.weight
    assert problem.cards.cost_s[plan.today].sum() <= problem.budget_s[0]


@pytest.mark.parametrize("seed", range(6))
def test_the_last_day_is_little_heavier_than_the_mean(seed):
    """Everything is best asked on the eve, if only there were time."""
    problem = drawn_problem(seed, cards=20, days=6, minutes=3)._replace(budget_s=np.full(6, 400.0))
    seconds = solve(problem).seconds
    assert seconds[-1] <= LAST_DAY * seconds.mean() + 20


def test_only_the_last_study_day_is_made_lighter():
    problem = posed([(1, 5, 3, False, 20, 1)], [100.0, 100, 100, 0])
    lighter = with_lighter_last_day(problem, np.array([10.0, 20, 90, 0]))
    assert lighter.budget_s.tolist() == [100, 100, LAST_DAY * 40, 0]
    assert problem.budget_s.tolist() == [100, 100, 100, 0]
    today_is_over = [0.0, 20, 24, 0]
    for seconds in ([30.0, 30, 36, 0], [0.0, 0, 0, 0], today_is_over):
        assert with_lighter_last_day(problem, np.array(seconds)) is problem
    alone = problem._replace(budget_s=np.array([0.0, 0, 100, 0]))
    assert with_lighter_last_day(alone, np.array([0.0, 0, 90, 0])) is alone


# What it leads to.


@pytest.mark.parametrize("seed", range(5))
def test_a_plan_is_at_least_as_good_as_plain_fsrs_and_as_nothing(seed):
    problem = drawn_problem(seed, cards=12, days=7, minutes=1.5)
    weight = problem.cards.weight / problem.cards.weight.sum()
    plan = solve(problem).recall @ weight
    assert plan >= plain_fsrs(problem) @ weight - 0.005
    assert plan >= left_alone(problem) @ weight


def test_more_weight_makes_a_card_better_known_in_the_mean():
    """Not always: prices are found by trying, and other weights may lead to others."""
    gained = []
    for seed in range(8):
        problem = drawn_problem(seed, cards=10, days=5, minutes=1)
        heavier = problem.cards.weight.copy()
        heavier[0] *= 5
        cards = Cards(**{**vars(problem.cards), "weight": heavier})
        gained.append(solve(problem._replace(cards=cards)).recall[0] - solve(problem).recall[0])
    assert np.mean(gained) > 0.005
    assert min(gained) > -0.05


def test_where_not_all_fits_the_heavy_and_the_quick_are_taken():
    heavy, quick, plain = (
        (1, 5, 0, True, 30, 4.0), (1, 5, 0, True, 10, 1.0), (1, 5, 0, True, 30, 1.0),
    )  # fmt: skip
    assert solve(posed([plain, quick, heavy, plain], [40.0])).today.tolist() == [2, 1]


def test_a_plan_is_the_same_for_a_seed():
    problem = drawn_problem(3)
    one, same, other = (solve(problem, seed) for seed in (7, 7, 8))
    for first, second in zip(one, same, strict=True):
        assert np.array_equal(first, second)
    assert not np.array_equal(one.recall, other.recall)


def test_nothing_is_read_from_what_stands_for_the_memory_of_a_new_card():
    known, new = (2.0, 4, 3, False, 20, 1), (1.0, 5, 0, True, 20, 1)
    strange = (700.0, 9, 50, True, 20, 1)
    plans = [solve(posed([known, row, known], [60.0, 60])) for row in (new, strange)]
    np.testing.assert_array_equal(plans[0].recall, plans[1].recall)
    assert left_alone(posed([strange], [60.0])).tolist() == [0]


def test_left_alone_is_the_forgetting_curve_on_the_day():
    problem = posed([(9, 5, 4, False, 20, 1), (30, 5, 0, False, 20, 1)], [60.0] * 5)
    expected = [MODEL.retrievability(9, 9), MODEL.retrievability(5, 30)]
    assert left_alone(problem).tolist() == pytest.approx(expected, rel=1e-12)
    blocks = problem._replace(budget_s=np.array([60.0]), step=5)
    assert left_alone(blocks).tolist() == pytest.approx(expected, rel=1e-12)


def test_whoever_plans_does_not_see_what_the_memories_are():
    problem = drawn_problem(1, new=0.0)
    prices_s = best_prices(problem, seed=0)
    taken_for = followed(problem, prices_s, seed=0)
    fading = Cards(**{**vars(problem.cards), "stability": problem.cards.stability / 5})
    truth = followed(problem, prices_s, seed=0, truth=problem._replace(cards=fading))
    assert truth.today.tolist() == taken_for.today.tolist()
    assert (truth.recall.mean(0) < taken_for.recall.mean(0)).all()
    same = followed(problem, prices_s, seed=0, truth=problem)
    np.testing.assert_array_equal(same.recall, taken_for.recall)


def test_fsrs_users_ask_what_is_due_lowest_recall_first_then_new_cards_in_order():
    rows = [
        (1, 5, 0, True, 10, 1), (1, 5, 0, True, 10, 1), (10, 5, 9, False, 10, 1),
        (10, 5, 10, False, 10, 1), (2, 5, 9, False, 10, 1), (5, 5, 0, False, 10, 1),
    ]  # fmt: skip
    course = courses(FsrsUsers(posed(rows, [600.0]), 0.9, 1), np.random.default_rng(0))
    assert course.today.tolist() == [4, 3, 0, 1]
    assert course.fresh.tolist() == [[2]]


def test_ratings_are_drawn_as_the_learner_gives_them():
    problem = posed([(1, 5, 3, False, 20, 1)], [60.0])
    number, rng = 40_000, np.random.default_rng(0)
    for is_new, shares in (
        (True, FIRST_RATINGS),
        (False, (0.3, *(0.7 * share for share in LATER_RATINGS))),
    ):
        found = drawn(problem, np.full(number, 0.7), np.full(number, is_new), rng)
        counts = [(found == rating).mean() for rating in (1, 2, 3, 4)]
        assert counts == pytest.approx(shares, abs=0.01)


# The table.


def exhaustive(problem, price_s, t, s, d):
    """V(t, S, D) of one card by trying every later day and every rating, in floats."""
    days = problem.days
    best = MODEL.retrievability(days - t, s)
    for u in range(t + 1, days):
        r = MODEL.retrievability(u - t, s)
        net = -price_s[u] * problem.cards.cost_s[0]
        for rating, share in zip((1, 2, 3, 4), (1 - r, *r * problem.later), strict=True):
            after = (
                MODEL.stability_after_lapse(d, s, r)
                if rating == 1
                else MODEL.stability_after_recall(d, s, r, rating)
            )
            d_next = MODEL.next_difficulty(d, rating)
            net += share * exhaustive(problem, price_s, u, after, d_next)
        best = max(best, net)
    return best


PRICE_S = np.array([0.002, 0.0005, np.inf, 0.001, 0.004])  # per second; the third day is off


@pytest.mark.parametrize(("grid", "error"), [((20, 4), 3e-3), ((200, 19), 3e-4)])
def test_the_table_is_what_exhaustive_search_finds(grid, error, monkeypatch):
    """Between grid points it is interpolated: the finer the grid, the nearer."""
    logs = np.linspace(*tables.LOG_STABILITIES[[0, -1]], grid[0])
    monkeypatch.setattr(tables, "LOG_STABILITIES", logs)
    monkeypatch.setattr(tables, "DIFFICULTIES", np.linspace(1, 10, grid[1]))
    problem = posed([(1, 5, 3, False, 20, 1)], [60.0, 60, 0, 60, 60])
    table = Table(problem, stakes(problem.cards))
    priced = table.priced(PRICE_S)
    # Not from the lowest points: a lapse there leads below the grid.
    some = range(grid[0] // 5, grid[0], grid[0] // 10)
    for i, j in product(some, range(0, grid[1], 3)):
        s, d = np.exp(tables.LOG_STABILITIES[i]), tables.DIFFICULTIES[j]
        for t in (0, 1, 3, 4):
            found = priced.value[t, i * grid[1] + j, 0]
            assert found == pytest.approx(exhaustive(problem, PRICE_S, t, s, d), abs=error)


def test_what_a_review_gains_is_its_outcome_less_the_best_of_the_later_days():
    problem = posed([(1, 5, 3, False, 20, 1)], [60.0, 60, 0, 60, 60])
    table = Table(problem, stakes(problem.cards))
    priced = table.priced(PRICE_S)
    cost = PRICE_S * 20
    for t in range(4):
        net = priced.reviewed(t) - cost[t + 1 :, None, None]
        for u in range(t + 1, 5):
            later = np.vstack([net[u - t :, :, 0], table.kept[5 - t - 1][None]]).max(0)
            gain = priced.reviewed(t)[u - t - 1, :, 0] - later
            np.testing.assert_allclose(priced.gain[t, u, :, 0], gain, atol=1e-12)


def test_the_first_review_of_a_new_card_leads_to_the_values_after_its_ratings():
    problem = posed([(1, 5, 0, True, 20, 1)], [60.0] * 5)
    price_s = np.full(5, 0.02)  # so dear that the first rating matters
    priced = Table(problem, stakes(problem.cards)).priced(price_s)
    for day in range(5):
        expected = sum(
            share
            * exhaustive(
                problem, price_s, day, MODEL.initial_stability(g), MODEL.initial_difficulty(g)
            )
            for g, share in zip((1, 2, 3, 4), FIRST_RATINGS, strict=True)
        )
        assert priced.first[day, 0] == pytest.approx(expected, abs=3e-3)


def test_the_gain_of_the_first_review_of_the_course_starts_from_the_card_as_it_is():
    rows = [(0.5, 7, 4, False, 20, 1), (40, 3, 0, False, 20, 1), (1, 5, 0, True, 20, 1)]
    problem = posed(rows, [60.0] * 3)
    table = Table(problem, stakes(problem.cards))
    price_s = np.array([0.0, 0.001, 0.002])
    begun = start(problem, table)
    gain = first_gain(problem, begun, table.priced(price_s))
    r = MODEL.retrievability(6, 0.5)  # on the last day, before it
    outcome = sum(
        share
        * MODEL.retrievability(
            1,
            MODEL.stability_after_lapse(7, 0.5, r)
            if g == 1
            else MODEL.stability_after_recall(7, 0.5, r, g),
        )
        for g, share in zip((1, 2, 3, 4), (1 - r, *r * np.array(LATER_RATINGS)), strict=True)
    )
    assert begun.shares[0, 2, :4].sum() == pytest.approx(1 - r, rel=1e-12)  # again
    assert gain[0, 2] == pytest.approx(outcome - MODEL.retrievability(7, 0.5), abs=0.012)
    assert gain[1, 0] == 0  # seen today
    assert gain[1, 1] > 0
    assert gain[2, 2] > 0.8


states = st.lists(
    st.tuples(st.floats(np.log(0.03), np.log(3000)), st.floats(1, 10)), min_size=1, max_size=9
).map(lambda rows: np.array(rows).T)


@given(states)
def test_shares_sum_to_one_and_reproduce_linear_functions(state):
    logs, d = state
    found = places(np.exp(logs), d)
    assert (found.shares >= -1e-12).all()
    np.testing.assert_allclose(found.shares.sum(-1), 1, atol=1e-12)
    s, e = np.meshgrid(tables.LOG_STABILITIES, tables.DIFFICULTIES, indexing="ij")
    linear = (2 * s - 3 * e + 1).ravel()
    read = (linear[found.points] * found.shares).sum(-1)
    np.testing.assert_allclose(read, 2 * logs - 3 * d + 1, atol=1e-9)


def test_what_lies_off_the_grid_counts_as_its_edge():
    far = places(np.array([0.001, 1e9]), np.array([1.0, 10.0]))
    edge = places(np.array([0.03, 3000.0]), np.array([1.0, 10.0]))
    np.testing.assert_array_equal(far.points, edge.points)
    np.testing.assert_allclose(far.shares, edge.shares, atol=1e-9)


# Its parts.


@given(st.lists(st.sampled_from([0.0, 30.0, 60.0]), min_size=1, max_size=40), st.integers(1, 12))
def test_blocks_have_the_seconds_of_their_days_and_days_the_amounts_of_their_blocks(budget, most):
    problem = posed([(1, 5, 3, False, 20, 1)], budget)
    blocks = in_blocks(problem, most)
    assert blocks.days <= most
    assert blocks.days * blocks.step - problem.days < blocks.step
    assert blocks.budget_s.sum() == problem.budget_s.sum()
    missing = -problem.days % blocks.step
    first = blocks.step - missing
    assert blocks.budget_s[0] == problem.budget_s[:first].sum()
    amounts = blocks.budget_s / 20
    found = by_day(problem, blocks, amounts)
    assert found.shape == problem.budget_s.shape
    np.testing.assert_allclose(found, problem.budget_s / 20, atol=1e-9)


@given(
    st.lists(st.tuples(st.integers(-1, 9), st.integers(1, 50)), min_size=1, max_size=9),
    st.integers(0, 120),
)
def test_what_is_taken_is_the_best_prefix_and_what_fits_behind_it(cards, budget_s):
    worth, cost = np.array(cards, float).T
    (taken,) = filled(worth[None], cost, float(budget_s))
    order = np.argsort(-worth, kind="stable")
    left = budget_s
    for place in order:
        if worth[place] <= 0:
            break
        if cost[place] > left:
            break
        assert taken[place]
        left -= cost[place]
    assert cost[taken].sum() <= budget_s
    assert (worth[taken] > 0).all()


def test_behind_a_card_that_does_not_fit_smaller_ones_are_taken():
    worth, cost = np.array([[5.0, 4, 3, 2, 1]]), np.array([50.0, 60, 30, 40, 20])
    assert filled(worth, cost, 100.0)[0].tolist() == [True, False, True, False, True]
    for_each = filled(np.array([[5.0, 4, 3, 2, 1], [1, 2, 3, 4, 5]]), cost, 60.0)
    assert for_each.tolist() == [[True] + [False] * 4, [False, False, False, True, True]]


def test_of_many_cards_a_sample_decides_with_its_share_of_the_seconds():
    problem = drawn_problem(5, cards=2 * SAMPLE, days=2)
    found = sample(problem, seed=0)
    assert len(found.cards) == SAMPLE
    share = found.cards.cost_s.sum() / problem.cards.cost_s.sum()
    np.testing.assert_allclose(found.budget_s, problem.budget_s * share)
    small = drawn_problem(5)
    assert sample(small, seed=0) is small


def test_prices_are_infinite_on_days_off_and_fall_with_the_days_that_are_left():
    problem = drawn_problem(2)._replace(budget_s=np.array([60.0, 0, 60, 60, 60]))
    for price in (
        prices(np.array([0.1, 0.5, 2.0]), problem),
        best_prices(problem, seed=0),
    ):
        assert np.isinf(price[1])
        assert (np.diff(np.delete(price, 1)) >= 0).all()
        assert (np.delete(price, 1) > 0).all()


def test_the_prices_taken_are_the_best_of_those_tried():
    problem = drawn_problem(2, cards=6, days=4, minutes=0.8)
    table = Table(problem, stakes(problem.cards))
    begun = start(problem, table)

    def worth(price_s):
        planners = Planners(problem, begun, table.priced(price_s), FEWEST_COURSES)
        return (courses(planners, np.random.default_rng(0)).recall @ problem.cards.weight).mean()

    tried = [worth(prices(shape, problem)) for shape in guesses(16)]
    assert worth(best_prices(problem, seed=0)) >= max(tried)
    assert max(tried) > min(tried) + 0.05


def test_guesses_fill_their_space():
    found = (np.log10(guesses(64)) - LOWEST) / RANGE
    assert ((found > 0) & (found < 1)).all()
    for column in found.T:
        assert np.histogram(column, 4, (0, 1))[0].tolist() == pytest.approx([16] * 4, abs=3)
    assert np.abs(np.corrcoef(found.T) - np.eye(3)).max() < 0.2


def test_a_card_is_priced_by_its_own_cost_after_its_first_review_too():
    cheap, dear = (2.0, 5, 3, False, 10, 1), (2.0, 5, 3, False, 200, 1)
    worth = []
    for rows in ([cheap, dear], [dear]):
        problem = posed(rows, [600.0] * 5)
        table = Table(problem, stakes(problem.cards))
        price_s = np.array([0.0, 0.001, 0.0002, 0.001, 0.001])
        planners = Planners(problem, start(problem, table), table.priced(price_s), 1)
        planners.last[:] = 0
        worth.append(planners.worth(2)[0, -1])
    assert worth[0] == pytest.approx(worth[1], rel=1e-9)
    assert worth[0] > 0


def test_cards_that_cost_about_the_same_are_one_class():
    cost_s = np.array([20.0, 21, 20, 60, 600, 590])
    rows = [(1, 5, 3, False, cost, 1) for cost in cost_s]
    found = stakes(posed(rows, [60.0]).cards)
    assert len(found) == 3
    assert found == pytest.approx([20.3, 60, 595], rel=0.01)
    heavy = [(1, 5, 3, False, 60, 3), (1, 5, 3, False, 20, 1)]
    assert stakes(posed(heavy, [60.0]).cards) == pytest.approx([20])


def test_a_course_counts_what_was_never_asked_as_not_known():
    problem = posed([(9, 5, 2, True, 20, 1), (9, 5, 2, False, 20, 1)], [60.0])
    learners = Learners(problem, 2)
    assert (learners.recall(1)[:, 0] == 0).all()
    learners.review(np.array([[True, False], [False, False]]), 0, np.random.default_rng(0))
    assert learners.is_new[:, 0].tolist() == [False, True]
    recall = learners.recall(1)
    assert recall[0, 0] > 0
    assert recall[1, 0] == 0
    rated = learners.true.s[0, 0]
    assert rated in fsrs.initial_stability(problem.w, np.arange(1.0, 5.0))

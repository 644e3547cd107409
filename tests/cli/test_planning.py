"""What the log, the bank and config.toml say of the learner, as a plan's problem."""

import json
from datetime import date, timedelta

import pytest

from interview_cli.cli.desk import Desk
from interview_cli.cli.planning import Posed, credits, posed
from interview_cli.domain.review import Aim, Event, Rating, Weights
from interview_cli.scheduling.fsrs import WEIGHTS
from interview_cli.scheduling.plan.problem import FIRST_RATINGS, LATER_RATINGS
from interview_cli.store.attempts import begin
from tests.cli.material import NOW, Home, interview, reviewed

AIM = Aim("a1", NOW, 0, date(2026, 11, 24), 10, ("sun",))
LONG = "a-card-with-a-long-name-that-is-forgotten"


def of(home: Home, *events: Event, config: str = "") -> Posed:
    home.write_reviews([AIM, *events])
    (home.folder / "config.toml").write_text(config, encoding="utf-8")
    with Desk() as desk:
        return posed(desk, AIM, NOW)


def column(found: Posed, name: str) -> dict[str, float]:
    values = getattr(found.problem.cards, name).tolist()
    return {card.id: value for card, value in zip(found.cards, values, strict=True)}


def test_of_a_new_learner_everything_is_usual(home: Home) -> None:
    found = of(home)
    assert found.problem.first.tolist() == pytest.approx(FIRST_RATINGS)
    assert found.problem.later.tolist() == pytest.approx(LATER_RATINGS)
    assert found.problem.budget_s.tolist() == [600, 0, 600]
    assert found.problem.w.tolist() == list(WEIGHTS)
    assert column(found, "cost_s") == {
        "axes": 20, "bn-formula": 20, "which-variance": 20, "per-channel": 45, "prints-two": 30,
        "backward": 60, "small-norm-code": 600, LONG: 20, "changed": 20, "learnt": 20,
    }  # fmt: skip
    assert {*column(found, "weight").values()} == {1}
    assert all(column(found, "is_new").values())


def test_new_cards_come_in_the_order_of_the_quiz(home: Home) -> None:
    ids = [card.id for card in of(home).cards]
    assert ids == [
        "axes", "bn-formula", "which-variance", "per-channel", "changed", "learnt", "prints-two",
        "small-norm-code", LONG, "backward",
    ]  # fmt: skip


def test_what_is_remembered_is_what_why_tells(home: Home) -> None:
    found = of(home, reviewed("axes", 5, Rating.GOOD), reviewed("learnt", 0.1, Rating.EASY))
    assert (column(found, "is_new")["axes"], column(found, "is_new")["changed"]) == (False, True)
    assert [column(found, "age_days")[card] for card in ("axes", "learnt")] == [5, 0]
    why = json.loads(interview("why", "axes", "--json").out)
    assert column(found, "stability")["axes"] == why["stability_days"]
    assert column(found, "difficulty")["axes"] == why["difficulty"]


def test_weights_that_were_fitted_hold(home: Home) -> None:
    fitted = (0.5, *WEIGHTS[1:])
    found = of(home, Weights("w1", NOW, 0, fitted))
    assert found.problem.w.tolist() == list(fitted)


def test_a_card_costs_what_it_took_drawn_towards_the_usual(home: Home) -> None:
    found = of(
        home,
        reviewed("axes", 5, Rating.GOOD, elapsed_ms=50_000),
        reviewed("backward", 4, Rating.GOOD, elapsed_ms=10_000),
        reviewed("backward", 3.99, Rating.GOOD, elapsed_ms=20_000),
    )
    assert column(found, "cost_s")["axes"] == 30
    assert column(found, "cost_s")["backward"] == 50
    assert found.problem.budget_s.tolist() == [600, 0, 600]


def test_what_today_took_is_not_there_any_more(home: Home) -> None:
    found = of(home, reviewed("axes", 0.1, Rating.GOOD, elapsed_ms=50_000))
    assert found.problem.budget_s.tolist() == [550, 0, 600]


def test_code_takes_the_par_of_its_proof(home: Home) -> None:
    spec = home.bank / "solutions" / "norms" / "small_norm_spec.py"
    spec.write_text("SPEC = Spec(function='small_norm', minutes=7)\n", encoding="utf-8")
    assert column(of(home), "cost_s")["small-norm-code"] == 420


def test_ratings_are_drawn_towards_the_usual(home: Home) -> None:
    found = of(
        home,
        *[reviewed(card, 9, Rating.AGAIN) for card in ("axes", "changed", "learnt")],
        *[reviewed("axes", day, Rating.HARD) for day in (8, 7, 6, 5)],
        reviewed("axes", 4, Rating.AGAIN),
    )
    again, *first = FIRST_RATINGS
    assert found.problem.first.tolist() == pytest.approx(
        [(20 * again + 3) / 23, *(20 * share / 23 for share in first)]
    )
    hard, *later = LATER_RATINGS  # how much is forgotten says the curve
    assert found.problem.later.tolist() == pytest.approx(
        [(20 * hard + 4) / 24, *(20 * share / 24 for share in later)]
    )


def test_topics_and_levels_weigh_what_config_says(home: Home) -> None:
    found = of(home, config="[topics]\nnorms = 3\n[levels]\n2 = 0.5\n3 = 0\n")
    weight = column(found, "weight")
    assert (weight["axes"], weight["changed"], weight["prints-two"]) == (3, 1, 1.5)
    assert "backward" not in weight


def test_a_step_of_a_clock_that_was_set_back_is_of_today(home: Home) -> None:
    found = of(home, reviewed("axes", -3, Rating.GOOD))
    assert column(found, "age_days")["axes"] == 0


# What hand-writing counts.


def attempt(home: Home, days_ago: int, *verdicts: dict[str, object]) -> None:
    """One that takes twenty minutes before each of its verdicts."""
    at = NOW - timedelta(days_ago)
    found = begin(home.folder, "small_norm", "", at, language="numpy", limit_s=600)
    with found:
        for verdict in verdicts:
            at += timedelta(minutes=20)
            found.record("verdict", at, mistakes=[], save=1, **verdict)


def counted(home: Home) -> tuple[float, float]:
    with Desk() as desk:
        cards = posed(desk, AIM, NOW).cards
        found = credits(desk, cards)
    place = [card.id for card in cards].index("small-norm-code")
    rest = [n for n in range(len(cards)) if n != place]
    assert found.recalled[rest].tolist() == [1] * 9
    assert found.forgotten[rest].tolist() == [0] * 9
    return float(found.recalled[place]), float(found.forgotten[place])


def test_code_that_was_never_tried_counts_as_any_card(home: Home) -> None:
    of(home)
    assert counted(home) == (1, 0)
    attempt(home, 3)  # of which no verdict was given
    assert counted(home) == (1, 0)


def test_code_that_took_twice_its_par_counts_half(home: Home) -> None:
    of(home)
    attempt(home, 3, {"kind": "accepted", "passed": 4, "stages": 4})
    assert counted(home) == (0.5, 0)


def test_of_code_that_was_not_accepted_the_stages_reached_count(home: Home) -> None:
    of(home)
    attempt(home, 3, {"kind": "mistake", "passed": 3, "stages": 4})
    assert counted(home) == (1, 0.75)


def test_the_last_attempt_counts(home: Home) -> None:
    of(home)
    attempt(home, 3, {"kind": "accepted", "passed": 4, "stages": 4})
    attempt(home, 2, {"kind": "raised", "passed": 1, "stages": 4})
    assert counted(home) == (1, 0.25)
    assert readiness_of_code() > 0


def readiness_of_code() -> float:
    found = json.loads(interview("readiness", "--topic", "norms", "--json").out)
    return float(found["topics"][0]["stop_now"]["expected"])


def test_an_attempt_moves_the_readiness(home: Home) -> None:
    of(home, reviewed("small-norm-code", 2, Rating.GOOD))
    before = readiness_of_code()
    attempt(home, 3, {"kind": "accepted", "passed": 4, "stages": 4})
    assert readiness_of_code() == pytest.approx(before / 2)

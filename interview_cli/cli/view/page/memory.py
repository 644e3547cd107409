"""What is remembered: how ready that makes the learner, how cards fade, what was foreseen."""

from collections.abc import Iterator
from datetime import date

from interview_cli.cli.statistics import Figures, Past
from interview_cli.cli.view import statistics as screens
from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.page import curves
from interview_cli.cli.view.page.parts import keys, numbers
from interview_cli.cli.view.page.svg import circle, element, line, number, percent, plain
from interview_cli.scheduling import statistics as sums
from interview_cli.scheduling.forgetting import Curve, Point

DOT = line(14, 0, 14, 12, "true") + circle(14, 6, 4, "dot")


def readiness(past: Past, view: Look) -> Iterator[str]:
    say = view.say
    if not past.readiness:
        return
    yield element("h2", say("一路的准备程度", "Readiness so far"))
    yield element(
        "p",
        say(
            "每天结束时，随便抽一张卡能答对的概率；没见过的卡算 0。",
            "The probability of recalling a card drawn at random, at the end of each day; a card "
            "never seen counts 0.",
        ),
    )
    yield curves.readiness(past.readiness, view)
    rows = [(date.fromordinal(day), percent(share)) for day, share in reversed(past.readiness)]
    yield numbers((say("日期", "Day"), say("准备程度", "Readiness")), rows, view)


def forgetting(past: Past, view: Look) -> Iterator[str]:
    say = view.say
    if not past.curves:
        return
    yield element("h2", say("遗忘曲线", "Forgetting curves"))
    yield element(
        "p",
        say(
            "第一次评分之后，隔了若干天再问，还记得的比例。",
            "The share still remembered some days after a card's first rating.",
        ),
    )
    yield keys(
        (line(0, 6, 28, 6, "model"), say("预测", "predicted")),
        (DOT, say("实际，95% 区间", "true, with its 95 % interval")),
    )
    yield curves.forgetting(past.curves, past.fsrs, view)
    headings = say(
        "首次评分,稳定性（天）,隔几天,复习,实际,95% 区间",
        "First rating,Stability in days,Days later,Reviews,True,95 % interval",
    )
    rows = [point_row(curve, point, view) for curve in past.curves for point in curve.points]
    yield numbers(headings.split(","), rows, view)


def point_row(curve: Curve, point: Point, view: Look) -> list[object]:
    rating = view.say(*words.RATINGS[curve.rating])
    days = number(curve.stability), number(point.elapsed_days)
    span = f"{percent(point.low)}-{percent(point.high)}"
    return [rating, *days, point.reviews, percent(point.true), span]


def calibration(found: Figures, view: Look) -> Iterator[str]:
    say, error = view.say, sums.calibration_error(found.buckets)
    kept = found.retention
    if kept is None or error is None:
        return
    yield element("h2", say("预测得准不准", "Predicted and true"))
    told = say(
        f"记住 {kept.true:.1%}，预测 {kept.predicted:.1%}；各组平均相差 {error:.1%}。",
        f"Remembered {kept.true:.1%}, predicted {kept.predicted:.1%}; in the buckets they are "
        f"{error:.1%} apart on average. ",
    )
    yield element("p", plain(told + screens.judged(kept, view)))
    yield keys((DOT, say("一组复习，95% 区间", "a bucket of reviews, with its 95 % interval")))
    yield curves.calibration(found.buckets, view)
    rows = [
        (f"{b.low:.1%}-{b.high:.1%}", f"{b.predicted:.1%}", f"{b.true:.1%}", b.reviews)
        for b in found.buckets
    ]
    yield numbers(say("范围 预测 实际 复习", "Range Predicted True Reviews").split(), rows, view)

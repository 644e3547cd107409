"""The plots of memory: readiness day by day, forgetting curves, and how well they were foreseen."""

from collections.abc import Iterator, Sequence
from datetime import date

from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.page.svg import (
    Frame,
    Scale,
    circle,
    line,
    path,
    percent,
    picture,
    text,
)
from interview_cli.scheduling.forgetting import Curve, interval
from interview_cli.scheduling.fsrs import Fsrs
from interview_cli.scheduling.statistics import Bucket

WIDE = (720, 260)
SMALL = (340, 220)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAST_DAYS = 4.0  # shown of a forgetting curve
MOST_LABELS = 9


def readiness(found: Sequence[tuple[int, float]], view: Look) -> str:
    """The mean retrievability of all cards over the days."""
    say, first, last = view.say, found[0][0], found[-1][0]
    frame = Frame(Scale(first, last, 44, 708), Scale(0, 1, 226, 10))
    points = [(frame.x(day), frame.y(share)) for day, share in found]
    told = say(
        f"从 {percent(found[0][1])} 到 {percent(found[-1][1])}",
        f"From {percent(found[0][1])} to {percent(found[-1][1])}.",
    )
    return picture(
        "readiness",
        WIDE,
        say("一路的准备程度", "Readiness so far"),
        told,
        frame.rows(SHARES, percent),
        frame.below(day_labels(first, last, view)),
        path([(points[0][0], frame.y(0)), *points, (points[-1][0], frame.y(0))], "area"),
        path(points, "true"),
    )


def day_labels(first: int, last: int, view: Look) -> list[tuple[float, str]]:
    """A few days between two: the first of months, or else of every week."""
    days = [date.fromordinal(day) for day in range(first, last + 1)]
    if len(days) > 60:
        months = [d for d in days if d.day == 1]
        kept = months[:: -(-len(months) // MOST_LABELS)]
        return [(d.toordinal(), month(d, len(days), view)) for d in kept]
    kept = days[:: max(1, -(-len(days) // (MOST_LABELS - 2)))]
    return [(d.toordinal(), words.short_day(d, view)) for d in kept]


def month(on: date, span: int, view: Look) -> str:
    name = view.say(f"{on.month}月", words.MONTHS[on.month - 1])
    return f"{on.year}-{on.month:02d}" if span > 400 else name


def forgetting(curves: Sequence[Curve], fsrs: Fsrs, view: Look) -> str:
    """A small plot for each first rating."""
    width, height = SMALL
    rows = -(-len(curves) // 2)
    told = view.say(
        "每个首次评分一条曲线：模型的预测，和实际记住的比例及其 95% 区间",
        "For each first rating what was predicted, and what was remembered with its 95 % interval.",
    )
    parts: list[str] = []
    for place, curve in enumerate(curves):
        left, top = place % 2 * (width + 40), place // 2 * height
        parts.extend(one_curve(curve, fsrs, left, top, view))
    size = (2 * width + 40, rows * height)
    return picture("forgetting", size, view.say("遗忘曲线", "Forgetting curves"), told, *parts)


def one_curve(curve: Curve, fsrs: Fsrs, left: int, top: int, view: Look) -> Iterator[str]:
    longest = max(LEAST_DAYS, curve.points[-1].elapsed_days * 1.1)
    frame = Frame(Scale(0, longest, left + 44, left + 322), Scale(0, 1, top + 182, top + 34))
    name = view.say(*words.RATINGS[curve.rating])
    yield text(f"{int(curve.rating)} {name}", left + 44, top + 20, class_="title")
    yield frame.rows((0.0, 0.5, 1.0), percent)
    step = max(1, round(longest / 5))
    days = [float(day) for day in range(0, int(longest) + 1, step)]
    yield frame.below((day, view.say(f"{day:.0f} 天", f"{day:.0f} d")) for day in days)
    model = [
        (n * longest / 60, fsrs.retrievability(n * longest / 60, curve.stability))
        for n in range(61)
    ]
    yield path([(frame.x(t), frame.y(r)) for t, r in model], "model")
    for point in curve.points:
        yield from observed(frame, point.elapsed_days, point.true, point.low, point.high)


def observed(frame: Frame, x: float, true: float, low: float, high: float) -> Iterator[str]:
    """A dot with its error bar."""
    yield line(frame.x(x), frame.y(low), frame.x(x), frame.y(high), "true")
    yield circle(frame.x(x), frame.y(true), 4, "dot")


def calibration(buckets: Sequence[Bucket], view: Look) -> str:
    """What was true against what was predicted; on the diagonal they are the same."""
    say = view.say
    bars = [(b, *interval(round(b.true * b.reviews), b.reviews)) for b in buckets]
    low = min(9, *(int(10 * min(b.predicted, least)) for b, least, _ in bars)) / 10
    frame = Frame(Scale(low, 1, 60, 430), Scale(low, 1, 400, 30))
    shares = [n / 10 for n in range(round(10 * low), 11, 1 if low >= 0.5 else 2)]
    dots = [part for b, *ends in bars for part in observed(frame, b.predicted, b.true, *ends)]
    return picture(
        "calibration",
        (460, 450),
        say("校准", "Calibration"),
        say(
            "横轴是预测，纵轴是实际，落在对角线上就是准的",
            "Predicted recall across, true recall up; on the diagonal they agree.",
        ),
        frame.rows(shares, percent),
        frame.below((share, percent(share)) for share in shares),
        text(say("预测", "predicted"), 245, 438, class_="middle"),
        text(say("实际", "true"), 54, 14, class_="left"),
        path([(frame.x(low), frame.y(low)), (frame.x(1), frame.y(1))], "ideal"),
        *dots,
    )

"""The statistics on the screen, from what was done to what is hard."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from interview_cli.cli.statistics import DAYS, Figures
from interview_cli.cli.view import days, plots, prose, words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.tables import bar, narrowed, table
from interview_cli.scheduling import statistics as sums
from interview_cli.scheduling.statistics import Bucket, Retention

if TYPE_CHECKING:
    from interview_cli.cli.handwriting import Handwriting

JUDGEMENTS = {
    "few": ("复习还太少，看不出预测准不准。", "Too few reviews yet to judge the predictions."),
    "fits": ("你记住的和预测的一样多。", "You remember as much as predicted."),
    "more": (
        "你记住的比预测的多：interview optimize 让模型适应你。",
        "You remember more than predicted: interview optimize fits the model to you.",
    ),
    "less": (
        "你记住的比预测的少：interview optimize 让模型适应你。",
        "You remember less than predicted: interview optimize fits the model to you.",
    ),
}
SOLUTION = 28  # columns for a name
Section = Callable[[Figures, Look], Iterator[RenderableType]]


def lines(found: Figures, view: Look) -> Iterator[RenderableType]:
    """Everything, in the order in which it is read."""
    yield from totals(found, view)
    done: tuple[Section, ...] = (
        weakest, remembered, calibration, days.recent, days.weeks, days.forecast,
    )  # fmt: skip
    for section in (topics, *(done if found.reviews else ()), by_hand, mistakes):
        for number, line in enumerate(section(found, view)):
            if number == 0:
                yield Text()
            yield line
    if not found.reviews:
        yield Text()
        yield Text(view.say("还没有复习：interview quiz", "Nothing reviewed yet: interview quiz"))


def totals(found: Figures, view: Look) -> Iterator[Text]:
    """`26 reviews · 12 min · 4 of 10 cards · streak 1 day`"""
    say, minutes = view.say, round(found.minutes)
    streak = sums.streak(found.days, found.today)
    pieces = [
        say(f"{found.reviews} 次复习", words.plural(found.reviews, "review")),
        say(f"{minutes} 分钟", f"{minutes} min"),
        say(
            f"见过 {found.seen}/{found.cards} 张",
            f"{found.seen} of {words.plural(found.cards, 'card')}",
        ),
        say(f"连续 {streak} 天", f"streak {words.plural(streak, 'day')}"),
    ]
    if found.cram_reviews:
        pieces.append(say(f"突击 {found.cram_reviews} 次", f"{found.cram_reviews} crammed"))
    yield from prose.listed([Text(piece, "bold") for piece in pieces], view.width)


def topics(found: Figures, view: Look) -> Iterator[RenderableType]:
    """The weakest first; those without a card seen at the end."""
    weakest = found.weakest_topics
    ordered = [*weakest, *(topic for topic in found.topics if topic not in weakest)]
    rows: list[list[str | Text]] = [
        [
            view.short(topic.title),
            f"{topic.seen}/{topic.cards}",
            bar(topic.recall or 0, 10, view),
            "" if topic.recall is None else f"{topic.recall:.2f}",
            ", ".join(topic.leeches),
        ]
        for topic in ordered
    ]
    headings = view.say("主题 见过 记得 R 难点", "Topic Seen Recall R Leeches").split()
    yield table(headings, rows, view, right=(1, 3))


def weakest(found: Figures, view: Look) -> Iterator[RenderableType]:
    """The cards that are most probably forgotten."""
    leech = (view.say("难点 · ", "leech · "), "red")
    rows: list[list[str | Text]] = [
        [
            f"{card.recall:.2f}",
            f"{card.lapses}",
            Text.assemble(leech if card.is_leech else "", card.card),
        ]
        for card in found.weakest
    ]
    headings = view.say("R,忘过,最弱的卡片", "R,Lapses,Weakest cards").split(",")
    if rows:
        yield table(headings, rows, view, right=(0, 1))


def remembered(found: Figures, view: Look) -> Iterator[RenderableType]:
    """What was remembered against what was predicted, and what to make of it."""
    say = view.say
    if found.retention is None:
        return
    parts = [(say("全部", "all time"), found.retention)]
    if found.lately:
        parts.append((say(f"最近 {DAYS} 天", f"last {DAYS} days"), found.lately))
    rows = [
        [name, f"{kept.true:.0%}", f"{kept.predicted:.0%}", f"{kept.reviews}"]
        for name, kept in parts
    ]
    headings = say("记住 实际 预测 复习", "Remembered True Predicted Reviews").split()
    yield table(headings, rows, view, right=(1, 2, 3))
    yield from prose.wrapped(Text(judged(found.retention, view)), view.width)


def judged(found: Retention, view: Look) -> str:
    return view.say(*JUDGEMENTS[sums.judgement(found)])


def calibration(found: Figures, view: Look) -> Iterator[RenderableType]:
    """A line for each bucket of predictions, where there is more than one."""
    if len(found.buckets) < 2:
        return
    say, error = view.say, sums.calibration_error(found.buckets)
    title = say(
        f"校准：预测与实际平均相差 {error:.1%}",
        f"Calibration: predicted and true are {error:.1%} apart on average",
    )
    yield from prose.wrapped(Text(title, "bold"), view.width)
    headings = say("预测 实际 复习", "Predicted True Reviews").split()
    rows: list[list[str | Text]] = [
        [f"{b.predicted:.0%}", f"{b.true:.0%}", f"{b.reviews}"] for b in found.buckets
    ]
    if not view.is_plain:
        used = sum(max(cell_len(heading), 4) + 2 for heading in headings)
        plot = dots(found.buckets, min(view.width - used, 50), view)
        headings.append(next(plot).plain)
        rows = [[*row, drawn] for row, drawn in zip(rows, plot, strict=True)]
    yield table(headings, rows, view, right=(0, 1, 2))


def dots(buckets: Sequence[Bucket], width: int, view: Look) -> Iterator[Text]:
    """The axis, and two dots for each bucket."""
    low = min(9, *(int(10 * min(b.true, b.predicted)) for b in buckets)) / 10
    yield Text(plots.axis(low, width, view))
    yield from (plots.dots(b.predicted, b.true, low, width, view) for b in buckets)


def by_hand(found: Figures, view: Look) -> Iterator[RenderableType]:
    """The solutions that were written by hand, against par."""
    rows = [solution(written, view) for written in found.handwriting]
    headings = view.say(
        "最好,最近,标准,结果,提示,次数,手写", "Best,Last,Par,Result,Hints,Tries,By hand"
    ).split(",")
    if rows:
        kept = narrowed(headings, rows, view, dispensable=(4, 5), least=SOLUTION)
        shown = [[row[n] for n in kept] for row in rows]
        yield table([headings[n] for n in kept], shown, view, right=range(len(kept) - 1))


def solution(written: "Handwriting", view: Look) -> list[str | Text]:
    """A row of that table."""
    last, best, par = written.last, written.best_s, written.par_s
    right = "ok" if view.math == "latex" else "✓"
    stages = f"{last.passed}/{last.stages}" if last.stages else ""
    return [
        Text(time(best), "green" if best and par and best <= par else ""),
        time(last.used_s),
        time(par),
        right if last.is_accepted else stages,
        f"{last.hints or ''}",
        f"{len(written.attempts)}",
        written.solution.replace("_", "-"),
    ]


def time(seconds: float | None) -> str:
    return "" if seconds is None else words.clock(seconds)


def mistakes(found: Figures, view: Look) -> Iterator[RenderableType]:
    """The mistakes made most often, and the cards that explain them."""
    rows = [[f"{often.attempts}", often.mistake, often.card or ""] for often in found.mistakes]
    headings = view.say("次数 常犯的错误 卡片", "Tries Mistake Card").split()
    if rows:
        yield table(headings, rows, view, right=(0,))

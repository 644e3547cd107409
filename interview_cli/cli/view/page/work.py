"""What was done, what is to come, and what was written by hand."""

from collections.abc import Iterator
from datetime import date

from interview_cli.cli.statistics import Figures
from interview_cli.cli.view import words
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.page import counts
from interview_cli.cli.view.page.parts import keys, numbers, table
from interview_cli.cli.view.page.svg import circle, element, line, number, percent, rect
from interview_cli.scheduling import statistics as sums
from interview_cli.store.records import Record

WEEKS = 53
DAYS = 90


def weeks(found: Figures, view: Look) -> Iterator[str]:
    say = view.say
    if not found.reviews:
        return
    longest = sums.longest_streak(found.days)
    yield element("h2", say("一年", "A year"))
    yield element(
        "p", say(f"最长连续 {longest} 天。", f"Longest streak: {words.plural(longest, 'day')}.")
    )
    yield counts.heat_map(sums.heat(found.days, found.today, WEEKS), view)


def recent(found: Figures, view: Look) -> Iterator[str]:
    say = view.say
    if not found.reviews:
        return
    yield element("h2", say(f"最近 {DAYS} 天", f"The last {DAYS} days"))
    yield counts.daily(sums.last_days(found.days, found.today, DAYS), found.today, view)
    rows = [
        (date.fromordinal(day), done.reviews, number(done.elapsed_ms / 60_000))
        for day, done in sorted(found.days.items(), reverse=True)[: 7 * WEEKS]
    ]
    yield numbers(say("日期 复习 分钟", "Day Reviews Minutes").split(), rows, view)


def due(found: Figures, view: Look) -> Iterator[str]:
    say = view.say
    if not sum(found.due):
        return
    yield element("h2", say("即将到期", "Due soon"))
    yield counts.due(found.due, found.today, view)
    rows = [(date.fromordinal(found.today + n), count) for n, count in enumerate(found.due)]
    yield numbers(say("日期 到期", "Day Due").split(), rows, view)


def topics(found: Figures, view: Look) -> Iterator[str]:
    say = view.say
    yield element("h2", say("主题", "Topics"))
    rows = [
        (
            view.short(topic.title), f"{topic.seen}/{topic.cards}",
            "" if topic.recall is None else percent(topic.recall),
            say("、", ", ").join(topic.leeches),
        )
        for topic in found.topics
    ]  # fmt: skip
    yield table(say("主题 见过 记得 难点", "Topic Seen Recall Leeches").split(), rows)


def weakest(found: Figures, view: Look) -> Iterator[str]:
    say = view.say
    if not found.weakest:
        return
    yield element("h2", say("最弱的卡片", "Weakest cards"))
    rows = [
        (c.card, percent(c.recall or 0), c.lapses, say("难点", "leech") if c.is_leech else "")
        for c in found.weakest
    ]
    yield table([*say("卡片 记得 忘过", "Card Recall Lapses").split(), ""], rows)


def by_hand(found: Figures, view: Look) -> Iterator[str]:
    say = view.say
    if not found.handwriting:
        return
    yield element("h2", say("手写", "Written by hand"))
    yield keys(
        (rect(0, 1, 28, 10, "bar"), say("最好", "best")),
        (circle(14, 6, 5, "ring"), say("最近", "last")),
        (line(14, 0, 14, 12, "par"), say("标准", "par")),
    )
    yield counts.by_hand(found.handwriting, view)
    rows = [
        (
            h.solution.replace("_", "-"), *map(clock, (h.best_s, h.last.used_s, h.par_s)),
            len(h.attempts), outcome(h.last, view), h.last.hints,
        )
        for h in found.handwriting
    ]  # fmt: skip
    headings = say(
        "题目 最好 最近 标准 次数 结果 提示", "Solution Best Last Par Tries Result Hints"
    )
    yield numbers(headings.split(), rows, view)


def outcome(last: Record, view: Look) -> str:
    """Right, or how many stages passed."""
    if last.is_accepted:
        return view.say("对", "right")
    return f"{last.passed}/{last.stages}" if last.stages else ""


def clock(seconds: float | None) -> str:
    return "" if seconds is None else words.clock(seconds)


def mistakes(found: Figures, view: Look) -> Iterator[str]:
    say = view.say
    if not found.mistakes:
        return
    yield element("h2", say("常犯的错误", "Mistakes made most often"))
    yield counts.mistakes(found.mistakes, view)
    rows = [
        (o.mistake, o.solution.replace("_", "-"), o.card or "", o.attempts) for o in found.mistakes
    ]
    yield numbers(say("错误 题目 卡片 次数", "Mistake Solution Card Tries").split(), rows, view)

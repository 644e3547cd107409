"""The program's own words on the quiz screens, in both languages."""

from datetime import date, datetime

from interview_cli.cli.view.look import Look
from interview_cli.domain.review import Rating
from interview_cli.scheduling.scheduler import Memory

RATINGS = {
    Rating.AGAIN: ("重来", "again"),
    Rating.HARD: ("困难", "hard"),
    Rating.GOOD: ("良好", "good"),
    Rating.EASY: ("简单", "easy"),
}

KINDS = {
    "recall": ("问答", "recall"),
    "cloze": ("填空", "cloze"),
    "choice": ("选择", "choice"),
    "numeric": ("计算", "numeric"),
    "predict": ("读代码", "predict"),
    "derive": ("推导", "derive"),
    "code": ("手写", "code"),
}


def duration(days: int, minutes: float = 0) -> str:
    """`10m`, `6h`, `11d`, `2.1mo`, `1.4y`: how long, in one glance."""
    if days <= 0:
        return f"{minutes:.0f}m" if minutes < 60 else f"{minutes / 60:.0f}h"
    if days < 60:
        return f"{days}d"
    if days < 365:
        return f"{days / 30.44:.1f}mo"
    return f"{days / 365.25:.1f}y"


def interval(memory: Memory, now: datetime) -> str:
    """How long a card rated now waits: minutes in its steps, else whole days."""
    return duration(memory.interval_days, minutes_until(memory, now))


def minutes_until(memory: Memory, now: datetime) -> float:
    return (memory.due_at - now).total_seconds() / 60


def clock(elapsed_s: float) -> str:
    """0:41"""
    return f"{int(elapsed_s) // 60}:{int(elapsed_s) % 60:02d}"


def plural(count: int, noun: str) -> str:
    """`1 card`, `2 cards`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


WEEKDAYS = {
    "mon": "周一",
    "tue": "周二",
    "wed": "周三",
    "thu": "周四",
    "fri": "周五",
    "sat": "周六",
    "sun": "周日",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def weekday(name: str, view: Look) -> str:
    """`sat` as `Sat`; a date as it is."""
    return view.say(WEEKDAYS.get(name, name), name.capitalize())


def narrow_weekday(name: str, view: Look) -> str:
    """`六` or `Sat`: beside a row."""
    return view.say(WEEKDAYS[name][-1], name.capitalize())


def short_day(on: date, view: Look) -> str:
    """`4 Dec`"""
    return view.say(f"{on.month} 月 {on.day} 日", f"{on.day} {MONTHS[on.month - 1]}")


def day(on: date, view: Look) -> str:
    """`Sat 21 Nov`"""
    name = weekday(list(WEEKDAYS)[on.weekday()], view)
    return view.say(f"{short_day(on, view)} {name}", f"{name} {short_day(on, view)}")

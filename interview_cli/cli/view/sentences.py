"""What the quiz says between cards, in both languages."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from interview_cli.cli.view import prose, words
from interview_cli.cli.view.look import Look
from interview_cli.domain.review import Rating

if TYPE_CHECKING:
    from interview_cli.cli.agenda import Agenda

HELP = (
    (("空格", "space"), "看答案；回车也行", "show the answer; Enter does the same"),
    (
        ("回车", "Enter"),
        "接受粗体的建议，没有建议就是“良好”",
        "take the suggestion; without one, good",
    ),
    ("1 2 3 4", "重来、困难、良好、简单", "again, hard, good, easy"),
    ("a b c", "选择选项，或给说到的要点打勾", "choose an option, or tick a point you had"),
    ("l", "换语言：中文、英文、两种", "language: Chinese, English, both"),
    ("s", "跳过，最后再问", "skip; it comes again at the end"),
    ("u", "撤销最近一次评分", "undo the newest rating"),
    ("r", "再试着保存没能保存的回答", "try again to save what could not be saved"),
    ("q", "退出；答过的都已保存", "quit; everything answered is saved"),
    (
        "",
        "要输入答案时：输入这个字母，再按回车",
        "where you type an answer: the letter, then Enter",
    ),
)


def help_lines(view: Look) -> Iterator[Text]:
    """Every key and what it does, a line each."""
    for keys, zh, en in HELP:
        name = view.say(*keys) if isinstance(keys, tuple) else keys
        first = name + " " * (9 - cell_len(name))
        yield from prose.wrapped(Text(view.say(zh, en)), view.width, first, " " * 9)


def leech(card: str, lapses: int, view: Look) -> str:
    """A card that does not stick."""
    return view.say(
        f"{card} 已忘了 {lapses} 次：换一种记法，或把它拆成几张卡。",
        f"{card} is a leech: forgotten {lapses} times. Find another way to remember it, or split "
        "it into several cards.",
    )


def kept_in_memory(count: int, view: Look) -> str:
    """What happens to answers that could not be saved."""
    return view.say(
        f"{count} 个回答暂存在内存里；按 r 重试，可以继续答题",
        f"{words.plural(count, 'answer')} kept in memory; r tries again, and you can go on",
    )


def summary(given: Sequence[Rating], view: Look) -> str:
    """`4 answers: again 1 · good 3`."""
    counts = sorted(Counter(given).items())
    parts = [f"{view.say(*words.RATINGS[rating])} {count}" for rating, count in counts]
    done = view.say(f"答了 {len(given)} 题：", f"{words.plural(len(given), 'answer')}: ")
    return done + " · ".join(parts)


def nothing_due(are_new_used_up: bool, view: Look) -> str:
    """Why no card was asked."""
    nothing = view.say("现在没有要复习的卡片。", "Nothing is due now.")
    if are_new_used_up:
        return nothing + view.say(
            "今天的新卡片已经够了；--new 可以再加。",
            " Today's new cards have been asked; --new allows more.",
        )
    return nothing + view.say(
        "--cram 可以不计入日程地练习。", " --cram practises without touching the schedule."
    )


def plan_done(agenda: "Agenda", view: Look) -> str:
    """Why the plan asks nothing more today."""
    anyway = view.say("--no-plan 可以照样答题。", " --no-plan asks anyway.")
    if agenda.is_off:
        return view.say("计划里今天休息。", "Today is a day off.") + anyway
    if agenda.left_s <= 0:
        used = view.say(
            f"今天的 {agenda.aim.minutes} 分钟用完了。",
            f"Today's {agenda.aim.minutes} minutes are used up.",
        )
        return used + anyway
    if agenda.is_partial:
        return (
            view.say("这些里面，计划今天不再问了。", "Of these, the plan asks no more today.")
            + anyway
        )
    return view.say("今天的计划完成了。", "Today's plan is done.") + anyway


def has_passed(day: object, view: Look) -> str:
    """The day of the plan lies behind us."""
    return view.say(
        f"计划的日子 {day} 已经过去；现在按普通的 FSRS 安排。",
        f"The day of the plan, {day}, has passed; plain FSRS decides again.",
    )


def limit_reached(view: Look) -> str:
    return view.say("这一轮答完了。", "That was the limit.")


def all_done(minutes: int | None, held_back: int, view: Look) -> str:
    """Nothing more to ask now. minutes: until a step comes due. held_back: cards that the last
    one gave away."""
    parts = [view.say("现在的都答完了。", "That is all for now.")]
    if minutes is not None:
        parts.append(
            view.say(f"{minutes} 分钟后还有卡片。", f"The next card comes back in {minutes} min.")
        )
    if held_back:
        cards = words.plural(held_back, "card")
        parts.append(
            view.say(
                f"{held_back} 张紧跟着刚才那张、会被它提示的卡片，下次再问。",
                f"{cards} the last one gave away: next time.",
            )
        )
    return " ".join(parts)

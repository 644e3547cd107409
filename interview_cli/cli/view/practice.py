"""The screens of a practice: the clock, the stages, the last verdict, and what came of it all."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from interview_cli.cli.view import proof, prose, words
from interview_cli.cli.view import verdict as verdicts
from interview_cli.cli.view.look import Look
from interview_cli.domain.review import Rating

if TYPE_CHECKING:
    from interview_cli.cli.sitting import Sitting
    from interview_cli.judge.exercise import Exercise
    from interview_cli.spec import Hint
    from interview_cli.store.attempts import Attempt


def opening(exercise: "Exercise", attempt: "Attempt", view: Look) -> Iterator[Text]:
    """What to write, and where."""
    title = exercise.solution.title()
    head = Text.assemble((title, "bold"), (f"   {exercise.name} · {attempt.language}", "dim"))
    yield from prose.wrapped(head, view.width)
    # A path in a pipe is not broken.
    yield Text(str(attempt.path), "cyan", no_wrap=True, overflow="ignore")
    if view.is_plain:
        yield from prose.wrapped(Text(view.say(*KEYS)), view.width)


KEYS = (
    "每次保存都会评判。h 提示 · d 看答案并结束 · r 重来 · q 结束",
    "Every save is judged. h hint · d difference, and end · r reset · q stop",
)


def live(sitting: "Sitting", notice: str, view: Look, *, is_brief: bool = False) -> Iterator[Text]:
    """The whole live screen; brief where the verdict does not fit and stands above it."""
    yield Text("─" * view.width, "dim")
    yield clock(sitting, view)
    if sitting.is_judging:
        judging = view.say("评判中…", "judging…")
        yield from verdicts.stages(sitting.passing, view)
        yield Text(f"· {judging}", "dim")
    elif sitting.verdict is None:
        waiting = view.say("等待第一次保存", "waiting for the first save")
        yield Text(f"· {waiting}", "dim")
    elif is_brief:
        yield from verdicts.stages(sitting.verdict.stages, view)
        yield from verdicts.headline(sitting.verdict, view)
    else:
        yield from verdicts.lines(sitting.verdict, view)
    if notice:
        yield Text()
        yield from notice_lines(notice, view, "yellow")
    yield Text("─" * view.width, "dim")
    zh, en = (" · e 编辑器", " · e editor") if sitting.has_editor else ("", "")
    keys = view.say(
        f"h 提示 · d 看答案 · r 重来{zh} · q 结束",
        f"h hint · d difference · r reset{en} · q stop",
    )
    yield Text(keys, "dim")


def clock(sitting: "Sitting", view: Look) -> Text:
    """`11:42 left ━━━━━━━━━━━━━━━━   4 saves`, or how much over."""
    left = sitting.limit_s - sitting.used_s
    is_over = left < 0
    time = words.clock(abs(left))
    told = (
        view.say(f"超时 {time}", f"{time} over")
        if is_over
        else view.say(f"还剩 {time}", f"{time} left")
    )
    counts = view.say(f"保存 {sitting.saves} 次", words.plural(sitting.saves, "save"))
    if sitting.hints:
        counts += " · " + view.say(f"提示 {sitting.hints} 次", words.plural(sitting.hints, "hint"))
    room = max(8, view.width - cell_len(told) - cell_len(counts) - 4)
    share = min(1.0, max(0.0, sitting.used_s / sitting.limit_s if sitting.limit_s else 1.0))
    used = round(share * room)
    style = "red" if is_over else "green"
    bar = Text.assemble(("━" * used, style), ("━" * (room - used), "dim"))
    return Text.assemble((told, "bold red" if is_over else "bold"), "  ", bar, "  ", counts)


def news(sitting: "Sitting", notice: str, view: Look) -> Iterator[Text]:
    """In a pipe: what the last save brought, or what a key did."""
    if notice:
        yield from notice_lines(notice, view)
    elif sitting.verdict is not None:
        yield Text()
        number = view.say(f"第 {sitting.saves} 次保存", f"save {sitting.saves}")
        comma = view.say("，", ", ")
        yield Text(f"{number}{comma}{words.clock(sitting.used_s)}", "dim")
        yield from verdicts.lines(sitting.verdict, view)


def hint(hints: "Sequence[Hint]", view: Look, *, are_all: bool = False) -> str:
    """Those taken so far; are_all: another was asked for, and there is none."""
    if not hints:
        return view.say("这道题没有提示。", "there are no hints for this one.")
    rows = [f"{n}. {view.say(h.zh, h.en)}" for n, h in enumerate(hints, 1)]
    if are_all:
        rows.append(view.say("没有更多提示了。", "there are no more hints."))
    return "\n".join(rows)


def notice_lines(notice: str, view: Look, style: str = "") -> Iterator[Text]:
    """The lines of a notice; what is numbered hangs from its number."""
    for line in notice.splitlines():
        number = re.match(r"\d+\. ", line)
        first = number[0] if number else ""
        rest = Text(line.removeprefix(first), style)
        yield from prose.wrapped(rest, view.width, first, " " * len(first))


def was_reset(view: Look) -> str:
    return view.say(
        "文件恢复为最初的样子；你写的已另存。", "the file is as it was at first; yours is kept."
    )


def left_for_later(name: str, view: Look) -> str:
    command = f"interview practice {name} --resume"
    return view.say(f"已全部保存；{command} 可以继续。", f"everything is kept; {command} goes on.")


def result(sitting: "Sitting", suggested: Rating, view: Look) -> Iterator[Text]:
    """Times, saves, hints, and the rating they suggest."""
    facts = []
    if sitting.first_correct_s is not None:
        first = words.clock(sitting.first_correct_s)
        facts.append(view.say(f"写对用时 {first}", f"right after {first}"))
    total, limit = words.clock(sitting.used_s), words.clock(sitting.limit_s)
    facts.append(view.say(f"共 {total}，限时 {limit}", f"{total} in total, {limit} given"))
    facts.append(view.say(f"保存 {sitting.saves} 次", words.plural(sitting.saves, "save")))
    facts.append(view.say(f"提示 {sitting.hints} 次", words.plural(sitting.hints, "hint")))
    yield Text()
    yield from prose.listed([Text(fact) for fact in facts], view.width)
    name = view.say(*words.RATINGS[suggested])
    yield Text.assemble(
        view.say("建议评分 ", "suggested rating "), (f"{int(suggested)} {name}", "bold")
    )


def question(suggested: Rating, view: Look) -> str:
    """How to take the rating, or a lower one."""
    if suggested is Rating.AGAIN:
        return view.say("回车接受", "Enter accepts")
    lower = " ".join(str(int(r)) for r in Rating if r < suggested)
    return view.say(f"回车接受，或给更低的 {lower}", f"Enter accepts; lower: {lower}")


def answer(mine: str, source: str, view: Look) -> Iterator[Text]:
    """The learner's code, and then the model answer."""
    for title, code in (
        (view.say("你的答案", "yours"), mine),
        (view.say("参考答案", "the model answer"), source),
    ):
        yield Text()
        yield Text(title, "bold")
        yield from proof.source(code, view)


def difference(mine: str, source: str, view: Look) -> Iterator[Text]:
    """What would have to change for yours to become the model answer."""
    yield Text()
    rows = difflib.unified_diff(
        mine.splitlines(),
        source.splitlines(),
        view.say("你的答案", "yours"),
        view.say("参考答案", "the model answer"),
        lineterm="",
        n=2,
    )
    for row in rows:
        style = {"+": "green", "-": "red", "@": "cyan"}.get(row[:1], "")
        yield from prose.folded(Text(row, style), "", view, view.width)


def brought_forward(cards: Sequence[str], view: Look) -> Iterator[Text]:
    """The cards that explain the named mistakes, due now."""
    if cards:
        told = view.say("已安排复习：", "due now: ")
        yield from prose.wrapped(Text(told + ", ".join(cards)), view.width)

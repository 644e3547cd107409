"""A verdict on one screen: the stages, what is wrong and its name, and the smallest example."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from interview_cli.cli.view import prose, tensors
from interview_cli.cli.view.look import Look

if TYPE_CHECKING:
    from interview_cli.judge.verdict import Counterexample, StageResult, Verdict
    from interview_cli.spec import Convention, Mistake, Stage

INDENT = "  "
PRINTED_LINES = 6

HEADLINES = {
    "accepted": ("全部正确", "everything is right"),
    "forbidden": ("结果正确，但不是手写的", "right, but not written by hand"),
    "unwritten": ("还没写", "not written yet"),
    "missing": ("没有这个函数", "this function is missing"),
    "signature": ("参数被改了", "the arguments were changed"),
    "raised": ("抛出了异常", "it raised"),
    "shape": ("结果的形式不对", "the result has the wrong form"),
    "modified": ("改动了输入", "it changed its input"),
    "mistake": ("经典错误", "a classic mistake"),
    "fragile": ("float32 里丢了精度", "fragile: right in float64, lost in float32"),
    "wrong": ("结果不对", "wrong"),
    "time": ("超时", "out of time"),
    "memory": ("内存超限", "out of memory"),
    "refused": ("沙箱不允许", "refused"),
    "exited": ("没有结论：进程退出了", "no verdict: the process ended"),
}  # fmt: skip

# What a submission may not have, and what to do about it.
REFUSED = {
    "torch.compile": (
        "torch.compile 要启动编译器，评判时不允许；去掉它，直接写运算。",
        "torch.compile starts a compiler, which the judge refuses; leave it out.",
    ),
    "workers": (
        "评判时不能启动别的进程（DataLoader 用 num_workers=0）。",
        "the judge refuses other processes (give a DataLoader num_workers=0).",
    ),
    "programs": (
        "评判时不能运行别的程序；只需返回数组。",
        "the judge refuses to run other programs; return arrays, nothing else is needed.",
    ),
    "network": ("评判时不能联网。", "the judge refuses the network."),
    "files": (
        "评判时不能读写文件（包括临时文件）；把数据放在内存里。",
        "the judge refuses files, also temporary ones; keep the data in memory.",
    ),
}


def lines(verdict: "Verdict", view: Look) -> Iterator[Text]:
    """The whole verdict."""
    if verdict.stages:
        yield from stages(verdict.stages, view)
    yield from headline(verdict, view)
    yield from explained(verdict.mistakes, verdict.conventions, view)
    if verdict.refused:
        yield from sentence(view.say(*REFUSED.get(verdict.refused, REFUSED["files"])), view)
    if verdict.errors and verdict.output:
        yield from error_line(verdict, view)
    if verdict.pattern is not None:
        yield from sentence(view.say(verdict.pattern.zh, verdict.pattern.en), view)
    if verdict.forbidden:
        yield from forbidden(verdict.forbidden, view)
    if verdict.is_accepted and verdict.widened:
        yield from widened(verdict.widened, view)
    if verdict.counterexample is not None:
        yield Text()
        yield from counterexample(verdict.counterexample, view)
    yield from printed(verdict, view)


def stages(results: "Sequence[StageResult]", view: Look) -> Iterator[Text]:
    """`✓ shape   ✓ forward   ✗ backward   · stability`"""
    pieces = [stage(result.stage, result.state, view) for result in results]
    line = Text()
    for piece in pieces:
        if line.cell_len and line.cell_len + 3 + piece.cell_len > view.width:
            yield line
            line = Text()
        line.append("   " if line.cell_len else "").append_text(piece)
    yield line


def stage(asked: "Stage", state: str, view: Look) -> Text:
    is_ascii = view.math == "latex"
    mark, style = {
        "passed": ("ok" if is_ascii else "✓", "green"),
        "failed": ("X" if is_ascii else "✗", "bold red"),
        "open": ("-" if is_ascii else "·", "dim"),
    }[state]
    return Text.assemble((f"{mark} ", style), (view.say(asked.zh, asked.en), style))


def headline(verdict: "Verdict", view: Look) -> Iterator[Text]:
    """What it is, and where it was first seen."""
    is_ascii = view.math == "latex"
    is_right = verdict.kind in ("accepted", "forbidden")
    mark = ("ok" if is_ascii else "✓") if is_right else ("X" if is_ascii else "✗")
    style = {"accepted": "bold green", "forbidden": "bold yellow"}.get(verdict.kind, "bold red")
    words = view.say(*HEADLINES[verdict.kind])
    names = " + ".join(m.name for m in verdict.mistakes)
    if names:
        words += view.say(f"：{names}", f": {names}")
    yield from prose.wrapped(Text(words, style), view.width, f"{mark} ", INDENT)
    if verdict.detail:
        line = verdict.line
        place = view.say(f"第 {line} 行：", f"line {line}: ") if line else ""
        said = view.say(getattr(verdict.detail, "zh", verdict.detail), verdict.detail)
        yield from sentence(place + said, view)
    if verdict.case and not is_right and verdict.kind != "unwritten":
        case, dtype = verdict.case, verdict.dtype
        where = view.say(f"用例：{case}，{dtype}", f"case: {case}, {dtype}")
        yield from sentence(where, view, "dim")


def explained(
    mistakes: "Sequence[Mistake]", conventions: "Sequence[Convention]", view: Look
) -> Iterator[Text]:
    """Each name with its sentence and the card to read."""
    for variant in (*mistakes, *conventions):
        said = view.say(variant.zh, variant.en)
        if variant in conventions:
            yield from sentence(
                f"{view.say('约定', 'convention')} {variant.name}", view, "bold yellow"
            )
        yield from sentence(said, view)
        arrow = "->" if view.math == "latex" else "→"
        yield from sentence(f"{arrow} interview show {variant.card}", view, "cyan")


def error_line(verdict: "Verdict", view: Look) -> Iterator[Text]:
    """By how much the first wrong value is off."""
    error = next(c for c in verdict.errors if c.name == verdict.output)
    yield from sentence(
        view.say(
            f"{error.name} 最多差 {number(error.error)}，允许 {number(error.allowed)}",
            f"{error.name} is off by up to {number(error.error)}; allowed {number(error.allowed)}",
        ),
        view,
    )


def forbidden(names: Sequence[str], view: Look) -> Iterator[Text]:
    """It is right, but it calls what was to be written."""
    called = ", ".join(names[:3])
    yield from sentence(
        view.say(
            f"它调用了 {called}，这正是要手写的东西。",
            f"it calls {called}, which is what was to be written.",
        ),
        view,
        "yellow",
    )


def widened(names: Sequence[str], view: Look) -> Iterator[Text]:
    """It is right, but slower and larger than it need be."""
    values = ", ".join(names)
    yield from sentence(
        view.say(
            f"float32 的输入得到 float64 的 {values}：np.int64 或 np.float64 标量会提升类型。",
            f"{values} is float64 for float32 input: a scalar of np.int64 or np.float64 widens it.",
        ),
        view,
        "yellow",
    )


def counterexample(found: "Counterexample", view: Look) -> Iterator[Text]:
    """Inputs, then yours beside what is expected."""
    import numpy as np

    from interview_cli.judge.compare import differences
    from interview_cli.judge.subjects import numbered

    title = view.say("最小的反例", "the smallest counterexample")
    yield Text(f"{title} ({found.dtype})", "bold")
    for number_, call in numbered(found.calls):
        if len(found.calls) > 1:
            yield Text(f"{view.say('第', 'call')} {number_}{view.say(' 次调用', '')}", "dim")
        for name, value in call.arguments.items():
            yield from indented(tensors.tensor(name, value, narrower(view)))
    if found.dy is not None:
        yield from indented(tensors.tensor("dy", found.dy, narrower(view)))
    wrong = differences(np.asarray(found.mine), found.expected) > found.allowed
    names = (
        f"{found.name}, {view.say('你的', 'yours')}",
        f"{found.name}, {view.say('期望', 'expected')}",
    )
    rows = tensors.side_by_side(found.mine, found.expected, wrong, narrower(view), names)
    yield from indented(rows)


def printed(verdict: "Verdict", view: Look) -> Iterator[Text]:
    """The first lines that the submission printed."""
    shown = [line for line in clean(verdict.printed).splitlines() if line.strip()]
    if not shown:
        return
    yield Text()
    title = view.say("你的代码打印了", "your code printed")
    if verdict.printed_bytes > len(verdict.printed.encode()):
        title += view.say(
            f"（{verdict.printed_bytes} 字节，已截断）", f" ({verdict.printed_bytes} bytes, cut)"
        )
    yield Text(title, "dim")
    for line in shown[:PRINTED_LINES]:
        cut = Text(line)
        cut.truncate(view.width - len(INDENT), overflow="ellipsis")
        yield Text(INDENT, "dim").append_text(cut)


def sentence(words: str, view: Look, style: str = "") -> Iterator[Text]:
    return prose.wrapped(Text(words, style), view.width, INDENT, INDENT)


def indented(rows: Iterator[Text]) -> Iterator[Text]:
    for row in rows:
        yield Text(INDENT).append_text(row)


def narrower(view: Look) -> Look:
    return Look(view.lang, view.width - len(INDENT), view.math, view.is_plain)


def number(value: float) -> str:
    return f"{value:.2g}"


def clean(text: str) -> str:
    """What a submission printed, without control characters that could draw on the screen."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)

"""Fitted weights in plain sentences."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from interview_cli.cli.view import prose
from interview_cli.cli.view.look import Look
from interview_cli.cli.view.words import plural

FEW = 512  # with fewer reviews the prior is worth a word


def fitted(found: dict[str, Any], view: Look) -> Iterator[Text]:
    """What was found, why it is kept or not, and what follows."""
    if found["candidate"] is None:
        yield from said(too_few(found, view), view)
    elif found["is_new"]:
        yield from said(changed(found, view), view)
        yield from said(better(found, view), view)
        yield from said(few(found, view), view, "dim")
        yield from said(kept(found, view), view, "dim")
    else:
        yield from said(unchanged(found, view), view)
        yield from said(few(found, view), view, "dim")


def published(found: dict[str, Any], view: Look) -> Iterator[Text]:
    """What --reset did."""
    if found["is_kept"]:
        sentence = view.say(
            "恢复了公布的权重；到期时间随之改变。",
            "The published weights hold again, and due dates follow.",
        )
    elif found["is_new"]:
        sentence = view.say(
            "会恢复公布的权重；没有写入（--dry-run）。",
            "The published weights would hold again; nothing was written (--dry-run).",
        )
    else:
        sentence = view.say("用的就是公布的权重。", "The published weights hold already.")
    yield from said(sentence, view)


def said(sentence: str, view: Look, style: str = "") -> Iterator[Text]:
    if sentence:
        yield from prose.wrapped(Text(sentence, style), view.width)


def too_few(found: dict[str, Any], view: Look) -> str:
    count = found["reviews"]
    verb = "tests" if count == 1 else "test"
    return view.say(
        f"能检验记忆模型的复习（离上次至少一天）只有 {count} 次，不足以判断权重；"
        "由先验（公布的权重）决定，什么都没有改变。",
        f"So far {plural(count, 'review')} {verb} the memory model (those on a later day than the "
        "card's last), too few to judge weights by: the prior decides, and nothing changes.",
    )


def changed(found: dict[str, Any], view: Look) -> str:
    before, after = (
        how_long(found[key]["first_good_days"], view) for key in ("current", "candidate")
    )
    count = found["reviews"] - found["held_out"]
    return view.say(
        f"记忆模型拟合了你的 {count} 次复习：第一次答“良好”之后，记得的概率降到 90% "
        f"要 {after}（之前认为 {before}）。",
        f"The memory model is fitted to {count} of your reviews: after a first good, recall falls "
        f"to 90% in {after} (before: {before}).",
    )


def how_long(days: float, view: Look) -> str:
    """`4.1 days`, or `5.3 hours`."""
    if days >= 1:
        return view.say(f"{days:.1f} 天", f"{days:.1f} days")
    return view.say(f"{24 * days:.1f} 小时", f"{24 * days:.1f} hours")


def better(found: dict[str, Any], view: Look) -> str:
    before, after = found["current"], found["candidate"]
    return view.say(
        f"最后 {found['held_out']} 次没有参与拟合，新权重预测得更准：预计记得 {after['recall']:.0%}"
        f"（之前 {before['recall']:.0%}），实际 {found['recalled']:.0%}；"
        f"对数损失 {after['log_loss']:.3f}（之前 {before['log_loss']:.3f}）。",
        f"The last {found['held_out']} it had not seen, and predicts them better: it expects "
        f"{after['recall']:.0%} to be recalled (before: {before['recall']:.0%}), and "
        f"{found['recalled']:.0%} were; log loss {after['log_loss']:.3f} "
        f"(before: {before['log_loss']:.3f}).",
    )


def unchanged(found: dict[str, Any], view: Look) -> str:
    before, after = found["current"], found["candidate"]
    return view.say(
        f"什么都没有改变：用较早的复习拟合的权重，对最后 {found['held_out']} 次复习的预测"
        f"并不比现在的准（对数损失 {after['log_loss']:.3f}，现在 {before['log_loss']:.3f}）。",
        f"Nothing changes: weights fitted to the earlier reviews predict the last "
        f"{found['held_out']} no better than those that hold (log loss {after['log_loss']:.3f}, "
        f"now {before['log_loss']:.3f}).",
    )


def few(found: dict[str, Any], view: Look) -> str:
    """Nothing where there are many reviews."""
    if found["reviews"] >= FEW:
        return ""
    return view.say(
        f"能检验模型的复习只有 {found['reviews']} 次，先验（公布的权重）仍很有分量。",
        f"Only {found['reviews']} reviews test the model so far, and the prior (the published "
        "weights) weighs heavily.",
    )


def kept(found: dict[str, Any], view: Look) -> str:
    if not found["is_kept"]:
        return view.say("没有写入（--dry-run）。", "Nothing was written (--dry-run).")
    return view.say(
        "到期时间随之改变；interview optimize --reset 恢复公布的权重。",
        "Due dates follow; interview optimize --reset goes back to the published weights.",
    )

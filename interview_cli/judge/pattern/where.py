"""Where the answer is wrong, and what holds there; how many elements are, and by how little."""

import numpy as np

from interview_cli.judge.pattern.answer import Answer, Pattern, first
from interview_cli.judge.pattern.evidence import apart
from interview_cli.judge.pattern.places import CERTAIN, best_place, index_of, parts
from interview_cli.judge.pattern.values import VALUES
from interview_cli.judge.pattern.words import Words


def only_one(a: Answer) -> Pattern | None:
    if a.wrong.sum() != 1 or a.wrong.size < 3:
        return None
    where = index_of(a.wrong)
    return Pattern(
        "one-element",
        f"{a.wrong.size} 个值中只错了一个：{where}",
        f"only one of {a.wrong.size} values is wrong: {where}",
    )


def wrong_place(a: Answer) -> Pattern | None:
    """All errors lie in one place."""
    place = best_place(a.wrong, a)
    if place is None:
        return None
    count, total = int(a.wrong.sum()), int(place.mask.sum())
    share = Words(f"（{total} 个中的 {count} 个）", f", {count} of those {total}")
    share = share if count < total else Words()
    zh, en = at_the_errors(a, Words("错处", "there"))
    return Pattern(
        place.name,
        f"只错在{place.words.zh}{share.zh}{zh}",
        f"wrong only {place.words.en}{share.en}{en}",
    )


def right_place(a: Answer) -> Pattern | None:
    """Wrong everywhere else; only for places that one can point at."""
    is_right = ~a.wrong
    if is_right.sum() < 2 or a.wrong.sum() < 2:
        return None
    for place in parts(is_right):
        if (place.mask == is_right).all() and place.bits(is_right) >= CERTAIN:
            zh, en = at_the_errors(a, Words("其余", "elsewhere"))
            zh, en = f"只有{place.words.zh}正确{zh}", f"right only {place.words.en}{en}"
            return Pattern(f"all-but-{place.name}", zh, en)
    return None


def nearly_right(a: Answer) -> Pattern | None:
    """Every value to three digits at least, yet not to the tolerance."""
    distance = apart(a.mine, a.right)
    worst = float(np.where(distance > 0, distance / np.abs(a.right), 0.0).max())
    if not worst < 1e-3:  # or NaN
        return None
    bound = f"1e−{int(-np.log10(worst))}"
    return Pattern(
        "nearly-right",
        f"每个值的相对误差都不超过 {bound}：查 ε 这样的小量，或精度的损失",
        f"every relative error is at most {bound}: look for a small term like ε, or lost precision",
    )


def how_many(a: Answer) -> Pattern | None:
    count, total = int(a.wrong.sum()), a.wrong.size
    if total == 1:
        return None
    if count == total:
        return Pattern("count", f"{total} 个值全错", f"all {total} values are wrong")
    zh, en = at_the_errors(a, Words("错处", "there"))
    return Pattern(
        "count",
        f"{total} 个值中错了 {count} 个{zh}",
        f"{count} of {total} values {'is' if count == 1 else 'are'} wrong{en}",
    )


def at_the_errors(a: Answer, there: Words) -> Words:
    """What the wrong elements have in common, as a second clause."""
    found = first(a.only(a.wrong), VALUES) if a.wrong.sum() > 1 else None
    return Words(f"；{there.zh}{found.zh}", f"; {there.en} {found.en}") if found else Words()

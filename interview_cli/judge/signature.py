"""Whether a submission takes the arguments that the stub gives it."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from interview_cli.judge.said import Said

# [name, has a default, the default if it is plain data], as worker.signature sends it.
Parameter = Sequence[Any]


def signature_of(function: Callable[..., Any]) -> list[list[Any]]:
    return [
        [p.name, p.default is not p.empty, p.default if p.default is not p.empty else None]
        for p in inspect.signature(function).parameters.values()
    ]


def changed(name: str, right: Sequence[Parameter], mine: Any) -> Said:
    """What differs, in words; empty if every call of the right signature means the same."""
    if not isinstance(mine, list) or not all(isinstance(p, list) and len(p) == 3 for p in mine):
        return Said(f"{name} 没有签名", f"{name} has no signature")
    given = {str(p[0]): p for p in mine}
    if any(n.startswith("*") for n in given):
        return Said("", "")  # it takes whatever comes
    wanted = [str(p[0]) for p in right]
    missing = [n for n in wanted if n not in given]
    extra = [n for n, p in given.items() if n not in wanted and not p[1]]
    if missing or extra:
        yours, ours = f"{name}({', '.join(given)})", f"{name}({', '.join(wanted)})"
        return Said(f"写的是 {yours}，应为 {ours}", f"{yours} instead of {ours}")
    for argument, has_default, default in right:
        _, mine_has, mine_default = given[str(argument)]
        if has_default and not mine_has:
            return Said(
                f"{name}：{argument} 少了默认值 {default!r}",
                f"{name}: {argument} has lost its default {default!r}",
            )
        if isinstance(mine_default, list):
            mine_default = tuple(mine_default)  # so JSON brings a tuple
        if has_default and mine_default is not None and mine_default != default:
            yours, ours = f"{argument}={mine_default!r}", f"{argument}={default!r}"
            return Said(f"{name}：{yours}，应为 {ours}", f"{name}: {yours} instead of {ours}")
    return Said("", "")

"""The solutions on disk: found by name, read and loaded by path, never installed as a package."""

import ast
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from interview_cli.errors import UsageError, did_you_mean
from interview_cli.spec import Mistake, Spec


@dataclass(frozen=True)
class Solution:
    """One hand-written answer and its proof."""

    topic: str
    name: str
    path: Path

    @property
    def spec_path(self) -> Path:
        return self.path.with_name(f"{self.name}_spec.py")

    def alternatives(self) -> list[Path]:
        """Other correct ways to write it: `alternatives/batch_norm/torch.py`."""
        return sorted(self.path.parent.glob(f"alternatives/{self.name}/*.py"))

    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def title(self) -> str:
        """The first line of its docstring."""
        doc = ast.get_docstring(ast.parse(self.source())) or self.name
        return doc.splitlines()[0].rstrip(".")

    def par_s(self) -> float | None:
        """Seconds that its proof gives a prepared person, read without running it; None where it
        says nothing."""
        for node in ast.walk(self.proof()):
            if isinstance(node, ast.keyword) and node.arg == "minutes":
                minutes = getattr(node.value, "value", None)
                return 60.0 * minutes if isinstance(minutes, int | float) else None
        return None

    def cards_of_mistakes(self) -> dict[str, str]:
        """The card that explains each mistake, by the mistake's name, read without running it."""
        names = [field.name for field in fields(Mistake)]
        found = {}
        for node in ast.walk(self.proof()):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == Mistake.__name__:
                written = dict(zip(names, node.args, strict=False))
                written |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
                name, card = (getattr(written.get(key), "value", None) for key in ("name", "card"))
                if isinstance(name, str) and isinstance(card, str):
                    found[name] = card
        return found

    def proof(self) -> ast.Module:
        """Its proof as it is written; nothing where it cannot be read."""
        try:
            return ast.parse(self.spec_path.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, ValueError):  # which are UnicodeDecodeErrors too
            return ast.Module(body=[], type_ignores=[])

    def spec(self) -> Spec:
        """Its proof. Raises UsageError where it has none."""
        if not self.spec_path.exists():
            raise UsageError(f"{self.topic}/{self.name} has no proof yet ({self.spec_path.name})")
        spec = load(self.spec_path).SPEC
        assert isinstance(spec, Spec)
        return spec


def solutions(root: Path) -> list[Solution]:
    """All solutions below `root`, by topic and name."""
    paths = sorted(p for p in root.glob("*/*.py") if not p.stem.endswith("_spec"))
    return [Solution(p.parent.name, p.stem, p) for p in paths if not p.stem.startswith("_")]


def find(root: Path, name: str) -> Solution | None:
    """A solution by `batch-norm`, `batch_norm` or `normalization/batch_norm`."""
    topic, _, stem = name.rpartition("/")
    wanted = stem.replace("-", "_")
    for solution in solutions(root):
        if solution.name == wanted and topic in ("", solution.topic):
            return solution
    return None


def get(root: Path, name: str) -> Solution:
    """Like `find`, but raises UsageError with a suggestion."""
    if found := find(root, name):
        return found
    names = [s.name.replace("_", "-") for s in solutions(root)]
    raise UsageError(f'no solution is named "{name}"{did_you_mean(name, names)}')


def function(root: Path, link: str) -> Callable[..., Any]:
    """The function that `topic/name:function` names. Raises UsageError.

    Only for the bank's own solutions: this runs the file in this process.
    """
    name, _, wanted = link.partition(":")
    solution = get(root, name)
    found = getattr(load(solution.path), wanted, None)
    if not callable(found):
        raise UsageError(f"{solution.path.name} has no function {wanted}")
    return found  # type: ignore[no-any-return]


@cache
def load(path: Path) -> ModuleType:
    """A module by its path, under a private name."""
    name = f"_interview_{path.parent.name}_{path.stem}".replace("-", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module

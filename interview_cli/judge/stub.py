"""What a learner starts from: the solution without its bodies, so that the two cannot drift."""

import ast
import contextlib
import re
import warnings

from interview_cli.judge.nursery import Language
from interview_cli.spec import Spec

IMPORTS = {"numpy": "import numpy as np", "torch": "import torch"}


def stub(source: str, spec: Spec, language: Language) -> str:
    """The functions to write, in their order, each with its signature and its shapes.

    In torch the backward pass is autograd's, so there is only the forward function.
    """
    tree = ast.parse(source)
    title = (ast.get_docstring(tree) or spec.function).splitlines()[0]
    wanted = {spec.function} | ({spec.backward} if language == "numpy" else set())
    parts = [f'"""{title}"""', IMPORTS[language]]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in wanted:
            parts.append("\n" + "\n".join(emptied(node, "")))
        elif isinstance(node, ast.ClassDef) and node.name in wanted:
            methods = [m for m in node.body if isinstance(m, ast.FunctionDef)]
            lines = [f"class {node.name}:", *shapes(node, "    ")]
            lines += [line for m in methods for line in ("", *emptied(m, "    "))]
            parts.append("\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def answer(source: str, spec: Spec) -> str:
    """The solution without what only the numeric cards compute with."""
    lines = source.splitlines()
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.FunctionDef) and node.name in spec.numbers:
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            rest = [*lines[:first], *lines[last:]]
            if not re.search(rf"\b{node.name}\b", "\n".join(rest)):
                lines = rest
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).rstrip() + "\n"


def emptied(node: ast.FunctionDef, indent: str) -> list[str]:
    """The signature, the first line of the docstring, and nothing else."""
    return [
        *(f"{indent}@{ast.unparse(d)}" for d in node.decorator_list),
        f"{indent}def {node.name}({ast.unparse(node.args)}):",
        *shapes(node, indent + "    "),
        f"{indent}    raise NotImplementedError",
    ]


def shapes(node: ast.FunctionDef | ast.ClassDef, indent: str) -> list[str]:
    doc = ast.get_docstring(node)
    return [indent + quoted(doc.splitlines()[0])] if doc else []


def quoted(doc: str) -> str:
    """A docstring that reads like this one, and says exactly that."""
    for text in (f'"""{doc}"""', f'r"""{doc}"""', f"r'''{doc}'''"):
        with contextlib.suppress(SyntaxError), warnings.catch_warnings():
            warnings.simplefilter("error")
            if ast.literal_eval(text) == doc:
                return text
    return repr(doc)


def language_of(source: str) -> Language:
    """torch if the source imports it; also of source that does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "torch" if "import torch" in source else "numpy"
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if any(name.split(".")[0] == "torch" for name in names):
            return "torch"
    return "numpy"

"""LaTeX to terminal text: two-dimensional, or on one line. The only module that knows TeXicode.

TeXicode lexes, parses and draws; here are its gaps filled (commands it lacks, Chinese, which it
measures as one column) and its silences broken: what it cannot draw raises FormulaError.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from interview_cli.errors import FormulaError

# The second column of a wide character, while TeXicode counts characters; dropped afterwards.
# A letter, as TeXicode sees it, that nobody writes.
PAD = "\ua66e"
DELIMITERS = set("()[]{}|.") | {"lfloor", "rfloor", "lceil", "rceil", "lvert", "rvert", "|"}
PLANE_1 = re.compile("[\U0001d400-\U0001d7ff]")  # 𝔼, 𝓤: few terminal fonts have them
ENVIRONMENTS = {
    "align", "align*", "aligned", "array", "bmatrix", "Bmatrix", "cases", "gathered", "matrix",
    "pmatrix", "smallmatrix", "split", "vmatrix", "Vmatrix",
}  # fmt: skip
FUNCTIONS = [
    "arg", "cos", "cosh", "det", "exp", "inf", "ln", "log", "max", "min", "Pr", "sin", "sinh",
    "sup", "tan", "tanh",
]  # fmt: skip
FUNCTION = rf"\\(?:{'|'.join(FUNCTIONS)})(?![A-Za-z])"
GROUP = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"

# What TeXicode lacks, said in words that it knows.
REWRITES = [
    (r"\\operatorname\*?\s*(?=\{)", r"\\mathrm"),
    (r"\\(?:boldsymbol|pmb|bm)(?![A-Za-z])", r"\\mathbf"),
    (r"\\(?:displaystyle|textstyle|nonumber|notag|limits)(?![A-Za-z])", ""),
    (r"\\(?:lVert|rVert|Vert)(?![A-Za-z])", r"\\|"),
    (r"\\(?:lvert|rvert|vert)(?![A-Za-z])", "|"),
    (r"\\overline(?![A-Za-z])", r"\\bar"),
    (r"\\coloneqq(?![A-Za-z])", ":="),
    (r"\\(?:d|t)frac(?![A-Za-z])", r"\\frac"),
    (r"\\(?:underset)" + GROUP + GROUP, r"{\2}_{\1}"),
    (r"\\(?:overset|stackrel)" + GROUP + GROUP, r"{\2}^{\1}"),
    (r"\\tag\*?" + GROUP, r"\\quad (\1)"),
    (r"\\[,;:!](?=\s*$)", ""),
    (r"\\\\\s*\[[^\]]*(?:pt|em|ex|mm|cm)\]", r"\\\\ "),  # \\[4pt]
    (r"\\\\(?=\\)", r"\\\\ "),  # or a line break and the command after it are read as one
    (r"(\\[A-Za-z]+)(?=[^\x00-\x7f])", r"\1 "),  # Chinese is no part of a command's name
    (r"\\(?:left|right)\s*(\\[lr]angle)", r"\1"),  # there are no tall ones
    # n log n, not nlogn
    (rf"(?<=[A-Za-z0-9)}}\]])\s*({FUNCTION})", r"\\,\1"),
    (rf"({FUNCTION})\s*(?=[A-Za-z0-9])", r"\1\\,"),
    (rf"({FUNCTION})\s*(?=\\(?!frac|left|[Bb]ig|quad|sum|prod|right)[A-Za-z])", r"\1\\,"),
]

SUBSCRIPT = dict(
    zip(
        "0123456789+-=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
SUPERSCRIPT = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤′*−",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′*⁻",
        strict=True,
    )
)
BLACKBOARD = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))  # the rest lies outside the basic plane
ACCENTS = {
    "acute": "\u0301", "bar": "\u0304", "breve": "\u0306", "check": "\u030c", "ddot": "\u0308",
    "dot": "\u0307", "grave": "\u0300", "hat": "\u0302", "mathring": "\u030a", "tilde": "\u0303",
    "vec": "\u20d7", "widehat": "\u0302", "widetilde": "\u0303", "overline": "\u0304",
}  # fmt: skip


@lru_cache(maxsize=512)
def block(latex: str) -> tuple[str, ...]:
    """The formula drawn over several rows, all of one width. Raises FormulaError."""
    from texicode import arts
    from texicode.renderer import render

    arts.font = arts.font_normal  # its italic letters are of plane 1 too
    nodes = parsed(latex)
    try:
        sketch = render(nodes, False)
    except Exception as error:  # TeXicode raises KeyError, IndexError, ValueError ... as it comes
        raise FormulaError(f"{shortened(latex)} cannot be drawn{reason(error)}") from None
    # TeXicode keeps one column at the left of every formula.
    rows = tuple(PLANE_1.sub(plain_letter, "".join(row).replace(PAD, "")) for row in sketch)
    margin = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    rows = tuple(row[margin:] for row in rows)
    if len({width(row) for row in rows}) > 1:
        raise FormulaError(f"{shortened(latex)} is drawn with a ragged edge")
    return rows


@lru_cache(maxsize=512)
def line(latex: str) -> str:
    """The formula on one line: (a+b)/c, √(x), xᵢ². Raises FormulaError."""
    nodes = parsed(latex)
    try:
        text = Line(nodes).concat(nodes[0][2]) if nodes else ""
    except RecursionError:
        raise FormulaError(f"{shortened(latex)} is nested too deep") from None
    except ValueError as error:
        raise FormulaError(f"{shortened(latex)} cannot be drawn{reason(error)}") from None
    return re.sub(r" {2,}", " ", text.replace(PAD, "")).strip()


def plain_letter(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def width(text: str) -> int:
    """Columns that a terminal gives to `text`."""
    return len(text) + sum(map(is_wide, text)) - sum(unicodedata.combining(c) > 0 for c in text)


def is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def shortened(latex: str) -> str:
    one = " ".join(latex.split())
    return f"${one if len(one) <= 40 else one[:39] + '…'}$"


def parsed(latex: str) -> list[Any]:
    """TeXicode's tree: a list of (type, token, children, scripts), the root first."""
    from texicode.lexer import lexer
    from texicode.parser import parse

    text = latex
    for pattern, replacement in REWRITES:
        text = re.sub(pattern, replacement, text, flags=re.DOTALL)
    text = re.sub(
        r"(\\begin\{array\}\s*\{)([^}]*)\}", lambda m: m[1] + re.sub(r"[|\s]", "", m[2]) + "}", text
    )
    try:
        tokens = lexer("".join(c + PAD if is_wide(c) else c for c in text), False)
        # Characters that it does not know, such as → or ，, have no type: they are letters.
        nodes = parse([(kind or "alph", value) for kind, value in tokens], False)
    except Exception as error:
        raise FormulaError(f"{shortened(latex)} cannot be read{reason(error)}") from None
    for fault in faults(nodes):
        raise FormulaError(f"{shortened(latex)} {fault}")
    return nodes  # type: ignore[no-any-return]


def faults(nodes: list[Any]) -> Iterator[str]:
    """What TeXicode would draw as `?`, as something else, or not at all."""
    begun: list[str] = []
    lefts = 0
    for kind, (_, name), children, scripts in nodes:
        lefts += (kind == "opn_dlim") - (kind == "cls_dlim")
        if kind == "cmd_leaf" and not is_known(name):
            yield f"uses \\{name}, which cannot be drawn"
        elif kind == "cmd_bgin":
            begun.append(name)
            if name not in ENVIRONMENTS:
                yield f"uses \\begin{{{name}}}, which cannot be drawn"
        elif kind == "cmd_end" and begun.pop() != name:
            yield f"cannot be read: \\end{{{name}}} ends something else"
        elif kind in ("opn_dlim", "cls_dlim"):
            delimiter = nodes[children[0]][1][1]
            if delimiter not in DELIMITERS:
                yield f"cannot be drawn: \\left and \\right do not know {delimiter}"
        if len({nodes[i][0] for i in scripts}) < len(scripts):
            yield "cannot be drawn: two exponents or two indices stand in a row"
    if lefts < 0:
        yield "cannot be read: a \\right has no \\left"


def is_known(command: str) -> bool:
    from texicode.arts import multi_line_leaf_commands
    from texicode.symbols_art import symbols

    return command in symbols or command in multi_line_leaf_commands


# TeXicode's words, and ours; the first that fits.
REASONS = {
    "got cmd_bgin": "\\begin stands inside of braces or \\left and \\right; use cases or pmatrix",
    "got amp_sep": "& stands outside of \\begin and \\end",
    "got row_sep": "\\\\ stands inside of braces",
    "Expected ['cls_brac']": "a { is not closed",
    "Expected ['cls_text']": "a { is not closed",
    "Expected ['cls_dlim']": "a \\left has no \\right",
    "Expected ['cmd_end']": "a \\begin has no \\end",
    "got cls_brac": "there is a } too many",
    "got cmd_end": "there is an \\end too many",
    "got cls_root": "something is missing at its end",
    "Unexpected character": "it ends in a backslash",
    "Expected { after": "\\begin and \\end are followed by a name in braces",
    "Unclosed {": "a { is not closed",
    "column spec": "the columns of an array are l, c and r",
}


def reason(error: Exception) -> str:
    """`: a { is not closed`, or nothing."""
    return next((f": {ours}" for words, ours in REASONS.items() if words in str(error)), "")


class Line:
    """The one-line form of a parsed formula."""

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes = nodes

    def concat(self, children: list[int]) -> str:
        text = ""
        for place, index in enumerate(children):
            part = self.node(index)
            if text and part and self.apart(children[place - 1], index, text, part):
                text += " "
            text += part
        return text

    def apart(self, before: int, after: int, text: str, part: str) -> bool:
        """Whether two parts would be read as one: 1/2 x, max_i x, W_f h, 2 1/2."""
        kind, token, _, _ = self.nodes[before]
        begins = part[0].isalnum() or part[0] in "√∑∏∫∂∇"
        if kind == "cmd_frac":
            return begins or part[0] == "("
        if token[1] in FUNCTIONS or re.search(r"[_^][^\W_]$", text):
            return begins
        return self.nodes[after][0] == "cmd_frac" and part[0].isdigit() and text[-1].isdigit()

    def node(self, index: int) -> str:
        kind, token, children, scripts = self.nodes[index]
        return self.body(kind, token, children) + self.scripts(scripts)

    def body(self, kind: str, token: tuple[str, str], children: list[int]) -> str:
        match kind:
            case "txt_leaf":
                return {"~": " ", PAD: ""}.get(token[1], token[1])
            case "cmd_leaf" | "ctr_base":
                return self.symbol(token[1])
            case "cmd_frac":
                over, under = (self.node(child) for child in children)
                return f"{grouped(over)}/{grouped(under)}"
            case "cmd_binom":
                over, under = (self.node(child) for child in children)
                return f"C({over}, {under})"
            case "cmd_sqrt":
                inside = self.node(children[-1])
                degree = "" if len(children) == 1 else self.node(children[0])
                root = self.scripts_of(degree, SUPERSCRIPT) if degree else ""
                return f"{root}√{inside}" if len(inside) == 1 else f"{root}√({inside})"
            case "cmd_font" if token[1] == "mathbb":
                return "".join(BLACKBOARD.get(c, c) for c in self.concat(children))
            case "cmd_acnt":
                inside = self.node(children[0])
                return inside[:1] + ACCENTS.get(token[1], "") + inside[1:]
            case "cmd_bgin":
                return self.rows(token[1], children)
            case "opn_dlim":
                begin, *inner, end = children
                return self.delimiter(begin) + self.concat(inner) + self.node(end)
            case "cls_dlim":
                return self.delimiter(children[0])
            case "amp_sep" | "cmd_end" | "cmd_lmts":
                return ""
            case "row_sep":
                return "; "
            case _:
                return self.concat(children)

    def delimiter(self, index: int) -> str:
        text = self.node(index)
        return "" if text == "." else text

    def rows(self, environment: str, children: list[int]) -> str:
        body = children[1:] if environment == "array" else children
        rows: list[list[list[int]]] = [[[]]]
        for child in body:
            kind = self.nodes[child][0]
            if kind == "row_sep":
                rows.append([[]])
            elif kind == "amp_sep":
                rows[-1].append([])
            else:
                rows[-1][-1].append(child)
        cells = [[self.concat(cell).strip() for cell in row] for row in rows]
        if environment in ("aligned", "align", "align*", "gathered", "split"):
            return "; ".join("".join(row) for row in cells if any(row))
        text = "; ".join(", ".join(row) for row in cells if any(row))
        return f"{{{text}}}" if environment == "cases" else f"[{text}]"

    def scripts(self, scripts: list[int]) -> str:
        below = above = ""
        for index in scripts:
            kind, _, children, _ = self.nodes[index]
            if kind in ("sub_scrpt", "btm_scrpt"):
                below = self.scripts_of(self.concat(children), SUBSCRIPT, "_")
            elif kind in ("sup_scrpt", "top_scrpt"):
                above = self.scripts_of(self.concat(children), SUPERSCRIPT, "^")
        return below + above  # x^2_i reads as x_i^2

    def scripts_of(self, inside: str, table: dict[str, str], mark: str = "^") -> str:
        bare = inside.replace(" ", "")
        if bare and all(c in table for c in bare):
            return "".join(table[c] for c in bare)
        return f"{mark}{inside}" if len(inside) == 1 else f"{mark}{parenthesised(inside)}"

    def symbol(self, command: str) -> str:
        from texicode.symbols_art import symbols

        big = {"sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "iint": "∬"}
        return big.get(command) or "".join(symbols.get(command, command))


def grouped(text: str) -> str:
    """`text` in parentheses unless it is one name, number or call."""
    name = r"[∂∇√Δ]?[^\W_][\w.′\u0300-\u036f\u1d62-\u1d6a\u2070-\u209c²³¹]*"
    return text if re.fullmatch(rf"{name}(\([^()]*\))?", text) else parenthesised(text)


def parenthesised(text: str) -> str:
    return text if re.fullmatch(r"\([^()]*\)", text) else f"({text})"

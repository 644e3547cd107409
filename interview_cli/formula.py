"""LaTeX to terminal text: two-dimensional, or on one line. The only module that knows TeXicode.

TeXicode lexes, parses and draws; here are its gaps filled (commands it lacks, Chinese, which it
measures as one column) and its silences broken: what it cannot draw raises FormulaError.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from interview_cli.errors import FormulaError

# A second column for each wide character while TeXicode counts characters; dropped afterwards.
WIDE = re.compile(
    "([\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60"
    "\uffe0-\uffe6])"
)
PAD = "\ua66e"  # a letter, as TeXicode sees it, that nobody writes
PLANE_1 = re.compile("[\U0001d400-\U0001d7ff]")  # 𝔼, 𝓤: few terminal fonts have them
FUNCTIONS = frozenset(
    "arccos arcsin arctan arg cos cosh cot det dim exp gcd inf ker lg lim limsup liminf ln log max min "
    "Pr sin sinh sup tan tanh".split()
)
ENVIRONMENTS = frozenset(
    "align align* aligned array bmatrix Bmatrix cases gathered matrix pmatrix smallmatrix split vmatrix "
    "Vmatrix".split()
)
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
    (r"\\\\(?=\\)", r"\\\\ "),  # a line break before a command, which TeXicode reads as one command
    (r"(\\[A-Za-z]+)(?=[^\x00-\x7f])", r"\1 "),  # Chinese is no part of a command's name
]

SUBSCRIPT = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
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
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


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
        return parse(lexer(WIDE.sub(rf"\1{PAD}", text), False), False)  # type: ignore[no-any-return]
    except Exception as error:
        raise FormulaError(f"{shortened(latex)} cannot be read: {error}") from None


class Line:
    """The one-line form of a parsed formula."""

    def __init__(self, nodes: list[Any]) -> None:
        self.nodes = nodes

    def concat(self, children: list[int]) -> str:
        parts = [self.node(i) for i in children]
        text = ""
        for part in parts:
            # log x, not logx: a word and what it is applied to.
            if text and part and text[-1].isalpha() and part[:1].isalpha() and self.is_word(text):
                text += " "
            text += part
        return text

    def is_word(self, text: str) -> bool:
        return bool(re.search(r"(log|ln|exp|sin|cos|tanh|max|min|arg|det|lim|sup|inf|Pr)$", text))

    def node(self, index: int) -> str:
        kind, token, children, scripts = self.nodes[index]
        return self.body(kind, token, children) + self.scripts(scripts)

    def body(self, kind: str, token: tuple[str, str], children: list[int]) -> str:
        match kind:
            case "txt_leaf":
                return {"-": "-", "~": " "}.get(token[1], token[1])
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
                root = self.scripts_of(self.node(children[0]), SUPERSCRIPT) if len(children) > 1 else ""
                return f"{root}√{inside}" if len(inside) == 1 else f"{root}√({inside})"
            case "cmd_font" if token[1] == "mathbb":
                return "".join(BLACKBOARD.get(c, c) for c in self.concat(children))
            case "cmd_acnt":
                inside = self.node(children[0])
                return inside[:1] + ACCENTS.get(token[1], "") + inside[1:]
            case "cmd_bgin":
                return self.rows(token[1], children)
            case "opn_dlim":
                inside = [self.node(child) for child in children]
                return "".join(inside).replace("\0", "")
            case "cls_dlim":
                return "".join(self.node(child) for child in children)
            case "amp_sep" | "cmd_end" | "cmd_lmts":
                return ""
            case "row_sep":
                return "; "
            case _:
                return self.concat(children)

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
        return f"{mark}{inside}" if len(inside) == 1 else f"{mark}({inside})"

    def symbol(self, command: str) -> str:
        from texicode.arts import multi_line_leaf_commands
        from texicode.symbols_art import symbols

        big = {"sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "iint": "∬"}
        if command in big:
            return big[command]
        if command in symbols:
            return "".join(symbols[command])
        if command in multi_line_leaf_commands:
            return command
        raise FormulaError(f"\\{command} cannot be drawn")


def grouped(text: str) -> str:
    """`text` in parentheses unless it is one name, number or call."""
    simple = re.fullmatch(r"[∂∇√Δ]?[^\W_][\w.′\u0300-\u036f\u1d62-\u1d6a\u2070-\u209c²³¹]*", text)
    return text if simple else f"({text})"

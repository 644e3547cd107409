"""Spells what a stream cannot encode: `γ ≥ 0` as `gamma >= 0`. Imported only where it is needed."""

import codecs
from unicodedata import combining, decomposition, name, normalize

ERRORS = "interview-spelling"

SIGNS = {
    "−": "-", "–": "-", "—": "--", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"', "·": "*",
    "•": "*", "→": "->", "←": "<-", "⇒": "=>", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~",
    "×": "x", "⋅": "*", "÷": "/", "±": "+-", "√": "sqrt", "∞": "inf", "∂": "d", "∇": "grad",
    "∑": "sum", "∏": "prod", "∈": " in ", "ℓ": "l", "✓": "+", "✗": "x", "▶": ">", "↳": ">",
    "\u00a0": " ", "\u0302": "_hat", "\u0303": "_tilde", "\u0304": "_bar", "█": "#", "░": ".",
    "─": "-", "ϵ": "epsilon", "⟦": "[", "⟧": "]", "①": "(1)", "②": "(2)", "③": "(3)",
}  # fmt: skip


def install() -> str:
    """Makes the spelling an error handler, and gives its name."""
    codecs.register_error(ERRORS, spell)
    return ERRORS


def spell(error: UnicodeError) -> tuple[str, int]:
    """The error handler: a `?` for what has no spelling in ASCII, such as Chinese."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(map(spelled, wrong)), error.end


def spelled(character: str) -> str:
    if found := SIGNS.get(character):
        return found
    words = name(character, "").split()
    if words[:1] == ["GREEK"] and len(words) == 4 and words[2] == "LETTER":
        return words[3].lower() if words[1] == "SMALL" else words[3].capitalize()
    if combining(character):
        return ""
    plain = "".join(c for c in normalize("NFKD", character) if c.isascii())
    mark = {"<super>": "^", "<sub>": "_"}.get(decomposition(character).partition(" ")[0], "")
    return f"{mark}{plain}" if plain else "?"

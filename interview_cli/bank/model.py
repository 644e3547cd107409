"""What a deck may hold: the one model that the reader, the cache and the JSON schema share.

A card is one of seven kinds, told apart by `kind`; each asks in the way that suits its fact.
"""

from typing import Annotated

from msgspec import Meta, Struct

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?!\n)",
        max_length=64,
        description="lower-case letters and digits, joined by hyphens",
    ),
]
Line = Annotated[str, Meta(pattern=r"^[^\n]*\S[^\n]*$(?!\n)", description="one line, not empty")]
Block = Annotated[str, Meta(pattern=r"\S", description="text, not empty")]
Note = Annotated[str, Meta(pattern=r"^00[0-4]$(?!\n)", description='a note, "000" to "004"')]
Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]*$(?!\n)",
        description="lower-case letters, digits and _, beginning with a letter",
    ),
]
SolutionName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]+/[a-z][a-z0-9_]*$(?!\n)",
        description="topic/name of a file in solutions/, without .py",
    ),
]
FunctionName = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9-]+/[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$(?!\n)",
        description="topic/name:function of a solution",
    ),
]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in Chinese and in English."""

    zh: Block
    en: Block


# A plain string stands for both languages: a formula, a number, code.
Words = Text | Block


class Source(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where a card comes from: a note's items (see docs/claims) and what to cite."""

    note: Note | None = None
    items: tuple[Slug, ...] = ()
    cite: Line | None = None


class Card(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag=str.lower,
):
    """What every kind has; `code` stands under the question, once for both languages."""

    id: Slug
    level: Annotated[
        int, Meta(ge=1, le=3, description="1 everyone is asked, 2 follow-up, 3 senior")
    ]
    ask: Text
    code: Block | None = None
    follow_ups: tuple[Slug, ...] = ()
    solution: SolutionName | None = None
    refutes: Text | None = None
    source: Source = Source()
    tags: tuple[Slug, ...] = ()
    was: tuple[Slug, ...] = ()

    @property
    def kind(self) -> str:
        """The tag that tells the seven apart."""
        return str(self.__struct_config__.tag)


class Recall(Card, frozen=True, kw_only=True):
    """Answered aloud; the ticked share of `points` suggests the rating."""

    answer: Text
    points: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]


class Cloze(Card, frozen=True, kw_only=True):
    """`ask` has gaps, written ⟦like this⟧ and filled one after another."""

    answer: Text | None = None


class Option(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One option of a choice, and why it is right or wrong."""

    text: Words
    why: Text
    right: bool = False


class Choice(Card, frozen=True, kw_only=True):
    """Exactly one option is right; they are shuffled each time."""

    options: Annotated[tuple[Option, ...], Meta(min_length=2, max_length=6)]
    answer: Text | None = None


class Range(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename={"start": "from", "stop": "to"},
):
    """`from`, from + step, ... up to and including `to`."""

    start: int | float
    stop: int | float
    step: int | float = 1


Draw = Annotated[tuple[int | float, ...], Meta(min_length=1)] | Range


class Numeric(Card, frozen=True, kw_only=True):
    """Numbers drawn from a seed stand for the names in braces; `compute` gives the answer."""

    draw: Annotated[dict[Name, Draw], Meta(min_length=1)]
    compute: FunctionName
    answer: Text
    unit: Words | None = None
    tolerance: Annotated[float, Meta(ge=0, le=0.5, description="relative")] = 0.01


class Predict(Card, frozen=True, kw_only=True):
    """What does `code` print?"""

    code: Block
    prints: Block
    answer: Text


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a derivation: what to do next, and what it gives."""

    ask: Text
    show: Words


class Derive(Card, frozen=True, kw_only=True):
    """A derivation rebuilt step by step."""

    steps: Annotated[tuple[Step, ...], Meta(min_length=2, max_length=12)]
    answer: Text | None = None


class Code(Card, frozen=True, kw_only=True):
    """Written by hand; the solution is the answer."""

    solution: SolutionName
    answer: Text | None = None


AnyCard = Recall | Cloze | Choice | Numeric | Predict | Derive | Code
CLASSES: dict[str, type[AnyCard]] = {
    "recall": Recall,
    "cloze": Cloze,
    "choice": Choice,
    "numeric": Numeric,
    "predict": Predict,
    "derive": Derive,
    "code": Code,
}
KINDS = tuple(CLASSES)


class Deck(Struct, frozen=True, forbid_unknown_fields=True):
    """One file, one topic."""

    deck: Slug
    title: Text
    cards: Annotated[tuple[AnyCard, ...], Meta(min_length=1)]


class Claim(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one note says, checked. `no_card` says why no card carries it."""

    id: Slug
    note: Note
    claim: Block
    verdict: Annotated[
        str,
        Meta(
            pattern=r"^(correct|incomplete|misleading|wrong|outdated)$(?!\n)",
            description="correct, incomplete, misleading, wrong or outdated",
        ),
    ]
    correction: Block | None = None
    no_card: Block | None = None


class Claims(Struct, frozen=True, forbid_unknown_fields=True):
    """docs/claims/<topic>.yaml."""

    topic: Slug
    claims: Annotated[tuple[Claim, ...], Meta(min_length=1)]

"""What the types cannot say about one card."""

from collections.abc import Iterator

from interview_cli.bank.marks import FORMULA, GAP, NAME_IN_BRACES
from interview_cli.bank.model import AnyCard, Choice, Cloze, Numeric, Range


def faults(card: AnyCard) -> Iterator[tuple[str, str]]:
    """What the types cannot say about one card, as (key, message)."""
    match card:
        case Choice():
            right = sum(option.right for option in card.options)
            if right != 1:
                count = f"{right or 'no'} options are right"
                yield "options", f"card {card.id}: {count}; mark exactly one"
            if len(set(card.options)) < len(card.options) or len(
                {option.text for option in card.options}
            ) < len(card.options):
                yield "options", f"card {card.id}: two options have the same text"
        case Cloze():
            zh, en = len(GAP.findall(card.ask.zh)), len(GAP.findall(card.ask.en))
            rest = GAP.sub("", card.ask.zh + card.ask.en)
            if "⟦" in rest or "⟧" in rest:
                yield "ask", f"card {card.id}: a ⟦ or ⟧ stands alone; gaps are written ⟦like this⟧"
            elif not zh and not en:
                yield "ask", f"card {card.id}: a cloze has gaps, written ⟦like this⟧"
            elif zh != en:
                yield "ask", f"card {card.id}: gaps: {zh} in zh but {en} in en; both say the same"
            elif not all(gap.strip() for gap in GAP.findall(card.ask.zh + card.ask.en)):
                yield "ask", f"card {card.id}: a gap is empty; write its answer inside ⟦ ⟧"
        case Numeric():
            yield from numeric_faults(card)
        case _:
            pass


def numeric_faults(card: Numeric) -> Iterator[tuple[str, str]]:
    for name, draw in card.draw.items():
        if isinstance(draw, Range) and not (draw.step > 0 and draw.start <= draw.stop):
            empty = f"the range of {name} is empty"
            yield "draw", f"card {card.id}: {empty}; it needs from <= to and step > 0"
        elif isinstance(draw, Range) and (draw.stop - draw.start) / draw.step > 1e6:
            many = f"the range of {name} has more than 1000000 values"
            yield "draw", f"card {card.id}: {many}; widen its step"
    for language, text in (("zh", card.ask.zh), ("en", card.ask.en)):
        used = set(NAME_IN_BRACES.findall(FORMULA.sub("", text)))
        for name in sorted(set(card.draw) - used):
            unused = f"ask in {language} does not use {{{name}}}"
            yield "ask", f"card {card.id}: {unused}; put it in, or out of draw"
        for name in sorted(used - set(card.draw)):
            unknown = f"ask in {language} uses {{{name}}}"
            yield "ask", f"card {card.id}: {unknown}, which draw does not give"

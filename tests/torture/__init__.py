"""What may never lose a review, done a thousand times: kills, power cuts, faults, crowds."""


class Broken(AssertionError):
    """A promise that does not hold."""


def promise(holds: object, claim: str) -> None:
    """Raises Broken, also where Python runs without assertions."""
    if not holds:
        raise Broken(claim)

"""Proof of center."""

from interview_cli.spec import Case, Mistake, Spec


def reference(x):
    return x - x.mean()


def draw(rng, n=5):
    return {"x": rng.normal(1, 2, n)}


SPEC = Spec(
    function="center",
    outputs=("y",),
    reference=reference,
    cases=(
        Case("plain", draw),
        Case("longer", lambda rng: draw(rng, 12)),
        Case("huge", lambda rng: {"x": 1e6 * rng.normal(size=7)}, stage="stability"),
    ),
    mistakes=(
        Mistake("added", "x - x.mean()", "x + x.mean()", "加了均值。", "added the mean.", "none"),
    ),
)

"""How long a card takes: what was measured, and before that what its kind usually takes."""

# Seconds of a review by kind of card; code takes its solution's par.
USUAL_S = {
    "recall": 20.0,
    "cloze": 20.0,
    "choice": 20.0,
    "predict": 30.0,
    "numeric": 45.0,
    "derive": 60.0,
}
PAR_S = 600.0  # of code whose solution says nothing
USUAL_DAYS = 2  # how many measured days the usual time weighs
# A review that took longer than this many times the usual was interrupted: a telephone, a lunch.
LONGEST = 5


def cost_s(usual_s: float, measured_s: list[float]) -> float:
    """Expected seconds of a card on a day it is asked. measured_s: the seconds it took in all on
    each day so far, steps and second tries included."""
    kept = [min(seconds, LONGEST * usual_s) for seconds in measured_s]
    return (USUAL_DAYS * usual_s + sum(kept)) / (USUAL_DAYS + len(kept))

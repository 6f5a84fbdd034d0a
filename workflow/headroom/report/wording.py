"""Numbers and intervals as people read them."""

import math

NOTHING = "–"
DECIMALS, SIGNIFICANT = 4, 3


def known(value: object) -> bool:
    """Whether there is a value: neither null nor NaN."""
    return value is not None and value == value and str(value) != "<NA>"


def number(value: object) -> str:
    """Four decimals, or three significant digits where these would hide the value; a dash where there is none."""
    if not known(value):
        return NOTHING
    real = float(str(value))
    if math.isinf(real) or (real and not 0.01 <= abs(real) < 1000):
        return f"{real:.{SIGNIFICANT}g}"
    return f"{real:.{DECIMALS}f}"


def interval(mean: object, low: object, high: object) -> str:
    """`mean [low, high]`, the mean alone where its interval is unknown."""
    if not (known(low) and known(high)):
        return number(mean)
    return f"{number(mean)} [{number(low)}, {number(high)}]"


def text(value: object) -> str:
    """A name as it is, a dash where there is none."""
    return str(value) if known(value) and str(value) else NOTHING


def seconds(value: float) -> str:
    """A duration in the unit that suits it."""
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.1f} min"

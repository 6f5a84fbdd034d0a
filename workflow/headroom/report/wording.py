"""Numbers, names and lists as people read them."""

import math
from collections.abc import Iterable

NOTHING = "–"
DECIMALS, SIGNIFICANT = 4, 3
ACRONYMS = {"r2": "R2", "mse": "MSE", "rmse": "RMSE", "nrmse": "NRMSE", "mae": "MAE", "auc": "AUC", "f1": "F1"}


def known(value: object) -> bool:
    """Whether there is a value: neither null nor NaN."""
    return value is not None and str(value) != "<NA>" and value == value


def number(value: object) -> str:
    """Four decimals, or three significant digits where these would hide the value; a dash where there is none."""
    if not known(value):
        return NOTHING
    real = float(str(value))
    if math.isinf(real) or (real and not 0.01 <= abs(real) < 1000):
        return f"{real:.{SIGNIFICANT}g}"
    return f"{real:.{DECIMALS}f}"


def short(value: object) -> str:
    """Two decimals, more where these would round to 1 what is less (or more) than 1; three significant digits for other sizes."""
    if not known(value):
        return NOTHING
    real = float(str(value))
    if math.isinf(real) or (real and not 0.01 <= abs(real) < 100):
        return f"{real:.{SIGNIFICANT}g}"
    decimals = next((places for places in (2, 3, 4) if round(real, places) != 1), 2)
    return f"{real:.{decimals}f}"


def interval(mean: object, low: object, high: object) -> str:
    """`mean [low, high]`, the mean alone where its interval is unknown."""
    if not (known(low) and known(high)):
        return number(mean)
    return f"{number(mean)} [{number(low)}, {number(high)}]"


def text(value: object) -> str:
    """A name as it is, a dash where there is none."""
    return str(value) if known(value) and str(value) else NOTHING


def metric_words(name: object) -> str:
    """A metric's own name in words: `r2` as R2, `macro_f1` as macro F1."""
    return " ".join(ACRONYMS.get(part, part) for part in str(name).split("_"))


def listing(words: Iterable[object], last: str = "and") -> str:
    """`a, b and c`, each once."""
    found = list(dict.fromkeys(map(str, words)))
    return f" {last} ".join(filter(None, (", ".join(found[:-1]), *found[-1:])))


def counted(count: int, one: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{count} {one}{'' if count == 1 else 's'}"


def seconds(value: float) -> str:
    """A duration in the unit that suits it; a dash where a job ended before Snakemake could measure it."""
    if value < 0.05:
        return "< 0.1 s" if value else "–"
    if value >= 7200:
        return f"{value / 3600:.1f} h"
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.1f} min"

"""The answer to a study's question in a sentence or two, from its tables alone."""

from __future__ import annotations

from headroom.report.panels import Dot, Panel
from headroom.report.rows import UNTOUCHED
from headroom.report.wording import NOTHING, known, listing, metric_words, short


def answer(panel: Panel) -> str:
    """How far the best model of a panel comes, and whether any is ahead of the best linear predictor."""
    best = panel.best(panel.middle)
    if best is None:
        return f"On {panel.name} nothing was scored."
    name, dot = best
    return f"On {panel.name}{_level(panel)} {_reach(panel, name, dot)}. {_ahead(panel)}".strip()


def _level(panel: Panel) -> str:
    level = panel.levels[panel.middle]
    return "" if level == UNTOUCHED else f" at noise {level}"


def _reach(panel: Panel, name: str, dot: Dot) -> str:
    kind = "model" if panel.learned else "predictor"
    worse = panel.by_skill and dot.value < 0
    what = f"even the best {kind}, {name}, has" if worse else f"the best {kind}, {name}, reaches"
    linear, floor = (short(values[panel.middle]) for values in (panel.linear, panel.floor))
    if panel.by_skill:
        reach = f"{what} skill {short(dot.value)}{_where(dot.value, panel.kind)}"
        return reach if linear == NOTHING else f"{reach}, the best linear predictor {linear}"
    beside = [f"{words} {value}" for words, value in (("best linear predictor", linear), ("floor", floor)) if value != NOTHING]
    reach = f"{what} {metric_words(panel.metric)} {short(dot.value)}"
    return "; ".join(filter(None, (reach, f"the {listing(beside)}" if beside else "", panel.missing)))


def _where(skill: float, kind: str) -> str:
    if skill < 0:
        return f", below the floor (0; {kind} 1)"
    return f", above the {kind} (1; floor 0)" if skill > 1 else f" between floor (0) and {kind} (1)"


def _ahead(panel: Panel) -> str:
    """Whether the paired 95 % interval of some model's lead over the linear predictor lies above zero."""
    found = [[dot.ahead for series in panel.series for dot in series.dots if dot.level == level] for level in range(len(panel.levels))]
    judged = [any(lead) for level in found if (lead := [ahead for ahead in level if ahead is not None])]
    if not panel.learned or not any(known(value) for value in panel.linear):
        return ""
    if not judged:
        return "Whether a model is ahead of the linear predictor cannot be said: no interval is known."
    if len(judged) == 1:
        names = [series.name for series in panel.series if any(dot.ahead for dot in series.dots)]
        are = "is" if len(names) == 1 else "are"
        if judged[0]:
            return f"{listing(names)} {are} ahead of the best linear predictor."
        return "No model is ahead of the best linear predictor."
    if not any(judged):
        return f"No model is ahead of the best linear predictor at any of {len(judged)} noise levels."
    where = f"all {len(judged)}" if all(judged) else f"{sum(judged)} of {len(judged)}"
    return f"A model is ahead of the best linear predictor at {where} noise levels."

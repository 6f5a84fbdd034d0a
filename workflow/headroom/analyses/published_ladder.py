"""Published scores on the scale that they were published without: floor, best simple predictors, what is attained, and the bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import LOSSES, nearest, tidy
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

PLACE = ["system", "metric", "target", "sound_split", "split"]
COLUMNS = ["panel", "system", "split", "metric", "model", "kind", "value", "low", "high"]
SCALE = {"trivial": "floor", "linear": "best linear", "baseline": "best without training", "best": "best model", "ceiling": "ceiling"}
"""Roles whose best score is drawn as a line across all claims, from the floor up, and what the line is called."""


@settings
class PublishedLadder:
    """A panel for each system with published scores of several models."""

    sources: ClassVar[tuple[str, ...]] = ("verdicts", "summary")
    caption: ClassVar[str] = (
        "Published scores (diamonds) beside the same kind of model here, under the published split (open) and under a sound one "
        "(filled; bars: 95 % intervals over test runs and seeds), on the scale of what else is possible on our data under the sound split: "
        "the best trivial predictor, the best linear one, the best simple one without training by gradient, the best model of all, and "
        "the primary ceiling. The published data are not ours, so that distances between diamonds and lines are a hint and no test."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Published values, reruns under either split, and the lines of the scale."""
        import pandas

        claims, found = sources["verdicts"].astype(str), []
        for (system, metric, target, sound, split), rows in claims.groupby(PLACE) if len(claims) else ():
            scores = nearest(_scores(sources["summary"], metric, target))
            scores = scores[scores["system"] == system]
            about = {"panel": f"{system}, {metric} of {target}", "system": system, "metric": metric}
            for claim in rows.itertuples():
                found.append(about | {"model": claim.model, "kind": "published", "value": float(claim.published), "split": split})
                for kind, where in (("published split", split), ("sound split", sound)):
                    mine = scores[(scores["model"] == claim.model) & (scores["split"] == where)].head(1)
                    found += [about | {"model": claim.model, "kind": kind, "split": where} | _numbers(one) for one in mine.itertuples()]
            there = scores[scores["split"] == sound]
            found += [about | {"split": sound, **line} for line in _scale(there, metric)]
        return pandas.DataFrame(found, columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """A row for each model, and lines across them."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No published score to compare with in this study.")
        panels = list(table["panel"].unique())
        figure, axes = layout.panes(len(panels), height=1.6 + 0.35 * table["model"].nunique(), across=1)
        for one, name in zip(axes, panels, strict=True):
            _draw(one, table[table["panel"] == name])
        layout.legend(figure)
        return figure


def _scores(summary: DataFrame, metric: str, target: str) -> DataFrame:
    """One target's scores by a metric, of models tested at the level that they were trained on."""
    rows = tidy(summary)
    wanted = (rows["metric"] == metric) & (rows["target"] == target) & (rows["task"] != "rollout")
    return rows[wanted & (rows["noise"] == rows["trained_noise"])]


def _numbers(row: Any) -> dict[str, float]:
    return {"value": float(row.mean), "low": float(row.low), "high": float(row.high)}


def _scale(scores: DataFrame, metric: str) -> list[dict[str, Any]]:
    """The best of each role, the best model of all, and the primary ceiling."""
    better = scores.sort_values("mean", ascending=metric in LOSSES, kind="stable")
    models, lines = better[better["role"] != "ceiling"], []
    for role, name in SCALE.items():
        own = better["model"] == better["ceiling_name"] if role == "ceiling" else better["role"] == role
        some = models if role == "best" else better[own]
        if len(some):
            lines.append({"model": str(some["model"].iloc[0]), "kind": name, "value": float(some["mean"].iloc[0])})
    return lines


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    models = list(dict.fromkeys(part.loc[part["kind"] == "published", "model"]))
    looks: dict[str, dict[str, Any]] = {
        "published": {"marker": "D", "color": style.PALETTE[1], "markersize": 8},
        "published split": {"marker": "o", "color": style.PALETTE[0], "markerfacecolor": "white"},
        "sound split": {"marker": "o", "color": style.PALETTE[0]},
    }
    for kind, look in looks.items():
        rows = part[part["kind"] == kind]
        height = [models.index(model) + {"published": 0, "published split": 0.15, "sound split": -0.15}[kind] for model in rows["model"]]
        bars = scales.whiskers(rows["value"], rows["low"], rows["high"])
        axes.errorbar(rows["value"], height, xerr=bars, linestyle="none", label=kind, **look)
    dashes = ["--", "-.", ":", (0, (4, 1, 1, 1, 1, 1)), "-"]
    for name, dash in zip(SCALE.values(), dashes, strict=True):
        for row in part[part["kind"] == name].itertuples():
            axes.axvline(row.value, color=style.INK, linewidth=1, linestyle=dash, label=f"{name}: {row.model} {row.value:.3f}")
    axes.set_yticks(range(len(models)), models)
    axes.set_ylim(-0.6, len(models) - 0.4)
    axes.set_xlabel(scales.named(part["metric"].iloc[0], ""))
    layout.title(axes, str(part["panel"].iloc[0]))

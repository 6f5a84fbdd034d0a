"""Free-running forecasts: error and skill of predictions that are fed back, beside direct forecasts, against the horizon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from headroom.analyses._rows import LOSSES, levels, middle, ordered, own_noise, primary, with_runs
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame, Series

COLUMNS = ["panel", "noise", "horizon", "model", "role", "order", "way", "unit", "mean", "low", "high", "skill", "seeds", "runs"]
KEYS = ["panel", "noise", "horizon"]
FED_BACK, DIRECT = "fed back", "direct"
ACROSS = 3
LOWEST = -1.0


@settings
class RolloutError:
    """The error above, the skill below; a column per system, at one noise level."""

    sources: ClassVar[tuple[str, ...]] = ("summary", "comparisons")
    caption: ClassVar[str] = (
        "Forecasts scored against what was observed. Lines: free-running, each model's one-step prediction is fed back as its input. "
        "Open markers: the same model's direct forecast of that horizon, where it was trained on one. Above: mean squared error with 95 "
        "% intervals over test runs and seeds; black: what the ceilings allow for a direct forecast, which no roll-out from the same "
        "observations can undercut where the ceiling is a bound. Below: skill, 0 the floor and 1 the primary ceiling of direct "
        f"forecasts at the same horizon, cut at {LOWEST:g}; a roll-out's is that of its error relative to the floor's, both from the same "
        "windows, which are a part of the direct forecasts'."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The mean squared error of roll-outs at every scored step, and of direct forecasts and ceilings at one noise level beside them."""
        import pandas

        rolled = middle(own_noise(sources["summary"], "mse", rollout=True))
        where = rolled[["panel", "noise"]].drop_duplicates()
        direct = own_noise(sources["summary"], "mse").merge(where, on=["panel", "noise"])
        known = direct["model"].isin(set(rolled["model"])) | (direct["role"] == "ceiling")
        both = pandas.concat([rolled.assign(way=FED_BACK), direct[known & (direct["role"] != "trivial")].assign(way=DIRECT)])
        both = with_runs(both, sources["comparisons"]).drop(columns="skill").merge(_skills(sources["summary"]), how="left")
        return ordered(both, sources["summary"])[COLUMNS].reset_index(drop=True)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over a logarithmic axis of the error, and of skill."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales

        shown = table[(table["mean"] > 0) & (table["horizon"] <= table.loc[table["way"] == FED_BACK, "horizon"].max())]
        if shown.empty:
            return layout.said("No roll-outs in this study.")
        panels, rows = list(shown["panel"].unique()), 2 if _skilled(shown)["skill"].notna().any() else 1
        columns = min(ACROSS, len(panels))
        figure, axes = layout.grid(rows * -(-len(panels) // columns), columns, height=2.9 if rows == 1 else 2.5)
        places = axes.reshape(-1, rows, columns).transpose(0, 2, 1).reshape(-1, rows)
        layout.hide(places[len(panels) :].flat)
        for place, name in zip(places, panels, strict=False):
            part = shown[shown["panel"] == name].sort_values("horizon")
            _draw_errors(place[0], part)
            for one in place[1:]:
                _draw_skill(one, _skilled(part))
                one.set_xlim(place[0].get_xlim())
            layout.title(place[0], name, f"noise {', '.join(levels(part['noise']))}", scales.counted(part))
            place[-1].set_xlabel("horizon [s]")
        layout.legend(figure)
        return figure


def _skills(summary: DataFrame) -> DataFrame:
    """Skill of roll-outs and direct forecasts between floor and ceiling of direct ones, where these lie far enough apart.

    A roll-out's loss is held against that of the floor's own roll-out from the same windows, so that it does not matter which these are.
    """
    import pandas

    direct, rolled = own_noise(summary), own_noise(summary, rollout=True)
    scored = direct[direct["skill"].notna()]
    fed = rolled.drop(columns=["floor", "ceiling"]).merge(_anchors(direct, scored, rolled), on=KEYS)
    loss = {name: _loss(fed[name], summary) for name in ("mean", "floor_fed_back", "floor", "ceiling")}
    fed = fed.assign(skill=(1 - loss["mean"] / loss["floor_fed_back"]) / (1 - loss["ceiling"] / loss["floor"]))
    both = pandas.concat([fed.assign(way=FED_BACK), scored.assign(way=DIRECT)])
    return both[[*KEYS, "model", "way", "skill"]].astype({"skill": float})


def _anchors(direct: DataFrame, scored: DataFrame, rolled: DataFrame) -> DataFrame:
    """Floor and ceiling of direct forecasts at each place and horizon, and the score of that floor's model when it is fed back."""
    known = scored.drop_duplicates(KEYS)[[*KEYS, "floor", "ceiling"]]
    trivial = direct.loc[direct["role"] == "trivial", [*KEYS, "model", "mean"]].merge(known, on=KEYS)
    nearest = trivial.assign(away=(trivial["mean"] - trivial["floor"]).abs()).sort_values("away", kind="stable").drop_duplicates(KEYS)
    again = rolled[[*KEYS, "model", "mean"]].rename(columns={"mean": "floor_fed_back"})
    return nearest.merge(again, on=[*KEYS, "model"])[[*KEYS, "floor", "ceiling", "floor_fed_back"]]


def _loss(score: Series, summary: DataFrame) -> Series:
    return score.astype(float) if primary(summary) in LOSSES else 1 - score.astype(float)


def _skilled(rows: DataFrame) -> DataFrame:
    return rows[rows["skill"].notna() & ~rows["role"].isin(["trivial", "ceiling"])]


def _lines(part: DataFrame) -> Iterator[tuple[DataFrame, dict[str, Any]]]:
    """The rows of each model and way with their look; direct forecasts of models are open markers without a line."""
    from headroom.analyses import _style as style

    for rows in style.by_model(part):
        for way, some in rows.groupby("way", sort=False):
            marks = style.marks(some)
            alone = way == DIRECT and some["role"].iloc[0] != "ceiling"
            yield some, marks | ({"linestyle": "none", "markerfacecolor": "white", "label": "_"} if alone else {})


def _draw_errors(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales

    for rows, look in _lines(part):
        bars = scales.whiskers(rows["mean"], rows["low"].clip(lower=1e-3 * rows["mean"]), rows["high"])
        axes.errorbar(rows["horizon"], rows["mean"], yerr=bars, **look)
    axes.set_yscale("log")
    scales.decimal(axes.yaxis)
    if layout.starts_row(axes):
        axes.set_ylabel(scales.measured("mean squared error", part["unit"].iloc[0]))


def _draw_skill(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    axes.axhline(0, color=style.GREYS[0], linewidth=1, linestyle="--")
    axes.axhline(1, color=style.INK, linewidth=1)
    for rows, look in _lines(part) if len(part) else ():
        axes.plot(rows["horizon"], rows["skill"], **look)
    axes.set_ylim(max(LOWEST, min(-0.1, part["skill"].min() - 0.1 if len(part) else 0.0)), 1.1)
    if layout.starts_row(axes):
        axes.set_ylabel("skill")

"""Error analysis by position: whether a model fades over a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from headroom.analyses._rows import NO_SIGNAL, chosen, matching, nearest, ordered
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "unit", "time", "error", "low", "high", "runs", "samples"]
NOISE = "measurement noise"
FAR_BELOW = 0.1


@settings
class ErrorByPosition:
    """A panel per system."""

    sources: ClassVar[tuple[str, ...]] = ("positions", "summary")
    caption: ClassVar[str] = (
        "Mean squared error in equal stretches of a run, mean over all test runs and channels, first seed, shortest horizon. Bars: 95 % "
        "t intervals over test runs; of a single run, normal intervals over the stretch's errors taken as independent. Dashed: the "
        "measurement noise in the same stretches, where it is known and not a tenth of the errors."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """The mean squared error of every stretch, and of the noise alone."""
        import pandas

        found = sources["positions"]
        if found.empty:
            return pandas.DataFrame(columns=COLUMNS)
        rows = ordered(nearest(matching(found, chosen(sources["summary"]))), sources["summary"])
        noise = rows.drop_duplicates(["panel", "trial", "time"]).assign(squared=lambda one: one["noise_squared"], fourth=np.nan)
        noise = noise[noise["squared"].notna()].assign(model=NOISE, role="ceiling", order=0)
        both = pandas.concat([rows, noise], ignore_index=True)
        keys = COLUMNS[: COLUMNS.index("error")]
        parts = [_stretch(part).assign(**dict(zip(keys, name, strict=True))) for name, part in both.groupby(keys, sort=False)]
        return (pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()).reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Lines over time."""
        from headroom.analyses import _layout as layout
        from headroom.analyses import _scales as scales
        from headroom.analyses import _style as style

        if table.empty:
            return layout.said(NO_SIGNAL)
        panels = list(table["panel"].unique())
        figure, axes = layout.panes(len(panels), height=2.8)
        for one, name in zip(axes, panels, strict=True):
            part = table[table["panel"] == name]
            models = style.by_model(_near(part))
            apart = 0.1 * (part["time"].max() - part["time"].min()) / part["time"].nunique()
            for number, rows in enumerate(models):
                time = rows["time"] + apart * (number - (len(models) - 1) / 2)
                one.errorbar(time, rows["error"], yerr=scales.whiskers(rows["error"], rows["low"], rows["high"]), **style.marks(rows))
            one.set_yscale("log")
            scales.decimal(one.yaxis)
            counts = f"{int(part['runs'].max())} runs, {part['samples'].median():.0f} errors per stretch"
            layout.title(one, name, f"noise {part['noise'].iloc[0]}", f"n = {counts}")
            one.set_xlabel("time in the run [s]")
            unit = part["unit"].iloc[0]
            one.set_ylabel(scales.measured("mean squared error", f"{unit}^2" if unit else ""))
        layout.legend(figure)
        return figure


def _near(part: DataFrame) -> DataFrame:
    """Without the noise where it lies so far below the errors that these would be squeezed together."""
    noise = part["model"] == NOISE
    return part[~noise] if part.loc[noise, "error"].median() < FAR_BELOW * part.loc[~noise, "error"].min() else part


def _stretch(rows: DataFrame) -> DataFrame:
    """One row: the mean over runs with its interval."""
    from pandas import DataFrame

    runs = (rows["squared"] / rows["samples"]).to_numpy(float)
    samples, mean = int(rows["samples"].sum()), float(runs.mean())
    reach = _over_runs(runs) if len(runs) > 1 else 1.96 * _spread(mean, float(rows["fourth"].iloc[0]) / samples) / np.sqrt(samples)
    return DataFrame([{"error": mean, "low": mean - reach, "high": mean + reach, "runs": len(runs), "samples": samples}])


def _over_runs(runs: np.ndarray) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, len(runs) - 1) * runs.std(ddof=1) / np.sqrt(len(runs)))


def _spread(mean: float, fourth: float) -> float:
    """SD of squared errors from their mean and the mean of their squares."""
    return float(np.sqrt(max(fourth - mean**2, 0.0)))

"""Whether posteriors are as good as they claim: squared errors against claimed variances, parameter by parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses import _posterior_checks as checks
from headroom.analyses._inferred import NO_POSTERIOR, inferred, matrix
from headroom.analyses._rows import levels
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = ["panel", "noise", "model", "role", "order", "target", "excess", "low", "high", "rms_z", "accepted", "doubtful", "recordings"]


@settings
class PosteriorAcceptance:
    """A panel for each posterior, a group of bars for each parameter."""

    sources: ClassVar[tuple[str, ...]] = ("predictions", "summary")
    caption: ClassVar[str] = (
        "Mean squared error of the posterior mean less the variance that the posterior claims, as a share of the parameter's variance over "
        "the test recordings; bars are 95 % intervals. A parameter is accepted (filled) where the interval holds 0 and the root mean "
        f"square of error over claimed SD is in {checks.RMS_Z[0]:g} to {checks.RMS_Z[1]:g}. Above 0: surer than it should be. "
        "Doubtful recordings, on which a sampler's runs disagree, count like all others, and so does every parameter that is not accepted."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """A row for each posterior, noise level and parameter."""
        import pandas

        rows = inferred(sources, posteriors=True)
        parts = [_checked(part) for _, part in rows.groupby(["panel", "noise", "role", "model"], sort=False)]
        return pandas.concat(parts, ignore_index=True)[COLUMNS] if parts else pandas.DataFrame(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Whiskers about 0, noise levels side by side."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said(NO_POSTERIOR)
        parts = [part for _, part in table.groupby(["panel", "model"], sort=False)]
        figure, axes = layout.panes(len(parts), height=2.6, across=2)
        for one, part in zip(axes, parts, strict=True):
            _draw(one, part)
        layout.legend(figure)
        return figure


def _checked(part: DataFrame) -> DataFrame:
    from pandas import DataFrame

    truth, mean, sd = (matrix(part, name) for name in ("truth", "prediction", "sd"))
    found = checks.claimed(truth.to_numpy(), mean.to_numpy(), sd.to_numpy())
    table = DataFrame({"target": list(truth.columns), "accepted": found.accepted} | found._asdict())
    first = {name: part[name].iloc[0] for name in ("panel", "noise", "model", "role", "order")}
    return table.assign(doubtful=part.drop_duplicates("trial")["doubtful"].mean(), recordings=len(truth), **first)


def _draw(axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _scales as scales
    from headroom.analyses import _style as style

    targets, ladder = list(part["target"].unique()), levels(part["noise"])
    for number, level in enumerate(ladder):
        rows = part[part["noise"] == level]
        place = rows["target"].map(targets.index).to_numpy() + 0.6 * ((number + 0.5) / len(ladder) - 0.5)
        color = style.PALETTE[number % len(style.PALETTE)]
        bars = scales.whiskers(rows["excess"], rows["low"], rows["high"])
        axes.errorbar(place, rows["excess"], yerr=bars, color=color, linestyle="none", linewidth=1, label=f"noise {level}")
        for full in (True, False):
            mine = (rows["accepted"] == full).to_numpy()
            axes.plot(place[mine], rows["excess"][mine], "o", color=color, markerfacecolor=color if full else "white", markersize=4)
    axes.axhline(0, color=style.INK, linewidth=0.8)
    axes.set_xticks(range(len(targets)), targets)
    axes.set_ylabel("(error^2 - claimed) / variance")
    doubtful = np.average(part["doubtful"], weights=part["recordings"])
    counts = f"{int(part['accepted'].sum())} of {len(part)} accepted"
    recordings = f"n = {int(part['recordings'].max())}"
    layout.title(axes, str(part["panel"].iloc[0]), str(part["model"].iloc[0]), counts, f"{doubtful:.1%} doubtful", recordings)

"""Whether learnt connections are the true ones, beside what spikes themselves say about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from headroom.analyses import _connections as connections
from headroom.core.settings import settings

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

COLUMNS = [
    "system",
    "split",
    "noise",
    "method",
    "kind",
    "synapses",
    "part",
    "x",
    "y",
    "value",
    "auc",
    "low",
    "high",
    "positive",
    "pairs",
    "graphs",
    "fits",
]
SPIKING = {"cross-correlogram": connections.correlogram, "point-process GLM": connections.glm}
TYPES = {"excitatory": True, "inhibitory": False}


@settings
class GraphRecovery:
    """A row per system: receiver operating curves for excitatory and inhibitory synapses, and the matrices."""

    sources: ClassVar[tuple[str, ...]] = ("explanations", "wiring", "spikes")
    caption: ClassVar[str] = (
        "Is the true graph in what was learnt? Left: how well each estimate tells connected from unconnected pairs with a source of the "
        "same type (receiver operating curve; the diagonal is chance), with the area under it (AUC) and its 95 % interval over pairs. "
        "A network's estimate is |weight| of its learnt matrix, its sign being arbitrary, mean over its fits. The cross-correlogram and "
        "the point-process GLM see the true spike times of the same training runs, which the network does not; the GLM at most "
        f"{connections.MOST:,} samples of them."
        " Networks are those of that split, at the first noise level; the table has the others. Right: the true "
        "weights and one estimate, neurons in the order of the recording, the diagonal left out. Where every run has a graph of its own, "
        "estimates are held against the graphs of runs that nothing was fitted to: a control, whose AUC is .5."
    )

    def compute(self, sources: Mapping[str, DataFrame]) -> DataFrame:
        """Curves (part `curve`: x false, y true positive rate) and matrices (part `matrix`: x source, y target)."""
        import pandas

        wiring, parts = sources["wiring"], []
        for system, pairs in wiring.groupby("system") if len(wiring) else ():
            size, graph = int(pairs["target"].max()) + 1, pairs["trial"].rank(method="dense").to_numpy(int) - 1
            truth, excites = np.zeros((graph.max() + 1, size, size)), np.zeros(size, bool)
            truth[graph, pairs["target"].to_numpy(int), pairs["source"].to_numpy(int)] = pairs["weight"]
            excites[pairs["source"].to_numpy(int)] = pairs["excitatory"].astype(bool)
            estimates = list(_estimates(sources, system, size)) if size > 1 else []
            parts += [frame.assign(system=system, **about) for about, found in estimates for frame in _frames(truth, excites, found, about)]
            if estimates:
                parts.append(_matrix(truth[0]).assign(system=system, method="truth", kind="truth"))
        table = pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame(columns=COLUMNS)
        return table.reindex(columns=COLUMNS)

    def draw(self, table: DataFrame) -> Figure:
        """Two curves and two matrices a system."""
        from headroom.analyses import _layout as layout

        if table.empty:
            return layout.said("No graph to compare with: no recording of this study has one.")
        systems = list(table["system"].unique())
        figure, axes = layout.grid(len(systems), 4, height=3.3)
        for row, system in zip(axes, systems, strict=True):
            part = _of_one_split(table[table["system"] == system])
            for one, synapses in zip(row, TYPES, strict=False):
                _draw_curves(one, part[part["synapses"] == synapses], f"{system}, {synapses}")
            _draw_matrices(figure, row[2:], part[part["part"] == "matrix"])
        return figure


def _estimates(sources: Mapping[str, DataFrame], system: str, size: int) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
    """What each method says of the pairs (target, source), and where it comes from."""
    told = sources["explanations"]
    graphs = told[(told["what"] == "graph") & (told["system"] == system)] if len(told) else told
    where = ["model", "split", "noise"]
    for (model, split, noise), rows in graphs.groupby(where, dropna=False, observed=True) if len(graphs) else ():
        if int(rows["column"].max()) + 1 == size:
            matrix = np.zeros((size, size))
            fits = rows["seed"].nunique()
            np.add.at(matrix, (rows["row"].to_numpy(int), rows["column"].to_numpy(int)), rows["value"].abs().to_numpy() / fits)
            yield {"method": str(model), "kind": "network", "split": split, "noise": noise, "fits": fits}, matrix
    spikes = sources["spikes"]
    mine = spikes[spikes["system"] == system] if len(spikes) else spikes
    for name, infer in SPIKING.items() if len(mine) else ():
        yield {"method": name, "kind": "spikes", "split": mine["split"].iloc[0], "fits": 1}, infer(mine)


def _frames(truth: np.ndarray, excites: np.ndarray, found: np.ndarray, about: Mapping[str, Any]) -> Iterator[DataFrame]:
    """The matrix, and a curve for each type of synapse."""
    import pandas

    yield _matrix(found)
    others, graphs = ~np.eye(len(found), dtype=bool), len(truth)
    for name, kind in TYPES.items():
        asked = others & (excites == kind)
        connected = (truth[:, asked] != 0).ravel()
        score = np.tile(found[asked] if kind or about["kind"] == "network" else -found[asked], graphs)
        area = connections.auc(score, connected)
        if np.isfinite(area):
            false, true = connections.curve(score, connected)
            reach = 1.96 * connections.auc_error(area, int(connected.sum()), int((~connected).sum()))
            numbers = {"auc": area, "low": max(0.0, area - reach), "high": min(1.0, area + reach), "positive": connected.sum()}
            keep = np.unique(np.linspace(0, len(false) - 1, min(200, len(false))).astype(int))
            rows = pandas.DataFrame({"x": false[keep], "y": true[keep]})
            yield rows.assign(part="curve", synapses=name, pairs=len(score), graphs=graphs, **numbers)


def _matrix(values: np.ndarray) -> DataFrame:
    import pandas

    target, source = (axis.ravel() for axis in np.indices(values.shape))
    return pandas.DataFrame({"x": source.astype(float), "y": target.astype(float), "value": values.ravel()}).assign(part="matrix")


def _of_one_split(part: DataFrame) -> DataFrame:
    """The rows of the split whose training runs the spikes are of, and at the first noise level; the truth beside them."""
    spiking = part.loc[part["kind"] == "spikes", "split"]
    split = (spiking if len(spiking) else part["split"].dropna()).iloc[0]
    mine = part[(part["split"] == split) | (part["kind"] == "truth")]
    known = mine["noise"].dropna()
    return mine[mine["noise"].isna() | (mine["noise"] == (known.iloc[0] if len(known) else None))]


def _draw_curves(axes: Any, part: DataFrame, name: str) -> None:
    from headroom.analyses import _layout as layout
    from headroom.analyses import _style as style

    for number, (method, rows) in enumerate(part.groupby("method", sort=False)):
        first = rows.iloc[0]
        label = f"{method}: {first['auc']:.2f} [{first['low']:.2f}, {first['high']:.2f}]"
        marks = style.look("model", number)
        axes.plot(rows["x"], rows["y"], color=marks["color"], linestyle=[*style.TURNS, *style.DASHES][number % 6], label=label)
    axes.plot([0, 1], [0, 1], color=style.GREYS[1], linewidth=0.8, linestyle=":")
    axes.set_xlabel("false positive rate")
    axes.set_ylabel("true positive rate" if layout.starts_row(axes) else "")
    counts = f"n = {int(part['positive'].iloc[0])} of {int(part['pairs'].iloc[0])} pairs" if len(part) else "no synapses to find"
    layout.title(axes, name, counts)
    if len(part):
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.22), "borderaxespad": 0.0}
        axes.legend(**below, fontsize=6, handlelength=1.2, title="AUC [95 %]", title_fontsize=6)


def _draw_matrices(figure: Any, axes: Any, part: DataFrame) -> None:
    from headroom.analyses import _layout as layout

    shown = part[part["kind"] == "network"]
    shown = shown if len(shown) else part[part["kind"] == "spikes"]
    first = shown.iloc[0]
    shown = shown[shown["method"] == first["method"]]
    network = shown["kind"].iloc[0] == "network"
    pairs = ((part[part["kind"] == "truth"], "true weights", "RdBu_r"), (shown, str(first["method"]), "Greys" if network else "RdBu_r"))
    for one, (rows, name, colours) in zip(axes, pairs, strict=True):
        matrix = rows.pivot_table(index="y", columns="x", values="value").to_numpy(copy=True)
        off = matrix[~np.eye(len(matrix), dtype=bool)]
        np.fill_diagonal(matrix, np.nan)
        reach = np.quantile(np.abs(off), 0.995) or 1.0
        edges = (0.5, len(matrix) + 0.5, len(matrix) + 0.5, 0.5)
        limits = {"vmin": 0 if colours == "Greys" else -reach, "vmax": reach}
        image = one.imshow(matrix, cmap=colours, extent=edges, interpolation="nearest", **limits)
        one.locator_params(integer=True, nbins=5)
        layout.title(one, name)
        one.set_xlabel("source neuron")
        figure.colorbar(image, ax=one, fraction=0.046, location="bottom").ax.tick_params(labelsize=7)
    axes[0].set_ylabel("target neuron")

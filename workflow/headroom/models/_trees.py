"""Boosted regression trees as plain arrays: grown by scikit-learn, kept and read without it, so that nothing is ever unpickled."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Forest:
    """Trees one after another; a child is a place in the same arrays, and a leaf is its own child."""

    root: np.ndarray  # (tree,): where each tree starts
    feature: np.ndarray  # (node,)
    threshold: np.ndarray  # (node,): a row goes left where its feature is at most this
    left: np.ndarray  # (node,)
    right: np.ndarray  # (node,)
    value: np.ndarray  # (node,): what a leaf adds
    baseline: np.ndarray  # ()

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """(row,) for features (row, feature)."""
        from headroom.models._tree_walk import leaves_added

        nodes = self.root, self.feature, self.threshold, self.left, self.right, self.value
        return leaves_added(nodes, rows, self.baseline.item())

    def state(self, prefix: str) -> dict[str, np.ndarray]:
        """The arrays under a prefix."""
        return {f"{prefix}.{field.name}": np.asarray(getattr(self, field.name)) for field in fields(self)}


def restore(state: Mapping[str, np.ndarray], prefix: str) -> Forest:
    """The forest that `Forest.state` was taken of."""
    return Forest(**{field.name: state[f"{prefix}.{field.name}"] for field in fields(Forest)})


def forest_of(model: Any) -> Forest:
    """The trees of a fitted HistGradientBoostingRegressor without categorical or missing features."""
    trees = [stage[0].nodes for stage in model._predictors]
    starts = np.cumsum([0, *(len(nodes) for nodes in trees)])[:-1]
    nodes = np.concatenate(trees)
    first = np.repeat(starts, [len(tree) for tree in trees])
    own, leaf = np.arange(len(nodes)), nodes["is_leaf"].astype(bool)
    return Forest(
        root=starts,
        feature=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int64),
        threshold=np.where(leaf, 0.0, nodes["num_threshold"]),
        left=np.where(leaf, own, first + nodes["left"]).astype(np.int64),
        right=np.where(leaf, own, first + nodes["right"]).astype(np.int64),
        value=np.where(leaf, nodes["value"], 0.0),
        baseline=np.asarray(model._baseline_prediction, float).reshape(()),
    )

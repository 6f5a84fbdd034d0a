"""A random forest on lagged principal components of the channels (Breiman 2001): grown by scikit-learn, kept as plain arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from annotated_types import Ge

from headroom.core.examples import Examples, Kind, Target
from headroom.core.prediction import Prediction
from headroom.core.protocols import Role, Workspace
from headroom.core.scaling import batches, pack, require_offsets, unpack
from headroom.core.settings import settings
from headroom.models._class_rows import rows
from headroom.models._components import Lagged, lagged


@settings
class RandomForest:
    """The mean of many trees' class shares, each tree grown on examples drawn anew and choosing among few features at a split."""

    role: ClassVar[Role] = "baseline"
    seeded: ClassVar[bool] = True
    answers: ClassVar[tuple[Kind, ...]] = ("category",)

    lags: Annotated[int, Ge(1)] = 8
    """Newest samples of the window that are read."""
    components: Annotated[int, Ge(1)] = 40
    """Principal components of the channels, where there are more channels than that."""
    trees: Annotated[int, Ge(1)] = 100
    """Trees."""
    leaf: Annotated[int, Ge(1)] = 10
    """Fewest training examples in a leaf."""

    def fit(self, train: Examples, valid: Examples, target: Target, workspace: Workspace) -> tuple["Votes", list[dict[str, float]]]:
        """The trees; nothing is chosen on validation."""
        from sklearn.ensemble import RandomForestClassifier

        inputs = lagged(train, self.lags, self.components)
        features, truth = rows(inputs, train)
        model = RandomForestClassifier(self.trees, min_samples_leaf=self.leaf, random_state=workspace.seed, n_jobs=1)
        return votes_of(model.fit(features, truth.argmax(axis=1)), inputs, np.array(train.offsets)), []

    def restore(self, state: Mapping[str, np.ndarray]) -> "Votes":
        """The forest that was saved."""
        nodes = {name: state[name] for name in ("root", "feature", "threshold", "left", "right", "share")}
        return Votes(Lagged(unpack(state), state["directions"], int(state["lags"].item())), **nodes, offsets=state["offsets"])


@dataclass(frozen=True)
class Votes:
    """Trees one after another; a child is a place in the same arrays, and a leaf is its own child."""

    inputs: Lagged
    root: np.ndarray  # (tree,): where each tree starts
    feature: np.ndarray  # (node,)
    threshold: np.ndarray  # (node,): a row goes left where its feature, in single precision, is at most this
    left: np.ndarray  # (node,)
    right: np.ndarray  # (node,)
    share: np.ndarray  # (node, class)
    offsets: np.ndarray  # (offset,)

    def predict(self, examples: Examples) -> Prediction:
        """Probabilities (example, offset, class)."""
        require_offsets("random_forest", examples, self.offsets)
        parts = [self.shares(self.inputs.features(examples, batch)) for batch in batches(examples)]
        return Prediction(np.concatenate([np.empty((0, self.share.shape[1])), *parts])[:, None])

    def state(self) -> dict[str, np.ndarray]:
        """Trees, projection, scale and offsets."""
        inputs = {"directions": self.inputs.directions, "lags": np.array(self.inputs.lags), **pack(self.inputs.scale)}
        nodes = {name: getattr(self, name) for name in ("root", "feature", "threshold", "left", "right", "share", "offsets")}
        return {**nodes, **inputs}

    def shares(self, features: np.ndarray) -> np.ndarray:
        """Mean shares (row, class) of the leaves that features (row, feature) fall into."""
        single, every = features.astype(np.float32), np.arange(len(features))
        total = np.zeros((len(features), self.share.shape[1]))
        for root in self.root:
            node, before = np.full(len(features), root), np.full(len(features), -1)
            while (node != before).any():
                goes_left = single[every, self.feature[node]] <= self.threshold[node]
                node, before = np.where(goes_left, self.left[node], self.right[node]), node
            total += self.share[node]
        return total / len(self.root)


def votes_of(model: Any, inputs: Lagged, offsets: np.ndarray) -> Votes:
    """The trees of a fitted RandomForestClassifier."""
    trees = [one.tree_ for one in model.estimators_]
    counts = np.array([tree.node_count for tree in trees])
    root = np.cumsum([0, *counts])[:-1]
    first, own = np.repeat(root, counts), np.arange(counts.sum())
    feature, left, right = (
        np.concatenate([getattr(tree, name) for tree in trees]) for name in ("feature", "children_left", "children_right")
    )
    leaf = left < 0
    return Votes(
        inputs=inputs,
        root=root,
        feature=np.where(leaf, 0, feature),
        threshold=np.concatenate([tree.threshold for tree in trees]),
        left=np.where(leaf, own, first + left),
        right=np.where(leaf, own, first + right),
        share=np.concatenate([tree.value[:, 0] / tree.value[:, 0].sum(axis=1, keepdims=True) for tree in trees]),
        offsets=offsets,
    )

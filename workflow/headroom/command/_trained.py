"""The fits that a configuration plans, and one of them as it was after training."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headroom.config.loading import Config
    from headroom.config.plan import Condition
    from headroom.core.dataset import Dataset
    from headroom.core.protocols import Fitted

COORDINATES = ("system", "sensor", "noise", "task", "split")


@dataclass(frozen=True)
class Trained:
    """One seed's fit of a model on a condition, and the files behind it."""

    model: str
    condition: Condition
    seed: int | None
    weights: Path
    dataset: Path
    recording: Path

    @property
    def where(self) -> dict[str, str]:
        """Its coordinates, as the options name them."""
        condition = self.condition
        noise = condition.level or condition.rung
        return dict(zip(COORDINATES, (condition.system, condition.sensor, noise, condition.task, condition.split), strict=True))

    @property
    def words(self) -> str:
        """Model, condition and seed."""
        return f"{self.model} of {self.condition.path}" + ("" if self.seed is None else f", seed {self.seed}")


def planned(config: Config, root: str, study: str | None = None) -> Iterator[Trained]:
    """Every fit that the configuration, or one study of it, asks for below a results folder: all that is known here of its layout."""
    from headroom.config.paths import Paths
    from headroom.config.plan import Plan, seeds_of

    plan, paths = Plan(config), Paths(root)
    for condition, wanted in (plan.studies.get(study, {}) if study else plan.wanted).items():
        own = {"system": condition.system, "sensor": condition.sensor, "rung": condition.rung}
        own |= {"task": condition.task, "split": condition.split}
        dataset, recording = Path(paths.dataset.format(**own)), Path(paths.recording.format(**own))
        for model in wanted.models:
            for fit in plan.fits(condition, model, study):
                weights = Path(paths.weights.format(**own, model=model, fit=fit))
                yield from (Trained(model, condition, seed, weights, dataset, recording) for seed in seeds_of(fit))


def restored(config: Config, trained: Trained) -> tuple[Fitted, Dataset]:
    """The fit and the dataset that it was trained on; raises HeadroomError where files are missing, damaged or of other settings."""
    from headroom.catalog import build
    from headroom.core.given import extras_for, needs, told
    from headroom.core.storage import load
    from headroom.core.tensors import load_tensors
    from headroom.prediction import fits

    model = build("models", config.specs["models"][trained.model])
    fitted = fits.restored(trained.model, model, load_tensors(trained.weights), trained.seed)
    return fitted, told(load(trained.dataset), extras_for(needs(model), [trained.recording]))


def able(config: Config, trained: Trained, can: Callable[[Fitted], bool]) -> str:
    """The models trained on the same condition that can do something, in words."""
    root = str(trained.weights.parents[8])
    there = [fit for fit in planned(config, root) if fit.condition == trained.condition and fit.weights.exists()]
    firsts = {fit.model: fit for fit in reversed(there)}
    return ", ".join(sorted(name for name, fit in firsts.items() if can(restored(config, fit)[0]))) or "none"


def version() -> str:
    """The version of this project."""
    import tomllib

    from headroom.command._arguments import PROJECT

    return str(tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"])

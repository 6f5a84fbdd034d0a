"""How much there is to do in a job of each rule, from resolved settings and sizes: counts that rates turn into seconds and megabytes."""

from math import ceil
from typing import Any

from headroom.catalog import component
from headroom.config.components import instance
from headroom.config.loading import Config
from headroom.config.plan import Condition, Plan
from headroom.core.shape import DataShape
from headroom.planning.shapes import Shapes

Features = dict[str, float]
"""Amounts by name. `start` is 1: what a job costs that does nothing."""
BACKWARD = 3
"""A training step costs three times its forward pass (two of them for the gradients)."""
STARTS = 20
"""Of test examples one in so many starts a roll-out."""
AT_ONCE = 2048
"""Examples that are validated at once."""
LONGEST = 400
"""Examples of an excerpt."""
EXPLAINED = 256
"""Examples of a sensitivity."""


class Amounts:
    """The features of every job."""

    def __init__(self, config: Config, plan: Plan, shapes: Shapes) -> None:
        self.config, self.plan, self.shapes = config, plan, shapes
        self.models = {name: instance("models", spec) for name, spec in config.specs["models"].items()}
        self.ceilings = {name: instance("ceilings", spec) for name, spec in config.specs["ceilings"].items()}
        self._trained: dict[Any, Features] = {}
        self._answered: dict[Any, Features] = {}

    def simulate(self, system: str) -> Features:
        """`work` is what the simulator says, or the numbers that it records."""
        simulator = instance("simulators", self.config.specs["systems"][system])
        recorded = self.shapes.recorded(system)
        return {"start": 1, "work": getattr(simulator, "work", lambda: recorded)(), "values": recorded}

    def observe(self, system: str, sensor: str, noisy: bool) -> Features:
        """`values` of the signal, and of the clean one beside a noisy one."""
        return {"start": 1, "values": self.shapes.signal(system, sensor).values * (1 + noisy)}

    def dataset(self, condition: Condition) -> Features:
        """`values` as of the observation, and `examples`."""
        shape, noisy = self.shapes.dataset(condition), bool(condition.noise)
        return {"start": 1, "values": shape.inputs.values * (1 + noisy), "examples": shape.examples}

    def train(self, condition: Condition, model: str, seeds: int) -> Features:
        """Of a network `steps`, `calls` (samples of windows read one after another) and `work` (multiply-adds); `work` of others."""
        shape = self.shapes.dataset(condition)
        key = (shape, model, seeds)
        if key not in self._trained:
            self._trained[key] = fit_features(self.models[model], shape, seeds)
        return self._trained[key]

    def ceiling(self, condition: Condition, ceiling: str) -> Features:
        """`work` is what the oracle says of this data, or the numbers asked of it; `cells` are those numbers."""
        shape, oracle = self.shapes.dataset(condition), self.ceilings[ceiling]
        cells = shape.test * shape.answers
        simulator = instance("simulators", self.config.specs["systems"][condition.system])
        work = oracle.work(simulator, shape) if hasattr(oracle, "work") else cells
        return {"start": 1, "work": work, "cells": cells * len(self.plan.wanted[condition].metrics), "values": shape.inputs.values}

    def evaluate(self, study: str, condition: Condition) -> Features:
        """Of all models together: `fits`, `cells` (answers x metrics), `work` of predictions, `rolls`, rows `shown`, `sums` and `lags`."""
        shape, wanted = self.shapes.dataset(condition), self.plan.studies[study][condition]
        metrics = len(wanted.metrics)
        total: Features = {"start": 1, "torch": 0, "values": shape.inputs.values * len(wanted.tested)}
        for model, seeds in wanted.models.items():
            once = seeds if component("models", self.config.specs["models"][model]["kind"]).seeded else 1
            key = (shape, model, once, len(wanted.tested), metrics)
            if key not in self._answered:
                self._answered[key] = answer_features(self.models[model], shape, once, len(wanted.tested), metrics)
            for name, amount in self._answered[key].items():
                total[name] = max(total[name], amount) if name == "torch" else total.get(name, 0) + amount
        return total

    def summarise(self, study: str) -> Features:
        """`models`: cells of the tables; `rows`: a row for each of their metrics and targets; `sums`: the same for every test run."""
        total: Features = {"start": 1, "models": 0, "rows": 0, "sums": 0}
        for condition, wanted in self.plan.studies[study].items():
            shape = self.shapes.dataset(condition)
            cells = len(wanted.models) * len(wanted.tested) + len(wanted.ceilings)
            rolled = len(wanted.models) if shape.rollout else 0
            rows = (cells * shape.offsets * len(wanted.metrics) + rolled * 8 * 2) * (shape.targets + 1)
            total["models"] += cells * shape.offsets + rolled * 8
            total["rows"] += rows
            seeds = sum(wanted.models.values()) * len(wanted.tested) + len(wanted.ceilings)
            total["sums"] += rows * seeds / cells * shape.inputs.trials
        return total

    def collect(self) -> Features:
        """`rows` of the tables of all studies."""
        every = [self.summarise(study) for study in self.config.studies]
        return {"start": 1, "rows": sum(one["rows"] for one in every), "sums": sum(one["sums"] for one in every)}

    def figure(self, study: str) -> Features:
        """`conditions` of the study, `rows` and `sums` of its tables."""
        return {**self.summarise(study), "conditions": len(self.plan.studies[study])}

    def report(self) -> Features:
        """`figures`, and `rows` of the tables."""
        figures = sum(len(study.analyses) for study in self.config.studies.values())
        return {**self.collect(), "figures": figures, "conditions": len(self.plan.wanted)}


def is_network(model: Any) -> bool:
    """Whether a model is trained by steps."""
    return hasattr(getattr(model, "training", None), "budget")


def forward(model: Any, shape: DataShape) -> float:
    """Multiply-adds of the answer to one example: what the model says (`work`), or a guess from its width and depth."""
    if hasattr(model, "work"):
        return float(model.work(shape))
    if not is_network(model):
        return shape.length * shape.channels
    width, depth = getattr(model, "hidden", 64), getattr(model, "layers", getattr(model, "blocks", 1))
    return shape.length * width * (shape.channels + width * depth) + width * shape.answers


def fit_features(model: Any, shape: DataShape, seeds: int) -> Features:
    """Of so many seeds of a fit."""
    values = {"start": 1, "values": shape.inputs.values}
    if not is_network(model):
        work = model.fit_work(shape) if hasattr(model, "fit_work") else shape.train * shape.length * shape.channels
        return {**values, "work": seeds * float(work)}
    training, one = model.training, forward(model, shape)
    budget = training.budget(shape.train)
    validations = ceil(budget / (training.validate_every or training.steps_per_epoch(shape.train)))
    batch = min(training.batch_size, shape.train)
    return {
        **values,
        "seeds": seeds,
        "patient": float(training.patience is not None and shape.valid > 0),
        "steps": seeds * budget,
        "calls": seeds * budget * shape.length,
        "work": seeds * one * (BACKWARD * budget * batch + validations * shape.valid),
        "weights": seeds * one / shape.length,
        "held": max(batch, min(AT_ONCE, shape.valid)) * one / getattr(model, "hidden", 64),
    }


def answer_features(model: Any, shape: DataShape, seeds: int, levels: int, metrics: int) -> Features:
    """Of one model's predictions of the test examples, at every level that it is tested on."""
    fits, starts, one = seeds * levels, shape.test / STARTS if shape.rollout else 0.0, forward(model, shape)
    network = is_network(model)
    found: Features = {"models": 1, "fits": fits, "cells": fits * shape.test * shape.answers * metrics}
    found |= {"rolls": seeds * shape.rollout, "rolled": seeds * shape.rollout * starts * shape.length * shape.channels}
    found |= {"shown": min(LONGEST, shape.test / shape.inputs.trials) * shape.answers + shape.rollout * shape.targets}
    found |= {"sums": fits * shape.inputs.trials * shape.answers * metrics}
    if network:
        explained = BACKWARD * min(EXPLAINED, shape.test) * shape.targets
        found |= {"torch": 1, "work": one * (fits * shape.test + seeds * shape.rollout * starts + explained)}
        found |= {"network_rolls": seeds * shape.rollout, "lags": shape.targets * shape.length * shape.channels}
    return found

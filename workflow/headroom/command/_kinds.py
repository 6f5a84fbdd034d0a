"""What `headroom new` can start: where the file goes, and how a configuration names it."""

from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Kind:
    """A kind of component."""

    family: str
    what: str
    """What the template is, for the help."""
    lines: str
    """The lines of a configuration that use it, `$name` for its name."""
    contract: str
    """The contract test that finds it by itself."""


_SECTION = "{section}:\n  $name: {{kind: $name}}\nstudies:\n  my_study:\n    {use}"


def _in_section(section: str, use: str) -> str:
    return _SECTION.format(section=section, use=use)


def _in_study(use: str) -> str:
    return f"studies:\n  my_study:\n    {use}"


KINDS = {
    "simulator": Kind(
        "simulators", "Ornstein-Uhlenbeck processes, with futures", _in_section("systems", "systems: [$name]"), "test_simulators.py"
    ),
    "sensor": Kind("observations", "the mean of all channels", _in_section("sensors", "sensor: $name"), "test_observations.py"),
    "noise": Kind("observations", "uniform noise", _in_section("noises", "noise: $name\n    levels: [0.1, 0.3]"), "test_observations.py"),
    "task": Kind("tasks", "forecasting one channel", _in_section("tasks", "task: $name"), "test_splits_and_tasks.py"),
    "split": Kind("splits", "blocks backwards in time", _in_section("splits", "split: $name"), "test_splits_and_tasks.py"),
    "model": Kind(
        "models",
        "ridge regression on the last sample; with --network a perceptron",
        _in_section("models", "models: [persistence, ridge_var, $name]"),
        "test_models.py",
    ),
    "ceiling": Kind("ceilings", "the best linear map in hindsight", _in_study("ceilings: [noise_floor, $name]"), "test_ceilings.py"),
    "metric": Kind("metrics", "root mean squared error in SDs", _in_study("metrics: [r2, mse, $name]"), "test_metrics.py"),
    "analysis": Kind("analyses", "models in the order of their scores", _in_study("analyses: [ladder, $name]"), "test_analyses.py"),
}
STUDY = "study"
EVERY = (*KINDS, STUDY)

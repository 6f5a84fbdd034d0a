"""Which fit is meant: a trained model's name and what tells its conditions apart, or its weights file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headroom.command._trained import COORDINATES, Trained, planned
from headroom.core.errors import HeadroomError

if TYPE_CHECKING:
    from headroom.config.loading import Config

WEIGHTS = ".safetensors"


def add_model(parser: argparse.ArgumentParser) -> None:
    """MODEL and what chooses among its fits."""
    parser.add_argument("model", metavar="MODEL", help="name of a trained model in the configuration, or its weights.safetensors")
    group = parser.add_argument_group("which fit, where a model was trained on several conditions")
    for name in COORDINATES:
        group.add_argument(f"--{name}", metavar="LEVEL" if name == "noise" else "NAME", help=HELP[name])
    group.add_argument("--study", metavar="NAME", help="a study that asks for it")
    group.add_argument("--seed", metavar="K", type=int, help="training seed (default: the first)")


HELP = {
    "system": "system that it was trained on",
    "sensor": "sensor that it was trained behind",
    "noise": "noise level that it was trained at; none for no noise",
    "task": "task that it was trained for",
    "split": "split that it was trained under",
}


def chosen(options: argparse.Namespace, config: Config) -> Trained:
    """The one fit that the options name; raises HeadroomError where there is none, or several conditions are left."""
    fits = _named(options, config)
    if options.study is not None:
        _require(options.study, config.studies, "--study")
    for name in COORDINATES:
        wanted = getattr(options, name)
        left = [fit for fit in fits if wanted is None or _is(fit, name, wanted)]
        if not left:
            there = ", ".join(dict.fromkeys(fit.where[name] for fit in fits))
            raise HeadroomError(f"--{name} {wanted}: {options.model} is not planned there; there are: {there}")
        fits = left
    trained = [fit for fit in fits if fit.weights.exists()]
    if not trained:
        raise HeadroomError(f"{options.model}: not trained yet; {_command(options, fits[0].weights)} trains it on {fits[0].condition.path}")
    _one_condition(options, trained)
    return _seeded(options, trained)


def _named(options: argparse.Namespace, config: Config) -> list[Trained]:
    """The planned fits of a model's name, or those in a weights file."""
    if options.model.endswith(WEIGHTS):
        return _in_file(Path(options.model), config)
    fits = [fit for fit in planned(config, config.general.results, options.study) if fit.model == options.model]
    if not fits:
        _require(options.model, config.specs["models"], "MODEL")
        raise HeadroomError(f"{options.model}: no study asks for it here; name it in the `models` of one, or give another configuration")
    return fits


def _in_file(file: Path, config: Config) -> list[Trained]:
    """The fits in a weights file, which lies where the pipeline put it: its folders say what it was trained on."""
    if not file.is_file():
        raise HeadroomError(f"{file}: no such file; expected the weights.safetensors of a fit, or a model's name")
    parents = file.resolve().parents
    root = parents[8] if len(parents) > 8 else parents[-1]  # below it: stage, five coordinates, model, fit
    fits = [fit for fit in planned(config, str(root)) if fit.weights == file.resolve()]
    if not fits:
        raise HeadroomError(f"{file}: no fit that this configuration plans; give the one that it was trained with (--configfile, --preset)")
    return fits


def _is(fit: Trained, name: str, wanted: str) -> bool:
    if name != "noise":
        return fit.where[name] == wanted
    return wanted in (fit.condition.rung, fit.condition.level) or (
        fit.condition.level != "" and _number(wanted) == float(fit.condition.level)
    )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _one_condition(options: argparse.Namespace, fits: Sequence[Trained]) -> None:
    several = {fit.condition: fit.where for fit in fits}
    if len(several) == 1:
        return
    rungs = {condition: where | {"noise": condition.rung} for condition, where in several.items()}
    if len({tuple(where.values()) for where in several.values()}) < len(several):
        several = rungs  # two noises with the same level
    differing = [name for name in COORDINATES if len({where[name] for where in several.values()}) > 1]
    lines = [" ".join(f"--{name} {where[name]}" for name in differing) for where in several.values()]
    raise HeadroomError(f"{options.model}: trained on {len(lines)} conditions; add one of these:\n  " + "\n  ".join(lines))


def _seeded(options: argparse.Namespace, fits: Sequence[Trained]) -> Trained:
    """The fit of the seed that was asked for, or of the first."""
    if options.seed is None:
        return fits[0]
    found = next((fit for fit in fits if fit.seed == options.seed), None)
    if found is None:
        seeds = ", ".join(str(fit.seed) for fit in fits if fit.seed is not None)
        there = f"trained are: {seeds}" if seeds else "it does not depend on one, leave --seed out"
        raise HeadroomError(f"--seed {options.seed}: no such fit of {fits[0].model}; {there}")
    return found


def _require(name: str, known: Iterable[str], option: str) -> None:
    from headroom.config.problems import meant

    names = list(known)
    if name not in names:
        advice = " (if a file of yours defines it, add --configfile FILE)"
        raise HeadroomError(f"{option} {name}: not in the configuration{advice}; {meant(name, names)}")


def _command(options: argparse.Namespace, target: Path) -> str:
    from headroom.command._arguments import for_snakemake

    return " ".join(["snakemake", "--cores", "1", str(target), *for_snakemake(options)])

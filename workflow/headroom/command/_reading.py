"""A user's file, read as `systems: {kind: recording}` reads it, with what is already known of its like."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headroom.core.errors import BadRecording, HeadroomError

if TYPE_CHECKING:
    from headroom.config.loading import Config
    from headroom.core.recording import Recording

KIND = "recording"
OWN = ("kind", "file")
"""What a file does not share with the one that a model was trained on."""
LABELS = ("label", "unlabelled")
"""What it need not share: it may have no labels."""


def read(options: argparse.Namespace, config: Config, like: Mapping[str, Any], dt: float) -> Recording:
    """The file, with the settings `like` unless the options say otherwise; `dt` [s] is the trained one, for the error that lacks it.

    Raises BadRecording where it cannot be read.
    """
    asked = _asked(options, config)
    inherited = {key: value for key, value in like.items() if key not in OWN and value is not None}
    bare = {key: value for key, value in inherited.items() if key not in LABELS}
    attempts = [{**inherited, **asked}] + ([{**bare, **asked}] if bare != inherited else [])
    found, refusal = _first_readable(attempts)
    if found is None and all("dt" not in given for given in attempts) and _first_readable([{**given, "dt": dt} for given in attempts])[0]:
        words = f"does not say its sampling interval; add --dt SECONDS (the model was trained at --dt {dt:g})"
        raise BadRecording(f"{options.recording}: {words}")
    if found is None:
        raise refusal
    return found


def _first_readable(attempts: Sequence[Mapping[str, Any]]) -> tuple[Recording | None, Exception]:
    """The recording under the first settings that it can be read with, and what the very first ones were refused with."""
    from headroom.core.randomness import streams

    refusals: list[Exception] = []
    for given in attempts:
        try:
            return _reader(given).simulate(streams(0)), BadRecording("")
        except BadRecording as error:
            refusals.append(error)
    return None, refusals[0]


def _reader(given: Mapping[str, Any]) -> Any:
    from headroom.catalog import component
    from headroom.config.components import checked

    found, problems = checked(component("simulators", KIND), given, ("--reading",))
    if problems:
        raise HeadroomError("; ".join(map(str, problems)))
    return found


def _asked(options: argparse.Namespace, config: Config) -> dict[str, Any]:
    from headroom.config.problems import meant

    if not Path(options.recording).suffix and not Path(options.recording).exists():
        known = meant(options.recording, config.specs["systems"])
        raise HeadroomError(f"{options.recording}: neither a file nor a system of the configuration; {known}")
    named = {"dt": options.dt, "unit": options.unit, "label": options.label}
    asked = {key: value for key, value in named.items() if value is not None} | _pairs(options.reading)
    return {**asked, "file": options.recording}


def _pairs(entries: list[str]) -> dict[str, Any]:
    """KEY=VALUE, values read as YAML."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    found = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        try:
            found[key] = YAML(typ="safe", pure=True).load(value)
        except YAMLError:
            equals = ""
        if not key or not equals:
            raise HeadroomError(f"--reading {entry}: expected KEY=VALUE, such as missing=interpolate")
    return found

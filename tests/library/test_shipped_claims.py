"""Published numbers of the studies that ship: each stands beside runs that config.yaml asks for."""

from pathlib import Path

import pytest

from headroom.config.loading import load
from headroom.config.plan import Plan
from headroom.config.reading import read

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped():
    config = load(read([ROOT / "config.yaml"]))
    return config, Plan(config)


def runs_of(plan, study, claim, split):
    """Seeds of the claim's model under a split, one entry for each condition that it is run in."""
    conditions = plan.studies[study].items()
    same = [(one, wanted) for one, wanted in conditions if (one.system, one.split) == (claim.system, split)]
    return [wanted.models[claim.model] for one, wanted in same if claim.model in wanted.models and claim.sensor in ("", one.sensor)]


def test_every_claim_is_run_again_as_published_and_soundly(shipped):
    config, plan = shipped
    found = [(name, claim) for name, study in config.studies.items() for claim in study.published]
    assert found
    for study, claim in found:
        for split in (claim.split, claim.sound_split):
            assert runs_of(plan, study, claim, split), f"{study}: {claim.model} on {claim.system}, {claim.sensor}, {split}"


def test_the_published_autoencoder_has_a_distribution(shipped):
    """Twenty seeds of each of the 18 published correlations; those of outputs that the loss leaves out can support no claim."""
    config, plan = shipped
    claims = config.studies["hidden_states"].published
    assert len({(claim.sensor, claim.target) for claim in claims}) == len(claims) == 18
    shown = {"identity": {f"y{n}" for n in range(6)}, "potentials": {"y0", "y1", "y2"}, "y0": {"y0"}}
    for claim in claims:
        assert min(runs_of(plan, "hidden_states", claim, claim.split)) >= 20
        assert bool(claim.unsupported) == (claim.target not in shown[claim.sensor])

"""The files of a subject's head are a user's own: what rests on them reruns when one changes, and only then."""

import os

import pytest
from fixtures.project import new_project
from fixtures.subjects import write_subject

pytest.importorskip("mne")
CONFIG = """
systems:
  erp: {kind: erp, trials: 30}
sensors:
  eeg64: [{kind: eeg, head: &head {subject: subject, dipoles: 50}}]
noises:
  background: {kind: eeg_background, head: *head}
tasks:
  infer: {kind: inference}
studies:
  evoked:
    {question: Which?, systems: [erp], sensor: eeg64, noise: background, levels: [1], task: infer, split: by_trial, models: [train_mean]}
"""


def test_a_lead_field_follows_the_files_of_its_subject(tmp_path):
    project = new_project(tmp_path / "tree")
    (project.folder / "config.yaml").write_text(CONFIG)
    regions = write_subject(project.folder / "subject", shell=120) / "label" / "lh.aparc.annot"
    only = ("--until", "lead_field")
    project.run(*only)
    (made,) = project.folder.glob("results/2_observations/lead_fields/*/lead_field.npz")
    assert made.parent.name.startswith("biosemi64_")
    os.utime(regions)
    assert project.planned(*only) == {}, "touched, and the same"
    regions.write_bytes(regions.read_bytes() + b"more")
    assert project.planned(*only) == {"lead_field": 1}
    regions.unlink()
    refused = project.run("-n", *only, check=False)
    assert refused.returncode == 1 and "sensors.eeg64[0]: head.subject: subject lacks label/lh.aparc.annot" in refused.stdout

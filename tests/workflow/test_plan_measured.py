"""The plan beside what Snakemake plans, and beside what a run took."""

from collections import Counter
from pathlib import Path

import pytest

from headroom.config.loading import load
from headroom.config.reading import read
from headroom.planning.compare import compare
from headroom.planning.jobs import Jobs
from headroom.planning.measured import measured
from headroom.planning.rates import stored

ROOT = Path(__file__).parents[2]


def jobs_of(*files):
    return Jobs(load(read(files)))


@pytest.mark.parametrize("overlays", [[], ["workflow/presets/smoke.yaml"], ["workflow/presets/paper.yaml"]])
def test_jobs_are_as_many_as_snakemake_plans(finished, tmp_path, overlays):
    project = finished.copy(tmp_path / "copy")
    (project.folder / "config.yaml").write_text((ROOT / "config.yaml").read_text())
    given = ["--config", "results=elsewhere"]
    expected = project.planned(*(["--configfile", *overlays] if overlays else []), *given)
    jobs = jobs_of(ROOT / "config.yaml", *(ROOT / file for file in overlays))
    assert Counter(job.rule for job in jobs.all) == expected


def test_a_run_is_predicted(finished):
    jobs = jobs_of(finished.folder / "config.yaml")
    ran = measured(jobs, [finished.folder / "results"])
    assert [one.job for one in ran] == jobs.all, "every planned job was measured, and every manifest found"
    assert all(one.disk > 0 for one in ran)
    total = compare(stored(), ran)[-1]
    cpu, memory, disk = total.ratios
    assert 1 / 3 < cpu < 3, "processor time depends on the machine; a plan of the wrong size does not come near"
    assert 1 / 1.5 < memory < 1.5
    assert 1 / 1.5 < disk < 1.5

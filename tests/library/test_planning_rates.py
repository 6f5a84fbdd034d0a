"""Rates: found from what jobs took, and turned into what jobs will take."""

from dataclasses import replace
from pathlib import Path

import pytest
from fixtures.planned import STUDY, planned

from headroom.config.loading import load
from headroom.core.errors import HeadroomError
from headroom.planning.calibration import Row, calibrate
from headroom.planning.compare import at_speed, compare
from headroom.planning.dearest import dearest
from headroom.planning.estimate import estimate
from headroom.planning.jobs import Jobs
from headroom.planning.measured import Measured, measured
from headroom.planning.rates import COUNTED, MEASURES, Rates, pooled, stored


def example_rates():
    """Rates that differ between groups and amounts."""
    names = {name: {measure: {**dict.fromkeys(COUNTED[name][measure], 1e-8), "start": 0.2} for measure in MEASURES} for name in COUNTED}
    names["network"]["cpu"] = {"start": 2.0, "steps": 1e-3, "calls": 1e-5, "work": 2e-11}
    names["train"]["cpu"] = {"start": 0.3, "work": 1e-9}
    return Rates(names)


def run_of(jobs, rates, slower=1.0):
    """As if every job had run at these rates."""
    made = {measure: [rates.of(job, measure) for job in jobs.all] for measure in MEASURES}
    rows = zip(jobs.all, *(made[measure] for measure in MEASURES), strict=True)
    return [Measured(job, Path("none"), slower * cpu, slower * cpu, memory, disk) for job, cpu, memory, disk in rows]


def test_calibration_finds_the_rates_that_made_the_measurements():
    models = {f"net{n}": {"kind": "lstm", "hidden": n, "training": {"steps": 50 * n}} for n in (2, 8, 32, 128)}
    raw = {"models": models, "studies": {"one": STUDY | {"models": [*models, "persistence", "ridge_var", "ridge_ar"]}}}
    true = example_rates()
    ran = run_of(Jobs(load(raw)), true)
    found = calibrate([Row(one, 1.0) for one in ran])
    other = planned(models=["lstm", "ridge_var"], seeds=2)
    for job in other.all:
        if job.rule == "train":
            assert found.of(job, "cpu") == pytest.approx(true.of(job, "cpu"), rel=0.1)


def test_fits_that_stop_early_cost_their_share_of_the_budget():
    patient = {"patient": {"kind": "lstm", "training": {"steps": 1000, "validate_every": 100, "patience": 2}}}
    whole = {"whole": {"kind": "lstm", "training": {"steps": 1000, "validate_every": 100}}}
    jobs = Jobs(load({"models": patient | whole, "studies": {"one": STUDY | {"models": ["patient", "whole"]}}}))
    rates = replace(example_rates(), share={"network": 0.5})
    stopped, ended = (next(job for job in jobs.all if f"/{name}/" in job.name) for name in ("patient", "whole"))
    start = rates.groups["network"]["cpu"]["start"]
    assert rates.of(stopped, "cpu") - start == pytest.approx((rates.of(ended, "cpu") - start) / 2)
    rows = [Row(one, 0.25 if one.job.features.get("patient") else 1.0) for one in run_of(jobs, example_rates())]
    other = Jobs(load({"studies": {"one": STUDY | {"models": ["ridge_var"]}}}))
    assert calibrate([*rows, *(Row(one, 1.0) for one in run_of(other, example_rates()))]).share["network"] == 0.25


def test_calibration_needs_every_rule():
    ran = [one for one in run_of(planned(), example_rates()) if one.job.rule != "report"]
    with pytest.raises(HeadroomError, match="no job of report was measured"):
        calibrate([Row(one, 1.0) for one in ran])


def test_a_slower_machine_is_noticed():
    jobs = planned()
    rates, known = at_speed(example_rates(), run_of(jobs, example_rates(), slower=3.0))
    assert known >= 5 and rates.speed == pytest.approx(3.0)
    assert estimate(jobs, rates).total().cpu == pytest.approx(3 * estimate(jobs, example_rates()).total().cpu)
    row = compare(rates, run_of(jobs, example_rates(), slower=3.0))[-1]
    assert row.name == "total" and row.jobs == len(jobs.all) and row.ratios == pytest.approx((1, 1, 1))


def benchmark_of(folder, jobs, job, row):
    file = folder / jobs.benchmark(job)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n{row}\n")


def test_what_snakemake_did_not_see_of_a_job_is_added(tmp_path):
    jobs = planned()
    first, second, third, *_ = jobs.all
    benchmark_of(tmp_path, jobs, first, "10.20\t0:00:10\t210.5\t1\t1\t1\t0\t0\t50\t5.00")  # half a core until the look at 10 s
    benchmark_of(tmp_path, jobs, second, "0.30\t0:00:00\t3.0\t1\t1\t1\t0\t0\t0\t0.00")
    benchmark_of(tmp_path, jobs, third, "40.0\t0:00:40\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA")
    ran = {one.job.name: one for one in measured(jobs, [tmp_path / "elsewhere", tmp_path])}
    assert set(ran) == {first.name, second.name, third.name}
    assert ran[first.name].cpu == pytest.approx(5.1) and ran[first.name].memory == 210.5
    assert ran[second.name].cpu == pytest.approx(0.15) and ran[second.name].memory is None, "used the processor as the others did"
    assert ran[third.name].cpu == pytest.approx(20.0) and ran[third.name].memory is None


def test_time_on_several_cores_has_two_limits():
    plan = estimate(planned(), example_rates())
    times = [plan.wall(cores) for cores in (1, 2, 1000)]
    assert times[0] > times[1] > times[2] > max(one.cpu for one in plan.each)
    assert times[0] > plan.total().cpu


def test_dearest_fits_come_first_with_what_saves_how_much():
    fits = dearest(estimate(planned(), stored()), "one")
    assert len(fits) == 5 and fits[0].model == "lstm" and fits[0].seeds == 7
    assert [fit.cpu for fit in fits] == sorted((fit.cpu for fit in fits), reverse=True)
    words = " ".join(fits[0].advice)
    assert "seeds: 6 saves" in words and "steps:" in words and "without level" in words


def test_a_kind_that_was_never_measured_is_estimated_from_similar_ones():
    groups = {name: rates for name, rates in stored().groups.items() if name not in ("train.lstm", "train.ridge_var")}
    plan = estimate(planned(), Rates(groups, stored().share))
    assert set(plan.unmeasured()) == {"train.lstm", "train.ridge_var"}
    assert all(one.cpu > 0 for one in plan.each)
    assert {pooled(job) for job in planned().all if job.rule == "train"} == {"network", "train"}

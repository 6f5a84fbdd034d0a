"""Write the page to read first from the studies' tables and figures."""

import inspect
from pathlib import Path

from _job import job
from headroom.catalog import component
from headroom.core.files import verify, write_text
from headroom.core.tables import load_table
from headroom.report.evidence import belongs, checksums, run_times, versions
from headroom.report.page import Measure, StudyPage, build
from headroom.report.pictures import light


def study_page(name, study):
    """What the page shows of a study."""
    tables = {Path(file).stem: load_table(file) for file in snakemake.input.tables if Path(file).parts[-2] == name}
    figures = [Path(file) for file in snakemake.input.figures if Path(file).parts[-3] == name]
    pictures = tuple(light(file.stem, component("analyses", file.stem).caption, verify(file).read_bytes()) for file in figures)
    measures = {metric: measure(component("metrics", metric)) for metric in study["metrics"]}
    given = {"limits": tuple(study["limits"]), "primary": study["primary"], "evidence": evidence_of(name, study["conditions"])}
    return StudyPage(name, study["question"], pictures=pictures, measures=measures, **given, **tables)


def measure(metric):
    """What a metric is: the first line of its file."""
    return Measure(inspect.getmodule(metric).__doc__.splitlines()[0], metric.higher_is_better)


def evidence_of(name, conditions):
    """Run times and checksums of a study."""
    jobs = [path for path in benchmarks if belongs(str(path.relative_to(times)).removesuffix(".tsv"), name, conditions)]
    files = [path for path in manifests if belongs(str(path.relative_to(results).parent), name, conditions)]
    return run_times(jobs, times), checksums(files, results)


with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    results = Path(snakemake.params.results)
    times = results / "benchmarks"
    benchmarks = sorted(times.rglob("*.tsv"))
    manifests = [path for path in sorted(results.rglob("*.manifest.json")) if "training_state" not in path.parts]
    studies = [study_page(name, study) for name, study in settings["studies"].items()]
    common = [path for path in manifests if path.parent == results]
    evidence = [versions(settings["versions"]), checksums(common, results), run_times(benchmarks, times)]
    page = build(studies, evidence, notice=settings["notice"])
    report(f"{len(page) / 1e6:.1f} MB")
    write_text(snakemake.output.page, page)

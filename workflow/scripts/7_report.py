"""Write the page to read first from the studies' tables and figures."""

from pathlib import Path

from _job import job
from headroom.catalog import component
from headroom.core.files import verify, write_text
from headroom.core.tables import load_table
from headroom.report.evidence import checksums, run_times, versions
from headroom.report.page import Picture, StudyPage, build


def study_page(name, study):
    """What the page shows of a study."""
    tables = {Path(file).stem: load_table(file) for file in snakemake.input.tables if Path(file).parts[-2] == name}
    figures = [file for file in snakemake.input.figures if Path(file).parts[-3] == name]
    names = [Path(file).stem for file in figures]
    captions = [component("analyses", analysis).caption for analysis in names]
    pictures = tuple(map(Picture, names, captions, (verify(file).read_bytes() for file in figures)))
    return StudyPage(name, study["question"], pictures=pictures, limits=tuple(study["limits"]), primary=study["primary"], **tables)


with job(snakemake) as report:
    settings = snakemake.params.job["settings"]
    studies = [study_page(name, study) for name, study in settings["studies"].items()]
    results = Path(snakemake.params.results)
    evidence = [
        run_times((results / "benchmarks").rglob("*.tsv"), results / "benchmarks"),
        versions(settings["versions"]),
        checksums(path for path in results.rglob("*.manifest.json") if "training_state" not in path.parts),
    ]
    page = build(studies, evidence, notice=settings["notice"])
    report(f"{len(page) / 1e6:.1f} MB")
    write_text(snakemake.output.page, page)

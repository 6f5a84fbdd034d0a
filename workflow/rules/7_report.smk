rule report:
    """The page to read first: the question, the headline figure, published beside measured, then every study in full."""
    input:
        tables=expand([paths.study_summary, paths.study_comparisons, paths.study_verdicts], study=config_of.studies),
        figures=figures_of(*config_of.studies),
        scores=paths.scores,
    output:
        page=report(paths.report, caption="../report/report.rst", category="Report"),
        manifest=paths.manifest("report", "report"),
    log:
        paths.log("report", "all"),
    benchmark:
        paths.benchmark("report", "all")
    conda:
        "../../envs/draw.yaml"
    params:
        job=ledger.report(),
    message:
        "write the report"
    script:
        "../scripts/7_report.py"

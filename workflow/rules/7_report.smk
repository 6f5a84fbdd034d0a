rule report:
    """The page to read first: the question, the headline figure, published beside measured, then every study in full."""
    input:
        summary=paths.summary,
        scores=paths.scores,
        comparisons=paths.comparisons,
        tables=expand(paths.table, zip, study=[s for s in config_of.studies for _ in config_of.studies[s].analyses], analysis=[a for s in config_of.studies for a in config_of.studies[s].analyses]),
        figures=figures_of(*config_of.studies),
    output:
        page=report(paths.report, caption="../report/report.rst", category="Report"),
        manifest=paths.manifest("report", "report"),
    params:
        job=ledger.report(),
        benchmarks=f"{paths.root}/benchmarks",
    log:
        paths.log("report", "all"),
    benchmark:
        paths.benchmark("report", "all")
    conda:
        "../../envs/draw.yaml"
    message:
        "write the report"
    script:
        "../scripts/7_report.py"

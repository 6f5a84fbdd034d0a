rule report:
    """The page to read first: the question, the headline figure, published beside measured, then every study in full."""
    input:
        tables=report_tables_of(*config_of.studies),
        figures=figures_of(*config_of.studies),
        scores=paths.scores,
    output:
        page=report(paths.report, caption="../report/report.rst", category="Report"),
        manifest=paths.manifest("report", "report"),
    log:
        paths.log("report", "all"),
    benchmark:
        paths.benchmark("report", "all")
    group:
        group_of("report")
    conda:
        "../../envs/draw.yaml"
    resources:
        mem_mb=memory_of("report"),
        runtime=minutes_of("report"),
    params:
        job=ledger.report(),
        results=lambda wildcards: config_of.general.results,
    message:
        "write the report"
    script:
        "../scripts/7_report.py"


rule page:
    """The same page of one study alone."""
    input:
        tables=lambda wildcards: report_tables_of(wildcards.study),
        figures=lambda wildcards: figures_of(wildcards.study),
    output:
        page=paths.study_report,
        manifest=paths.manifest("study_report", "{study}"),
    log:
        paths.log("page", "{study}"),
    benchmark:
        paths.benchmark("page", "{study}")
    group:
        group_of("page")
    conda:
        "../../envs/draw.yaml"
    resources:
        mem_mb=memory_of("page"),
        runtime=minutes_of("page"),
    params:
        job=lambda wildcards: ledger.report(wildcards.study),
        results=lambda wildcards: config_of.general.results,
    message:
        "write the report of {wildcards.study}"
    script:
        "../scripts/7_report.py"

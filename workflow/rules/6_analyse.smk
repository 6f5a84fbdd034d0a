rule analyse:
    """Compute the table behind a figure."""
    input:
        lambda wildcards: list(sources_of(wildcards.study, wildcards.analysis)),
    output:
        table=paths.table,
        manifest=paths.manifest("table", "analyse"),
    log:
        paths.log("analyse", "{study}/{analysis}"),
    benchmark:
        paths.benchmark("analyse", "{study}/{analysis}")
    group:
        group_of("analyse")
    conda:
        "../../envs/analyse.yaml"
    resources:
        mem_mb=memory_of("analyse"),
        runtime=minutes_of("analyse"),
    params:
        job=lambda wildcards: ledger.analyse(wildcards.study, wildcards.analysis),
        where=lambda wildcards: list(sources_of(wildcards.study, wildcards.analysis).values()),
    message:
        "analyse {wildcards.study}: {wildcards.analysis}"
    script:
        "../scripts/6_analyse.py"


rule draw:
    """Draw a figure from its table alone."""
    input:
        table=paths.table,
    output:
        figure=report(paths.figure, caption="../report/figure.rst", category="{study}", labels={"figure": "{analysis}"}),
        manifest=paths.manifest("figure", "draw"),
    log:
        paths.log("draw", "{study}/{analysis}"),
    benchmark:
        paths.benchmark("draw", "{study}/{analysis}")
    group:
        group_of("draw")
    conda:
        "../../envs/draw.yaml"
    resources:
        mem_mb=memory_of("draw"),
        runtime=minutes_of("draw"),
    params:
        job=lambda wildcards: ledger.draw(wildcards.study, wildcards.analysis),
    message:
        "draw {wildcards.study}: {wildcards.analysis}"
    script:
        "../scripts/6_draw.py"

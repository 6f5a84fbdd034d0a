rule observe:
    """See a recording through a sensor and a noise."""
    input:
        recording=paths.recording,
        lead_fields=lambda wildcards: lead_fields_of(wildcards),
    output:
        observed=paths.observed,
        manifest=paths.manifest("observed", "observe"),
    log:
        paths.log("observe", "{system}/{sensor}/{rung}"),
    benchmark:
        paths.benchmark("observe", "{system}/{sensor}/{rung}")
    priority: 80
    group:
        group_of("observe")
    conda:
        "../../envs/simulate.yaml"
    resources:
        mem_mb=memory_of("observe"),
        runtime=minutes_of("observe"),
    params:
        job=lambda wildcards: ledger.observe(observation_of(wildcards)),
    message:
        "observe {wildcards.system} through {wildcards.sensor}, noise {wildcards.rung}"
    script:
        "../scripts/2_observe.py"


rule lead_field:
    """Work out what sources in a head do to the sensors of an electroencephalogram."""
    input:
        lambda wildcards: files_of_subject(wildcards.head),
    output:
        lead_field=paths.lead_field,
        manifest=paths.manifest("lead_field", "lead_field"),
    log:
        paths.log("lead_field", "{head}"),
    benchmark:
        paths.benchmark("lead_field", "{head}")
    priority: 90
    group:
        group_of("lead_field")
    conda:
        "../../envs/forward.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("lead_field"),
        runtime=minutes_of("lead_field"),
    params:
        job=lambda wildcards: ledger.lead_field(wildcards.head),
    message:
        "lead field of {wildcards.head}"
    script:
        "../scripts/2_lead_field.py"

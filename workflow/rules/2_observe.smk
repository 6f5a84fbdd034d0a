rule observe:
    """See a recording through a sensor and a noise."""
    input:
        recording=paths.recording,
    output:
        observed=paths.observed,
        manifest=paths.manifest("observed", "observe"),
    log:
        paths.log("observe", "{system}/{sensor}/{rung}"),
    benchmark:
        paths.benchmark("observe", "{system}/{sensor}/{rung}")
    priority: 80
    conda:
        "../../envs/simulate.yaml"
    params:
        job=lambda wildcards: ledger.observe(observation_of(wildcards)),
    message:
        "observe {wildcards.system} through {wildcards.sensor}, noise {wildcards.rung}"
    script:
        "../scripts/2_observe.py"

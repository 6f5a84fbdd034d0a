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


def observation_of(wildcards):
    """A planned condition with this system, sensor and noise; its task and split do not matter here."""
    start = f"{wildcards.system}/{wildcards.sensor}/{wildcards.rung}/"
    return next(condition for path, condition in plan.by_path.items() if path.startswith(start))

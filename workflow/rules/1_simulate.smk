rule simulate:
    """Draw every trial of a system, or read a user's recording."""
    input:
        lambda wildcards: recording_files(wildcards.system),
    output:
        recording=paths.recording,
        manifest=paths.manifest("recording", "simulate"),
    log:
        paths.log("simulate", "{system}"),
    benchmark:
        paths.benchmark("simulate", "{system}")
    priority: 90
    group:
        group_of("simulate")
    conda:
        "../../envs/simulate.yaml"
    resources:
        mem_mb=memory_of("simulate"),
        runtime=minutes_of("simulate"),
    params:
        job=lambda wildcards: ledger.simulate(wildcards.system),
    message:
        "simulate {wildcards.system}"
    script:
        "../scripts/1_simulate.py"

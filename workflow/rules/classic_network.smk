"""The network of Brunel (2000) at its 12,500 neurons, on request: `snakemake --cores 1 classic_network`; `all` never asks for it.

Four networks of 15.6 million synapses, 1.2 s each: 18 s of processor time and 700 MB. Systems of kind brunel_classic in the
configuration are run in the place of the paper's four: other sizes, durations and regimes.
"""

FOUR = {"SR": (3.0, 2.0), "SI_fast": (6.0, 4.0), "SI_slow": (4.5, 0.9), "AI": (5.0, 2.0)}
CLASSIC = {name: spec for name, spec in config_of.specs["systems"].items() if spec["kind"] == "brunel_classic"} or {
    name: {"kind": "brunel_classic", "inhibition": inhibition, "external_drive": drive, "observed": 500}
    for name, (inhibition, drive) in FOUR.items()
}


rule classic_regimes:
    """Simulate every network and measure its regime."""
    output:
        table=paths.classic_table,
        manifest=paths.manifest("classic_table", "classic_regimes"),
    log:
        paths.log("classic_regimes", "all"),
    benchmark:
        paths.benchmark("classic_regimes", "all")
    conda:
        "../../envs/analyse.yaml"
    threads: 1
    resources:
        mem_mb=1000,
    params:
        job=ledger.table_of_systems("firing_regimes", CLASSIC),
    message:
        f"simulate {', '.join(CLASSIC)}"
    script:
        "../scripts/6_analyse.py"


rule classic_network:
    """Draw their rasters, rates and spectra."""
    input:
        table=paths.classic_table,
    output:
        figure=paths.classic_figure,
        manifest=paths.manifest("classic_figure", "classic_network"),
    log:
        paths.log("classic_network", "all"),
    benchmark:
        paths.benchmark("classic_network", "all")
    conda:
        "../../envs/draw.yaml"
    params:
        job=ledger.figure_of_systems("firing_regimes", CLASSIC),
    message:
        "draw the classic network's regimes"
    script:
        "../scripts/6_draw.py"

"""Work out what sources in a head do to the sensors of an electroencephalogram."""

from _job import job
from headroom.core.storage import save
from headroom.observations._forward import lead_field
from headroom.observations._head import Head

with job(snakemake) as report:
    field = lead_field(Head(**snakemake.params.job["settings"]["head"]))
    report(f"{len(field.channels)} sensors, {field.background.shape[1]} background dipoles; {field.source.max():.3g} uV per mV at most")
    save(snakemake.output.lead_field, field)

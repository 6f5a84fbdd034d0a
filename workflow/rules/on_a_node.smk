"""A submission to Slurm runs its jobs side by side in one process, with Snakemake's local executor.

The plugin's own way is to have this process start another Snakemake for each job, one after the other: 2.5 s of processor time each.
"""

import os
import sys

JOBSTEP = ["--executor", "slurm-jobstep", "--jobs", "1"]

for place in range(len(sys.argv)):
    if sys.argv[place : place + len(JOBSTEP)] == JOBSTEP:
        # This runs at the top of the Snakefile, before any work was done.
        told = sys.argv[1:place] + sys.argv[place + len(JOBSTEP) :]
        os.execv(sys.executable, [sys.executable, "-m", "snakemake", *told])

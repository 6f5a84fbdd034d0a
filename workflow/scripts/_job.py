"""What every script shares: a log, one-line errors, a manifest of what was written."""

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headroom.core.errors import HeadroomError, Interrupted
from headroom.core.files import write_manifest

FAILED, INTERRUPTED = 1, 75  # 75: try again later (sysexits.h), the checkpoint is there


@contextmanager
def job(snakemake: Any) -> Iterator[Callable[[str], None]]:
    """Yields a function that writes a line to the job's log; afterwards the outputs get their manifest."""
    started = time.monotonic()
    with open(snakemake.log[0], "w", encoding="utf-8") as handle:

        def report(line: str) -> None:
            print(f"{time.monotonic() - started:8.1f} s  {line}", file=handle, flush=True)

        try:
            yield report
            written = [Path(file) for file in snakemake.output if file != snakemake.output.manifest]
            write_manifest(snakemake.output.manifest, snakemake.rule, written)
            report("done")
        except HeadroomError as error:
            report(str(error))
            print(f"{snakemake.rule}: {error}", file=sys.stderr, flush=True)
            sys.exit(INTERRUPTED if isinstance(error, Interrupted) else FAILED)
        except Exception:  # of any kind: its traceback belongs in the job's log, then Snakemake hears of it
            traceback.print_exc(file=handle)
            raise

"""Reading through another project's library: it may be absent, it warns, and a damaged file makes it fail in any way."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headroom.core.errors import BadRecording, HeadroomError


def absent(path: Path, package: str) -> BadRecording:
    """The error that says which package a file needs."""
    words = f"reading {path.suffix} files needs the package {package}, which is not installed; expected after `make extras`"
    return BadRecording(f"{path}: {words} (with conda: add {package} to envs/simulate.yaml)")


@contextmanager
def reading(path: Path, what: str) -> Iterator[None]:
    """Raises BadRecording for whatever goes wrong inside; warnings are not shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except HeadroomError:
        raise
    except MemoryError:
        raise BadRecording(f"{path}: found more values than fit into memory; expected less: choose some by `channels`") from None
    except Exception as error:  # a library meets damage with any error there is
        words = " ".join(str(error).split())[:200] or type(error).__name__
        raise BadRecording(f"{path}: cannot be read ({words}); expected an intact {what}") from None

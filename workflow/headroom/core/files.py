"""Files that never lie: written whole or not at all, and checked against their job's SHA-256 sums when they are read."""

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from headroom.core.errors import CorruptFile, HeadroomError

MANIFEST = ".manifest.json"


@contextmanager
def atomic(path: Path | str) -> Iterator[Path]:
    """Write to the path that this yields; it takes its final name only when the block ends well.

    Raises HeadroomError where the disk is full; the old file, if any, is then intact.
    """
    final = Path(path)
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        yield temporary
        _flush(temporary)
        os.replace(temporary, final)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        size = temporary.stat().st_size / 1e6 if temporary.exists() else 0.0
        raise HeadroomError(f"{final}: disk full at {final.parent} after {size:.1f} MB; free more than that and run again") from error
    finally:
        temporary.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with open(path, "rb+") as handle:
        os.fsync(handle.fileno())


def write_text(path: Path | str, text: str) -> None:
    """`text` as UTF-8, atomically."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sha256(path: Path | str) -> str:
    """The file's SHA-256 sum in hex."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_manifest(path: Path | str, rule: str, files: Iterable[Path | str]) -> None:
    """The sums and sizes of what a job wrote, beside it: PATH ends in `.manifest.json`."""
    sums = {Path(file).name: {"bytes": os.path.getsize(file), "sha256": sha256(file)} for file in files}
    write_text(path, json.dumps({"files": sums, "rule": rule}, indent=1, sort_keys=True) + "\n")


def verify(path: Path | str) -> Path:
    """The path, after its sum was checked; raises CorruptFile where the bytes are not those that the job wrote."""
    file = Path(path)
    expected, rule = _recorded(file)
    if not file.exists() or sha256(file) != expected:
        state = "is missing" if not file.exists() else "differs from the SHA-256 sum that its job recorded"
        raise CorruptFile(f"{file}: {state}; remake it with: headroom check --repair, and the --configfile of this run (rule {rule})")
    return file


def recorded_sum(path: Path | str) -> str:
    """The SHA-256 sum that the file's job recorded, without reading the file; raises CorruptFile where no manifest names it."""
    return _recorded(Path(path))[0]


def _recorded(file: Path) -> tuple[str, str]:
    """Sum and rule from the manifest beside the file."""
    for manifest in sorted(file.parent.glob(f"*{MANIFEST}")):
        entry = json.loads(manifest.read_text())
        if file.name in entry["files"]:
            return entry["files"][file.name]["sha256"], entry["rule"]
    raise CorruptFile(f"{file}: no manifest in {file.parent} names it; remake it with: headroom check --repair")

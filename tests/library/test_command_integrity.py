"""What `headroom check` finds in a folder: every way in which a file can be broken."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headroom.command._integrity import DIFFERS, examine, kept_fits, leftovers
from headroom.command._snakemake import Planned
from headroom.core.files import write_manifest


@pytest.fixture
def job(tmp_path):
    """Two files of a job and its manifest, as planned."""
    files = [tmp_path / "table.parquet", tmp_path / "table.csv"]
    for file in files:
        file.write_bytes(bytes(range(200)))
    manifest = tmp_path / "collect.manifest.json"
    write_manifest(manifest, "collect", files)
    return [Planned(file, "collect", False) for file in (*files, manifest)]


def found(job):
    return {problem.file.name: problem.found for problem in examine(job).problems}


def test_whole_files_are_whole(job):
    heard = []
    findings = examine(job, heard.append)
    assert not findings.problems and not findings.unmade
    assert findings.files == 3 and findings.size == sum(heard) == sum(one.file.stat().st_size for one in job)


def test_one_flipped_bit_is_found(job):
    content = bytearray(job[0].file.read_bytes())
    content[77] ^= 1
    job[0].file.write_bytes(content)
    assert found(job) == {"table.parquet": DIFFERS}


def test_a_file_cut_short_is_found_without_reading_it(job):
    os.truncate(job[1].file, 0)
    assert found(job) == {"table.csv": "has 0 bytes, its job wrote 200"}


def test_a_file_that_its_job_made_and_that_is_gone_is_broken_even_where_the_next_run_makes_it(job):
    job[0].file.unlink()
    assert found(job) == {"table.parquet": "is missing, though its job made it"}
    assert found([Planned(one.file, one.rule, True) for one in job]) == found(job)


def test_what_the_next_run_makes_is_not_made_yet_and_what_it_does_not_make_is_missing(job):
    for one in job:
        one.file.unlink()
    due = examine([Planned(one.file, one.rule, True) for one in job])
    assert not due.problems and [one.file.name for one in due.unmade] == ["table.parquet", "table.csv"]
    gone = "is missing, though files that rest on it were made"
    assert found(job) == {"table.parquet": gone, "table.csv": gone}


def test_files_without_a_manifest_are_those_of_an_unfinished_job(job):
    job[2].file.unlink()
    assert set(found(job).values()) == {"is in no manifest: its job did not finish"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"files": {"table.csv": {}}}', "\x00\xff"])
def test_a_manifest_that_cannot_be_read_is_broken_and_vouches_for_nothing(job, text):
    job[2].file.write_bytes(text.encode("latin-1"))
    broken = found(job)
    assert broken.pop("collect.manifest.json") == "is no manifest"
    assert set(broken) == {"table.parquet", "table.csv"}


def test_a_half_written_file_is_left_over_unless_its_writer_lives(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for process in (ended.pid, os.getpid()):
        (tmp_path / f".figure.png.{process}.part").touch()
    assert [problem.file.name for problem in leftovers(tmp_path)] == [f".figure.png.{ended.pid}.part"]


def test_a_kept_fit_that_changed_is_found(tmp_path):
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "weights.safetensors").write_bytes(b"weights")
        write_manifest(tmp_path / name / "finished.manifest.json", "train", [tmp_path / name / "weights.safetensors"])
    assert not list(kept_fits(tmp_path))
    (tmp_path / "bad" / "weights.safetensors").write_bytes(b"weighty")
    (problem,) = kept_fits(tmp_path)
    assert (problem.file, problem.rule) == (tmp_path / "bad", "")
    assert problem.found == f"is a kept fit whose weights.safetensors {DIFFERS}"


def test_results_that_are_not_there_have_no_leftovers(tmp_path):
    assert not list(leftovers(Path(tmp_path / "none"))) and not list(kept_fits(tmp_path / "none"))

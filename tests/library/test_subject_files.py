"""The folder of a FreeSurfer subject: what must be in it, and what is said where it is not."""

import io
import re
import shutil

import numpy as np
import pytest
from fixtures.project import ROOT
from fixtures.subjects import REGIONS, hemisphere, write_subject
from ruamel.yaml import YAML

from headroom.config.loading import load
from headroom.config.problems import ConfigError
from headroom.config.reading import overlaid, read
from headroom.core.errors import HeadroomError
from headroom.observations._annotation import region
from headroom.observations._head import Head
from headroom.observations._subject_files import PATTERNS, subject_files
from headroom.planning.estimate import estimate
from headroom.planning.jobs import Jobs
from headroom.planning.rates import stored

NAMES = ("bem/a-5120-5120-5120-bem-sol.fif", "bem/a-ico-5-src.fif", "bem/a-vol-5-src.fif", "bem/a-trans.fif", "label/lh.aparc.annot")


@pytest.fixture
def folder(tmp_path):
    """A subject of empty files, which say enough until a job reads them."""
    for name in NAMES:
        (tmp_path / "a" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "a" / name).touch()
    return tmp_path / "a"


@pytest.fixture(scope="module")
def subject(tmp_path_factory):
    pytest.importorskip("mne")
    return write_subject(tmp_path_factory.mktemp("subject") / "spheres", shell=120)


def spec(head):
    """Evoked potentials in this head, at two levels of noise."""
    study = {
        "question": "Which?",
        "systems": ["erp"],
        "sensor": "eeg64",
        "noise": "background",
        "levels": [0.3, 1],
        "models": ["train_mean"],
    }
    return {
        "systems": {"erp": {"kind": "erp", "trials": 30}},
        "sensors": {"eeg64": [{"kind": "eeg", "head": head}]},
        "noises": {"background": {"kind": "eeg_background", "head": head}},
        "tasks": {"infer": {"kind": "inference"}},
        "studies": {"evoked": study | {"task": "infer", "split": "by_trial"}},
    }


def problems(head):
    with pytest.raises(ConfigError) as caught:
        load(spec(head))
    return [str(problem) for problem in caught.value.problems]


def test_one_file_of_each_kind_is_found_and_a_grid_in_the_volume_is_no_cortex(folder):
    assert subject_files(str(folder)).all() == tuple(str(folder / name) for name in NAMES if "-vol-" not in name)


def test_a_folder_that_is_not_there_is_named_with_its_key_before_any_job(tmp_path):
    where = tmp_path / "fsaverage"
    words = f"head.subject: found no folder {where}; expected a FreeSurfer subject: mne.datasets.fetch_fsaverage() makes one"
    for section, problem in zip(("sensors.eeg64[0]", "noises.background"), problems({"subject": str(where)}), strict=True):
        assert problem.startswith(f"{section}: {words}")


@pytest.mark.parametrize(("gone", "pattern"), list(zip((*NAMES[:2], *NAMES[3:]), PATTERNS.values(), strict=True)))
def test_a_file_that_is_missing_is_named(folder, gone, pattern):
    (folder / gone).unlink()
    assert f"head.subject: {folder} lacks {pattern}; expected the files of a FreeSurfer subject" in problems({"subject": str(folder)})[0]


def test_two_of_one_kind_are_refused(folder):
    (folder / "bem" / "a-oct-6-src.fif").touch()
    assert "has a-ico-5-src.fif, a-oct-6-src.fif; expected one bem/*-src.fif" in problems({"subject": str(folder)})[0]


def test_what_a_cortex_says_cannot_be_said_too(folder):
    assert problems({"subject": str(folder), "depth": 0.7}) == [
        f"{section}: head.depth: expected only without `subject`, whose cortex says it"
        for section in ("sensors.eeg64[0]", "noises.background", "studies.evoked.levels[0]", "studies.evoked.levels[1]")
    ]


def test_its_lead_field_is_one_job_of_the_plan_and_needs_more_memory(folder):
    memory = {}
    for name, head in (("spheres", {}), ("subject", {"subject": str(folder)})):
        jobs = Jobs(load(spec(head)))
        (memory[name],) = (one.memory for one in estimate(jobs, stored()).each if one.job.rule == "lead_field")
    assert memory["subject"] > 3 * memory["spheres"]


def test_the_settings_that_the_guide_shows_are_good(folder):
    (block,) = (
        text for text in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "erp_parameters.md").read_text(), re.S) if "subject" in text
    )
    mine = YAML(typ="safe").load(io.StringIO(block.replace("data/fsaverage", str(folder))))
    config = load(overlaid(read([ROOT / "config.yaml"]), mine))
    heads = [
        step["head"]["subject"]
        for part in ("sensors", "noises")
        for chain in config.specs[part].values()
        for step in chain
        if "head" in step
    ]
    assert len(heads) > 4 and set(heads) == {str(folder)}, "no sensor or noise keeps the spheres"


def test_a_region_is_read_as_it_was_written(subject):
    file = subject / "label" / "lh.aparc.annot"
    expected = hemisphere(-1, 0.026, 240)["nn"] @ [-0.3, 0.5, 0.8] > 0.8
    np.testing.assert_array_equal(region(file, "caudalmiddlefrontal"), expected)
    np.testing.assert_array_equal(region(file, "precentral"), ~expected)
    assert set(REGIONS) == {"unknown", "caudalmiddlefrontal", "precentral"}
    for name in ("unknown", "insula"):
        with pytest.raises(HeadroomError, match=f"lh.aparc.annot: found no region {name} among 3"):
            region(file, name)


@pytest.mark.parametrize("length", [0, 5, 600, 1010])
def test_a_region_of_a_broken_file_is_refused(subject, tmp_path, length):
    broken = tmp_path / "lh.aparc.annot"
    broken.write_bytes((subject / "label" / "lh.aparc.annot").read_bytes()[:length])
    with pytest.raises(HeadroomError, match="not readable as a FreeSurfer annotation; copy it again"):
        region(broken, "caudalmiddlefrontal")


def test_the_oldest_tables_of_regions_are_read_too(tmp_path):
    """Theirs are entries without numbers, as many as the first number says."""
    name, path = b"caudalmiddlefrontal\0", tmp_path / "lh.aparc.annot"
    numbers = [2, 0, 7, 1, 9, 1, 1, 2]
    content = [
        np.array(numbers, ">i4").tobytes(),
        b"t\0",
        np.array([len(name)], ">i4").tobytes(),
        name,
        np.array([9, 0, 0, 0], ">i4").tobytes(),
    ]
    path.write_bytes(b"".join(content))
    assert region(path, "caudalmiddlefrontal").tolist() == [False, True]


def cut_short(folder):
    file = next(folder.glob("bem/*-bem-sol.fif"))
    file.write_bytes(file.read_bytes()[:3000])


def of_another(folder):
    file = folder / "label" / "lh.aparc.annot"
    file.write_bytes(np.array([1, 0, 1639705, 1, -2, 1, 2], ">i4").tobytes() + b"t\0" + _entry())


def _entry():
    name = b"caudalmiddlefrontal\0"
    return np.array([1, 0, len(name)], ">i4").tobytes() + name + np.array([25, 5, 25, 0], ">i4").tobytes()


def one_layer(folder):
    import mne

    file = next(folder.glob("bem/*-bem-sol.fif"))
    inner = [surface for surface in mne.read_bem_solution(file, verbose="error")["surfs"] if surface["id"] == 1]
    mne.write_bem_solution(file, mne.make_bem_solution(inner, verbose="error"), overwrite=True, verbose="error")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (cut_short, "spheres-bem-sol.fif: MNE-Python cannot read it .*; fetch it again"),
        (of_another, "lh.aparc.annot: found 1 vertices; expected 240, as spheres-ico-5-src.fif has"),
        (one_layer, "spheres-bem-sol.fif: found the inner skull alone; expected inner skull, outer skull and scalp"),
    ],
)
def test_files_that_are_no_good_are_named(subject, tmp_path, broken, words):
    from headroom.observations._forward import lead_field

    mine = shutil.copytree(subject, tmp_path / "mine")
    broken(mine)
    with pytest.raises(HeadroomError, match=words):
        lead_field(Head(subject=str(mine), dipoles=20))


def test_no_more_dipoles_than_vertices(subject):
    from headroom.observations._forward import lead_field

    with pytest.raises(HeadroomError, match=r"head.dipoles: found 349; expected at most 2\d\d, the vertices of"):
        lead_field(Head(subject=str(subject)))

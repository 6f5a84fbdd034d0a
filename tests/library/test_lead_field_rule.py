"""Which observations rest on which lead field, before anything runs."""

from fixtures.heads import lead_field, source

from headroom.catalog import ROOT
from headroom.config.ledger import Ledger
from headroom.config.loading import load
from headroom.config.plan import Plan
from headroom.core import storage
from headroom.core.files import write_manifest
from headroom.core.signal import Signal


def ledger(**background):
    """Of a study that sees evoked potentials by sensors and as a filtered source, and oscillators without a head."""
    spec = {
        "systems": {"erp": {"kind": "erp", "trials": 30}},
        "sensors": {"eeg64": [{"kind": "eeg"}], "eeg_source": []},
        "noises": {"eeg": {"kind": "eeg_background", **background}, "filtered": {"kind": "eeg_background", "filtered": True, **background}},
        "tasks": {"infer": {"kind": "inference"}},
        "splits": {"by_recording": {"kind": "by_trial"}},
        "studies": {
            "evoked": {
                "question": "Which?",
                "metrics": ["r2_mean"],
                "task": "infer",
                "split": "by_recording",
                "levels": [0.3, 1],
                "models": ["train_mean"],
                "selections": [
                    {"systems": ["erp"], "sensor": "eeg64", "noise": "eeg"},
                    {"systems": ["erp"], "sensor": "eeg_source", "noise": "filtered"},
                ],
            },
            "waves": {"question": "How much?", "systems": ["kuramoto"], "noise": "white", "levels": [0.1], "models": ["persistence"]},
        },
    }
    config = load(spec)
    return Ledger(config, Plan(config), ROOT.parents[1] / "requirements.lock")


def of(found, system, sensor="eeg64"):
    return [condition for condition in found.plan.wanted if condition.system == system and condition.sensor in (sensor, "identity")]


def test_sensor_and_noise_of_one_head_share_a_lead_field():
    found = ledger()
    heads = {head for condition in of(found, "erp") for head in found.heads(condition)}
    assert len(heads) == 1 and heads.pop().startswith("biosemi64_")
    condition = of(found, "erp")[0]
    assert found.observe(condition)["settings"]["heads"] == found.heads(condition) * 2
    assert found.lead_field(found.heads(condition)[0])["settings"]["head"]["montage"] == "biosemi64"


def test_what_needs_no_head_has_none():
    found = ledger()
    (condition,) = of(found, "kuramoto")
    assert found.heads(condition) == [] and "heads" not in found.observe(condition)["settings"]


def test_another_head_is_another_lead_field_and_reruns_what_rests_on_it():
    before, after = ledger(), ledger(head={"depth": 0.7})
    same, other = of(before, "erp")[0], of(after, "erp")[0]
    assert len(after.heads(other)) == 2  # the sensors' own, and that of the noise
    assert before.observe(same)["inherits"] != after.observe(other)["inherits"]
    (filtered, *_) = (condition for condition in of(after, "erp", "eeg_source") if condition.sensor == "eeg_source")
    assert len(after.heads(filtered)) == 1


def test_a_lead_field_survives_its_file(tmp_path):
    storage.save(tmp_path / "lead_field.npz", lead_field())
    write_manifest(tmp_path / "lead_field.manifest.json", "lead_field", [tmp_path / "lead_field.npz"])
    loaded = storage.load(tmp_path / "lead_field.npz")
    assert loaded.channels == lead_field().channels
    assert loaded.background.tobytes() == lead_field().background.tobytes()


def test_a_signal_without_memory_is_stored_as_before(tmp_path):
    """Files made before noise could have a memory keep their bytes, and so do all fits that are named by them."""
    signal = source().with_noise(source(seed=2).values, source().values[0, :1, 0])
    for path, memory in ((tmp_path / "white.npz", None), (tmp_path / "coloured.npz", source().values[0, :, 0])):
        storage.save(path, Signal(**{**vars(signal), "noise_memory": memory}))
        assert (b"noise_memory" in path.read_bytes()) == (memory is not None)

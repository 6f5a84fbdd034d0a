"""NWB files as pynwb writes them: the series that is asked for, with its values, unit, names, clock, trials and labels."""

import numpy as np
import pytest
from fixtures.nwb_files import electrodes, write_nwb
from fixtures.recordings import read

pynwb = pytest.importorskip("pynwb")


@pytest.fixture
def values():
    return np.random.default_rng(5).integers(-2000, 2000, (600, 3)).astype(np.int16)


def series(name="vm", data=None, unit="mV", **more):
    clock = {} if "timestamps" in more else {"rate": 100.0, "starting_time": 5.0}
    return pynwb.TimeSeries(name=name, data=data, unit=unit, **(clock | more))


def test_raw_counts_become_the_stated_unit(tmp_path, values):
    path = write_nwb(tmp_path / "rec.nwb", lambda file: file.add_acquisition(series(data=values, conversion=0.005, offset=-70.0)))
    signal = read(path).states
    assert (signal.channels, signal.unit, signal.dt) == (("channel 1", "channel 2", "channel 3"), "mV", 0.01)
    np.testing.assert_array_equal(signal.values[0], values * 0.005 - 70.0)


@pytest.mark.parametrize("labels", [None, ["left", "right", "reference"]])
def test_electrical_series_with_gains_of_its_channels(tmp_path, values, labels):
    gains = np.array([1.0, 2.0, 0.5])

    def fill(file):
        region = electrodes(file, labels)
        file.create_processing_module("ecephys", "processed").add(
            pynwb.ecephys.LFP(
                electrical_series=pynwb.ecephys.ElectricalSeries(
                    name="lfp", data=values, electrodes=region, rate=1250.0, conversion=1e-6, channel_conversion=gains
                )
            )
        )

    path = write_nwb(tmp_path / "rec.nwb", fill)
    for name in ("lfp", "ecephys/LFP/lfp", None):
        signal = read(path, series=name, unit="uV").states
        np.testing.assert_allclose(signal.values[0], values * gains, rtol=1e-12)
    assert signal.channels == (tuple(labels) if labels else ("electrode 0", "electrode 1", "electrode 2"))
    assert signal.dt == 1 / 1250
    assert read(path, channels=(signal.channels[2],)).states.unit == "V"


def test_time_stamps_of_a_series(tmp_path, values):
    stamps = 3 + np.arange(600) / 30
    path = write_nwb(tmp_path / "rec.nwb", lambda file: file.add_acquisition(series(data=values, timestamps=stamps)))
    assert read(path).states.dt == pytest.approx(1 / 30, rel=1e-8), "nine digits of the mean step"


@pytest.mark.parametrize("clock", ["rate", "time stamps"])
def test_trials_and_their_labels(tmp_path, values, clock):
    """Trials of one duration have one length wherever they start between two samples; what lies between them is left out."""

    def fill(file):
        more = {"timestamps": 5 + np.arange(600) / 100} if clock == "time stamps" else {}
        file.add_acquisition(series(data=values, **more))
        file.add_trial_column("stimulus", "what was shown")
        for start, stimulus in ((5.503, "face"), (7.0, "house"), (8.0, "face"), (9.5, "face")):
            file.add_trial(start_time=start, stop_time=start + 1.0, stimulus=stimulus)

    path = write_nwb(tmp_path / "rec.nwb", fill)
    recording = read(path, label="stimulus")
    assert recording.states.values.shape == (4, 100, 3)
    for trial, first in enumerate((50, 200, 300, 450)):
        np.testing.assert_array_equal(recording.states.values[trial], values[first : first + 100])
    assert recording.extras["label_names"].tolist() == ["face", "house"]
    assert recording.labels.values[:, [0, -1], 0].tolist() == [[0, 0], [1, 1], [0, 0], [0, 0]]
    whole = read(path, ignore=("trials",), label="stimulus", unlabelled="between")
    assert whole.states.values.shape == (1, 600, 3)
    assert np.bincount(whole.labels.values.ravel()).tolist() == [300, 100, 200]
    assert whole.extras["label_names"].tolist() == ["face", "house", "between"]


def test_sweeps_are_trials(tmp_path, values):
    def fill(file):
        for index in (10, 9, 2):
            file.add_acquisition(series(f"sweep_{index}", values[index : index + 200, 0], starting_time=float(index)))
        file.add_stimulus(series("current", values[:200, 1], "pA"))

    recording = read(write_nwb(tmp_path / "rec.nwb", fill), series="sweep_*", channels=("vm",))
    assert recording.states.channels == ("vm",)
    for trial, index in enumerate((2, 9, 10)):
        np.testing.assert_array_equal(recording.states.values[trial, :, 0], values[index : index + 200, 0])


def test_another_series_as_label(tmp_path, values):
    state = np.repeat([3, 1], 300)

    def fill(file):
        file.add_acquisition(series(data=values))
        file.create_processing_module("behavior", "b").add(series("state", state, "n/a"))

    recording = read(write_nwb(tmp_path / "rec.nwb", fill), series="vm", label="state")
    assert recording.labels.values.ravel().tolist() == [1] * 300 + [0] * 300
    assert recording.extras["label_names"].tolist() == ["1", "3"]


def test_regions_of_interest_have_their_numbers(tmp_path, values):
    def fill(file):
        device = file.create_device(name="microscope")
        channel = pynwb.ophys.OpticalChannel(name="green", description="d", emission_lambda=500.0)
        plane = file.create_imaging_plane(
            name="plane",
            optical_channel=channel,
            description="d",
            device=device,
            excitation_lambda=900.0,
            indicator="GCaMP6f",
            location="M1",
        )
        segmentation = pynwb.ophys.ImageSegmentation()
        module = file.create_processing_module("ophys", "o")
        module.add(segmentation)
        table = segmentation.create_plane_segmentation(name="cells", description="d", imaging_plane=plane)
        for _ in range(4):
            table.add_roi(pixel_mask=[(1, 1, 1.0)])
        region = table.create_roi_table_region(region=[3, 1, 0], description="some")
        response = pynwb.ophys.RoiResponseSeries(name="dff", data=values, rois=region, unit="a.u.", rate=30.0)
        module.add(pynwb.ophys.DfOverF(roi_response_series=response))

    signal = read(write_nwb(tmp_path / "rec.nwb", fill)).states
    assert (signal.channels, signal.unit) == (("roi 3", "roi 1", "roi 0"), "")
    np.testing.assert_array_equal(signal.values[0], values)

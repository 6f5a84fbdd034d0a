"""Settings of spiking networks that cannot be: each is refused before any job starts, and the message names the YAML key."""

import pytest

from headroom.config.loading import load
from headroom.config.problems import ConfigError


def study(kind="brunel", task=None, split="by_trial", **settings):
    """A small study of one network."""
    return {
        "systems": {"net": {"kind": kind, **settings}},
        "tasks": {"next": {"kind": "forecasting", "window": 150, **(task or {})}},
        "studies": {"one": {"question": "Is it?", "systems": ["net"], "task": "next", "split": split, "models": ["persistence"]}},
    }


FIELDS = {
    "negative drive": ({"external_drive": -1}, "systems.net.external_drive: found -1; expected greater than or equal to 0"),
    "negative inhibition": ({"inhibition": -5.5}, "systems.net.inhibition: found -5.5"),
    "negative noise": ({"noise": -1}, "systems.net.noise: found -1"),
    "negative start": ({"start": -0.1}, "systems.net.start: found -0.1"),
    "a probability above one": (
        {"connection_probability": 1.2},
        "systems.net.connection_probability: found 1.2; expected less than or equal to 1",
    ),
    "a probability below zero": ({"connection_probability": -0.1}, "systems.net.connection_probability: found -0.1"),
    "nobody": ({"neurons": 0}, "systems.net.neurons: found 0; expected greater than or equal to 2"),
    "half a neuron": ({"neurons": 10.5}, "systems.net.neurons: found 10.5; expected a whole number"),
    "only inhibition": ({"inhibitory_share": 1.0}, "systems.net.inhibitory_share: found 1.0; expected less than 1"),
    "no external inputs": ({"external_inputs": 0}, "systems.net.external_inputs: found 0"),
    "no time constant": ({"tau": 0}, "systems.net.tau: found 0; expected greater than 0"),
    "no weight": ({"weight": 0}, "systems.net.weight: found 0"),
    "no refractory time": ({"refractory": 0}, "systems.net.refractory: found 0"),
    "infinite noise": ({"noise": float("inf")}, "systems.net.noise: found inf; expected a finite number"),
    "a third connectivity": ({"connectivity": "random"}, "systems.net.connectivity: found 'random'; expected one of: fixed, redrawn"),
    "a misspelt engine": ({"engine": "brain2"}, "systems.net.engine: found 'brain2'; did you mean 'brian2'?"),
    "half precision": ({"precision": "float16"}, "systems.net.precision: found 'float16'"),
}
TOGETHER = {
    "refractory below a step": ({"refractory": 0.00005}, "systems.net: refractory is 5e-05 s; expected whole steps of 0.0001 s"),
    "delay below a step": ({"delay": 0.00001}, "systems.net: delay is 1e-05 s"),
    "samples below a step": ({"dt": 0.00005}, "systems.net: dt is 5e-05 s"),
    "a broken step": ({"refractory": 0.00015}, "systems.net: refractory is 0.00015 s"),
    "nothing after the start": ({"duration": 0.5}, "systems.net: duration is 0.5 s and start 0.8 s"),
    "threshold below rest": ({"threshold": -75.0}, "systems.net: threshold is -75 mV; expected above reset, and above rest"),
    "reset above threshold": ({"reset": -40.0}, "systems.net: threshold is -50 mV; expected above reset"),
    "inputs faster than steps": ({"weight": 0.01, "external_inputs": 1}, "systems.net: external inputs would spike at 200000 Hz"),
    "more than memory holds": ({"trials": 100_000}, "systems.net: a recording of 736 GB; the limit is 8 GB (memory_limit)"),
}
CLASSIC = {
    "fewer than fifty": ({"neurons": 0}, "systems.net.neurons: found 0; expected greater than or equal to 50"),
    "a share above one": ({"connected_share": 1.5}, "systems.net.connected_share: found 1.5"),
    "negative drive": ({"external_drive": -2}, "systems.net.external_drive: found -2"),
    "more observed than there are": (
        {"neurons": 100, "observed": 200},
        "systems.net: observed is 200; expected at most as many as neurons, 100",
    ),
    "refractory below a step": ({"refractory": 0.00005}, "systems.net: refractory is 5e-05 s"),
}


def refused(raw):
    """The words with which a configuration is refused."""
    with pytest.raises(ConfigError) as caught:
        load(raw)
    assert len(caught.value.problems) == 1, str(caught.value)
    return str(caught.value)


def test_the_network_is_good_as_it_stands():
    assert load(study()).specs["systems"]["net"]["neurons"] == 100


@pytest.mark.parametrize("settings, words", [*FIELDS.values(), *TOGETHER.values()], ids=[*FIELDS, *TOGETHER])
def test_bad_settings_of_the_small_network(settings, words):
    assert words in refused(study(**settings))


@pytest.mark.parametrize("settings, words", CLASSIC.values(), ids=CLASSIC)
def test_bad_settings_of_the_classic_network(settings, words):
    assert words in refused(study("brunel_classic", **settings) | {"studies": study()["studies"]})


@pytest.mark.parametrize(
    "task, span",
    [({"offsets": [2000]}, 2150), ({"window": 1500}, 1501), ({"offsets": [1, 851]}, 1001)],
    ids=["horizon", "window", "by one sample"],
)
def test_a_horizon_beyond_the_run(task, span):
    words = refused(study(task=task, duration=1.8))
    assert "studies.one.task: 'net' has trials of 1000 samples" in words
    assert f"spans {span}; shorten tasks.next or lengthen systems.net" in words


def test_a_horizon_that_just_fits():
    load(study(task={"offsets": [850]}, duration=1.8))


def test_a_label_beyond_the_run():
    raw = study(duration=1.8)
    raw["tasks"]["next"] = {"kind": "decoding", "window": 900, "look": 200}
    raw["studies"]["one"]["models"] = ["majority"]
    assert "spans 1100; shorten tasks.next" in refused(raw)

"""Configurations of decoders that do not go together: what the ceilings think of the sensor, and what networks are built of."""

import pytest

from headroom.config.loading import load
from headroom.config.problems import ConfigError


def configuration(lag, sensor_lag, **models):
    return {
        "seed": 1,
        "systems": {"walk": {"kind": "grid_walk", "samples": 400, "neurons": 20}},
        "sensors": {"calcium": [{"kind": "calcium"}]},
        "noises": {"fluorescence": [{"kind": "white", "relative": False}, {"kind": "deconvolve", "lag": lag}]},
        "tasks": {"steps": {"kind": "decoding"}},
        "models": models,
        "ceilings": {"known_spikes": {"kind": "step_filter", "sensor_lag": sensor_lag}},
        "studies": {
            "walking": {
                "question": "Which step?",
                "systems": ["walk"],
                "sensor": "calcium",
                "noise": "fluorescence",
                "levels": [0.3],
                "task": "steps",
                "models": ["majority", "logistic", *models],
                "ceilings": ["known_spikes"],
            }
        },
    }


@pytest.mark.parametrize("lag", [0, 3, None])
def test_an_oracle_that_knows_the_sensors_lag_is_good(lag):
    assert load(configuration(lag, lag)).studies


@pytest.mark.parametrize(("lag", "said", "words"), [(3, 0, "come to 3"), (None, 0, "come to null"), (0, None, "sensor_lag: null")])
def test_an_oracle_that_mistakes_the_sensors_lag_is_refused(lag, said, words):
    with pytest.raises(ConfigError) as caught:
        load(configuration(lag, said))
    assert words in str(caught.value) and "studies.walking.ceilings[0]" in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"kind": "hybrid_decoder", "causal": True}, "causal is true without many_to_many"),
        ({"kind": "hybrid_decoder", "without": ["atention"]}, "without"),
        ({"kind": "lstm_decoder", "training": {"epochs": None}}, "epochs and steps are both null"),
    ],
)
def test_a_network_that_cannot_be_built_is_refused(spec, words):
    with pytest.raises(ConfigError, match=words):
        load(configuration(0, 0, net=spec))

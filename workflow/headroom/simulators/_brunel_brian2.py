"""The networks in Brian2 (Stimberg, Brette and Goodman 2019), the reference engine: many at once as one group.

Run as a program of its own in a folder that holds network.json and network.npz: Brian2 then writes there and nowhere else. Voltages
carry no unit in the equations; they are mV, as everywhere here.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

EQUATIONS = "dv/dt = (rest - v) / tau + {noise} : 1 (unless refractory)"


def build(
    said: Mapping[str, Any], arrays: Mapping[str, np.ndarray], replayed: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[Any, Any, Any]:
    """A Brian2 network with its monitors of voltages and spikes; input is Brian2's own, or `replayed`: noise and kicks (step, neuron) [mV].

    `said` holds the constants (times in s, voltages in mV), `arrays` the voltages at the start and every synapse's source, target, weight.
    """
    from brian2 import Network, NeuronGroup, PoissonInput, SpikeMonitor, StateMonitor, Synapses, TimedArray, defaultclock, second

    defaultclock.dt = said["step"] * second
    noise = "noise(t, i) / dt" if replayed else "sigma * xi"
    constants = {name: said[name] for name in ("rest", "threshold", "reset")} | {"tau": said["tau"] * second}
    constants["sigma"] = said["noise"] / second**0.5
    neurons = NeuronGroup(
        len(arrays["voltage"]),
        EQUATIONS.format(noise=noise),
        threshold="v > threshold",
        reset="v = reset",
        refractory=said["refractory"] * second,
        method="euler",
        namespace=constants,
    )
    neurons.v = arrays["voltage"]
    synapses = Synapses(neurons, neurons, "weight : 1", on_pre="v_post += weight", delay=said["delay"] * second)
    if len(arrays["source"]):
        synapses.connect(i=arrays["source"], j=arrays["target"])
        synapses.weight = arrays["weight"]
    if replayed:
        constants |= {name: TimedArray(values, said["step"] * second) for name, values in zip(("noise", "kick"), replayed, strict=True)}
        outside = neurons.run_regularly("v += kick(t, i)", when="synapses", dt=said["step"] * second)
    else:
        outside = PoissonInput(neurons, "v", said["inputs"], said["rate"] / second, weight=said["weight"])
    voltages = StateMonitor(neurons, "v", record=True, dt=said["dt"] * second)
    spikes = SpikeMonitor(neurons)
    parts = [neurons, outside, voltages, spikes]
    return Network(*parts, *([synapses] if len(arrays["source"]) else [])), voltages, spikes


def simulate(folder: Path) -> None:
    """Compiles the networks of a folder to one program, runs it, and leaves voltage.npy (time, neuron) [mV] and spikes.npz."""
    from brian2 import device, prefs, second, seed, set_device

    said, arrays = json.loads((folder / "network.json").read_text()), dict(np.load(folder / "network.npz"))
    prefs.core.default_float_dtype = np.dtype(said["precision"]).type
    prefs.devices.cpp_standalone.extra_make_args_unix = ["-j1"]
    set_device("cpp_standalone", build_on_run=False)
    seed(said["seed"])
    network, voltages, spikes = build(said, arrays)
    voltages.active = False
    if said["start"]:
        network.run(said["start"] * second)
    voltages.active = True
    network.run((said["duration"] - said["start"]) * second)
    device.build(directory=str(folder / "program"), with_output=False)
    np.save(folder / "voltage.npy", voltages.variables["v"].get_value())
    step = np.rint(spikes.variables["t"].get_value() / said["step"]).astype(np.int64)
    np.savez(folder / "spikes.npz", step=step, neuron=spikes.variables["i"].get_value())


if __name__ == "__main__":
    simulate(Path.cwd())

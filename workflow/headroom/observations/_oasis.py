"""OASIS: non-negative deconvolution of an exponential kernel by pooling neighbours (Friedrich, Zhou and Paninski 2017), compiled.

A pool is a stretch of samples on which the calcium decays without a spike; only its first sample may hold one. Where a new sample lies
below the decay of the pool before it, the two are merged, which may go on backwards.
"""

import numpy as np
from numba import njit


@njit(nogil=True)
def spikes(trace, decay, penalty, lag, out) -> None:  # type: ignore[no-untyped-def]
    """out (sample,) <- s >= 0 that minimises |c - trace|^2 / 2 + penalty |s|_1, c_t = decay c_(t-1) + s_t.

    With a lag of 0 or more, out[t] is what is known of s_t when trace[t + lag] has come, and nothing later; below 0, when all has.
    """
    samples = len(trace)
    value, weight = np.empty(samples), np.empty(samples)
    start = np.empty(samples + 1, np.int64)
    pools = 0
    for now in range(samples):
        final = lag < 0 and now == samples - 1
        value[pools] = trace[now] - penalty * (1.0 if final else 1 - decay)
        weight[pools], start[pools] = 1.0, now
        pools += 1
        while pools > 1:
            length = start[pools - 1] - start[pools - 2]
            fade = decay**length
            if value[pools - 2] / weight[pools - 2] * fade <= value[pools - 1] / weight[pools - 1]:
                break
            pools -= 1
            value[pools - 1] += value[pools] * fade
            weight[pools - 1] += weight[pools] * fade * fade
        if lag >= 0 and now >= lag:
            out[now - lag] = _spike(value, weight, start, pools, now - lag, decay)
    first = 0 if lag < 0 else max(samples - lag, 0)
    for moment in range(samples - 1, first - 1, -1):
        while pools > 1 and start[pools - 1] > moment:
            pools -= 1
        out[moment] = _spike(value, weight, start, pools, moment, decay)


@njit(inline="always")
def _spike(value, weight, start, pools, moment, decay) -> float:  # type: ignore[no-untyped-def]
    """The spike at a moment: the jump where a pool starts, nothing elsewhere; what was before the first sample is unknown."""
    last = pools - 1
    while start[last] > moment:
        last -= 1
    if start[last] < moment or last == 0:
        return 0.0
    before = max(value[last - 1] / weight[last - 1], 0.0) * decay ** (start[last] - start[last - 1])
    return max(max(value[last] / weight[last], 0.0) - before, 0.0)

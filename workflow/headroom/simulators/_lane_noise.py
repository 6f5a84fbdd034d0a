"""Standard normals for many trials at once, each a function of its trial's key and the step alone.

Philox4x32 with 7 rounds, the fewest that pass BigCrush (Salmon, Moraes, Dror and Shaw 2011), then Box and Muller (1958). There is no
state, so a trial's noise is the same whatever runs beside it.
"""

from typing import Any

import numpy as np
from numba import njit

from headroom.simulators._lane_arithmetic import half_turn, log2_32

KEY_WORDS = 4
PER_CALL = 4
ROUNDS = 7
MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
HALF_WORD = np.uint64(32)
MINUS_TWO_LN_2 = np.float32(-2 * np.log(2))


@njit(inline="always")
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Four random words of a counter (c0 .. c3) and a key (k0, k1), all uint32."""
    for _ in range(ROUNDS):
        product_0, product_1 = MULTIPLIER_0 * np.uint64(c0), MULTIPLIER_1 * np.uint64(c2)
        c0, c2 = np.uint32(product_1 >> HALF_WORD) ^ c1 ^ k0, np.uint32(product_0 >> HALF_WORD) ^ c3 ^ k1
        c1, c3 = np.uint32(product_1), np.uint32(product_0)
        k0, k1 = np.uint32(k0 + WEYL_0), np.uint32(k1 + WEYL_1)
    return c0, c1, c2, c3


@njit(inline="always")
def normals(word_0: Any, word_1: Any) -> tuple[Any, Any]:
    """Two standard normals (float32) of two random words; the largest possible is 6.7."""
    uniform = (np.float32(np.int32(word_0 >> np.uint32(1))) + np.float32(0.5)) * np.float32(2.0**-31)
    radius = np.sqrt(max(MINUS_TWO_LN_2 * log2_32(uniform), np.float32(0)))
    cosine, sine = half_turn(np.float32(np.int32(word_1)) * np.float32(2.0**-31))
    side = np.float32(1) - np.float32(2) * np.float32(np.int32(word_1 & np.uint32(1)))
    return side * radius * cosine, radius * sine


@njit(inline="always")
def fill(noise: np.ndarray, key: np.ndarray, call: Any, lanes: int) -> None:
    """noise (PER_CALL x lane) <- normals of the steps PER_CALL x call and after; key (KEY_WORDS x lane), uint32."""
    counter, zero = np.uint32(call), np.uint32(0)
    for lane in range(lanes):
        words = philox(counter, zero, key[2 * lanes + lane], key[3 * lanes + lane], key[lane], key[lanes + lane])
        noise[lane], noise[lanes + lane] = normals(words[0], words[1])
        noise[2 * lanes + lane], noise[3 * lanes + lane] = normals(words[2], words[3])

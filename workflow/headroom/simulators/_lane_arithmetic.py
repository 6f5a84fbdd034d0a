"""Powers, logarithms and sines without a branch or a call, so that LLVM turns loops over them into vector instructions.

numba's own functions call the C library number by number unless Intel's vector library is installed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

Function = Callable[[np.ndarray], np.ndarray]


def _bitcast(source: Any, target: Any, kind: Any) -> Any:
    """For compiled functions: the bits of a `source` read as a `target`."""

    @intrinsic
    def cast(_: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], kind)

        return target(source), generate

    return cast


bits_of_float32 = _bitcast(types.float32, types.int32, ir.IntType(32))
float32_of_bits = _bitcast(types.int32, types.float32, ir.FloatType())
float64_of_bits = _bitcast(types.int64, types.float64, ir.DoubleType())


@intrinsic
def wide_vectors(_: Any) -> Any:
    """Called in a compiled function: LLVM may use the processor's widest vectors in it, which it does not by itself with AVX-512."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')  # llvmlite's own `add` knows no string attributes
        return context.get_dummy_value()

    return types.none(), generate


def polynomial(function: Function, low: float, high: float, degree: int, real: type) -> tuple[Any, ...]:
    """Coefficients, the highest power first, of the polynomial that meets `function` at the Chebyshev points of [low, high]."""
    fitted = np.polynomial.Chebyshev.interpolate(function, degree, domain=[low, high])
    return tuple(real(c) for c in fitted.convert(kind=np.polynomial.Polynomial).coef[::-1])


EXP2_32 = polynomial(np.exp2, -0.5, 0.5, 6, np.float32)
EXP2_64 = polynomial(np.exp2, -0.5, 0.5, 11, np.float64)
LOG2 = polynomial(lambda m: np.log2(1 + m) / m, np.sqrt(0.5) - 1, np.sqrt(2) - 1, 9, np.float32)
SINE = polynomial(lambda z: np.sin(np.pi / 2 * np.sqrt(z)) / np.sqrt(z), 0, 1, 4, np.float32)
COSINE = polynomial(lambda z: np.cos(np.pi / 2 * np.sqrt(z)), 0, 1, 5, np.float32)


@njit(inline="always")
def horner(coefficients: tuple[Any, ...], x: Any) -> Any:
    """The polynomial at x."""
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


@njit(inline="always")
def exp2_32(x: Any) -> Any:
    """2^x in single precision; x is held within -126 .. 40, so that a product of three does not overflow."""
    x = min(max(x, np.float32(-126)), np.float32(40))
    whole = np.floor(x + np.float32(0.5))
    return horner(EXP2_32, x - whole) * float32_of_bits((np.int32(whole) + np.int32(127)) << np.int32(23))


@njit(inline="always")
def exp2_64(x: Any) -> Any:
    """2^x in double precision; x is held within -1022 .. 300, so that a product of three does not overflow."""
    x = min(max(x, -1022.0), 300.0)
    whole = np.floor(x + 0.5)
    return horner(EXP2_64, x - whole) * float64_of_bits((np.int64(whole) + np.int64(1023)) << np.int64(52))


@njit(inline="always")
def log2_32(x: Any) -> Any:
    """log2 of a positive float32 that is no subnormal: the exponent, and a polynomial in the mantissa from .71 to 1.41."""
    bits = bits_of_float32(x) - np.int32(0x3F3504F3)
    exponent = bits >> np.int32(23)
    mantissa = float32_of_bits((bits & np.int32(0x7FFFFF)) + np.int32(0x3F3504F3)) - np.float32(1)
    return np.float32(exponent) + mantissa * horner(LOG2, mantissa)


@njit(inline="always")
def half_turn(x: Any) -> tuple[Any, Any]:
    """cos and sin of x pi / 2 for a float32 x from -1 to 1."""
    return horner(COSINE, x * x), x * horner(SINE, x * x)

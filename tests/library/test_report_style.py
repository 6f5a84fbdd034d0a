"""The page's colours can be read and told apart, in the light and in the dark; its copies of figures are light and faithful."""

import io
import re
from itertools import combinations

import numpy as np
import pytest

from headroom.analyses import _style
from headroom.report.page import FOLDER
from headroom.report.pictures import STEP, WIDTH, light

CSS = (FOLDER / "style.css").read_text()
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.S))
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK}
READ_ON = {"ink": ("paper", "band"), "soft": ("paper", "band"), "link": ("paper",), "warn": ("warnpaper",)}
SEEN = {  # Machado, Oliveira and Fernandes 2009, severity 1
    "everyone": np.eye(3),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
}


def linear(colour):
    """Linear RGB of #rrggbb."""
    value = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Contrast ratio of WCAG 2."""
    bright, dim = sorted((linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def lab(colour, seen):
    """CIELAB of a colour as someone sees it."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(seen @ linear(colour), 0, 1)
    x, y, z = (np.cbrt(part) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_stand_out(scheme):
    colours = SCHEMES[scheme]
    for ink, papers in READ_ON.items():
        assert all(contrast(colours[ink], colours[paper]) >= 4.5 for paper in papers), ink


@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_stand_out(scheme):
    colours = SCHEMES[scheme]
    marks = [colours[name] for name in colours if name.startswith("look-")]
    assert len(marks) == 5 and all(contrast(mark, colours["paper"]) >= 3 for mark in marks)


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("palette", ["light", "dark", "figures"])
def test_colours_are_told_apart(palette, seen):
    colours = SCHEMES.get(palette, {})
    marks = [colours[name] for name in colours if name.startswith("look-")] or _style.PALETTE
    nearest = min(np.linalg.norm(lab(one, SEEN[seen]) - lab(other, SEEN[seen])) for one, other in combinations(marks, 2))
    assert nearest > 12, "a difference of 2.3 can just be seen"


def test_both_schemes_name_the_same_colours():
    assert set(DARK) == set(LIGHT)


def test_motion_and_focus_are_minded():
    assert "prefers-reduced-motion" in CSS and ":focus-visible" in CSS


def drawn():
    """A PNG of lines and words, as the pipeline draws them."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4))
    axes = figure.subplots()
    for colour in _style.PALETTE:
        axes.plot(np.random.default_rng(1).normal(size=200).cumsum(), color=colour)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150)
    return buffer.getvalue()


def test_a_light_copy_is_smaller_and_looks_the_same():
    from PIL import Image

    png = drawn()
    copy = light("traces", "Lines.", png)
    full = Image.open(io.BytesIO(png)).convert("RGB").resize((copy.width, copy.height), Image.Resampling.HAMMING)
    seen = np.asarray(Image.open(io.BytesIO(copy.image)).convert("RGB"), dtype=float)
    assert copy.width == WIDTH and copy.height == 480 and len(copy.image) < 0.6 * len(png)
    assert (seen[0, 0] == 255).all() and np.abs(seen - np.asarray(full, dtype=float)).max() <= STEP / 2
    assert copy.title == "Traces" and copy.source.startswith("data:image/webp;base64,")


def test_the_same_figure_gives_the_same_copy():
    png = drawn()
    assert light("a", "A.", png) == light("a", "A.", png)

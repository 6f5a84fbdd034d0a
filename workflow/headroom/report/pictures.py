"""Figures as the page carries them: the full files stay where they are, the page takes lighter copies."""

import base64
import io
from dataclasses import dataclass

WIDTH = 1200
"""Widest copy [px]: as wide as the page shows it."""
COLOURS = 24
"""Colours of a copy: flat figures look the same and take a fifth of the bytes."""


@dataclass(frozen=True)
class Picture:
    """A figure of the page."""

    name: str
    caption: str
    image: bytes
    """A WebP file."""
    width: int = WIDTH
    height: int = 800

    @property
    def title(self) -> str:
        """The name as words."""
        return self.name.replace("_", " ").capitalize()

    @property
    def source(self) -> str:
        """The image itself, for `src`."""
        return f"data:image/webp;base64,{base64.b64encode(self.image).decode()}"


def light(name: str, caption: str, png: bytes) -> Picture:
    """A Picture of a PNG file: at most WIDTH pixels wide, COLOURS colours of which the brightest is white, as lossless WebP."""
    from PIL import Image

    full = Image.open(io.BytesIO(png)).convert("RGB")
    width = min(WIDTH, full.width)
    small = full.resize((width, round(full.height * width / full.width)), Image.Resampling.HAMMING)
    flat = small.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette = flat.getpalette() or []
    brightest = max(range(0, len(palette), 3), key=lambda start: sum(palette[start : start + 3]))
    palette[brightest : brightest + 3] = [255, 255, 255]
    flat.putpalette(palette)
    copy = io.BytesIO()
    flat.convert("RGB").save(copy, "webp", lossless=True, method=6)
    return Picture(name, caption, copy.getvalue(), *small.size)

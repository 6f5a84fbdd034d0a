"""Figures as the page carries them: the full files stay where they are, the page takes lighter copies."""

import base64
import io
from dataclasses import dataclass

WIDTH = 1200
"""Widest copy [px]: as wide as the page shows it."""
STEP = 24
"""Brightness of red, green and blue is rounded to steps of this, of 255: no pixel is further off than half a step, and a copy takes
half of the bytes. A palette of few colours would lose what is drawn in few pixels."""


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
    """A Picture of a PNG file: at most WIDTH pixels wide, in steps of colour, as lossless WebP."""
    from PIL import Image

    full = Image.open(io.BytesIO(png)).convert("RGB")
    width = min(WIDTH, full.width)
    small = full.resize((width, round(full.height * width / full.width)), Image.Resampling.HAMMING)
    stepped = small.point([min(255, (value + STEP // 2) // STEP * STEP) for value in range(256)] * 3)
    copy = io.BytesIO()
    stepped.save(copy, "webp", lossless=True, method=6)
    return Picture(name, caption, copy.getvalue(), *small.size)

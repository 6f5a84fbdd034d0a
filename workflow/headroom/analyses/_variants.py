"""Which models of a study are variants of which others, by their names."""

from __future__ import annotations


def variants(models: list[str]) -> list[tuple[str, str]]:
    """(variant, full model): a name that starts with another's, the longest of these, and an underscore."""
    pairs = []
    for model in models:
        starts = [other for other in models if model.startswith(f"{other}_")]
        if starts:
            pairs.append((model, max(starts, key=len)))
    return pairs

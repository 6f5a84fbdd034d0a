"""Several read-outs of the same features, and how their losses add up."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, mse_loss

STEEP, HARD = (3.0, 5.0), 0.2
"""Focusing of easy and of hard examples, and the probability below which an example is hard (Mukhoti et al. 2020)."""


@dataclass(frozen=True)
class Losses:
    """How the losses of the heads are worked out."""

    focus: float | None
    """Focusing of the focal loss (Lin et al. 2017); 0: cross-entropy. None: adaptive, by how hard an example is."""
    together: bool
    """Whether there are heads beside that of the classes."""
    activity: bool
    """Whether one of them is of the activity."""
    uncertain: bool
    """Whether the losses are weighted by learnt variances (Kendall et al. 2018); else they are summed."""


class Tasks(nn.Module):
    """Log-odds of the classes; of each class but the first against all others; and a number, the activity."""

    rarity: Tensor
    side_rarity: Tensor

    def __init__(self, width: int, rarity: Tensor, side_rarity: Tensor, losses: Losses) -> None:
        """Weights of the loss: `rarity` (class,), and `side_rarity` (class - 1, 2) of the others and of the class itself."""
        super().__init__()
        self.losses, sides = losses, len(side_rarity)
        self.classes = nn.Linear(width, len(rarity))
        self.sides = nn.Linear(width, sides) if losses.together else None
        self.activity = nn.Linear(width, 1) if losses.together and losses.activity else None
        count = 1 + (sides if losses.together else 0) + (self.activity is not None)
        self.log_variances = nn.Parameter(torch.zeros(count)) if losses.uncertain and count > 1 else None
        self.register_buffer("rarity", rarity)
        self.register_buffer("side_rarity", side_rarity)

    def loss(self, features: Tensor, labels: Tensor, activity: Tensor) -> Tensor:
        """A scalar for features (..., width), labels as zeros and ones (..., class) and activity (..., no more than the frames).

        Frames whose activity is not known are the last ones.
        """
        found = [self._of_classes(features, labels)]
        if self.sides is not None:
            odds = self.sides(features)
            found += [self._of_side(odds[..., side], labels[..., side + 1], side) for side in range(odds.shape[-1])]
        if self.activity is not None:
            said = self.activity(features)[..., 0]
            found.append(mse_loss(said[:, : activity.shape[1]], activity))
        each = torch.stack(found)
        return each.sum() if self.log_variances is None else self._weighed(each)

    def _of_classes(self, features: Tensor, labels: Tensor) -> Tensor:
        odds, truth = self.classes(features).flatten(0, -2), labels.flatten(0, -2)
        surprise = cross_entropy(odds, truth, reduction="none")
        return (focal(surprise, self.losses.focus) * (truth @ self.rarity)).mean()

    def _of_side(self, odds: Tensor, truth: Tensor, side: int) -> Tensor:
        others, own = self.side_rarity[side]
        surprise = binary_cross_entropy_with_logits(odds, truth, reduction="none")
        return (focal(surprise, self.losses.focus) * (others + (own - others) * truth)).mean()

    def _weighed(self, each: Tensor) -> Tensor:
        """exp(-s) loss + s / 2 of a category, half the first term for a number, as the two likelihoods say."""
        assert self.log_variances is not None
        share = torch.ones_like(each)
        if self.activity is not None:
            share[-1] = 0.5
        return (share * torch.exp(-self.log_variances) * each + self.log_variances / 2).sum()


def focal(surprise: Tensor, focus: float | None) -> Tensor:
    """Surprises -log p of the true class, damped by (1 - p) to the power of the focusing."""
    if focus == 0:
        return surprise
    p = torch.exp(-surprise)
    if focus is not None:
        return (1 - p) ** focus * surprise
    easy, hard = STEEP
    power = torch.where(p.detach() < HARD, hard, easy)
    return (1 - p).clamp_min(1e-6) ** power * surprise


def rarities(shares: Tensor) -> tuple[Tensor, Tensor]:
    """Inverse frequencies of the classes, and of each but the first against its others: weights of mean 1 over the examples.

    Every task has its own: the frequency of a class in one of them says nothing of another.
    """
    own = shares[1:]
    sides = torch.stack([0.5 / (1 - own), 0.5 / own], dim=1)
    return 1 / (len(shares) * shares), sides

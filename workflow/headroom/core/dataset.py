"""The three parts that a split makes of the examples."""

from dataclasses import dataclass

from headroom.core.examples import Examples, Target


@dataclass(frozen=True)
class Dataset:
    """Train and valid are for models, test is for evaluation only. `valid` may be empty (published protocols)."""

    train: Examples
    valid: Examples
    test: Examples
    target: Target

    @property
    def chooser(self) -> Examples:
        """The examples that choices rest on: validation, or train where a published protocol has no validation."""
        return chooser(self.train, self.valid)


def chooser(train: Examples, valid: Examples) -> Examples:
    """The examples that choices rest on: validation, or train where there is none."""
    return valid if len(valid) else train

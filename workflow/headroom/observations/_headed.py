"""Observation steps that need a lead field: they say which head it is of, and are handed it before they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from headroom.core.errors import HeadroomError
from headroom.core.lead_field import LeadField
from headroom.core.randomness import Streams
from headroom.core.signal import Signal
from headroom.observations._head import Head
from headroom.observations._subject_files import subject_files


class Step(Protocol):
    """What such a step offers itself."""

    def through(self, lead_field: LeadField, signal: Signal, rng: Streams) -> Signal:
        """The signal after this step."""


class Headed:
    """Settings with a field `head` and a method `through`."""

    head: Head

    def problems(self) -> list[str]:
        """What is wrong with the settings as a whole."""
        return self.head.problems()

    def check(self) -> None:
        """Whether the files of the head are there, before any job starts; raises HeadroomError."""
        if self.head.subject:
            subject_files(self.head.subject)

    def with_lead_field(self: Step, lead_field: LeadField) -> InHead:
        """The step in the head that this lead field is of."""
        return InHead(self, lead_field)

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """Raises HeadroomError: no lead field was handed over."""
        raise HeadroomError(f"{type(self).__name__.lower()}: found no lead field; rule lead_field makes it, and rule observe hands it over")


@dataclass(frozen=True)
class InHead:
    """A step and the lead field of its head."""

    step: Step
    lead_field: LeadField

    def apply(self, signal: Signal, rng: Streams) -> Signal:
        """The signal after this step; trial i draws from rng(i) alone."""
        return self.step.through(self.lead_field, signal, rng)

"""Fisher information with the prior: how far the data pin parameters down where the posterior is a normal bell (Laplace 1774)."""

from typing import ClassVar, Literal

import numpy as np

from headroom.ceilings._evoked import parameters_of, reduced, require_evoked
from headroom.core.combinations import combined
from headroom.core.dataset import Dataset
from headroom.core.differences import log_derivatives
from headroom.core.examples import Kind
from headroom.core.prediction import Expectation
from headroom.core.prior import Prior
from headroom.core.protocols import Simulator
from headroom.core.recording import Recording
from headroom.core.settings import settings


@settings
class Laplace:
    """Expected squared error 1 / (F + 1 / prior variance), with F at the true parameters.

    F is the Fisher information of a response in Gaussian noise of known covariance, by central differences. It is neither a bound nor
    attained: the response is linearised and the prior taken for normal.
    """

    sees: ClassVar[Literal["observation", "exact_state"]] = "exact_state"
    gives: ClassVar[Literal["bound", "reference"]] = "reference"
    answers: ClassVar[tuple[Kind, ...]] = ("window",)

    def expect(self, simulator: Simulator, recording: Recording, dataset: Dataset, rng: np.random.Generator) -> Expectation:
        """The expected squared errors; raises HeadroomError for other systems, tasks and sensors, and without noise."""
        evoked = require_evoked("laplace", simulator)
        true = parameters_of("laplace", recording, dataset)
        seen, prior = reduced("laplace", evoked, dataset.test.inputs, recording, rng), Prior.of(evoked)
        slopes = log_derivatives(seen.responses, true) / true[:, :, None]  # (example, parameter, direction)
        covariance = np.linalg.inv(slopes @ slopes.transpose(0, 2, 1) + np.diag(1 / prior.variance))
        turned = log_derivatives(lambda at: combined(dataset.target.names, at, prior.names), true) / true[:, :, None]
        variance = np.einsum("npt,npq,nqt->nt", turned, covariance, turned)
        note = f"{seen.weights.shape[1]} directions of {seen.weights.shape[0]} samples; linearised, so no bound"
        return Expectation(variance=variance[:, None], note=note)

"""What a job asks of a cluster: memory, time and a GPU from the plan's estimates, and with which others it shares a submission.

The plan says what a job is expected to take; a request is that with a margin, and grows with every attempt. A job that the plan does
not know asks for as much as the largest of its rule, or for the least.
"""

from functools import cached_property
from math import ceil

from headroom.config.loading import Config
from headroom.config.plan import Plan
from headroom.planning.estimate import Estimate, estimate
from headroom.planning.jobs import Jobs
from headroom.planning.rates import is_network, stored

MARGIN = 1.5
"""Memory that is asked for, over what the plan expects."""
BESIDE = 500
"""Memory of the Snakemake process that runs a job on its node [MB]."""
PATIENCE = 3
"""Time that is asked for, over what the plan expects: nodes differ, and neighbours disturb."""
LEAST = 5
"""Time that every job may take, for its start on a slow file system [min]."""
SHORT = 300.0
"""Jobs that are expected to take less than this share a submission with others of their stage [s]."""
STAGES = {
    "simulate": "data",
    "lead_field": "data",
    "observe": "data",
    "dataset": "data",
    "train": "fits",
    "ceiling": "ceilings",
    "evaluate": "scores",
    "summarise": "tables",
    "collect": "tables",
    "analyse": "tables",
    "draw": "tables",
    "report": "tables",
    "page": "tables",
}
"""The group of each rule's short jobs. Jobs of a group never wait for a job that waits for one of them."""
ON_A_GPU = "gpu_fits"
"""The group of short fits that hold a GPU: other work would leave it idle."""
AS = {"page": "report"}
"""Rules that the plan does not count, and those that cost the same."""


class Requests:
    """Requests of every job of a configuration; worked out when the first one is asked for."""

    def __init__(self, config: Config, plan: Plan) -> None:
        self.config, self.plan = config, plan

    def memory(self, rule: str, name: str, attempt: int = 1) -> int:
        """Memory of a job [MB], in hundreds; `name` is what its wildcards say, as in its log's path."""
        expected = self._expected(rule, name)
        return attempt * _hundreds(BESIDE + MARGIN * (expected.memory if expected else 0.0))

    def minutes(self, rule: str, name: str, attempt: int = 1) -> int:
        """Wall time of a job [min]."""
        expected = self._expected(rule, name)
        return attempt * (LEAST + ceil(PATIENCE * (expected.cpu if expected else 0.0) / 60))

    def gpus(self, rule: str, name: str) -> int:
        """1 for a fit of a network where the configuration says `device: cuda`. `auto` takes what is there and asks for none."""
        expected = self._expected(rule, name)
        return int(self.config.general.device == "cuda" and expected is not None and is_network(expected.job))

    def group(self, rule: str, name: str) -> str | None:
        """The group of a short job; None for a long one, which is submitted by itself."""
        expected = self._expected(rule, name)
        if expected is not None and expected.cpu > SHORT:
            return None
        return ON_A_GPU if self.gpus(rule, name) else STAGES[rule]

    def _expected(self, rule: str, name: str) -> Estimate | None:
        rule = AS.get(rule, rule)
        return self._estimates.get((rule, name)) or self._largest.get(rule)

    @cached_property
    def _estimates(self) -> dict[tuple[str, str], Estimate]:
        found = estimate(Jobs(self.config, self.plan), stored())
        return {(one.job.rule, one.job.name): one for one in found.each}

    @cached_property
    def _largest(self) -> dict[str, Estimate]:
        largest: dict[str, Estimate] = {}
        for (rule, _), one in self._estimates.items():
            if rule not in largest or one.memory > largest[rule].memory:
                largest[rule] = one
        return largest


def _hundreds(megabytes: float) -> int:
    return 100 * ceil(megabytes / 100)

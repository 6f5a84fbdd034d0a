"""What a configuration will cost before anything runs: every job, its work from settings and sizes, its cost from measured rates.

A component may say more of itself than its settings tell; all of this is optional, and only ratios between settings count:
a simulator `extent() -> Extent`, the size of its states, and `work() -> float`; a sensor that changes sizes `extent(seen) -> Extent`;
a network `work(data) -> float`, multiply-adds of the answer to one example; another model `fit_work(data) -> float`; a ceiling
`work(simulator, data) -> float`. `data` is a DataShape. Where nothing is said, a guess from settings stands in; a simulator whose
number of channels has to be assumed is named in the plan, and so is every component that was never measured.
"""

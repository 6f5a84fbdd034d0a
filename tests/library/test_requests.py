"""What jobs ask of a cluster: more than the plan expects, more at every attempt, a GPU for networks alone; long jobs go alone."""

import re

import pytest
from fixtures.planned import STUDY
from fixtures.project import ROOT

from headroom.config.general import RULES
from headroom.config.loading import load
from headroom.config.plan import Plan
from headroom.config.reading import read
from headroom.planning.estimate import estimate
from headroom.planning.jobs import Jobs
from headroom.planning.rates import stored
from headroom.planning.requests import ON_A_GPU, SHORT, STAGES, Requests

FIT = "kuramoto/identity/white_0.1/forecast/by_block/{}"


def requests_of(**more):
    config = load({"studies": {"one": STUDY}, **more})
    return Requests(config, Plan(config))


@pytest.mark.parametrize("preset", ["smoke", "paper"])
def test_every_job_asks_for_more_than_it_is_expected_to_take(preset):
    config = load(read([ROOT / "config.yaml", ROOT / "workflow" / "presets" / f"{preset}.yaml"]))
    requests = Requests(config, Plan(config))
    for one in estimate(Jobs(config), stored()).each:
        memory, minutes = (ask(one.job.rule, one.job.name) for ask in (requests.memory, requests.minutes))
        assert memory >= one.memory + 400 and minutes * 60 >= 2 * one.cpu + 240, one
        assert (requests.group(one.job.rule, one.job.name) is None) == (one.cpu > SHORT)


def test_another_attempt_asks_for_more():
    requests, name = requests_of(), FIT.format("lstm/seeds_0-4")
    for ask in (requests.memory, requests.minutes):
        assert [ask("train", name, attempt) for attempt in (1, 2, 3)] == [factor * ask("train", name) for factor in (1, 2, 3)]
        assert isinstance(ask("train", name), int), "Snakemake adds up whole numbers"


def test_networks_alone_ask_for_a_gpu_and_only_where_one_must_be():
    asked = {
        device: [requests_of(device=device).gpus("train", FIT.format(fit)) for fit in ("lstm/seeds_0-4", "ridge_var/once")]
        for device in ("cpu", "auto", "cuda")
    }
    assert asked == {"cpu": [0, 0], "auto": [0, 0], "cuda": [1, 0]}


def test_fits_with_a_gpu_share_submissions_with_their_like():
    requests = requests_of(device="cuda")
    assert requests.group("train", FIT.format("lstm/seeds_0-4")) == ON_A_GPU
    assert requests.group("train", FIT.format("ridge_var/once")) == "fits"


def test_a_job_that_the_plan_does_not_count_asks_for_as_much_as_the_largest_of_its_like():
    requests = requests_of()
    assert requests.memory("page", "one") == requests.memory("report", "all")
    assert requests.memory("train", "unheard/of") >= requests.memory("train", FIT.format("lstm/seeds_0-4"))


def test_every_rule_asks_under_its_own_name():
    assert set(STAGES) == set(RULES) - {"all", "classic_regimes", "classic_network"}
    texts = [path.read_text() for path in (ROOT / "workflow" / "rules").glob("[1-7]_*.smk")]
    bodies = {re.match(r"\w+", body)[0]: body for text in texts for body in text.split("rule ")[1:]}
    for rule in STAGES:
        for asks in ("memory_of", "minutes_of", "group_of"):
            assert re.findall(rf'{asks}\("(\w+)"\)', bodies[rule]) == [rule], f"{rule}: {asks}"

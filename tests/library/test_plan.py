"""Selections become conditions; those that share one are put together."""

from headroom.config.loading import load
from headroom.config.plan import Plan, seeds_of

STUDY = {
    "question": "Is it?",
    "systems": ["kuramoto"],
    "noise": "white",
    "levels": [0.1, 0.20],
    "models": ["persistence", "lstm"],
    "ceilings": ["twins"],
    "seeds": 7,
}


def planned(**more):
    return Plan(load({"studies": {"one": STUDY | more}}))


def test_a_condition_for_each_level():
    plan = planned()
    assert sorted(plan.by_path) == [f"kuramoto/identity/white_{level}/forecast/by_block" for level in ("0.1", "0.2")]


def test_seeds_are_dealt_into_jobs():
    plan = planned()
    condition = next(iter(plan.wanted))
    assert plan.fits(condition, "lstm") == ["seeds_0-4", "seeds_5-6"]
    assert plan.fits(condition, "persistence") == ["once"]
    assert [seed for fit in plan.fits(condition, "lstm") for seed in seeds_of(fit)] == list(range(7))


def test_selections_that_share_a_condition_are_put_together():
    plan = planned(selections=[{"cross_noise": True}, {"levels": [0.2], "models": ["ridge_var"], "ceilings": ["noise_floor"], "seeds": 2}])
    runs = plan.studies["one"]
    assert len(runs) == 2
    shared = next(wanted for condition, wanted in runs.items() if condition.level == "0.2")
    assert shared.models == {"persistence": 7, "lstm": 7, "ridge_var": 2}
    assert shared.ceilings == ["twins", "noise_floor"], "the first stays the primary one"
    assert shared.tested == ["0.2", "0.1"]


def test_studies_share_fits_but_ask_for_their_own_models_and_seeds_alone():
    plan = Plan(load({"studies": {"one": STUDY, "two": STUDY | {"models": ["lstm", "ridge_var"], "seeds": 3}}}))
    condition = next(iter(plan.wanted))
    assert plan.studies["two"][condition].models == {"lstm": 3, "ridge_var": 3}
    assert plan.fits(condition, "lstm", "one") == ["seeds_0-4", "seeds_5-6"]
    assert plan.fits(condition, "lstm", "two") == ["seeds_0-4"], "a fit that holds its seeds, of the batches that all studies share"


def test_a_level_is_tested_at_every_other_only_when_asked():
    alone, crossed = planned(), planned(cross_noise=True)
    assert {tuple(wanted.tested) for wanted in alone.wanted.values()} == {("0.1",), ("0.2",)}
    assert {tuple(wanted.tested) for wanted in crossed.wanted.values()} == {("0.1", "0.2"), ("0.2", "0.1")}


def test_two_tasks_that_would_write_the_same_rows_are_refused():
    import pytest

    from headroom.core.errors import HeadroomError

    tasks = {
        "near": {"kind": "forecasting"},
        "far": {"kind": "forecasting", "offsets": [1, 5]},
        "further": {"kind": "forecasting", "offsets": [5]},
    }
    study = STUDY | {"selections": [{"task": "near"}, {"task": "far"}]}
    with pytest.raises(HeadroomError, match="'near' and 'far' both ask kuramoto for forecast at offset 1; make two studies"):
        load({"tasks": tasks, "studies": {"one": study}})
    assert load({"tasks": tasks, "studies": {"one": STUDY | {"selections": [{"task": "near"}, {"task": "further"}]}}})


def test_two_noises_that_the_tables_would_not_tell_apart_are_refused():
    import pytest

    from headroom.core.errors import HeadroomError

    noises = {"hiss": {"kind": "white"}, "hum": {"kind": "white"}}
    study = {key: STUDY[key] for key in STUDY if key not in ("noise", "levels")}
    with pytest.raises(HeadroomError, match=r"noises 'hiss' and 'hum' both lie on kuramoto at level 0\.2, and no column"):
        grids = [{"noise": "hiss", "levels": [0.1, 0.2]}, {"noise": "hum", "levels": [0.2]}]
        load({"noises": noises, "studies": {"one": study | {"selections": grids}}})
    apart = [{"noise": "hiss", "levels": [0.1]}, {"noise": "hum", "levels": [0.2]}]
    assert load({"noises": noises, "studies": {"one": study | {"selections": apart}}})

"""What single analyses compute, on tables whose answer is known."""

import numpy as np
import pandas
import pytest
from fixtures import study_tables

from headroom.analyses import _rows, _style
from headroom.analyses.channel_map import ChannelMap
from headroom.analyses.cross_noise import CrossNoise
from headroom.analyses.error_by_position import ErrorByPosition
from headroom.analyses.published import Published
from headroom.analyses.residual_autocorrelation import ResidualAutocorrelation
from headroom.analyses.residuals import Residuals
from headroom.analyses.rollout_error import RolloutError
from headroom.analyses.sensitivity_by_lag import SensitivityByLag
from headroom.analyses.skill_by_noise import SkillByNoise
from headroom.analyses.synchrony import critical_coupling


@pytest.fixture(scope="module")
def tables():
    return study_tables.oscillators()


def test_skill_carries_the_paired_interval_in_units_of_the_distance_from_floor_to_ceiling(tables):
    table = SkillByNoise().compute(tables)
    row = table[(table["panel"] == "sinusoids") & (table["noise"] == "0.2") & (table["model"] == "lstm")].iloc[0]
    _, floor, ceiling = study_tables._r2("sinusoids", "0.2", study_tables.DT, "lstm")
    assert row["skill"] == pytest.approx(0.95)
    assert row["high"] - row["skill"] == pytest.approx(0.002 / (ceiling - floor))
    assert row["gives"] == "bound" and row["runs"] == 20
    assert row["linear"] == pytest.approx(0.98)


def test_a_system_at_one_level_gives_way_to_those_with_a_ladder(tables):
    single = tables["summary"]["system"].eq("kuramoto") & tables["summary"]["noise"].ne("0.2")
    table = SkillByNoise().compute(tables | {"summary": tables["summary"][~single]})
    assert set(table["panel"]) == {"sinusoids"}


def test_cross_noise_has_every_pair_of_levels_of_the_models_that_travel(tables):
    table = CrossNoise().compute(tables)
    assert set(table["role"]) == {"linear", "model"}
    assert (table.groupby(["panel", "model"]).size() == 16).all()


def test_residuals_show_the_standard_deviation_of_the_noise_in_the_data(tables):
    table = Residuals().compute(tables)
    assert table["noise_sd"].to_numpy() == pytest.approx(0.07, rel=0.1)
    width = table["right"] - table["left"]
    inside = (table["density"] * width).groupby([table["panel"], table["model"]]).sum()
    assert ((inside > 0.98) & (inside <= 1 + 1e-9)).all()


def test_the_noise_of_a_recording_is_not_invented():
    table = Residuals().compute(study_tables.recording())
    assert table["noise_sd"].isna().all()


@pytest.mark.parametrize("coefficient", [0.0, 0.8])
def test_autocorrelation_finds_what_is_left_in_the_residuals(tables, coefficient):
    rng = np.random.default_rng(0)
    predictions = tables["predictions"].copy()
    keys = ["system", "noise", "model", "task", "horizon", "channel"]
    white = pandas.Series(rng.normal(size=len(predictions)), predictions.index)
    residual = white.groupby([predictions[key] for key in keys], dropna=False).transform(
        lambda x: x.ewm(alpha=1 - coefficient, adjust=False).mean()
    )
    predictions["prediction"] = predictions["truth"] - residual
    first = ResidualAutocorrelation().compute(tables | {"predictions": predictions}).query("lag < 0.3")
    assert first["correlation"].mean() == pytest.approx(coefficient, abs=0.06)


def test_error_by_position_finds_a_model_that_fades(tables):
    sums = tables["positions"]
    late = (sums["time"] > 180) & (sums["model"] == "lstm")
    fading = sums.assign(squared=sums["squared"].where(~late, sums["samples"]))
    table = ErrorByPosition().compute(tables | {"positions": fading}).query("model == 'lstm'")
    assert table.loc[table["time"] > 180, "error"].to_numpy() == pytest.approx(1.0)
    assert (table.loc[table["time"] < 180, "error"] < 0.1).all()


def test_channel_shares_add_up_to_one(tables):
    shares = ChannelMap().compute(tables).groupby(["panel", "model", "target"])["share"].sum()
    assert shares.to_numpy() == pytest.approx(1.0)


def test_sensitivity_sums_channels_and_spans_targets(tables):
    table = SensitivityByLag().compute(tables)
    assert (table["targets"] == len(study_tables.CHANNELS)).all()
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    assert table[table["lag"] == 0]["value"].to_numpy() == pytest.approx(1.8, rel=0.15)


def test_published_numbers_meet_one_value_per_seed(tables):
    table = Published().compute(tables)
    assert (table.groupby("target").size() == 3).all() and table["value"].notna().all()


def test_a_claim_that_was_not_run_is_still_shown(tables):
    table = Published().compute(tables | {"verdicts": tables["verdicts"].assign(split="elsewhere")})
    assert len(table) == 2 and table["value"].isna().all()


def test_critical_coupling_of_lorentzian_frequencies_is_twice_the_width_plus_the_noise():
    quantiles = (np.arange(4000) + 0.5) / 4000
    frequencies = 3 + 0.2 * np.tan(np.pi * (quantiles - 0.5))
    bulk = frequencies[(quantiles > 0.001) & (quantiles < 0.999)]
    assert critical_coupling(bulk, 0.1) == pytest.approx(2 * (0.2 + 0.1), rel=0.02)
    assert critical_coupling(np.ones(3), 0.1) == pytest.approx(2 * 0.1, rel=1e-3)
    assert critical_coupling(bulk, 0.0) == np.inf


def test_a_model_has_one_look_in_every_figure(tables):
    orders = [
        set(_rows.ordered(tables[name], tables["summary"])[["model", "order"]].itertuples(index=False, name=None))
        for name in ("summary", "histories")
    ]
    assert orders[1] <= orders[0]
    looks = {(look["color"], look["marker"], str(look["linestyle"])) for look in (_style.look("model", order) for order in range(14))}
    assert len(looks) == 14


def test_panels_name_sensor_and_split_only_where_a_system_has_several():
    rows = pandas.DataFrame({"system": ["a", "a", "b"], "sensor": ["identity"] * 3, "split": ["by_block", "whole", "by_block"]})
    assert list(_rows.panel(rows)) == ["a, by_block", "a, whole", "b"]


def test_levels_rise_as_numbers_and_words_come_last():
    assert _rows.levels(pandas.Series(["10", "as recorded", "0.5", "2"])) == ["0.5", "2", "10", "as recorded"]


def test_a_roll_out_of_one_step_has_the_skill_of_the_direct_forecast_also_from_harder_windows(tables):
    summary = tables["summary"]
    harder = (summary["task"] == "rollout") & (summary["metric"] == "r2")
    summary = summary.assign(mean=summary["mean"].where(~harder, 1 - 1.3 * (1 - summary["mean"])))
    table = RolloutError().compute(tables | {"summary": summary})
    first = table[(table["horizon"] == table["horizon"].min()) & (table["role"] == "model")]
    skill = first.pivot_table(index=["panel", "model"], columns="way", values="skill")
    assert len(skill) == 4 and skill["fed back"].to_numpy() == pytest.approx(skill["direct"].to_numpy())
    assert table.loc[(table["way"] == "fed back") & (table["horizon"] > 3), "skill"].isna().all()

"""The report page: complete, self-contained, safe with any name."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from fixtures import study_tables

from headroom.report import evidence
from headroom.report.page import Measure, StudyPage, build
from headroom.report.pictures import Picture
from headroom.report.reading import kinds
from headroom.report.results import every_score, headline
from headroom.report.wording import interval, listing, metric_words, number, seconds, short

WEBP = b"RIFF"
BAD = "<script>alert(1)</script>"


def study(tables, **changes):
    pictures = (Picture("ladder", f"All of {BAD}.", WEBP), Picture("skill_by_noise", "Skill.", WEBP))
    given = {"name": "oscillators", "question": "Is it better?", "pictures": pictures, "limits": ("One graph.",)} | changes
    return StudyPage(summary=tables["summary"], comparisons=tables["comparisons"], verdicts=tables["verdicts"], **given)


@pytest.fixture(scope="module")
def page():
    return build([study(study_tables.oscillators())], [evidence.versions({"numpy": "2.3.5"})], notice="smoke preset: tiny networks")


class Reader(HTMLParser):
    """Collects the tags, and whether they close in order."""

    void = frozenset({"meta", "img", "input", "br"})
    ends_by_itself = frozenset({"tr", "td", "th"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.void | self.ends_by_itself:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in self.ends_by_itself or self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def of(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


def test_every_tag_is_closed_and_ids_are_unique(page):
    reader = Reader(page)
    assert reader.open == []
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [link["href"] for link in reader.of("a")]
    assert links and all(link.startswith("#") and link[1:] in ids for link in links)


def test_nothing_is_fetched(page):
    reader = Reader(page)
    assert all(image["src"].startswith("data:image/webp;base64,") for image in reader.of("img"))
    assert not reader.of("link") and all("src" not in script for script in reader.of("script"))
    assert not re.search(r"https?://|@import|url\(", page)


def test_the_first_screen_has_notice_question_answer_figure_and_verdicts(page):
    start = page[: page.index('<section id="study-1"')]
    for words in ("smoke preset: tiny networks", "Is it better?", "reaches skill", "<svg", "not reproduced here", "0.9906", "0.9957 bound"):
        assert words in start
    assert "Ladder" not in start


def test_the_study_has_its_tables_figures_limits_and_evidence(page):
    for words in ("ridge_var", "noise_floor, bound", "Ladder", "One graph.", "challenge report", "inside the range", "numpy"):
        assert words in page


def test_a_page_without_notice_warns_of_nothing():
    assert 'class="notice"' not in build([study(study_tables.oscillators())], [])


def test_names_are_shown_and_never_run():
    tables = study_tables.hostile()
    text = build([study(tables, name=BAD, question=BAD, limits=(BAD,))], [evidence.versions({BAD: BAD})], title=BAD, notice=BAD)
    reader = Reader(text)
    assert len(reader.of("script")) == 1 and len(reader.of("b")) == 0
    assert sum(word == BAD for word in reader.words) > 5
    assert all(
        "alert" not in (value or "") or key in ("alt", "aria-label") for _, attributes in reader.tags for key, value in attributes.items()
    )


def test_it_can_be_read_by_keyboard_and_screen_reader(page):
    reader = Reader(page)
    assert reader.of("html")[0]["lang"] == "en" and reader.of("main")
    assert all(image["alt"] for image in reader.of("img"))
    assert all(header.get("scope") in ("col", "row", "rowgroup") for header in reader.of("th"))
    assert len(reader.of("caption")) == len(reader.of("table"))
    assert reader.of("a")[0]["class"] == "skip"
    assert all(box["tabindex"] == "0" and box["role"] and box["aria-label"] for box in reader.of("div") if box.get("class") == "scroll")
    drawings = [drawing for drawing in reader.of("svg") if drawing.get("aria-hidden") != "true"]
    assert drawings and all(drawing["role"] == "img" and "noise 0.07: " in drawing["aria-label"] for drawing in drawings)
    sections = [section["aria-labelledby"] for section in reader.of("section")]
    assert set(sections) <= {heading.get("id") for heading in reader.of("h2")} and reader.of("nav")[0]["aria-label"]
    headings = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert headings[0] == 1 and all(after - before <= 1 for before, after in pairwise(headings))


def test_every_pooled_score_is_there_once():
    tables = study_tables.oscillators()
    table = every_score(tables["summary"], kinds(tables["comparisons"]), "r2")
    pooled = tables["summary"][tables["summary"]["target"] == "all"]
    keys = ["system", "split", "task", "horizon", "noise", "trained_noise", "model"]
    assert len(table.rows) == len(pooled[keys].drop_duplicates())
    metrics = pooled["metric"].nunique()
    shown = sum(cell.sorts is not None for row in table.rows for cell in row[-metrics:])
    assert shown == pooled["mean"].notna().sum()
    assert table.headers[-metrics:][:3] == ("R2", "MSE", "MAE") and "split" not in table.headers and "split by_block" in table.caption


def test_a_skill_beside_the_scale_is_explained():
    tables = study_tables.oscillators()
    table = every_score(tables["summary"], kinds(tables["comparisons"]), "r2")
    hints = {row[0].shown: row[table.headers.index("skill")].hint for row in table.rows if row[1].shown == "ceiling"}
    assert hints == {"noise_floor": "the 1 of the scale", "harmonic_reference": "on the scale of noise_floor"}
    above = tables["summary"].assign(skill=tables["summary"]["skill"] * 1.2)
    hints = {row[-1].hint for row in headline(above, {"noise_floor": "reference"}, "r2").rows}
    assert "above the reference, which may be passed" in hints


def test_the_headline_has_one_row_per_model_and_condition_at_the_shortest_horizon():
    tables = study_tables.oscillators()
    assert len(headline(tables["summary"], kinds(tables["comparisons"]), "r2").rows) == 2 * 4 * 2


def test_a_recording_has_no_ceiling_and_says_so():
    tables = study_tables.recording()
    text = build([study(tables)], [])
    for words in ("no ceiling is known", "no interval: too short", "No published numbers", "best linear predictor", "there is no skill"):
        assert words in text


def test_a_study_without_seeds_or_comparisons_has_a_page():
    assert "Is it better?" in build([study(study_tables.unseeded())], [])
    tables = study_tables.oscillators()
    text = build([study(tables | {"comparisons": tables["comparisons"].head(0)})], [])
    assert "there are no paired intervals" in text


def test_a_study_without_scores_has_a_page():
    tables = {name: table.head(0) for name, table in study_tables.oscillators().items()}
    assert "Nothing was scored." in build([study(tables)], [])


def test_a_decoder_is_spoken_of_in_its_own_metric():
    tables = study_tables.recording()
    for name in ("summary", "comparisons"):
        metric = tables[name]["metric"].where(tables[name]["metric"] != "r2", "balanced_accuracy")
        tables[name] = tables[name].assign(metric=metric, task="decode_causal", horizon=float("nan"))
    tables["summary"] = tables["summary"].drop_duplicates(["model", "metric", "target"])
    given = {"primary": "balanced_accuracy", "measures": {"balanced_accuracy": Measure("The mean of the classes' recalls.")}}
    text = build([study(tables, **given)], [])
    assert "reaches balanced accuracy" in text and "The mean of the classes&#39; recalls." in text
    assert "R2" not in text and "horizon [s]" not in text


def test_a_smaller_loss_is_better():
    tables = study_tables.recording()
    mse = {"primary": "mse", "measures": {"mse": Measure("Mean squared error.", False)}}
    assert "the best model, lstm_residual, reaches MSE" in build([study(tables, **mse)], [])


def test_run_times_are_added_up_by_rule(tmp_path):
    for name, seconds_, memory in (("train/a/b.tsv", "10.0", "100"), ("train/c.tsv", "30.0", "-"), ("draw/d.tsv", "1.0", "50")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\th:m:s\tmax_rss\tcpu_time\n{seconds_}\t0:00:10\t{memory}\t5.0\n")
    table = evidence.run_times(tmp_path.rglob("*.tsv"), tmp_path)
    assert [[cell.shown for cell in row] for row in table.rows] == [
        ["train", "2", "40.0 s", "30.0 s", "10.0 s", "100 MB"],
        ["draw", "1", "1.0 s", "1.0 s", "5.0 s", "50 MB"],
    ]


def test_checksums_come_from_the_manifests(tmp_path):
    (tmp_path / "x.manifest.json").write_text('{"files": {"b.npz": {"bytes": 1500000, "sha256": "abc"}}, "rule": "x"}')
    table = evidence.checksums(tmp_path.rglob("*.manifest.json"), tmp_path)
    assert [cell.shown for cell in table.rows[0]] == ["b.npz", "abc"]


@pytest.mark.parametrize(
    ("place", "mine"),
    [
        ("simulate/kuramoto", True),
        ("observe/kuramoto/identity/white_0.07", True),
        ("4_models/kuramoto/identity/white_0.07/forecast/by_block/lstm/seeds_0-2", True),
        ("5_scores/ceilings/kuramoto/identity/white_0.07/forecast/by_block/twins", True),
        ("5_scores/studies/tiny/kuramoto/identity", True),
        ("draw/tiny/traces", True),
        ("7_report/studies", False),
        ("simulate/kuramoto_2", False),
        ("observe/kuramoto/identity/white_0.5", False),
        ("draw/other/traces", False),
    ],
)
def test_jobs_and_files_stand_with_the_studies_that_use_them(place, mine):
    assert evidence.belongs(place, "tiny", ["kuramoto/identity/white_0.07/forecast/by_block"]) is mine


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.99514, "0.9951"), (0.00491, "0.00491"), (12345.0, "1.23e+04"), (0.0, "0.0000"), (None, "–"), (float("nan"), "–")],
)
def test_numbers_are_shown_with_what_they_are_worth(value, words):
    assert number(value) == words


def test_an_interval_that_is_not_known_is_not_shown():
    assert interval(0.5, 0.4, 0.6) == "0.5000 [0.4000, 0.6000]"
    assert interval(0.5, None, None) == "0.5000"
    assert seconds(90) == "90.0 s" and seconds(180) == "3.0 min" and seconds(0.01) == "< 0.1 s" and seconds(0) == "–"


@pytest.mark.parametrize(("value", "words"), [(0.964, "0.96"), (0.9984, "0.998"), (0.99996, "1.00"), (1.02, "1.02"), (1234.5, "1.23e+03")])
def test_a_short_number_never_reaches_one_by_rounding_alone(value, words):
    assert short(value) == words


def test_names_become_words():
    assert metric_words("macro_f1") == "macro F1" and metric_words("r2_clean") == "R2 clean" and metric_words("auc") == "AUC"
    assert listing(["a", "b", "a", "c"]) == "a, b and c" and listing(["a"]) == "a" and listing([]) == ""

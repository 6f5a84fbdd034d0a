"""A digest changes with the code that a job can reach, and with nothing else."""

import pytest

from headroom import provenance
from headroom.catalog import ROOT

LOCK = "numpy==2.3.5\npandas==2.3.3\nrich==15.0.0\n"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A package of three modules and a lock, seen through fresh caches."""
    package = tmp_path / "headroom"
    package.mkdir()
    (package / "__init__.py").write_text('"""The package."""\n')
    (package / "below.py").write_text('"""Below."""\nimport numpy\nVALUE = 1\n')
    (package / "aside.py").write_text("import pandas\n")
    (package / "above.py").write_text(
        '"""Above."""\nfrom typing import TYPE_CHECKING\nfrom headroom import below\nif TYPE_CHECKING:\n    import pandas\n\n'
        'def compute():\n    """Say."""\n    return below.VALUE\n\ndef draw():\n    import matplotlib\n    return 1\n'
    )
    (tmp_path / "requirements.lock").write_text(LOCK)
    monkeypatch.setattr(provenance, "PACKAGE", package)
    monkeypatch.setattr(provenance, "ROOTS", (tmp_path,))
    return package


def forget():
    for function in vars(provenance).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def digest(tree, without=None):
    forget()
    return provenance.code_digest([tree / "above.py"], tree.parent / "requirements.lock", without)


def changed(tree, file, old, new, without=None):
    """Whether the digest changes with an edit."""
    before = digest(tree, without)
    path = tree / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    return digest(tree, without) != before


def test_code_counts(tree):
    assert changed(tree, "above.py", "return below.VALUE", "return 2 * below.VALUE")


def test_code_of_an_imported_module_counts(tree):
    assert changed(tree, "below.py", "VALUE = 1", "VALUE = 2")


def test_code_of_another_module_does_not(tree):
    assert not changed(tree, "aside.py", "import pandas", "import pandas, scipy")


@pytest.mark.parametrize("new", ['"""Else."""', '"""Above."""\n# a comment', '"""Above."""\n\n\n'])
def test_words_do_not_count(tree, new):
    assert not changed(tree, "above.py", '"""Above."""', new)


def test_a_docstring_of_a_function_does_not_count(tree):
    assert not changed(tree, "above.py", '"""Say."""', '"""Say something else."""')


def test_drawing_counts_unless_it_is_left_out(tree):
    assert not changed(tree, "above.py", "return 1", "return 3", without="draw")
    assert changed(tree, "above.py", "return 3", "return 4")


def test_a_locked_version_counts_where_it_is_imported(tree):
    assert changed(tree, "../requirements.lock", "numpy==2.3.5", "numpy==2.3.6")
    assert not changed(tree, "../requirements.lock", "rich==15.0.0", "rich==16.0.0")
    assert not changed(tree, "../requirements.lock", "pandas==2.3.3", "pandas==2.4.0"), "imported for type checking only"


def test_the_real_closure_holds_what_a_job_runs():
    forget()
    script = ROOT.parent / "scripts" / "4_train.py"
    files = provenance.closure((script, ROOT / "models" / "lstm.py"))
    names = {path.name for path in files}
    assert {"_job.py", "files.py", "lstm.py", "recurrent.py", "training.py"} <= names
    assert not names & {"kuramoto.py", "ridge_var.py", "loading.py"}
    assert "torch" in provenance.third_party((ROOT / "models" / "lstm.py",))
    assert "torch" not in provenance.third_party((ROOT / "models" / "ridge_var.py",))


def test_an_estimate_of_what_a_job_costs_does_not_count(tree):
    text = (tree / "above.py").read_text()
    before = digest(tree)
    (tree / "above.py").write_text(text + "\ndef work(self, data):\n    return 7.0\n")
    assert digest(tree) == before

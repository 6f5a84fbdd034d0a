"""A small project, run once: every test works on a copy of its finished tree."""

import pytest
from fixtures.project import new_project


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project after a full run. Never edit it: take `project`."""
    project = new_project(tmp_path_factory.mktemp("finished") / "tree")
    project.run()
    return project


@pytest.fixture
def project(finished, tmp_path):
    """A copy of the finished project, to edit."""
    return finished.copy(tmp_path / "copy")

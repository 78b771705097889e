from __future__ import annotations

import pytest
from support.manifests import composed
from support.task_texts import here

from pixi_jupyter.errors import (
    AmbiguousTaskError,
    EnvironmentNotFoundError,
    TaskPlatformError,
    UnknownTaskError,
)
from pixi_jupyter.tasks.choice import TaskFinder

MANIFEST = """
[tasks]
everywhere = "a"
changed = "a"
sent = { cmd = "a", default-environment = "test" }
[feature.test.tasks]
changed = "b"
only-test = "a"
two = "test"
mine = { cmd = "a", default-environment = "test" }
[feature.docs.tasks]
two = "docs"
mine = "b"
[feature.mac]
platforms = ["osx-arm64"]
tasks = { only-mac = "a" }
[environments]
test = ["test"]
docs = ["docs"]
mac = ["mac"]
"""


@pytest.fixture
def finder() -> TaskFinder:
    return TaskFinder(composed(MANIFEST), here)


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("everywhere", "default"),
        ("sent", "test"),
        ("only-test", "test"),
        ("mine", "test"),
    ],
)
def test_the_environment_is_found(
    finder: TaskFinder, name: str, environment: str
) -> None:
    assert finder.choose(name) == environment


def test_another_definition_elsewhere_makes_it_ambiguous(finder: TaskFinder) -> None:
    with pytest.raises(AmbiguousTaskError) as caught:
        finder.choose("changed")

    assert caught.value.environments == ("default", "test", "docs")
    assert "{command} run -e test changed" in caught.value.hints


def test_two_environments_without_a_default_are_ambiguous(finder: TaskFinder) -> None:
    with pytest.raises(AmbiguousTaskError) as caught:
        finder.choose("two", needed_by="all")

    assert caught.value.environments == ("test", "docs")
    assert "depends-on of all" in caught.value.hints[0]


def test_an_environment_that_is_named_is_the_only_one_asked(finder: TaskFinder) -> None:
    assert finder.choose("changed", environment="docs") == "docs"
    with pytest.raises(UnknownTaskError) as caught:
        finder.choose("only-test", environment="docs")
    assert "in environment docs" in caught.value.message


def test_a_task_of_other_machines_says_so(finder: TaskFinder) -> None:
    with pytest.raises(TaskPlatformError) as caught:
        finder.choose("only-mac")

    assert caught.value.environments == ("mac",)
    assert caught.value.platforms == ("osx-arm64",)
    assert finder.has("only-mac", None)


def test_a_missing_task_names_the_nearest(finder: TaskFinder) -> None:
    with pytest.raises(UnknownTaskError) as caught:
        finder.choose("evrywhere")

    assert caught.value.hints == ("did you mean everywhere?",)


def test_an_unknown_environment_is_refused(finder: TaskFinder) -> None:
    with pytest.raises(EnvironmentNotFoundError):
        finder.choose("everywhere", environment="tset")

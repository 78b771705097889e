"""PyPI packages in manifest and lock; nothing here is installed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.pypi_workspace import OTHER, PypiWorkspace

from pixi_jupyter.lock.file import read_lock
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer
    from support.registry import MockIndex

DEPENDENCIES = '[dependencies]\npython = "*"\n'


@pytest.fixture
def study(
    tmp_path: Path,
    cache: Path,
    mock_index: Callable[[], MockIndex],
    monkeypatch: pytest.MonkeyPatch,
) -> PypiWorkspace:
    del cache
    (tmp_path / "study").mkdir()
    made = PypiWorkspace(tmp_path / "study", mock_index())
    monkeypatch.chdir(made.root)
    made.write(DEPENDENCIES)
    made.publish("spam", requires=["eggs>=1"])
    made.publish("eggs")
    return made


def rows(study: PypiWorkspace, environment: str = "default") -> dict[str, set[str]]:
    """Give what is locked as NAME==VERSION of PyPI and NAME=VERSION of conda."""
    lock = read_lock(study.root / "pixi.lock")
    return {
        platform: {
            f"{each.name}{'==' if each.kind == 'pypi' else '='}{each.version}"
            for each in row
        }
        for platform, row in lock.environments[environment].packages.items()
    }


def test_an_added_package_is_pinned_and_locked_for_each_platform(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("add", "--pypi", "Spam", "--no-install")

    assert answer.code == 0, answer.err
    assert '[pypi-dependencies]\nSpam = ">=1.0, <2"\n' in study.manifest.read_text()
    expected = {"python=3.11.7", "spam==1.0", "eggs==1.0"}
    assert rows(study) == {host_subdir(): expected, OTHER: expected}
    lock = study.lock
    assert f"indexes:\n    - {study.index.simple_url}" in lock
    assert "requires_dist:\n  - eggs>=1" in lock
    assert "purls: []" in lock


def test_a_lock_of_ours_fits_and_stays(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam", "--no-install")
    before = study.lock
    asked = len(study.index.paths())

    assert pixi("lock", "--check").code == 0
    again = pixi("lock")

    assert again.code == 0
    assert study.lock == before
    assert len(study.index.paths()) == asked


def test_removing_the_last_one_leaves_no_index_in_the_lock(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam", "--no-install")

    answer = pixi("remove", "--pypi", "Spam", "--no-install")

    assert answer.code == 0, answer.err
    assert rows(study)[OTHER] == {"python=3.11.7"}
    assert "indexes" not in study.lock
    assert "spam" not in study.manifest.read_text()
    assert pixi("lock", "--check").code == 0


def test_what_conda_brings_is_not_taken_from_the_index(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    study.add('ham = "*"\n')
    study.publish("ham", "9.0")
    study.publish("user", requires=["ham"])

    answer = pixi("add", "--pypi", "user", "--no-install")

    assert answer.code == 0, answer.err
    assert rows(study)[OTHER] == {"python=3.11.7", "ham=2.0", "user==1.0"}
    assert "pkg:pypi/ham" in study.lock


def test_a_clash_with_conda_names_both_and_writes_nothing(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    study.add('ham = "<2"\n')
    study.publish("user", requires=["ham>=2"])
    before = study.manifest.read_text()

    answer = pixi("add", "--pypi", "user", "--no-install")

    assert answer.code == 1
    assert "ham 1.0" in answer.err
    assert "ham>=2" in answer.err
    assert "pixi.toml:" in answer.err
    assert study.manifest.read_text() == before
    assert not (study.root / "pixi.lock").exists()


def test_update_moves_only_the_one_that_is_named(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    study.add('\n[pypi-dependencies]\nspam = "*"\neggs = "*"\n')
    pixi("lock")
    study.publish("spam", "1.1", requires=["eggs>=1"])
    study.publish("eggs", "1.1")

    answer = pixi("update", "eggs", "--json")

    assert answer.code == 0, answer.err
    assert {"spam==1.0", "eggs==1.1"} <= rows(study)[OTHER]
    changed = json.loads(answer.out)["environment"]["default"][OTHER]
    assert [(item["name"], item["type"]) for item in changed] == [("eggs", "pypi")]


def test_adding_another_leaves_locked_versions_alone(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "eggs", "--no-install")
    study.publish("eggs", "1.1")

    pixi("add", "--pypi", "spam", "--no-install")

    assert {"spam==1.0", "eggs==1.0"} <= rows(study)[OTHER]


def test_each_environment_of_a_group_gets_its_part(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    study.publish("probe", requires=["ham"])
    study.add(
        'ham = "*"\n\n[pypi-dependencies]\nspam = "*"\n\n'
        '[feature.test.pypi-dependencies]\nprobe = "*"\n\n'
        "[environments]\n"
        'default = { solve-group = "one" }\n'
        'test = { features = ["test"], solve-group = "one" }\n'
    )

    answer = pixi("lock")

    assert answer.code == 0, answer.err
    base = {"python=3.11.7", "ham=2.0", "spam==1.0", "eggs==1.0"}
    assert rows(study)[OTHER] == base
    assert rows(study, "test")[OTHER] == base | {"probe==1.0"}
    assert pixi("lock", "--check").code == 0


def test_list_and_tree_show_where_packages_are_from(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam", "--no-install")

    listed = json.loads(pixi("list", "--json", "--platform", OTHER).out)
    tree = pixi("tree", "--platform", OTHER).out

    kinds = {row["name"]: (row["kind"], row["is_explicit"]) for row in listed}
    assert kinds["spam"] == ("pypi", True)
    assert kinds["eggs"] == ("pypi", False)
    assert [x["requested_spec"] for x in listed if x["name"] == "spam"] == [">=1.0, <2"]
    assert tree.index("spam") < tree.index("eggs")


def test_offline_takes_what_is_cached_and_says_what_is_not(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam", "--no-install")
    study.publish("new")

    answer = pixi("add", "--pypi", "new", "--no-install", "--offline")

    assert answer.code == 1
    assert "new" in answer.err
    assert "new" not in study.manifest.read_text()
    (study.root / "pixi.lock").unlink()
    assert pixi("lock", "--offline").code == 0
    assert "spam==1.0" in rows(study)[OTHER]


def test_a_changed_requirement_is_solved_on_the_conda_packages_that_are_locked(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam", "--no-install")
    study.publish("spam", "2.0")
    text = study.manifest.read_text()
    study.manifest.write_text(text.replace('">=1.0, <2"', '">=2"'))

    assert pixi("lock", "--check").code == 1
    study.manifest.write_text(text.replace('">=1.0, <2"', '">=2"'))
    answer = pixi("lock")

    assert answer.code == 0, answer.err
    assert rows(study)[OTHER] == {"python=3.11.7", "spam==2.0"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["spam", "--editable"], "folder"),
        (["spam", "--branch", "main"], "--git"),
        (["spam >> 2"], "spam >> 2"),
        (["nothing"], "nothing"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(
    study: PypiWorkspace, pixi: Callable[..., Answer], words: list[str], reason: str
) -> None:
    before = study.manifest.read_text()

    answer = pixi("add", "--pypi", *words, "--no-install")

    assert answer.code != 0
    assert reason in answer.err
    assert study.manifest.read_text() == before


def test_without_a_python_the_next_command_is_told(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    study.write("[dependencies]\n")

    answer = pixi("add", "--pypi", "spam", "--no-install")

    assert answer.code == 1
    assert "add python" in answer.err


def test_a_conda_pypi_map_says_what_conda_brings(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    channel = (study.root.parent / "channel").as_uri()
    study.publish("other-name", "7.0")
    study.publish("user", requires=["other-name"])
    (study.root / "names.json").write_text('{"tool": "other-name"}')
    text = study.manifest.read_text()
    table = f'conda-pypi-map = {{ "{channel}" = "names.json" }}\n'
    study.manifest.write_text(
        text.replace('name = "mine"\n', f'name = "mine"\n{table}') + 'tool = "*"\n'
    )

    answer = pixi("add", "--pypi", "user", "--no-install")

    assert answer.code == 0, answer.err
    assert rows(study)[OTHER] == {"python=3.11.7", "tool=1.0", "user==1.0"}
    (study.root / "names.json").write_text("[]")
    assert "names" in pixi("update").err

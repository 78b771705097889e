"""`upgrade` raises what is asked of PyPI too, and keeps what is no version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.newer import contents, locked, shown
from support.pypi_workspace import OTHER, PypiWorkspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

    Pixi = Callable[..., Answer]

TABLES = """
[pypi-dependencies]
# what we serve with
spam = ">=1.0, <2"  # closely
Eggs = { version = "==1.0", extras = ["fried"] }

[feature.test.pypi-dependencies.probe]
version = "<2"
env-markers = "sys_platform != 'win32'"

[environments]
test = ["test"]
"""
PROJECT = """\
[project]
name = "mine"
version = "1"
dependencies = [
  "Spam[more] >=1.0,<2 ; python_version > '3'",  # closely
  "eggs==1.0",
]

[project.optional-dependencies]
test = ["probe<2"]

[dependency-groups]
web = [{ include-group = "base" }, "twice<2", "twice>=1"]
base = ["local @ https://files.example/local-1.0-py3-none-any.whl"]

[tool.pixi.dependencies]
python = "*"

[tool.pixi.environments]
test = ["test"]
"""


@pytest.fixture
def study(pypi_study: PypiWorkspace, pixi: Pixi) -> PypiWorkspace:
    """Give a workspace that is locked and could be newer."""
    pypi_study.publish("probe")
    pypi_study.add(TABLES)
    assert pixi("lock").code == 0
    publish(pypi_study)
    return pypi_study


def publish(study: PypiWorkspace) -> None:
    for name in ("spam", "eggs", "probe"):
        study.publish(name, "2.1")


def versions(study: PypiWorkspace, environment: str = "test") -> dict[str, str]:
    row = locked(study.root)[environment, OTHER]
    return {name: row[name] for name in ("spam", "eggs", "probe") if name in row}


def test_requirements_go_beyond_their_bounds_and_keep_their_form(
    study: PypiWorkspace, pixi: Pixi
) -> None:
    answer = pixi("upgrade", "--no-install")

    assert answer.code == 0, answer.err
    assert study.manifest.read_text() == study.head() + (
        '[dependencies]\npython = ">=3.11.7,<3.12"\n'
        + TABLES.replace(">=1.0, <2", ">=2.1, <3")
        .replace("==1.0", ">=2.1, <3")
        .replace('"<2"', '">=2.1, <3"')
    )
    assert versions(study) == {"spam": "2.1", "eggs": "2.1", "probe": "2.1"}
    assert pixi("lock", "--check").code == 0


@pytest.mark.usefixtures("study")
def test_the_terminal_says_which_ones_are_of_pypi(pixi: Pixi) -> None:
    answer = pixi("upgrade", "--exclude", "python", "--no-install")

    assert shown(answer.err)[-4:] == [
        "✔ Upgraded spam of PyPI >=1.0, <2 to >=2.1, <3",
        "✔ Upgraded Eggs of PyPI ==1.0 to >=2.1, <3",
        "✔ Upgraded probe of PyPI <2 to >=2.1, <3, feature test",
        "note: it is locked, no environment was installed",
    ]


@pytest.mark.parametrize(
    ("words", "moved"),
    [
        (["eggs"], {"eggs"}),
        (["--exclude", "Spam", "--exclude", "python"], {"eggs", "probe"}),
        (["-f", "test"], {"probe"}),
        (["python"], set()),
    ],
    ids=lambda value: " ".join(sorted(value) if isinstance(value, set) else value),
)
def test_only_what_is_meant_is_raised(
    study: PypiWorkspace, pixi: Pixi, words: list[str], moved: set[str]
) -> None:
    answer = pixi("upgrade", *words, "--no-install")

    assert answer.code == 0, answer.err
    after = versions(study)
    assert {name for name, version in after.items() if version == "2.1"} == moved
    assert study.manifest.read_text().count(">=2.1, <3") == len(moved)


def test_a_dry_run_says_the_same_and_writes_nothing(
    study: PypiWorkspace, pixi: Pixi
) -> None:
    before = contents(study.root)

    dry = json.loads(pixi("upgrade", "spam", "-n", "--json").out)
    assert contents(study.root) == before
    done = json.loads(pixi("upgrade", "spam", "--no-install", "--json").out)

    assert dry == done
    (change,) = done["environment"]["default"][OTHER]
    assert (change["name"], change["type"]) == ("spam", "pypi")


def test_what_is_newest_already_keeps_its_spelling(
    study: PypiWorkspace, pixi: Pixi
) -> None:
    pixi("upgrade", "--no-install")
    text = study.manifest.read_text().replace(">=2.1, <3", "<3,>=2.1")
    study.manifest.write_text(text)
    pixi("lock")

    answer = pixi("upgrade", "--no-install")

    assert "stays as it is, nothing newer fits" in answer.err
    assert study.manifest.read_text() == text


def test_a_table_of_a_platform_admits_only_what_was_solved_for_that(
    study: PypiWorkspace, pixi: Pixi
) -> None:
    study.add(f'[target.{OTHER}.pypi-dependencies]\nprobe = "<2"\nspam = "<9"\n')
    pixi("lock")

    assert pixi("upgrade", "-f", "default", "--no-install").code == 0

    text = study.manifest.read_text()
    # the feature test keeps its probe below 2; the table of all platforms has spam too
    assert text.endswith('probe = ">=1.0, <3"\nspam = "<9"\n')
    assert versions(study, "default") == {"spam": "2.1", "eggs": "2.1", "probe": "2.1"}
    assert versions(study)["probe"] == "1.0"


def test_a_place_is_no_version_and_what_conda_brings_stays(
    study: PypiWorkspace, pixi: Pixi
) -> None:
    wheel = study.publish("placed")
    study.write(
        '[dependencies]\npython = "*"\nham = "<2"\n[pypi-dependencies]\n'
        f'placed = {{ path = "{wheel.as_posix()}" }}\nham = ">=1"\n'
    )
    pixi("lock")
    before = study.manifest.read_text()

    answer = pixi("upgrade", "placed", "--no-install")
    assert "note: placed stays as it is, it is no version" in answer.err
    assert study.manifest.read_text() == before

    answer = pixi("upgrade", "--no-install", "--exclude", "python")
    assert answer.code == 0, answer.err
    assert "note: ham of feature default stays, no environment has it from" in (
        answer.err
    )
    text = study.manifest.read_text()
    assert 'ham = ">=2.0,<3"' in text
    assert 'ham = ">=1"' in text


def test_requirements_of_a_project_stay_requirements(
    pypi_study: PypiWorkspace, pixi: Pixi
) -> None:
    study = pypi_study
    study.publish("probe")
    head = study.head().replace("[", "[tool.pixi.", 1)
    head = head.replace("[pypi-options", "[tool.pixi.pypi-options")
    study.manifest.unlink()
    manifest = study.root / "pyproject.toml"
    manifest.write_text(PROJECT + head)
    assert pixi("lock").code == 0
    publish(study)

    answer = pixi("upgrade", "--no-install", "--exclude", "python")

    assert answer.code == 0, answer.err
    after = PROJECT.replace("Spam[more] >=1.0,<2 ;", "Spam[more]>=2.1,<3 ;")
    after = after.replace("eggs==1.0", "eggs>=2.1,<3").replace(
        "probe<2", "probe>=2.1,<3"
    )
    assert manifest.read_text() == after + head
    assert "note: twice stays as it is, feature web asks for it more than" in answer.err
    assert versions(study) == {"spam": "2.1", "eggs": "2.1", "probe": "2.1"}
    assert pixi("lock", "--check").code == 0


def test_a_workspace_that_is_a_package_of_its_own_is_raised_too(
    pypi_study: PypiWorkspace, pixi: Pixi
) -> None:
    study = pypi_study
    head = study.head().replace("[", "[tool.pixi.", 1)
    head = head.replace("[pypi-options", "[tool.pixi.pypi-options")
    study.manifest.unlink()
    manifest = study.root / "pyproject.toml"
    manifest.write_text(
        '[project]\nname = "mine"\nversion = "1"\ndependencies = ["spam>=1,<2"]\n\n'
        + head
        + '[tool.pixi.dependencies]\npython = "*"\n\n[tool.pixi.pypi-dependencies]\n'
        'mine = { path = ".", editable = true }\n'
    )
    assert pixi("lock").code == 0
    publish(study)

    answer = pixi("upgrade", "spam", "--no-install")

    assert answer.code == 0, answer.err
    assert 'dependencies = ["spam>=2.1,<3"]' in manifest.read_text()
    assert locked(study.root)["default", OTHER]["spam"] == "2.1"
    assert "pypi: ./\n" in study.lock
    assert "spam>=2.1,<3" in study.lock
    assert pixi("lock", "--check").code == 0
    study.publish("probe")
    assert pixi("add", "--pypi", "probe", "--no-install").code == 0
    assert pixi("lock", "--check").code == 0

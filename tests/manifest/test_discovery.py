from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.errors import ManifestNotFoundError, NotSupportedYetError
from pixi_jupyter.manifest.discovery import find_manifest, passed_over

if TYPE_CHECKING:
    from pathlib import Path

PIXI = '[workspace]\nchannels = ["conda-forge"]\n'
PYPROJECT = '[project]\nname = "x"\n\n[tool.pixi.workspace]\nchannels = []\n'


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_nearest_folder_wins(tmp_path: Path) -> None:
    write(tmp_path, "pixi.toml", PIXI)
    near = write(tmp_path / "a", "pyproject.toml", PYPROJECT)
    start = tmp_path / "a" / "b" / "c"
    start.mkdir(parents=True)

    assert find_manifest(start, environ={}) == near


def test_pixi_toml_comes_before_pyproject_in_one_folder(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", PYPROJECT)
    pixi = write(tmp_path, "pixi.toml", PIXI)

    assert find_manifest(tmp_path, environ={}) == pixi


def test_a_pyproject_without_pixi_tables_is_passed_over(tmp_path: Path) -> None:
    above = write(tmp_path, "pixi.toml", PIXI)
    write(tmp_path / "a", "pyproject.toml", '[project]\nname = "pixi"\n')

    assert find_manifest(tmp_path / "a", environ={}) == above


def test_pixi_tables_are_found_in_every_form(tmp_path: Path) -> None:
    text = "[tool]\npixi = { workspace = { channels = [] } }\n"
    path = write(tmp_path, "pyproject.toml", text)

    assert find_manifest(tmp_path, environ={}) == path


def test_a_package_belongs_to_the_workspace_above(tmp_path: Path) -> None:
    above = write(tmp_path, "pixi.toml", PIXI)
    member = write(tmp_path / "member", "pixi.toml", '[package]\nname = "m"\n')

    assert find_manifest(member.parent, environ={}) == above
    assert find_manifest(tmp_path, member.parent, environ={}) == above


@pytest.mark.parametrize("named", ["folder", "file"])
def test_what_the_user_names_is_taken(tmp_path: Path, named: str) -> None:
    write(tmp_path, "pixi.toml", PIXI)
    other = write(tmp_path / "other", "pixi.toml", PIXI)
    explicit = other if named == "file" else other.parent

    assert find_manifest(tmp_path, explicit, environ={}) == other


def test_a_named_file_that_is_not_there_is_not_looked_for_above(
    tmp_path: Path,
) -> None:
    write(tmp_path, "pixi.toml", PIXI)

    with pytest.raises(ManifestNotFoundError, match="no such file"):
        find_manifest(tmp_path, tmp_path / "a" / "pixi.toml", environ={})


def test_the_manifest_of_a_shell_is_the_last_resort(tmp_path: Path) -> None:
    of_shell = write(tmp_path / "shell", "pixi.toml", PIXI)
    inside = write(tmp_path / "inside", "pixi.toml", PIXI)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environ = {"PIXI_IN_SHELL": "1", "PIXI_PROJECT_MANIFEST": str(of_shell)}

    assert find_manifest(elsewhere, environ=environ) == of_shell
    assert find_manifest(inside.parent, environ=environ) == inside
    with pytest.raises(ManifestNotFoundError, match="elsewhere"):
        find_manifest(elsewhere, environ={**environ, "PIXI_IN_SHELL": ""})


def test_a_lone_conda_toml_is_said_to_be_for_later(tmp_path: Path) -> None:
    conda = write(tmp_path / "a", "conda.toml", PIXI)

    with pytest.raises(NotSupportedYetError, match=r"conda\.toml"):
        find_manifest(conda.parent, environ={})

    above = write(tmp_path, "pixi.toml", PIXI)
    assert find_manifest(conda.parent, environ={}) == above


def test_a_broken_manifest_is_found_all_the_same(tmp_path: Path) -> None:
    path = write(tmp_path, "pixi.toml", "[workspace\npackage = 1")

    assert find_manifest(tmp_path, environ={}) == path


def test_a_package_that_is_named_leads_to_its_workspace(tmp_path: Path) -> None:
    inside = tmp_path / "packages" / "one"
    inside.mkdir(parents=True)
    (tmp_path / "pixi.toml").write_text("[workspace]\nchannels = []\n")
    (inside / "pixi.toml").write_text("[package]\nname = 'one'\n")

    assert find_manifest(tmp_path, inside) == tmp_path / "pixi.toml"
    assert find_manifest(tmp_path, inside / "pixi.toml") == tmp_path / "pixi.toml"


def test_a_package_without_a_workspace_is_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "pixi.toml").write_text("[package]\nname = 'one'\n")

    assert find_manifest(tmp_path, tmp_path) == tmp_path / "pixi.toml"


def test_manifests_that_are_passed_over_are_known(tmp_path: Path) -> None:
    (tmp_path / "pixi.toml").write_text("[workspace]\nchannels = []\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    pixi = find_manifest(tmp_path)
    assert passed_over(pixi) == ()

    (tmp_path / "pyproject.toml").write_text("[tool.pixi.workspace]\n")
    (tmp_path / "conda.toml").touch()

    assert [each.name for each in passed_over(pixi)] == ["conda.toml", "pyproject.toml"]


def test_a_package_in_a_pyproject_belongs_to_the_workspace_above(
    tmp_path: Path,
) -> None:
    inside = tmp_path / "one"
    inside.mkdir()
    (tmp_path / "pixi.toml").write_text("[workspace]\nchannels = []\n")
    (inside / "pyproject.toml").write_text("[tool.pixi.package.build]\n")

    assert find_manifest(inside) == tmp_path / "pixi.toml"

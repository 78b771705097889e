"""PyPI packages on a real python of the channel: installed, used, removed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from pixi_jupyter.install.pypi_dists import read_dists, sites

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer
    from support.pypi_workspace import PypiWorkspace

pytestmark = pytest.mark.slow


@pytest.fixture
def study(embedded_study: PypiWorkspace) -> PypiWorkspace:
    return embedded_study


def dists(study: PypiWorkspace) -> dict[str, str]:
    """Give what we installed: versions by name."""
    found = [dist for site in sites(study.prefix) for dist in read_dists(site)]
    return {dist.name: dist.version for dist in found if dist.is_ours}


def test_a_package_comes_changes_and_goes(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("add", "--pypi", "spam")

    assert answer.code == 0, answer.err
    assert dists(study) == {"spam": "1.0", "eggs": "1.0"}
    assert study.run("import spam, eggs; print(spam.version)") == "1.0"

    study.publish("spam", "1.1", requires=["eggs>=1"])
    assert pixi("update", "spam").code == 0
    assert pixi("install", "--locked").code == 0
    assert study.run("import spam; print(spam.version)") == "1.1"

    assert pixi("remove", "--pypi", "spam").code == 0
    assert dists(study) == {}
    code = "import packaging, importlib.util as u; print(u.find_spec('spam'))"
    assert study.run(code) == "None"


def test_nothing_to_do_is_seen_and_damage_is_mended(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam")

    idle = json.loads(pixi("install", "--json").out)["environments"][0]
    assert not idle["changed"]

    (site,) = sites(study.prefix)
    for path in sorted((site / "eggs-1.0.dist-info").iterdir()):
        path.unlink()
    (site / "eggs-1.0.dist-info").rmdir()
    (site / "eggs.py").unlink()
    mended = json.loads(pixi("install", "--json").out)["environments"][0]
    assert mended["changed"]
    assert study.run("import eggs; print(eggs.version)") == "1.0"

    (site / "spam.py").write_text("version = 'mine'\n")
    again = pixi("reinstall", "spam")
    assert again.code == 0, again.err
    assert study.run("import spam; print(spam.version)") == "1.0"
    assert not json.loads(pixi("install", "--json").out)["environments"][0]["changed"]


def test_a_note_of_a_killed_install_is_worked_off(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam")
    (site,) = sites(study.prefix)
    (site / "spam.py").unlink()
    (study.prefix / "conda-meta" / "pixi-jupyter-pypi").write_text('["spam"]')

    answer = pixi("install")

    assert answer.code == 0, answer.err
    assert study.run("import spam; print(spam.version)") == "1.0"


def test_a_wrong_hash_is_refused_and_the_prefix_is_as_it_was(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "eggs")
    lock = study.root / "pixi.lock"
    study.publish("late", files={"late.py": "1\n"})
    pixi("add", "--pypi", "late", "--no-install")
    text = lock.read_text()
    start = text.index("sha256: ", text.rindex("/late-1.0")) + len("sha256: ")
    lock.write_text(f"{text[:start]}{'0' * 64}{text[start + 64 :]}")

    answer = pixi("install", "--frozen")

    assert answer.code == 1
    assert "late" in answer.err
    assert dists(study) == {"eggs": "1.0"}
    assert study.run("import eggs; print(eggs.version)") == "1.0"


def test_a_folder_is_installed_by_reference_and_again_when_it_changes(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    project = study.root / "proj"
    make_project(project)

    answer = pixi("add", "--pypi", "--editable", "proj @ ./proj")

    assert answer.code == 0, answer.err
    assert 'proj = { path = "./proj", editable = true }' in study.manifest.read_text()
    assert study.run("import proj; print(proj.version)") == "1.0"
    assert pixi("lock", "--check").code == 0
    (project / "proj.py").write_text("version = 'edited'\n")
    assert study.run("import proj; print(proj.version)") == "edited"
    assert not json.loads(pixi("install", "--json").out)["environments"][0]["changed"]
    path = project / "pyproject.toml"
    later = path.stat().st_mtime + 100
    os.utime(path, (later, later))
    assert json.loads(pixi("install", "--json").out)["environments"][0]["changed"]


def test_a_locked_install_works_offline_from_the_cache(
    study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--pypi", "spam")
    assert pixi("clean").code == 0
    study.index.stop()

    answer = pixi("install", "--frozen", "--offline")

    assert answer.code == 0, answer.err
    assert study.run("import spam; print(spam.version)") == "1.0"


def make_project(folder: Path) -> None:
    """Write a project that builds itself, without anything from an index."""
    folder.mkdir()
    (folder / "proj.py").write_text("version = '1.0'\n")
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "proj"\nversion = "1.0"\n\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n'
    )
    (folder / "backend.py").write_text(BACKEND)


BACKEND = """\
import pathlib, zipfile

def _wheel(folder, files):
    info = "proj-1.0.dist-info"
    files |= {
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: proj\\nVersion: 1.0\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n"
        "Tag: py3-none-any\\n",
    }
    rows = "".join(f"{path},,\\n" for path in [*files, f"{info}/RECORD"])
    name = "proj-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as archive:
        for path, text in {**files, f"{info}/RECORD": rows}.items():
            archive.writestr(path, text)
    return name

def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder, {"proj.py": pathlib.Path("proj.py").read_text()})

def build_editable(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder, {"proj.pth": str(pathlib.Path.cwd()) + "\\n"})
"""

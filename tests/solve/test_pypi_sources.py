"""Packages that are asked for by their place: git, URL, path, folder."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.pypi import Pypi
from support.registry import MockIndex, make_sdist, make_wheel

from pixi_jupyter.errors import DownloadError, PypiBuildError, PypiResolutionError
from pixi_jupyter.solve.pypi_record import PypiRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATIC = """\
[project]
name = "proj"
version = "0.3"
requires-python = ">=3.9"
dependencies = ["ham>=1; python_version >= '3.1'"]
[project.optional-dependencies]
fast = ["jam"]
[build-system]
requires = []
build-backend = "nothing"
"""


@pytest.fixture
def pypi(mock_index: Callable[[], MockIndex], tmp_path: Path) -> Pypi:
    pypi = Pypi(mock_index(), tmp_path)
    pypi.index.add(make_wheel(pypi.files, "ham"))
    return pypi


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=me", "-c", "user.email=me@mail.example")
    done = subprocess.run(
        ["git", *identity, "-c", "init.defaultBranch=main", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "python").mkdir(parents=True)
    (folder / "python" / "pyproject.toml").write_text(STATIC)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    git(folder, "tag", "v1")
    return folder


async def test_a_folder_is_read_and_not_built(pypi: Pypi) -> None:
    (pypi.root / "proj").mkdir()
    (pypi.root / "proj" / "pyproject.toml").write_text(STATIC)

    found = await pypi.solve({"proj": {"path": "proj", "editable": True}})

    assert found["proj"].location == "./proj"
    assert found["proj"].fields == {
        "name": "proj",
        "version": "0.3",
        "requires_dist": [
            "ham>=1 ; python_full_version >= '3.1'",
            "jam ; extra == 'fast'",
        ],
        "requires_python": ">=3.9",
    }
    assert found.keys() == {"proj", "ham"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [(".", "./"), ("./", "./"), ("sub", "./sub"), ("../out", "../out")],
)
async def test_paths_stay_as_they_were_written(
    pypi: Pypi, written: str, expected: str
) -> None:
    folder = pypi.root / "ws" / written
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(STATIC)

    found = await pypi.solve({"proj": {"path": written}}, root=pypi.root / "ws")

    assert found["proj"].location == expected


async def test_a_file_of_the_workspace_is_locked_with_its_hash(pypi: Pypi) -> None:
    wheel = make_wheel(pypi.root / "wheels", "local", requires=["ham"])
    place = f"wheels/{wheel.name}"

    found = await pypi.solve({"local": {"path": place}})

    assert found["local"].location == f"./{place}"
    assert found["local"].sha256
    assert found["local"].requires_dist == ("ham",)
    assert found.keys() == {"local", "ham"}


async def test_a_url_is_direct(pypi: Pypi) -> None:
    pypi.index.add(make_wheel(pypi.files, "spam", requires=["ham"]))
    url = f"{pypi.index.url}files/spam-1.0-py3-none-any.whl"

    found = await pypi.solve({"spam": {"url": url}})

    assert found["spam"].location == f"direct+{url}"
    assert found["spam"].index == ""
    assert found["spam"].requires_dist == ("ham",)
    archive = found["spam"].package(pypi.root).archive
    assert archive is not None
    assert archive.url == url


async def test_a_branch_is_locked_as_the_commit_it_was(
    pypi: Pypi, repository: Path
) -> None:
    url = repository.as_uri()
    table = {"git": url, "branch": "main", "subdirectory": "python"}
    before = git(repository, "rev-parse", "HEAD")
    (repository / "python" / "pyproject.toml").write_text(buildable("proj"))
    (repository / "python" / "backend.py").write_text(BACKEND)
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "second")
    commit = git(repository, "rev-parse", "HEAD")

    found = await pypi.solve({"proj": table})

    assert commit != before
    assert found["proj"].location == (
        f"git+{url}?subdirectory=python&branch=main#{commit}"
    )
    assert found["proj"].requires_dist == ("ham>=1",)
    assert found["proj"].git.requested == "main"
    git(repository, "commit", "-q", "--allow-empty", "-m", "third")
    kept = await pypi.solve({"proj": table}, locked=tuple(found.values()))
    moved = await pypi.solve({"proj": table})
    assert kept["proj"].location == found["proj"].location
    assert moved["proj"].git.commit == git(repository, "rev-parse", "HEAD")


async def test_a_repository_that_is_not_there_is_named(pypi: Pypi) -> None:
    table = {"git": f"{pypi.index.url}nothing.git"}

    with pytest.raises(DownloadError, match=r"nothing\.git"):
        await pypi.solve({"proj": table})


async def test_a_path_that_is_not_there_is_named(pypi: Pypi) -> None:
    with pytest.raises(PypiResolutionError, match="nowhere"):
        await pypi.solve({"proj": {"path": "./nowhere"}})


async def test_what_does_not_say_its_requirements_is_built(pypi: Pypi) -> None:
    folder = pypi.root / "dyn"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(buildable("dyn"))
    (folder / "backend.py").write_text(BACKEND.replace("proj", "dyn"))

    found = await pypi.solve({"dyn": {"path": "dyn"}})

    assert found["dyn"].requires_dist == ("ham>=1",)
    assert found["dyn"].version == "0.4"


async def test_a_build_that_fails_stops_the_solve(pypi: Pypi) -> None:
    folder = pypi.root / "dyn"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(buildable("dyn"))
    (folder / "backend.py").write_text("raise RuntimeError('no compiler here')")

    with pytest.raises(PypiBuildError, match="no compiler here"):
        await pypi.solve({"dyn": {"path": "dyn"}})


async def test_an_archive_of_sources_can_be_asked_for(pypi: Pypi) -> None:
    sdist = make_sdist(pypi.root / "wheels", "old", requires=["ham"])

    found = await pypi.solve({"old": {"path": f"./wheels/{sdist.name}"}})

    assert found["old"].location == f"./wheels/{sdist.name}"
    assert found["old"].requires_dist == ("ham",)


async def test_two_places_for_one_package_are_refused(pypi: Pypi) -> None:
    one = pypi.request({"proj": {"path": "./a"}})
    two = pypi.request({"proj": {"path": "./b"}})
    both = replace(one, requirements=(*one.requirements, *two.requirements))

    with pytest.raises(PypiResolutionError, match="from two places"):
        await pypi.solve_all(both)


@pytest.mark.parametrize(
    "location",
    [
        "https://files.example/a-1.0-py3-none-any.whl",
        "https://files.example/a-1.0.tar.gz",
        "direct+https://files.example/a-1.0-py3-none-any.whl",
        "git+https://git.example/a.git?subdirectory=a%2Fb&rev=v1#0123abc",
        "./a-1.0.tar.gz",
        "../folder",
    ],
)
def test_a_record_comes_back_from_a_lock_as_it_was(location: str) -> None:
    record = PypiRecord(
        location=location,
        name="a",
        version="1.0",
        sha256="0" * 64,
        index="https://index.example/simple",
        requires_dist=("b>=1",),
        requires_python=">=3.9",
    )

    assert PypiRecord.from_fields(location, record.fields) == record


def buildable(name: str) -> str:
    return (
        f'[project]\nname = "{name}"\ndynamic = ["version", "dependencies"]\n'
        '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
        'backend-path = ["."]\n'
    )


BACKEND = """
import pathlib, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    info = "proj-0.4.dist-info"
    files = {
        "proj.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.2\\nName: proj\\nVersion: 0.4\\n"
        "Requires-Dist: ham>=1\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{x},,\\n" for x in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(pathlib.Path(folder, "proj-0.4-py3-none-any.whl"), "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return "proj-0.4-py3-none-any.whl"
"""

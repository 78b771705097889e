"""What other tools' files ask for comes into the manifest, as pixi would write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.manifest.text import read_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

MANIFEST = """\
# mine
[workspace]
name = "tides"
channels = ["conda-forge"]
platforms = ["linux-64"]

[environments]
docs = ["text"]   # ours

[feature.text.dependencies]
sphinx = "*"
"""
ENVIRONMENT = """\
name: climate
channels: [conda-forge, defaults]
dependencies:
  - python=3.11
  - numpy>=1.2,<3   # here
  - bioconda::samtools 1.2 h_0
  - sel(osx): appnope
  - pip:
    - rich[jupyter]>=13
    - tool @ git+https://git.example/t.git@v1#subdirectory=sub
variables: {A: 1, B: x y}
prefix: /somewhere/else
"""
MAIN = "https://repo.anaconda.com/pkgs/"
CHANNELS = [
    "conda-forge",
    *(f"{MAIN}{name}" for name in ("main", "r", "msys2")),
    "bioconda",
]
CONDA = {
    "python": "3.11.*",
    "numpy": ">=1.2,<3",
    "samtools": {"version": "==1.2", "build": "h_0", "channel": "bioconda"},
}
PYPI = {
    "rich": {"version": ">=13", "extras": ["jupyter"]},
    "tool": {"git": "https://git.example/t.git", "rev": "v1", "subdirectory": "sub"},
}
REQUIREMENTS = """\
--index-url https://x.example/simple
-c constraints.txt
rich>=13 \\
   --hash=sha256:00
httpx[http2] == 0.27  # fast
a @ https://x.example/a-1.0-py3-none-any.whl
-e ./mine
"""
LISTED = {
    "rich": ">=13",
    "httpx": {"version": "==0.27", "extras": ["http2"]},
    "a": {"url": "https://x.example/a-1.0-py3-none-any.whl"},
}


@pytest.fixture
def tides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a workspace and two files beside it, and be there."""
    (tmp_path / "pixi.toml").write_text(MANIFEST)
    (tmp_path / "environment.yml").write_text(ENVIRONMENT)
    (tmp_path / "requirements.txt").write_text(REQUIREMENTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "pixi.toml"


def said_by(path: Path) -> dict[str, Any]:
    return read_document(path.read_text(), path)


def test_an_environment_of_conda_becomes_one_of_its_own(
    tides: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("import", "environment.yml")

    assert answer.code == 0
    assert "environment climate in pixi.toml" in answer.err
    assert "sel(osx) is for some platforms only" in answer.err
    assert said_by(tides)["environments"] == {
        "docs": ["text"],
        "climate": {
            "no-default-feature": True,
            "channels": CHANNELS,
            "dependencies": CONDA,
            "pypi-dependencies": PYPI,
        },
    }
    # only lines that were added
    left = iter(tides.read_text().splitlines())
    assert all(line in left for line in MANIFEST.splitlines())
    assert not Path("pixi.lock").exists()


def test_requirements_become_a_feature_that_an_environment_uses_last(
    tides: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("import", "requirements.txt", "-f", "web", "-e", "docs")

    assert answer.code == 0
    found = said_by(tides)
    assert found["environments"] == {"docs": ["text", "web"]}
    assert found["feature"]["web"] == {"pypi-dependencies": LISTED}
    for left_out in ("--index-url", "-c constraints.txt", "-e ./mine"):
        assert left_out in answer.err
    assert 'docs = ["text", "web"]   # ours' in tides.read_text()


def test_the_same_file_twice_changes_nothing_more(
    tides: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("import", "environment.yml", "--feature", "science")
    once = tides.read_text()
    again = pixi("import", "environment.yml", "--feature", "science")

    assert again.code == 0
    assert tides.read_text() == once
    assert said_by(tides)["environments"]["science"] == {
        "no-default-feature": True,
        "features": ["science"],
    }


def test_content_for_a_platform_stands_among_its_targets(
    tides: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("import", "requirements.txt", "-e", "web", "-p", "linux-64")
    wrong = pixi("import", "requirements.txt", "-e", "web", "-p", "amiga")

    assert answer.code == 0
    assert said_by(tides)["environments"]["web"] == {
        "no-default-feature": True,
        "platforms": ["linux-64"],
        "target": {"linux-64": {"pypi-dependencies": LISTED}},
    }
    assert wrong.code == 2


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("a.yml", "name: x\ndependencies: [a, {pip: [-r other.txt]}]\n", "-r other"),
        ("a.yml", "name: x\ndependencies: [a ==, b]\n", "as conda-env"),
        ("a.yml", "name: x\n", "it has no list of dependencies"),
        ("a.txt", "./mine\n", "./mine has no name"),
        ("a.txt", "https://x.example/a.whl\n", "has no name; write NAME @ https"),
        ("a.txt", "-r more.txt\n", "import it by itself"),
        ("a.txt", "what is this\n", "as pypi-txt: what is this is no requirement"),
        ("gone.txt", None, "No such file"),
    ],
)
def test_what_a_manifest_cannot_say_is_refused_and_changes_nothing(
    tides: Path, pixi: Callable[..., Answer], file: str, text: str | None, said: str
) -> None:
    if text is not None:
        Path(file).write_text(text)

    answer = pixi("import", file, "-e", "x")

    assert answer.code == 1
    assert f"{file} cannot be imported" in answer.err
    assert said in answer.err
    assert tides.read_text() == MANIFEST


def test_an_environment_has_to_be_named(
    tides: Path, pixi: Callable[..., Answer]
) -> None:
    nobody = pixi("import", "requirements.txt")
    strange = pixi("import", "requirements.txt", "-e", "My Env")

    assert (nobody.code, strange.code) == (2, 2)
    assert "requirements.txt --environment NAME" in nobody.err
    assert "'My Env' cannot be the name" in strange.err
    assert tides.read_text() == MANIFEST


def test_a_condition_that_is_lost_is_told(
    tides: Path, pixi: Callable[..., Answer]
) -> None:
    Path("r.txt").write_text('tomli>=2; python_version < "3.11"\n')

    answer = pixi("import", "r.txt", "-e", "old")

    assert 'tomli>=2; python_version < "3.11" is imported without' in answer.err
    assert said_by(tides)["environments"]["old"]["pypi-dependencies"] == {
        "tomli": ">=2"
    }


def test_a_workspace_can_begin_with_an_environment_of_conda(
    tides: Path, pixi: Callable[..., Answer]
) -> None:
    answer = pixi("init", "new", "--import", "environment.yml", "-p", "linux-64")

    assert answer.code == 0
    found = said_by(Path("new/pixi.toml"))
    assert found["workspace"] == {
        "channels": CHANNELS,
        "name": "climate",
        "platforms": ["linux-64"],
        "version": "0.1.0",
    }
    assert found["dependencies"] == CONDA
    assert found["pypi-dependencies"] == PYPI
    assert found["activation"] == {"env": {"A": "1", "B": "x y"}}
    assert tides.read_text() == MANIFEST


@pytest.mark.parametrize("more", [("-c", "x"), ("--format", "pixi")])
def test_a_file_to_begin_with_says_channels_and_form_itself(
    tides: Path, pixi: Callable[..., Answer], more: tuple[str, ...]
) -> None:
    answer = pixi("init", "new", "-i", "environment.yml", *more)

    assert answer.code == 2
    assert "exclude each other" in answer.err
    assert not (tides.parent / "new").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "linguist-language=YAML linguist-generated=true"),
        (("--scm", "codeberg"), "linguist-language=YAML linguist-generated=true"),
        (("--scm", "gitlab"), "gitlab-language=yaml gitlab-generated=true"),
    ],
    ids=["github", "codeberg", "gitlab"],
)
def test_git_is_told_in_the_words_of_the_server(
    tides: Path, pixi: Callable[..., Answer], words: tuple[str, ...], said: str
) -> None:
    pixi("init", "new", *words)

    assert (
        f"pixi.lock merge=binary {said} -diff\n"
        in Path("new/.gitattributes").read_text()
    )

"""Commands about a script that says itself what it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support.packages import make_channel
from support.pypi_workspace import PypiWorkspace, stand_ins

from pixi_jupyter.manifest.script_place import home_of
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer
    from support.registry import MockIndex

BODY = 'print("never run")\r\n'


@pytest.fixture
def script(
    tmp_path: Path, pypi_study: PypiWorkspace, pixi: Callable[..., Answer]
) -> Path:
    """Give a script with an empty block, in a folder that is a workspace too."""
    channel = make_channel(tmp_path / "channel", stand_ins())
    path = pypi_study.root / "maps.py"
    path.write_bytes(BODY.encode())
    assert pixi("init", "--script", "maps.py", "-c", channel).code == 0
    return path


def beside(script: Path) -> Path:
    return script.with_name(f"{script.name}.pixi.lock")


def add_index(script: Path, url: str) -> None:
    """Say in a block where its PyPI packages are."""
    text = script.read_bytes().decode()
    options = f'[tool.pixi.pypi-options]\r\n# index-url = "{url}"'
    text = text.replace("# ///\r\n", f"#\r\n# {options}\r\n# ///\r\n")
    script.write_bytes(text.encode())


def test_a_block_is_made_once(script: Path, pixi: Callable[..., Answer]) -> None:
    text = script.read_bytes()

    answer = pixi("init", "--script", "maps.py")

    assert text.startswith(b'# /// script\r\n# requires-python = ">=3.11"\r\n')
    assert text.endswith(b"# ///\r\n\r\n" + BODY.encode())
    assert answer.code == 1
    assert "maps.py says already what it needs" in answer.err
    assert "add --script maps.py" in answer.err
    assert script.read_bytes() == text


def test_a_script_that_is_not_there_is_made_with_its_folders(
    tmp_path: Path, pixi: Callable[..., Answer]
) -> None:
    path = tmp_path / "new" / "maps.py"

    answer = pixi("init", "--script", str(path), "-p", "osx-arm64", "-c", "mine")

    assert answer.code == 0
    assert path.read_text() == (
        '# /// script\n# requires-python = ">=3.11"\n# dependencies = []\n#\n'
        '# [tool.pixi.workspace]\n# channels = ["mine"]\n# platforms = ["osx-arm64"]\n'
        "# ///\n"
    )
    assert sorted(path.parent.iterdir()) == [path]


def test_packages_come_and_go_in_the_block_alone(
    script: Path, pypi_study: PypiWorkspace, pixi: Callable[..., Answer]
) -> None:
    add_index(script, pypi_study.index.simple_url)
    workspace = pypi_study.manifest.read_bytes()
    before = script.read_bytes()

    conda = pixi("add", "--script", "maps.py", "ham<2", "--no-install")
    wheel = pixi("add", "--script", "maps.py", "--pypi", "spam", "--no-install")
    after = script.read_bytes()
    listed = pixi("list", "--script", "maps.py", "--json")
    shown = pixi("tree", "--script", "maps.py")

    assert (conda.code, wheel.code) == (0, 0), conda.err + wheel.err
    assert b'# dependencies = ["spam>=1.0,<2"]\r\n' in after
    assert b'# [tool.pixi.dependencies]\r\n# ham = "<2"\r\n' in after
    assert after.endswith(b"# ///\r\n\r\n" + BODY.encode())
    names = {row["name"] for row in json.loads(listed.out)}
    assert names == {"python", "ham", "spam", "eggs"}
    assert "spam" in shown.out
    assert not beside(script).exists()
    assert pixi("remove", "--script", "maps.py", "ham", "--no-install").code == 0
    gone = pixi("remove", "--script", "maps.py", "--pypi", "spam", "--no-install")
    assert gone.code == 0
    assert script.read_bytes().replace(b"#\r\n# [tool.pixi.dependencies]\r\n", b"") == (
        before
    )
    assert pypi_study.manifest.read_bytes() == workspace
    assert not (pypi_study.root / "pixi.lock").exists()
    assert not (pypi_study.root / ".pixi").exists()


def test_a_lock_beside_a_script_is_made_when_asked_for_and_then_kept(
    script: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--script", "maps.py", "ham<2", "--no-install")
    for words in (("list",), ("tree",), ("install",)):
        refused = pixi(*words, "--locked", "--script", "maps.py")
        assert refused.code == 1
        assert "maps.py.pixi.lock does not exist" in refused.err
        assert "lock --script maps.py" in refused.err
    assert pixi("lock", "--script", "maps.py", "--dry-run").code == 0
    assert not beside(script).exists()

    made = pixi("lock", "--script", "maps.py")

    assert made.code == 0
    assert "maps.py.pixi.lock" in made.err
    assert "ham-1.0" in beside(script).read_text()
    assert pixi("list", "--locked", "--script", "maps.py").code == 0
    assert pixi("add", "--script", "maps.py", "ham>=2", "--no-install").code == 0
    assert "ham-2.0" in beside(script).read_text()
    assert pixi("lock", "--check", "--script", "maps.py").code == 0


def test_update_takes_what_is_newer(script: Path, pixi: Callable[..., Answer]) -> None:
    pixi("add", "--script", "maps.py", "ham<2", "--no-install")
    pixi("lock", "--script", "maps.py")
    script.write_text(script.read_text().replace('"<2"', '"*"'))

    answer = pixi("update", "--script", "maps.py")

    assert answer.code == 0
    assert "ham-2.0" in beside(script).read_text()


def test_a_lock_that_only_this_computer_knows_is_named_after_its_script(
    script: Path, pixi: Callable[..., Answer]
) -> None:
    pixi("add", "--script", "maps.py", "ham<2", "--no-install")

    answer = pixi("update", "--script", "maps.py")

    assert "the lock of maps.py stays as it is" in answer.err
    assert not beside(script).exists()


def test_add_begins_a_block_and_takes_it_back_where_nothing_comes_of_it(
    script: Path, tmp_path: Path, pixi: Callable[..., Answer]
) -> None:
    config = tmp_path / "config.toml"
    channel = (tmp_path / "channel").as_uri()
    config.write_text(f'default-channels = ["{channel}"]\n')
    plain = script.with_name("plain.py")
    plain.write_text("print()\n")
    words = ("add", "--script", "plain.py", "--config-file", str(config))

    assert pixi(*words, "nothing-of-that-name").code == 1
    assert plain.read_text() == "print()\n"
    assert pixi(*words, "ham", "--dry-run").code == 0
    assert plain.read_text() == "print()\n"
    answer = pixi(*words, "ham", "--no-install")

    assert answer.code == 0, answer.err
    assert '# ham = ">=2.0,<3"' in plain.read_text()
    assert plain.read_text().endswith("# ///\n\nprint()\n")


@pytest.mark.parametrize("verb", ["lock", "list", "tree", "install", "run", "update"])
def test_a_script_without_a_block_is_told_how_to_get_one(
    verb: str, tmp_path: Path, pixi: Callable[..., Answer]
) -> None:
    path = tmp_path / "plain.py"
    path.write_text("print()\n")

    answer = pixi(verb, "--script", str(path))

    assert answer.code == 1
    assert f"init --script {path}" in answer.err
    assert path.read_text() == "print()\n"


def test_channels_and_platforms_of_a_script_are_changed_in_its_block(
    script: Path, pixi: Callable[..., Answer]
) -> None:
    option = ("--script", "maps.py")
    other = "osx-arm64" if host_subdir() != "osx-arm64" else "linux-64"

    assert pixi("workspace", "platform", "add", *option, other).code == 0
    assert pixi("workspace", "channel", "add", *option, "more", "--frozen").code == 0
    platforms = pixi("workspace", "platform", "list", *option, "--json")
    exported = pixi("workspace", "export", "conda-environment", *option)

    # the one that it had without saying so stays
    assert f'# platforms = ["{host_subdir()}", "{other}"]' in script.read_text()
    assert '"more"]' in script.read_text()
    assert other in platforms.out
    assert "- python >=3.11" in exported.out


@pytest.mark.slow
def test_a_script_runs_with_its_packages_and_again_without_a_solve(
    embedded_channel: str,
    shared_folder: Path,
    tmp_path: Path,
    mock_index: Callable[[], MockIndex],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(shared_folder / "pypi-verbs-cache"))
    study = PypiWorkspace(tmp_path, mock_index())
    study.publish("spam")
    path = tmp_path / "a folder" / "maps.py"
    path.parent.mkdir()
    path.write_text(
        f'# /// script\n# dependencies = ["spam"]\n# [tool.pixi.workspace]\n'
        f'# channels = ["{embedded_channel}"]\n# [tool.pixi.pypi-options]\n'
        f'# index-url = "{study.index.simple_url}"\n# [tool.pixi.dependencies]\n'
        '# packaging = "*"\n# ///\n'
        "import os, sys, packaging, spam\n"
        "print(sys.argv[1:], sys.prefix, os.getcwd())\n"
        "sys.exit(7)\n"
    )
    # as in the shell of another environment
    environ = {**os.environ, "PIXI_IN_SHELL": "1", "PIXI_ENVIRONMENT_NAME": "test"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pixi_jupyter", *words],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )

    option = ("--script", "a folder/maps.py")
    first = run("run", *option, "one two", "--three")
    path.write_text(path.read_text().replace("sys.exit(7)", "print('again')"))
    second = run("run", "-v", *option)

    prefix = home_of(path) / ".pixi" / "envs" / "default"
    assert first.returncode == 7, first.stderr
    assert first.stdout == f"['one two', '--three'] {prefix} {tmp_path}\n"
    assert second.stdout.endswith("again\n")
    # the code was changed, not what it needs: nothing was looked at
    assert second.stderr == ""
    assert sorted(each.name for each in path.parent.iterdir()) == ["maps.py"]
    assert run("run", "--frozen", *option).returncode == 1
    assert run("clean", "-m", option[1]).returncode == 0
    assert not prefix.exists()

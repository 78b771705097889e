from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import xxhash
from support.commands import run_command
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def folder(tmp_path: Path, make_workspace: Callable[..., Path]) -> Path:
    """A workspace whose environments are to be kept below ``elsewhere``."""
    url = make_channel(tmp_path / "channel", [{"name": "thing"}])
    made = make_workspace(
        f'[workspace]\nchannels = ["{url}"]\nname = "tides"\n'
        'platforms = ["linux-64", "linux-aarch64", "osx-arm64", "win-64"]\n'
        '[dependencies]\nthing = "*"\n[tasks]\nx = "true"\n'
    )
    (made / ".pixi").mkdir()
    configured = f"detached-environments = '{tmp_path / 'elsewhere'}'\n"
    (made / ".pixi" / "config.toml").write_text(configured)
    return made


def _place(folder: Path) -> Path:
    number = xxhash.xxh3_64_intdigest(str(folder).encode())
    return folder.parent / "elsewhere" / f"tides-{number}" / "envs"


def test_a_detached_environment_is_installed_elsewhere_and_linked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(capsys, "install", "-m", str(folder)).code == 0

    prefix = _place(folder) / "default"
    assert list((prefix / "conda-meta").glob("thing-*.json"))
    assert (folder / ".pixi" / "envs").readlink() == _place(folder)
    written = (prefix / "conda-meta" / "pixi_env_prefix").read_text()
    assert written == str(prefix / "conda-meta")
    told = json.loads(run_command(capsys, "info", "--json", "-m", str(folder)).out)
    assert told["environments_info"][0]["prefix"] == str(prefix)


def test_a_detached_environment_is_known_to_be_current(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_command(capsys, "install", "-m", str(folder))
    (record,) = (_place(folder) / "default" / "conda-meta").glob("thing-*.json")
    written = record.stat().st_mtime_ns

    again = run_command(capsys, "install", "-m", str(folder))

    assert again.code == 0
    assert "moved" not in again.err
    assert record.stat().st_mtime_ns == written


def test_clean_empties_the_detached_folder_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_command(capsys, "install", "-m", str(folder))

    assert run_command(capsys, "clean", "-m", str(folder)).code == 0

    assert not (folder / ".pixi" / "envs").is_symlink()
    assert list(_place(folder).iterdir()) == []
    assert (folder / "pixi.lock").exists()


def test_environments_come_back_when_they_are_no_longer_detached(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_command(capsys, "install", "-m", str(folder))
    (folder / ".pixi" / "config.toml").unlink()

    assert run_command(capsys, "install", "-m", str(folder)).code == 0

    prefix = folder / ".pixi" / "envs" / "default"
    assert not prefix.parent.is_symlink()
    assert list((prefix / "conda-meta").glob("thing-*.json"))


def test_environments_from_before_stay_and_are_told_about(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = folder / ".pixi" / "envs" / "other"
    kept.mkdir(parents=True)

    answer = run_command(capsys, "install", "-m", str(folder))

    assert kept.is_dir()
    assert "has environments from before" in answer.err
    assert (_place(folder) / "default" / "conda-meta").is_dir()

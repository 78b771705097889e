"""What a panel is told of a workspace, in each state that it can be in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_channel

from pixi_jupyter.events import Operation
from pixi_jupyter.install.state import INSTALLING, STATE_FILE
from pixi_jupyter.verbs.install import InstallRequest, install
from pixi_jupyter.verbs.overview import OverviewRequest, overview
from pixi_jupyter.verbs.packages import PackagesRequest, packages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64", "osx-arm64"]

[dependencies]
app = "*"

[feature.more.dependencies]
tool = ">=3"

[feature.far]
platforms = ["osx-arm64"]

[environments]
more = ["more"]
far = ["far"]
"""


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    channel = make_channel(
        tmp_path / "channel",
        [
            {"name": "base", "version": "1.0"},
            {"name": "app", "version": "1.0", "depends": ["base"]},
            {"name": "tool", "version": "3.1", "depends": ["base >=1"]},
        ],
    )
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CONDA_SUBDIR", "linux-64")
    return make_workspace(MANIFEST.format(channel=channel))


def told(folder: Path) -> dict[str, Any]:
    return asyncio.run(
        overview(OverviewRequest(manifest=folder), Operation())
    ).to_json()


def states(folder: Path) -> dict[str, tuple[str, str]]:
    rows = told(folder)["environments"]
    return {row["name"]: (row["state"], row["reason"]) for row in rows}


def installed(folder: Path) -> None:
    asyncio.run(install(InstallRequest(manifest=folder), Operation()))


def test_a_workspace_without_a_lock_says_so_and_nothing_is_installed(
    study: Path,
) -> None:
    found = told(study)
    assert found["lock"]["state"] == "missing"
    assert {row["state"] for row in found["environments"]} == {"none"}
    far = found["environments"][2]
    assert (far["name"], far["runs_here"]) == ("far", False)
    assert far["reason"] == "not made for this computer"


def test_an_installed_environment_is_told_from_one_that_is_not(study: Path) -> None:
    installed(study)
    found = told(study)
    assert found["lock"] == {"state": "fresh", "reasons": [], "error": None}
    assert states(study)["default"] == ("installed", "")
    assert states(study)["more"] == ("none", "")
    assert found["environments"][0]["packages"] == 2


def test_an_environment_without_packages_can_be_installed_too(study: Path) -> None:
    manifest = study / "pixi.toml"
    manifest.write_text(manifest.read_text().replace('app = "*"', ""))
    assert states(study)["default"] == ("none", "")
    installed(study)
    assert states(study)["default"] == ("installed", "")


def test_a_stale_lock_names_each_reason_with_its_line(study: Path) -> None:
    installed(study)
    manifest = study / "pixi.toml"
    manifest.write_text(manifest.read_text().replace('app = "*"', 'app = ">=2"'))
    lock = told(study)["lock"]
    assert lock["state"] == "stale"
    (reason,) = lock["reasons"]
    assert reason["line"] == 7
    assert reason["environments"] == ["default", "more", "far"]
    assert "app" in reason["text"]
    assert states(study)["default"] == ("outdated", "the lock is out of date")


def test_a_prefix_that_differs_from_the_lock_says_in_how_much(study: Path) -> None:
    installed(study)
    meta = study / ".pixi/envs/default/conda-meta"
    next(meta.glob("app-*.json")).unlink()
    (meta / "pixi-jupyter").unlink()
    assert states(study)["default"] == ("outdated", "1 package differs from the lock")


def test_a_change_of_the_manifest_that_the_lock_still_fits_leaves_it_installed(
    study: Path,
) -> None:
    installed(study)
    manifest = study / "pixi.toml"
    manifest.write_text(manifest.read_text() + '\n[tasks]\nhello = "echo hello"\n')
    assert states(study)["default"] == ("installed", "")


def test_an_interrupted_installation_is_broken(study: Path) -> None:
    installed(study)
    mark = study / ".pixi/envs/default/conda-meta" / STATE_FILE
    mark.write_text(INSTALLING)
    assert states(study)["default"] == ("broken", "an installation was interrupted")


def test_a_lock_that_cannot_be_read_is_told_and_environments_are_listed_all_the_same(
    study: Path,
) -> None:
    (study / "pixi.lock").write_text("version: [")
    found = told(study)
    assert found["lock"]["state"] == "broken"
    assert found["lock"]["error"]["code"] == "lock-parse"
    assert len(found["environments"]) == 3


def test_a_package_says_where_it_is_asked_for_and_who_needs_it(study: Path) -> None:
    installed(study)
    request = PackagesRequest(manifest=study, environment="more")
    rows = asyncio.run(packages(request, Operation())).to_json()["packages"]
    found = {row["name"]: row for row in rows}
    assert found["tool"]["where"] == "[feature.more.dependencies], pixi.toml:10"
    assert found["tool"]["requested"] == ">=3"
    assert found["tool"]["needs"] == ["base"]
    assert found["base"]["needed_by"] == ["app", "tool"]
    assert found["base"]["is_explicit"] is False
    assert found["base"]["where"] is None


def test_without_a_lock_there_are_no_packages(study: Path) -> None:
    found = asyncio.run(packages(PackagesRequest(manifest=study), Operation()))
    assert found.packages == ()

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import run_command

from pixi_jupyter.workspace.context import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("home")

TEXT = """
[workspace]
channels = ["conda-forge", { channel = "s3://bucket/x", exclude-newer = "2026-01-01" }]
platforms = ["linux-64", "win-64", { name = "gpu", platform = "linux-64", cuda = "12" }]
preview = ["pixi-build"]
exclude-newer = "7d"

[workspace.s3-options.bucket]
endpoint-url = "https://s3.example"
region = "eu"
force-path-style = true

[exclude-newer]
numpy = "0d"

[package]
name = "tides"
build = { backend = { name = "pixi-build-python", version = "*" } }

[dependencies]
tides = { path = "." }
numpy = ">=2"

[constraints]
openssl = "3.*"

[dev]
helper = { path = "helper" }

[target.win.dependencies]
numpy = "1.*"

[feature.test]
pypi-dependencies = { flask = "*" }
pypi-options = { no-build = true }
activation = { env = { MODE = "test" } }

[feature.test.tasks]
check = { cmd = "pytest", args = ["what"] }

[environments]
test = ["test"]
own = { dependencies = { scipy = "*" }, no-default-feature = true }
"""


def _told(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        run_command(capsys, "info", "--json", "-m", str(folder)).out
    )
    return found


def test_pixis_own_keys_are_all_there(
    make_workspace: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(make_workspace(TEXT), capsys)

    assert {*told} == {
        *("platform", "virtual_packages", "version", "tls_backend", "cache_dir"),
        *("cache_size", "auth_dir", "global_info", "project_info"),
        *("environments_info", "config_locations", "jupyter"),
    }
    assert [each["name"] for each in told["environments_info"]] == [
        *("default", "test", "own"),
    ]


def test_what_environments_ask_for_is_told_by_platform(
    make_workspace: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(make_workspace(TEXT), capsys)["jupyter"]["workspace"]

    test = told["environments"]["test"]["platforms"]
    asked = {name: table["dependencies"] for name, table in test.items()}
    assert list(asked) == ["linux-64", "win-64", "gpu"]
    assert asked["win-64"][1] == {
        "name": "numpy",
        "spec": "numpy 1.*",
        "feature": "default",
        "table": "target.win.dependencies",
    }
    assert asked["gpu"][0]["spec"] == {"path": "."}
    assert test["gpu"]["virtual_packages"][-1] == "__cuda=12"
    assert test["gpu"]["constraints"][0]["spec"] == "openssl 3.*"
    assert test["gpu"]["dev"][0]["name"] == "helper"
    assert test["gpu"]["pypi_dependencies"] == {"flask": ["*"]}
    assert test["gpu"]["tasks"] == {"check": {"cmd": "pytest", "args": ["what"]}}
    assert test["gpu"]["activation"] == {"scripts": [], "env": {"MODE": "test"}}
    own = told["environments"]["own"]
    assert own["features"] == ["@own"]
    assert own["platforms"]["linux-64"]["dependencies"][0]["table"] == (
        "environments.own.dependencies"
    )


def test_features_channels_and_cutoffs_are_told_as_written(
    make_workspace: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told = _told(make_workspace(TEXT), capsys)["jupyter"]["workspace"]

    assert told["channels"][1] == {
        "name": "s3://bucket/x",
        "exclude_newer": "2026-01-01",
    }
    assert told["exclude_newer"] == {
        "default": "7d",
        "packages": {"numpy": "0d"},
        "pypi": {},
    }
    assert told["features"]["test"] == {
        "pypi_options": {"no-build": True},
        "pypi_dependencies": {"flask": "*"},
        "tasks": {"check": {"cmd": "pytest", "args": ["what"]}},
        "activation": {"scripts": [], "env": {"MODE": "test"}},
    }


def test_a_workspace_that_would_have_to_build_says_so_and_stops(
    make_workspace: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_workspace(TEXT)

    answer = run_command(capsys, "lock", "-m", str(folder))
    checked = run_command(capsys, "lock", "--check", "-m", str(folder))

    assert answer.code == 1
    assert "building helper from source is not supported yet ([dev] of" in answer.err
    assert not (folder / "pixi.lock").exists()
    assert "does not exist" in checked.out + checked.err


def test_the_manifests_buckets_stand_over_the_configuration(
    make_workspace: Callable[..., Path],
) -> None:
    folder = make_workspace(TEXT)
    (folder / ".pixi").mkdir()
    (folder / ".pixi" / "config.toml").write_text(
        "[s3-options.bucket]\nregion = 'us'\n[s3-options.other]\nregion = 'us'\n"
    )

    buckets = open_workspace(folder).session().network.settings["s3-options"]

    assert {name: table["region"] for name, table in buckets.items()} == {
        "bucket": "eu",
        "other": "us",
    }


def test_a_second_manifest_is_named_unless_the_first_was_asked_for(
    make_workspace: Callable[..., Path],
) -> None:
    folder = make_workspace("[workspace]\nchannels = []\n")
    (folder / "pyproject.toml").write_text("[tool.pixi.workspace]\nchannels = []\n")

    (warning,) = open_workspace(folder).manifest.warnings

    assert warning == (
        "pyproject.toml is not read, because pixi.toml is in the same folder"
    )
    assert not open_workspace(folder / "pixi.toml").manifest.warnings


def test_a_workspace_is_found_by_the_name_it_is_registered_under(
    home: Path, make_workspace: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_workspace("[workspace]\nchannels = []\nname = 'tides'\n")
    registry = home / ".pixi" / "workspaces.toml"
    registry.parent.mkdir(exist_ok=True)
    before = registry.read_text() if registry.exists() else None
    registry.write_text(f"[named-workspaces]\nsea = '{folder}'\n")

    found = run_command(capsys, "info", "--json", "-w", "sea")
    unknown = run_command(capsys, "info", "-w", "see")
    both = run_command(capsys, "info", "-w", "sea", "-m", str(folder))
    registry.unlink() if before is None else registry.write_text(before)

    assert json.loads(found.out)["project_info"]["name"] == "tides"
    assert "no workspace named see" in unknown.err
    assert "did you mean sea?" in unknown.err
    assert both.code == 2

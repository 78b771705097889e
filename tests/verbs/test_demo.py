"""One command from nothing to a notebook that ran in its own environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest


def demo(folder: Path) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "pixi_jupyter", "demo", str(folder), "--json"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "RATTLER_CACHE_DIR": str(folder.parent / "cache")},
    )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Run the demo twice in one folder."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return [demo(folder), demo(folder)]


def test_json_names_all_that_was_made(answers: list[dict[str, Any]]) -> None:
    told = answers[0]

    assert list(told) == [
        "workspace",
        "channel",
        "lock",
        "environments",
        "notebook",
        "seconds",
    ]
    assert list(told["seconds"]) == ["channel", "lock", "install", "kernel"]
    assert [each["name"] for each in told["environments"]] == ["default", "analysis"]
    for each in told["environments"]:
        assert list(each) == ["name", "prefix", "kernel"]
        assert Path(each["prefix"], "bin", "python").exists()
    assert Path(told["lock"]).is_file()


def test_the_notebook_ran_in_its_environment(answers: list[dict[str, Any]]) -> None:
    told = answers[0]

    notebook = nbformat.read(told["notebook"], as_version=4)

    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.outputs[0]["text"].strip() == told["environments"][0]["prefix"]
    assert notebook.metadata.kernelspec.name == told["environments"][0]["kernel"]


def test_the_environments_leave_tomlkit_out_although_the_channel_has_it(
    answers: list[dict[str, Any]],
) -> None:
    prefix = Path(answers[0]["environments"][0]["prefix"])

    assert list(Path(answers[0]["workspace"], "channel").glob("*/tomlkit-*.conda"))
    assert not list(prefix.glob("conda-meta/tomlkit-*.json"))


def test_a_second_run_reuses_what_is_there(answers: list[dict[str, Any]]) -> None:
    first, second = answers

    assert {k: v for k, v in first.items() if k != "seconds"} == {
        k: v for k, v in second.items() if k != "seconds"
    }


def test_another_workspace_in_the_folder_is_left_alone(tmp_path: Path) -> None:
    manifest = tmp_path / "pixi.toml"
    manifest.write_text('[workspace]\nchannels = []\nplatforms = ["linux-64"]\n')

    done = subprocess.run(
        [sys.executable, "-m", "pixi_jupyter", "demo", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "already exists" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["pixi.toml"]

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import run_command
from support.packages import make_channel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("home")


def _moment(text: str) -> int:
    return int(dt.datetime.fromisoformat(f"{text}T12:00:00+00:00").timestamp() * 1000)


DATES = {"1.0": _moment("2024-03-01"), "2.0": _moment("2025-03-01")}


@pytest.fixture
def channels(tmp_path: Path) -> tuple[str, str]:
    """Two channels with an old and a new version of each package."""

    def made(name: str, *packages: str) -> str:
        rows: list[dict[str, Any]] = [
            {"name": each, "version": version, "timestamp": made_at}
            for each in packages
            for version, made_at in DATES.items()
        ]
        return make_channel(tmp_path / name, rows)

    return made("one", "thing", "other"), made("two", "third")


def _locked(
    capsys: pytest.CaptureFixture[str],
    folder: Path,
) -> dict[str, str]:
    assert run_command(capsys, "lock", "-m", str(folder)).err
    shown = run_command(capsys, "list", "--json", "-m", str(folder))
    return {each["name"]: each["version"] for each in json.loads(shown.out)}


@pytest.mark.parametrize(
    ("newest", "first", "packages", "versions"),
    [
        ("", "", "", "2 2 2"),
        ("2024-12-31", "", "", "1 1 1"),
        ("2024-12-31", "", 'thing = "2026-01-01"', "2 1 1"),
        ("", "2024-12-31", "", "1 1 2"),
        ("2024-12-31", "2026-01-01", "", "2 2 1"),
        ("", "2026-01-01", 'Other = "2024-12-31"', "2 1 2"),
    ],
    ids=[
        "none",
        "workspace",
        "a package may be newer",
        "channel",
        "a channel may be newer",
        "a package comes before its channel",
    ],
)
def test_the_nearest_cutoff_holds(
    make_workspace: Callable[..., Path],
    channels: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
    newest: str,
    first: str,
    packages: str,
    versions: str,
) -> None:
    one, two = channels
    own = f', exclude-newer = "{first}"' if first else ""
    folder = make_workspace(
        f"""
[workspace]
channels = [{{ channel = "{one}"{own} }}, "{two}"]
platforms = ["linux-64"]
{f'exclude-newer = "{newest}"' if newest else ""}

[exclude-newer]
{packages}

[dependencies]
thing = "*"
other = "*"
third = "*"
"""
    )

    found = _locked(capsys, folder)

    wanted = [f"{each}.0" for each in versions.split()]
    assert [found[name] for name in ("thing", "other", "third")] == wanted
    assert run_command(capsys, "lock", "--check", "-m", str(folder)).code == 0


def test_a_locked_package_that_became_too_new_is_solved_again(
    make_workspace: Callable[..., Path],
    channels: tuple[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (
        f'[workspace]\nchannels = ["{channels[0]}"]\nplatforms = ["linux-64"]\n'
        '[dependencies]\nthing = "*"\nother = "*"\n'
    )
    folder = make_workspace(text)
    assert _locked(capsys, folder) == {"thing": "2.0", "other": "2.0"}
    cut = f'{text}[exclude-newer]\nthing = "2024-12-31"\n'
    (folder / "pixi.toml").write_text(cut, encoding="utf-8")

    checked = run_command(capsys, "lock", "--check", "-m", str(folder))

    assert checked.code == 1
    assert "thing 2.0 is of 2025-03-01" in checked.out + checked.err
    assert _locked(capsys, folder) == {"thing": "1.0", "other": "2.0"}

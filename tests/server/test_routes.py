from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from support.asked import Asked, write_workspace
from support.packages import make_channel

if TYPE_CHECKING:
    from pathlib import Path


pytest_plugins = ["pytest_jupyter.jupyter_server"]

TASKS = """\
[tasks]
hello = "echo hello"

[tasks.fetch]
cmd = "echo {{ month }}"
args = [{ arg = "month", default = "2026-10" }]
description = "Fetch a month"
"""


def test_a_workspace_is_described_by_every_route(
    server: Asked, jp_root_dir: Path, channel: str
) -> None:
    manifest = write_workspace(jp_root_dir / "study", channel, "app", more=TASKS)
    (manifest.parent / "notes.ipynb").write_text("{}")
    server.done("lock", "study")

    workspace = server.get("workspace", "study/notes.ipynb")
    packages = server.get("environments/default/packages", "study")["packages"]
    (environment,) = server.get("environments", "study")["environments"]
    tasks = {each["name"]: each for each in server.get("tasks", "study")["tasks"]}
    found = server.get("search", "study", query="BAS")["results"]
    (operation,) = server.get("operations", "study")["operations"]

    assert (workspace["path"], workspace["name"]) == ("study/pixi.toml", "study")
    assert [each["name"] for each in packages] == ["app", "base"]
    assert packages[0]["where"] == "[dependencies], pixi.toml:7"
    assert packages[1]["needed_by"] == ["app"]
    assert (environment["name"], environment["state"]) == ("default", "none")
    assert tasks["fetch"]["arguments"][0]["default"] == "2026-10"
    assert [(x["name"], x["versions"]) for x in found] == [("base", ["2.0", "1.0"])]
    assert server.get("lock", "study") == {
        "state": "fresh", "reasons": [], "error": None,
    }  # fmt: skip
    assert (operation["verb"], operation["state"]) == ("lock", "succeeded")
    assert server.get("openapi.json")["openapi"] == "3.1.0"


def test_a_changed_manifest_makes_the_lock_stale_with_a_reason(
    server: Asked, study: Path
) -> None:
    server.done("lock", "study")
    assert server.get("lock", "study")["state"] == "fresh"

    study.write_text(study.read_text().replace('app = "*"', 'app = "*"\ntool = "*"'))
    lock = server.get("lock", "study")

    assert lock["state"] == "stale"
    assert "tool" in lock["reasons"][0]["text"]


def test_where_there_is_no_workspace_one_can_be_made(
    server: Asked, jp_root_dir: Path
) -> None:
    (jp_root_dir / "new").mkdir()
    (jp_root_dir / "new" / "environment.yml").write_text("dependencies: [base]")

    before = server.get("workspace", "new")
    missing = server.refused("GET", "environments", path="new")
    server.done("init", "new")

    assert before["found"] is False
    assert before["sources"] == [{"path": "new/environment.yml", "kind": "conda-env"}]
    assert (missing[0], missing[1]["code"]) == (404, "manifest-not-found")
    after = server.get("workspace", "new")
    assert after["path"] == "new/pixi.toml"
    assert [each["path"] for each in after["choices"]] == ["new/pixi.toml"]


def test_a_manifest_that_cannot_be_read_is_told_with_its_line(
    server: Asked, study: Path
) -> None:
    study.write_text(study.read_text() + "[tasks\n")

    workspace = server.get("workspace", "study")
    refused = [
        server.refused("GET", route, path="study")
        for route in ("environments", "lock", "tasks", "environments/default/packages")
    ]

    error = workspace["error"]
    assert workspace["found"] is True
    assert (error["code"], error["line"]) == ("manifest-parse", 10)
    assert error["file"].endswith("pixi.toml")
    assert refused == [(409, error)] * 4


def test_what_is_no_workspace_of_ours_is_told_too(
    server: Asked, jp_root_dir: Path
) -> None:
    (jp_root_dir / "other").mkdir()
    (jp_root_dir / "other" / "conda.toml").write_text("[workspace]\n")

    workspace = server.get("workspace", "other")
    status, error = server.refused("GET", "lock", path="other")

    assert (workspace["found"], workspace["error"]) == (False, error)
    assert (status, error["code"]) == (409, "not-supported-yet")


def test_an_environment_that_is_not_there_is_not_found(
    server: Asked, study: Path
) -> None:
    status, error = server.refused(
        "GET", "environments/tset/packages", path=study.parent.name
    )

    assert (status, error["code"]) == (404, "environment-not-found")


def test_a_pyproject_file_is_a_workspace_too(
    server: Asked, jp_root_dir: Path, channel: str, tmp_path: Path
) -> None:
    make_channel(tmp_path / "channel", [{"name": "python", "version": "3.12.0"}])
    manifest = write_workspace(jp_root_dir / "study", channel, "app")
    text = manifest.read_text().replace("[work", "[tool.pixi.work")
    text = text.replace("[dep", "[tool.pixi.dep")
    manifest.unlink()
    (manifest.parent / "pyproject.toml").write_text(text)
    write_workspace(jp_root_dir / "beside", channel)

    server.done("lock", "study")
    workspace = server.get("workspace")

    assert [each["path"] for each in workspace["choices"]] == [
        "beside/pixi.toml",
        "study/pyproject.toml",
    ]
    assert server.get("workspace", "study")["path"] == "study/pyproject.toml"
    assert server.get("lock", "study")["state"] == "fresh"


def test_a_detached_environment_is_seen_as_any_other(
    server: Asked, study: Path, tmp_path: Path
) -> None:
    folder = study.parent / ".pixi"
    folder.mkdir()
    (folder / "config.toml").write_text(
        f'detached-environments = "{tmp_path / "scratch"}"\n'
    )
    before = server.get("environments", "study")["environments"]

    server.done("install", "study")
    after = server.get("environments", "study")["environments"]

    assert [before[0]["state"], after[0]["state"]] == ["none", "installed"]
    assert (folder / "envs").is_symlink()
    assert server.until(lambda: prefixes(server))


def prefixes(server: Asked) -> int:
    """Count what was told of environments."""
    return len([x for _, x in server.events if x.get("what") == "prefix"])


def more_prefixes(server: Asked, than: int) -> int | None:
    """Count them if there are more than that."""
    found = prefixes(server)
    return found if found > max(0, than) else None


def test_a_size_is_told_when_it_is_known(server: Asked, study: Path) -> None:
    server.done("install", "study")

    size, heard = None, -1
    while size is None:
        heard = server.until(partial(more_prefixes, server, heard))
        size = server.get("environments", "study")["environments"][0]["size"]

    prefix = study.parent / ".pixi" / "envs" / "default"
    files = [path for path in prefix.rglob("*") if path.is_file()]
    assert size == sum(path.lstat().st_size for path in files)

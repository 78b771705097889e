"""Python packages need what their markers and extras say, on their own platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.lock.models import Lock, LockedEnvironment, LockedPackage
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.workspace.graph import Need, Node, package_graph
from pixi_jupyter.workspace.solution import Solution

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
[workspace]
channels = []
platforms = ["linux-64", "win-64"]

[pypi-dependencies]
My-App = { version = "*", extras = ["plots"] }
"""


def wheel(name: str, *requires: str) -> LockedPackage:
    url = f"https://files.example/{name}-1.0-py3-none-any.whl"
    fields = {"name": name, "version": "1.0", "requires_dist": list(requires)}
    return LockedPackage("pypi", url, fields)


def graph_of(folder: Path, platform: str, *wheels: LockedPackage) -> dict[str, Node]:
    composition = compose(parse_manifest(MANIFEST, folder / "pixi.toml"))
    environment = composition.environment("default")
    chosen = next(each for each in environment.platforms if each.name == platform)
    locked = LockedEnvironment(packages={platform: wheels})
    solution = Solution(lock=Lock(environments={"default": locked}), records={})
    return package_graph(solution, environment, chosen)


def needs(nodes: dict[str, Node], name: str) -> list[str]:
    return [need.name for need in nodes[name].needs]


def test_a_need_that_does_not_hold_on_the_platform_is_none(tmp_path: Path) -> None:
    wheels = [wheel("my-app", "colours; sys_platform == 'win32'"), wheel("colours")]

    assert needs(graph_of(tmp_path, "linux-64", *wheels), "my_app") == []
    assert needs(graph_of(tmp_path, "win-64", *wheels), "my_app") == ["colours"]


def test_extras_that_the_manifest_asks_for_are_followed_and_named(
    tmp_path: Path,
) -> None:
    nodes = graph_of(
        tmp_path,
        "linux-64",
        wheel(
            "my-app",
            "lib[fast]; extra == 'plots'",
            "Other.Lib; extra == 'tests'",
            "base>=1",
        ),
        wheel("lib", "speed; extra == 'fast'", "slow; extra == 'slow'"),
        wheel("speed"),
        wheel("base"),
    )

    assert nodes["my_app"].needs == (
        Need(name="lib", extras=("plots",)),
        Need(name="base"),
    )
    assert nodes["lib"].needs == (Need(name="speed", extras=("fast",)),)
    assert nodes["speed"].needed_by == ("lib",)
    assert [node.name for node in nodes.values() if node.is_explicit] == ["my_app"]


def test_a_requirement_that_nobody_can_read_is_left_out(tmp_path: Path) -> None:
    nodes = graph_of(tmp_path, "linux-64", wheel("my-app", "not a >=> name", "base"))

    assert needs(nodes, "my_app") == ["base"]

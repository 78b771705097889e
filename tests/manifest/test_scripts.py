"""A script's block as a manifest: what it means, what is wrong with it, its edits."""

from __future__ import annotations

from pathlib import Path

import pytest

from pixi_jupyter.errors import ManifestParseError
from pixi_jupyter.manifest.compose import compose
from pixi_jupyter.manifest.discovery import find_manifest
from pixi_jupyter.manifest.document import ManifestDocument
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.pypi_edits import PypiEdits
from pixi_jupyter.manifest.script_place import home_of, lock_of
from pixi_jupyter.platforms import host_subdir

SCRIPT = """\
#!/usr/bin/env python
# /// script
# requires-python = ">=3.11"
# dependencies = ["httpx>=0.28"]
#
# [tool.uv]
# x = 1
#
# [tool.pixi.workspace]
# channels = ["bioconda"]
# platforms = ["osx-arm64"]
#
# [tool.pixi.dependencies]
# gdal = "*"  # maps
# ///
print("package")
"""
PATH = Path("/project/maps.py")


def script(*lines: str) -> str:
    return "".join(
        f"# {line}".rstrip() + "\n" for line in ("/// script", *lines, "///")
    )


def test_a_block_means_what_a_pyproject_would() -> None:
    manifest = parse_manifest(SCRIPT, PATH)
    feature = manifest.features["default"].default

    assert (manifest.kind, manifest.name) == ("script", "maps")
    assert [channel.name for channel in manifest.channels] == ["bioconda"]
    assert [platform.name for platform in manifest.platforms] == ["osx-arm64"]
    assert feature.dependencies["python"].version == ">=3.11"
    assert sorted(feature.dependencies) == ["gdal", "python"]
    assert list(feature.pypi_dependencies) == ["httpx"]
    assert list(compose(manifest).environments) == ["default"]


def test_what_a_block_does_not_say_is_as_it_is_configured() -> None:
    manifest = parse_manifest(script(), PATH, channels=["mine"])

    assert [channel.name for channel in manifest.channels] == ["mine"]
    assert [platform.name for platform in manifest.platforms] == [host_subdir()]
    assert list(manifest.features["default"].default.dependencies) == ["python"]


def test_all_that_a_script_cannot_have_is_said_with_line_and_column() -> None:
    text = "#!python\n" + script(
        'name = "x"',
        "dependencies = 3",
        "[tool.pixi.tasks]",
        'a = "b"',
        "[tool.pixi.feature.x.dependencies]",
        'b = "*"',
        "[tool.pixi.target.linux-64.tasks]",
        'a = "b"',
        "[tool.pixi.workspace]",
        "dependencies = {}",
        "chanels = []",
    )

    with pytest.raises(ManifestParseError) as caught:
        parse_manifest(text, PATH)

    rows = {(each["line"], each["column"]) for each in caught.value.problems}
    keys = [each["key"] for each in caught.value.problems]
    assert rows == {(3, 3), (4, 18), (5, 3), (7, 3), (9, 3), (12, 3), (13, 3)}
    assert keys == [
        "name",
        "dependencies",
        "tool.pixi.tasks",
        "tool.pixi.feature",
        "tool.pixi.target.linux-64.tasks",
        "tool.pixi.workspace.dependencies",
        "tool.pixi.workspace.chanels",
    ]


@pytest.mark.parametrize(
    ("line", "column"),
    [("dependencies = [", 18), ('tool = "x"', 10), ("tool.pixi = 3", 15)],
)
def test_an_error_shows_the_line_as_it_is_in_the_script(line: str, column: int) -> None:
    with pytest.raises(ManifestParseError) as caught:
        parse_manifest(script(line), PATH)

    assert (caught.value.line, caught.value.column) == (2, column)
    assert caught.value.source_line == f"# {line}"


def test_edits_change_their_lines_alone() -> None:
    text = SCRIPT.replace("\n", "\r\n").removesuffix("\r\n")
    document = ManifestDocument(text, PATH)

    document.add_dependency("proj", ">=9")
    PypiEdits(document=document).add("six", "*", "six>=1")
    PypiEdits(document=document).add("mine", {"path": "."}, None)

    assert document.text == text.replace(
        '["httpx>=0.28"]', '["httpx>=0.28", "six>=1"]'
    ).replace(
        "# maps\r\n",
        '# maps\r\n# proj = ">=9"\r\n#\r\n'
        '# [tool.pixi.pypi-dependencies]\r\n# mine = { path = "." }\r\n',
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], ['dependencies = ["six"]']),
        (["# why", 'requires-python = ">=3"'], ["# why", 'requires-python = ">=3"']),
        (["[tool.uv]"], ['dependencies = ["six"]', "", "[tool.uv]"]),
    ],
    ids=["empty", "a field", "a table"],
)
def test_dependencies_come_to_the_top_of_a_block(
    before: list[str], after: list[str]
) -> None:
    document = ManifestDocument(script(*before), PATH)

    PypiEdits(document=document).add("six", "*", "six")

    added = [] if 'dependencies = ["six"]' in after else ['dependencies = ["six"]']
    assert document.text == script(*after, *added)


def test_a_requirement_leaves_the_array_of_a_block() -> None:
    document = ManifestDocument(SCRIPT, PATH)

    PypiEdits(document=document).remove("HTTPX")

    assert document.text == SCRIPT.replace('["httpx>=0.28"]', "[]")


def test_a_script_is_found_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "pixi.toml").write_text("[workspace]\n")
    path = tmp_path / "maps.py"
    path.write_text(SCRIPT)

    assert find_manifest(tmp_path, path) == path
    assert find_manifest(tmp_path) == tmp_path / "pixi.toml"


def test_each_script_has_a_home_of_its_own_in_the_cache(tmp_path: Path) -> None:
    environ = {"PIXI_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path)}

    home = home_of(tmp_path / "My Maps.py", environ)
    other = home_of(tmp_path / "sub" / "My Maps.py", environ)

    assert home.parent == other.parent == tmp_path / "cache" / "script-envs"
    assert home != other
    assert home_of(tmp_path / "sub" / ".." / "My Maps.py", environ) == home
    name, _, mark = home.name.rpartition("-")
    assert (name, len(mark)) == ("my-maps-py", 16)
    assert home_of(tmp_path / "pixi.toml", environ) == tmp_path


def test_a_lock_beside_a_script_comes_before_the_one_in_its_home(
    tmp_path: Path,
) -> None:
    path, home = tmp_path / "maps.py", tmp_path / "home"
    beside = tmp_path / "maps.py.pixi.lock"

    assert lock_of(path, home) == home / ".pixi" / "pixi.lock"
    assert lock_of(path, home, beside=True) == beside
    beside.write_text("")
    assert lock_of(path, home) == beside

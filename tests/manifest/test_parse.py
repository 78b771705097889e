from __future__ import annotations

from pathlib import Path

import pytest
from support.manifests import FOLDER, parse, refusal

from pixi_jupyter.errors import (
    ManifestNotFoundError,
    ManifestParseError,
    NotSupportedYetError,
    RequiresPixiError,
)
from pixi_jupyter.manifest.models import PrioritizedChannel
from pixi_jupyter.manifest.parse import parse_manifest, read_manifest

FULL = """
[workspace]
authors = ["Ada <ada@sea.example>"]
channels = ["conda-forge", { channel = "https://c.example/x", priority = 3 }, "../ch"]
description = "Tides"
exclude-newer = "7d"
license = "MIT"
name = "tides"
platforms = ["linux-64", "osx-arm64"]
preview = ["pixi-build"]
requires-pixi = ">=0.70"
solve-strategy = "lowest"
version = "1.2"

[dependencies]
python = ">=3.11"

[constraints]
openssl = "<3.4"

[pypi-dependencies]
tide-tables = { version = "*", extras = ["fast"] }

[tasks]
plot = "python plot.py"
all = { depends-on = ["plot"], cmd = ["echo", "done"] }

[activation]
scripts = ["on.sh"]
env = { DEPTH = "4" }

[target.linux.dependencies]
mold = "*"

[feature.test]
channels = ["conda-forge"]
platforms = ["linux-64"]
dependencies = { pytest = "*" }
target.unix.activation.env.DEPTH = "5"

[environments]
test = { features = ["test"], solve-group = "all" }
lint = ["test"]
alone = { no-default-feature = true, dependencies = { ruff = "*" } }
"""


def test_all_tables_are_read() -> None:
    manifest = parse(FULL)
    default, test = manifest.features["default"], manifest.features["test"]

    assert manifest.path == FOLDER / "pixi.toml"
    assert (manifest.kind, manifest.name, manifest.version) == ("pixi", "tides", "1.2")
    assert manifest.channels == (
        PrioritizedChannel(name="conda-forge"),
        PrioritizedChannel(name="https://c.example/x", priority=3),
        PrioritizedChannel(name="../ch"),
    )
    assert [platform.name for platform in manifest.platforms] == [
        "linux-64",
        "osx-arm64",
    ]
    assert (manifest.exclude_newer, manifest.requires_pixi) == ("7d", ">=0.70")
    assert (manifest.channel_priority, manifest.solve_strategy) == ("strict", "lowest")
    assert manifest.metadata == {
        "authors": ["Ada <ada@sea.example>"],
        "license": "MIT",
        "preview": ["pixi-build"],
    }
    assert list(default.default.dependencies) == ["python"]
    assert list(default.default.constraints) == ["openssl"]
    assert default.default.pypi_dependencies == {
        "tide-tables": {"version": "*", "extras": ["fast"]}
    }
    assert list(default.default.tasks) == ["plot", "all"]
    assert default.default.activation.scripts == ("on.sh",)
    assert default.default.activation.env == {"DEPTH": "4"}
    assert [(name, list(target.dependencies)) for name, target in default.targets] == [
        ("linux", ["mold"])
    ]
    assert test.platforms == ("linux-64",)
    assert test.targets[0][1].activation.env == {"DEPTH": "5"}
    assert list(manifest.environments) == ["default", "test", "lint", "alone"]
    assert manifest.environments["test"].solve_group == "all"
    assert manifest.environments["lint"].features == ("test",)
    alone = manifest.environments["alone"]
    assert alone.no_default_feature
    assert alone.inline is not None
    assert alone.inline.name == "@alone"
    assert manifest.warnings == ()


def test_toml_1_1_is_read() -> None:
    manifest = parse("[dependencies]\nfoo = {\n  version = '1.*',\n  build = 'x',\n}\n")

    assert manifest.features["default"].default.dependencies["foo"].build == "x"


def test_a_workspace_without_a_name_has_that_of_its_folder() -> None:
    assert parse("[workspace]\nchannels = []\n").name == "tides"


@pytest.mark.parametrize(
    ("text", "key", "reason", "hint"),
    [
        (
            "[dependancies]\nx = '*'",
            "dependancies",
            "no such key",
            "did you mean `dependencies`?",
        ),
        (
            "[workspace]\nchanels = []",
            "workspace.chanels",
            "no such key",
            "did you mean `channels`?",
        ),
        ("[workspace]\nname = 'x'", "workspace", "`channels` is missing", ""),
        ("[workspace]\nchannels = 'x'", "workspace.channels", "an array belongs", ""),
        (
            "[workspace]\nchannels = []\nversion = 1.0",
            "workspace.version",
            "a string in quotes",
            'version = "1.0"',
        ),
        (
            "[workspace]\nchannels = []\nchannel-priority = 'strikt'",
            "workspace.channel-priority",
            "one of `strict`, `flexible`, `disabled`",
            'did you mean "strict"?',
        ),
        (
            "[workspace]\nchannels = []\nexclude-newer = 'soon'",
            "workspace.exclude-newer",
            "a date, a time or a duration",
            "",
        ),
        (
            "[workspace]\nchannels = [{ chanel = 'x' }]",
            "workspace.channels[0].chanel",
            "no such key",
            "did you mean `channel`?",
        ),
        ("[feature.default.tasks]", "feature.default", "the default feature", ""),
        ("[feature.x]\nenv = 1", "feature.x.env", "no such key", ""),
        (
            "[feature.test.tasks]\n[environments]\na = ['tset']",
            "environments.a[0]",
            "there is no feature `tset`",
            "did you mean `test`?",
        ),
        (
            "[feature.x.tasks]\n[environments]\na = { features = ['x', 'x'] }",
            "environments.a.features[1]",
            "`x` is there already",
            "",
        ),
        ("[environments]\nPy_311 = []", "environments.Py_311", "a-z, 0-9", "py-311"),
        (
            "[environments]\na = { host-dependencies = {} }",
            "environments.a.host-dependencies",
            "no such key",
            "",
        ),
        ("[target.'if(x)'.tasks]", 'target."if(x)"', "parentheses", ""),
        (
            "[activation.env]\nX = 1",
            "activation.env.X",
            "a string in quotes",
            'X = "1"',
        ),
        ("[tasks]\nx = ['y']", "tasks.x[0]", "holds tables only", '{ task = "y" }'),
        ("[tasks]\nx = { comand = 'y' }", "tasks.x.comand", "no such key", ""),
        ("[tasks]\nx = { cmd = 'y', args = ['a-b'] }", "tasks.x.args[0]", "a name", ""),
        ("[pypi-dependencies]\na_b = '*'\nA-b = '*'", "pypi-dependencies.A-b", "", ""),
        ("[pypi-options]\nindex = 'x'", "pypi-options.index", "no such key", ""),
        (
            "[system-requirements]\ncuda = 'x y'",
            "system-requirements",
            "no version",
            "",
        ),
        ("[package.target.linux-64]", "package.target", "no such key", ""),
        (
            "[feature.x]\nplatforms = ['linux-65']",
            "feature.x.platforms[0]",
            "not one of the workspace's",
            'did you mean "linux-64"?',
        ),
    ],
)
def test_a_broken_rule_is_shown_where_it_is(
    text: str, key: str, reason: str, hint: str
) -> None:
    error = refusal(text)

    assert isinstance(error, ManifestParseError)
    assert error.key == key
    assert reason in error.reason
    assert error.line is not None
    assert error.source_line in text
    assert not hint or hint in error.hints


def test_the_first_fault_is_shown_and_the_others_are_named() -> None:
    error = refusal("[tasks]\nx = 1\n\n[dependencies]\ny = 2\n\n[activation]\nz = 3\n")

    assert isinstance(error, ManifestParseError)
    assert error.key == "tasks.x"
    assert error.details[-2:] == (
        (
            "also line 10, column 5: dependencies.y: "
            'a string in quotes or a table belongs here (hint: y = "2")'
        ),
        (
            "also line 13, column 1: activation.z: "
            "no such key belongs here (hint: here can stand env, scripts)"
        ),
    )


def test_text_that_is_not_toml_is_shown_with_line_and_column() -> None:
    error = refusal("[dependencies]\npython = '*'\nnumpy = >=2.3\n")

    assert str(error).endswith(
        "pixi.toml cannot be read, line 8, column 9\n"
        "  a string in quotes belongs here\n"
        "     8 | numpy = >=2.3\n"
        "                 ^\n"
        'hint: numpy = ">=2.3"'
    )


def test_what_only_tomlkit_sees_is_shown_with_its_line() -> None:
    error = refusal('[tasks]\nx = "a\\qb"\n')

    assert isinstance(error, ManifestParseError)
    assert error.line == 7
    assert error.source_line == 'x = "a\\qb"'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no [workspace]"),
        ("[package]\nname = 'x'\n", "there is no [workspace], only [package]"),
        ("[workspace]\nchannels = []\n[project]\nchannels = []\n", "old name"),
    ],
)
def test_a_manifest_has_one_workspace(text: str, reason: str) -> None:
    with pytest.raises(ManifestParseError) as caught:
        parse_manifest(text, FOLDER / "pixi.toml")

    assert reason in caught.value.reason


def test_a_newer_pixi_is_asked_for_before_anything_else_is_looked_at() -> None:
    text = "[workspace]\nrequires-pixi = '>=99'\nbrand-new-key = 1\n"

    with pytest.raises(RequiresPixiError, match=r"asks for pixi >=99.*pixi 0\.77\.0"):
        parse_manifest(text, FOLDER / "pixi.toml")


def test_a_senseless_version_of_pixi_is_refused() -> None:
    error = refusal("[workspace]\nchannels = []\nrequires-pixi = 'not this!!'\n")

    assert "workspace.requires-pixi: this is no version" in str(error)
    assert "line 3, column 17" in str(error)


def test_what_does_not_touch_conda_packages_is_kept() -> None:
    manifest = parse(
        """
        "$schema" = "https://schema.example/pixi.json"

        [workspace]
        channels = []
        preview = ["pixi-build"]
        conda-pypi-map = { conda-forge = "map.json", other = false }
        s3-options.b = { endpoint-url = "https://s.example", region = "r", force-path-style = false }
        build-variants = { python = ["3.11.*"] }
        target.linux-64.build-variants = { python = ["3.12.*"] }
        pypi-options = { no-build = true }

        [pypi-exclude-newer]
        numpy = "7d"

        [package]
        name = { workspace = true }
        build = { backend = { name = "b", version = "*" } }

        [tool.anything]
        goes = 1
        """
    )

    assert set(manifest.metadata) == {
        "conda-pypi-map",
        "s3-options",
        "build-variants",
        "target",
        "pypi-options",
        "preview",
    }
    assert manifest.pypi_cutoffs == {"numpy": "7d"}
    assert manifest.package is not None
    assert manifest.package["name"] == {"workspace": True}


def test_host_and_build_tables_override_run() -> None:
    manifest = parse(
        """
        [dependencies]
        a = "1"
        b = "1"
        [build-dependencies]
        a = "3"
        [host-dependencies]
        a = "2"
        b = "2"
        """
    )

    found = manifest.features["default"].default.dependencies
    assert {name: spec.version for name, spec in found.items()} == {"a": "3", "b": "2"}
    assert [warning.split(" is")[0] for warning in manifest.warnings] == [
        "`host-dependencies`",
        "`build-dependencies`",
    ]


def test_host_tables_are_refused_where_packages_are_built() -> None:
    error = refusal(
        """
        [workspace]
        channels = []
        preview = ["pixi-build"]
        [host-dependencies]
        a = "1"
        """
    )

    assert "[package.host-dependencies]" in str(error)


def test_a_file_that_is_not_text_is_shown_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "pixi.toml"
    path.write_bytes(b'[workspace]\nname = "caf\xe9"\n')

    with pytest.raises(ManifestParseError, match=r"line 2, column 12\n  this is not"):
        read_manifest(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ManifestNotFoundError, match="no such file"):
        read_manifest(tmp_path / "pixi.toml")


def test_a_folder_is_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(ManifestParseError, match="cannot be read"):
        read_manifest(tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "pixi.toml"
    path.write_bytes(b"\xef\xbb\xbf[workspace]\r\nchannels = []\r\n")

    assert read_manifest(path).channels == ()


def test_errors_show_a_path_as_one_would_type_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pixi.toml"
    path.write_text("[workspace]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ManifestParseError) as caught:
        read_manifest(path)

    assert caught.value.path == Path("pixi.toml")
    assert caught.value.message == "pixi.toml cannot be read, line 1, column 1"


def test_conda_toml_is_for_later() -> None:
    with pytest.raises(NotSupportedYetError, match=r"conda\.toml"):
        parse_manifest("", FOLDER / "conda.toml")

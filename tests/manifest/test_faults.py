"""What is wrong with a manifest is all said at once, each where it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.commands import run_command
from support.manifests import composed, parse, refusal

from pixi_jupyter.errors import ManifestParseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BUILDING = "[workspace]\nchannels = []\nname = 'x'\npreview = ['pixi-build']\n"


def problems(text: str) -> list[tuple[object, object]]:
    """Give key and reason of all that is wrong."""
    error = refusal(text)
    assert isinstance(error, ManifestParseError), error
    return [(each["key"], each["reason"]) for each in error.problems]


def test_everything_is_said_in_the_order_of_the_file() -> None:
    error = refusal(
        """
        [workspace]
        channels = ["a", { channel = "b", exclude-newer = "soon" }]
        platforms = ["linux-46"]
        colour = "red"

        [dependencies]
        good = "*"
        numpy = ">>1"
        scipy = { versoin = "1" }

        [target.linux-64.dependencies]
        numpy = "1 2"

        [pypi-dependencies]
        flask = "3"

        [feature.f]
        platforms = 3

        [environments]
        e = ["f", "g"]
        """
    )

    assert isinstance(error, ManifestParseError)
    assert [each["key"] for each in error.problems] == [
        "workspace.channels[1].exclude-newer",
        "workspace.platforms[0]",
        "workspace.colour",
        "dependencies.numpy",
        "dependencies.scipy.versoin",
        "target.linux-64.dependencies.numpy",
        "pypi-dependencies.flask",
        "feature.f.platforms",
        "environments.e[1]",
    ]
    assert all(each["line"] and each["column"] for each in error.problems)
    hints = {each["key"]: each["hint"] for each in error.problems}
    assert hints["workspace.platforms[0]"] == 'did you mean "linux-64"?'
    assert hints["dependencies.scipy.versoin"] == "did you mean `version`?"
    assert hints["pypi-dependencies.flask"] == '"==3"'
    assert len([each for each in error.details if each.startswith("also")]) == 8


def test_a_fault_has_no_others_in_its_train() -> None:
    found = problems(
        """
        [workspace]
        channels = 3
        platforms = ["linux-46"]
        [feature.f]
        platforms = ["linux-46"]
        [feature.g]
        colour = "red"
        [feature]
        h = 3
        [environments]
        e = ["f", "g", "h"]
        """
    )

    assert [key for key, _ in found] == [
        "workspace.channels",
        "workspace.platforms[0]",
        "feature.g.colour",
        "feature.h",
    ]


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("x = { path = '.' }", "dependencies.x.path", "only with the preview"),
        ("x = { git = 'https://a.example/b' }", "dependencies.x.git", "only with the"),
        ("[dev]\nx = '1'", "dev.x", "only a source can be developed"),
        ("[exclude-newer]\nx = 'soon'", "exclude-newer.x", "a date, a time"),
        ("[pypi-exclude-newer]\nx = 'soon'", "pypi-exclude-newer.x", "a date, a time"),
        ("[package]\nbuild.backend = {}", "package", "only with the preview"),
    ],
)
def test_what_needs_more_is_refused(text: str, key: str, reason: str) -> None:
    ((found, why),) = problems(f"[dependencies]\n{text}\n")

    assert found == key
    assert reason in str(why)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("license = 'nonsense'", "license", "no SPDX expression"),
        ("target.'if(x)'.build-variants = {}", 'target."if(x)"', "no condition"),
        ("conda-pypi-map.c = {}", "conda-pypi-map.c", "says nothing"),
        (
            "pypi-options.find-links = [{ path = 'a', url = 'b' }]",
            "pypi-options.find-links[0]",
            "either `path` or `url`",
        ),
    ],
)
def test_a_workspace_is_checked(text: str, key: str, reason: str) -> None:
    ((found, why),) = problems(f"{BUILDING}{text}\n")

    assert found == f"workspace.{key}"
    assert reason in str(why)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("name = 'x'", "package", "`build` is missing"),
        ("build = {}", "package.build", "`backend` is missing"),
        (
            "build = { backend = { name = 'b' }, flags = ['A b'] }",
            "package.build.flags[0]",
            "make a flag",
        ),
        (
            "build.backend.name = 'b'\nextra-dependencies = { 'A b' = {} }",
            'package.extra-dependencies."A b"',
            "name of a group",
        ),
    ],
)
def test_a_package_is_checked(text: str, key: str, reason: str) -> None:
    ((found, why),) = problems(f"{BUILDING}[package]\n{text}\n")

    assert found == key
    assert reason in str(why)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("a = { cwd = 'x' }", "a.cwd", "without `cmd`"),
        ("a = ['b']", "a[0]", "holds tables only"),
        ("a = { depends-on = 3 }", "a.depends-on", "name of a task or a table"),
        ("a = [{ task = 'b', arg = [] }]", "a[0].arg", "no such key"),
        ("a = [{ args = ['b'] }]", "a[0]", "`task` is missing"),
        (
            "a = [{ task = 'b', args = [{ x = '1' }, 'y'] }]",
            "a[0].args[1]",
            "cannot follow",
        ),
        ("a = [{ task = 'b', environment = 'E' }]", "a[0].environment", "name of an"),
        ("a = { cmd = 'b', default-environment = 'E' }", "a.default-environment", "na"),
        (
            "a = { cmd = 'b', args = [{ arg = 'x', default = '1' }, 'y'] }",
            "a.args[1]",
            "`y` needs a default",
        ),
        (
            "a.cmd = 'b'\na.args = [{ arg = 'x', default = 'u', choices = ['v'] }]",
            "a.args[0].default",
            "not one of the choices",
        ),
        (
            "a = { cmd = 'b', depends-on = 'c', depends_on = 'c' }",
            "a.depends_on",
            "only one can be there",
        ),
    ],
)
def test_a_task_is_checked(text: str, key: str, reason: str) -> None:
    ((found, why),) = problems(f"[tasks]\n{text}\n")

    assert found == f"tasks.{key}"
    assert reason in str(why)


@pytest.mark.parametrize(
    ("value", "key", "reason"),
    [
        ("{ git = 'a', path = 'b' }", ".git", "cannot be used with `path`"),
        ("{ path = 'a', version = '*' }", ".version", "cannot be used with `path`"),
        ("{ url = 'a', editable = true }", ".editable", "cannot be used with `url`"),
        ("{ version = '*', editable = true }", ".editable", "belongs to `path`"),
        ("{ git = 'a', rev = 'b', tag = 'c' }", ".rev", "cannot be used with `tag`"),
        ("{ version = '*', rev = 'b' }", ".rev", "belongs to `git`"),
        ("{ version = '1.2' }", ".version", "no version specifier"),
        ("{ version = 1 }", ".version", "a string"),
        ("{ version = '*', extra = [] }", ".extra", "no such key"),
        ("{ version = '*', extras = 'x' }", ".extras", "an array of strings"),
        ("'>=1.0.*'", "", "no version specifier"),
    ],
)
def test_a_requirement_of_pypi_is_checked(value: str, key: str, reason: str) -> None:
    ((found, why),) = problems(f"[pypi-dependencies]\nx = {value}\n")

    assert found == f"pypi-dependencies.x{key}"
    assert reason in str(why)


@pytest.mark.parametrize(
    "value", ["*", "", ">=1", "==1.*", "~=1.4", ">= 1.2, <2", "===1.0", ">1.0rc1"]
)
def test_a_specifier_of_pypi_is_read(value: str) -> None:
    manifest = parse(f"[pypi-dependencies]\nx = '{value}'\n")

    assert manifest.features["default"].default.pypi_dependencies == {"x": value}


def test_features_of_one_environment_agree_on_what_pypi_has_once() -> None:
    text = (
        "[feature.a.pypi-options]\nindex-url = 'https://a.example'\n"
        "[feature.b.pypi-options]\nindex-url = 'https://b.example'\n[environments]\n"
    )

    ((key, reason),) = problems(f"{text}e = ['a', 'b']\n")

    assert key == "environments.e"
    assert "`a` and `b` ask for different index-url" in str(reason)
    assert parse(f"{text}e = ['a']\nf = ['b']\n").environments.keys() >= {"e", "f"}


def test_an_inline_package_is_described_once_and_has_no_name() -> None:
    text = f"{BUILDING}[dependencies]\nx = {{ path = '.', package.name = 'y' }}\n"
    twice = (
        f"{BUILDING}[dependencies]\nx = {{ path = '.', package.version = '1' }}\n"
        "[feature.f.dependencies]\nx = { path = '.', package.version = '2' }\n"
    )

    assert problems(text) == [
        ("dependencies.x.package.name", "the dependency has the name already")
    ]
    assert problems(twice) == [
        ("feature.f.dependencies.x.package", "`x` is described a second time")
    ]


def test_a_package_of_the_workspaces_table_can_be_asked_for_twice() -> None:
    manifest = parse(
        f"{BUILDING}dependencies.x = {{ path = '.', package.version = '1' }}\n"
        "[dependencies]\nx.workspace = true\n"
        "[feature.f.dependencies]\nx.workspace = true\n[environments]\ne = ['f']\n"
    )

    assert manifest.features["f"].default.dependencies["x"].source is not None


def test_what_is_to_be_developed_is_known_by_environment() -> None:
    composition = composed(
        f"{BUILDING}platforms = ['linux-64']\n[dev]\na = {{ path = '.' }}\n"
        "[feature.f.target.linux.dev]\nb = { git = 'https://a.example/b' }\n"
        "[environments]\ne = ['f']\n"
    )
    default, other = composition.environments.values()

    assert [each.name for each in default.dev(default.platforms[0])] == ["a"]
    assert [each.name for each in other.dev(other.platforms[0])] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("preview = ['pixi-built']", "no preview feature `pixi-built`; did you mean"),
        ("conda-pypi-map = {}", "`conda-pypi-map` says nothing"),
    ],
)
def test_what_has_no_effect_is_said(text: str, warning: str) -> None:
    (found,) = parse(f"[workspace]\nchannels = []\n{text}\n").warnings

    assert warning in found


@pytest.mark.usefixtures("home")
def test_a_command_that_fails_says_all_of_it_in_json(
    make_workspace: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_workspace("[workspace]\nchannels = 1\n[dependencies]\nx = '>>1'\n")

    answer = run_command(capsys, "info", "--json", "-m", str(folder))

    error = json.loads(answer.out)["error"]
    assert answer.code == 1
    assert error["code"] == "manifest-parse"
    assert [(each["line"], each["key"]) for each in error["problems"]] == [
        (2, "workspace.channels"),
        (4, "dependencies.x"),
    ]
    assert "also line 4, column 5: dependencies.x" in answer.err


@pytest.mark.usefixtures("home")
def test_files_that_a_workspace_names_have_to_be_there(
    make_workspace: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_workspace(
        "[workspace]\nchannels = []\nreadme = 'README.md'\n"
        "build-variants-files = ['a.yaml', 'b.yaml']\n"
    )
    (folder / "a.yaml").touch()

    refused = run_command(capsys, "info", "-m", str(folder))
    (folder / "README.md").touch()
    (folder / "b.yaml").touch()

    assert "workspace.readme: there is no file `README.md`" in refused.err
    assert "workspace.build-variants-files[1]: there is no file" in refused.err
    assert run_command(capsys, "info", "-m", str(folder)).code == 0

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest
from support.manifests import FOLDER, document, parse

from pixi_jupyter.errors import (
    DependencyNotFoundError,
    EnvironmentNotFoundError,
    FeatureNotFoundError,
    ManifestEditError,
    ManifestParseError,
)
from pixi_jupyter.manifest.document import ManifestDocument

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BASE = """\
[workspace]
channels = ["conda-forge"]
platforms = ["linux-64"]  # more later

# what it needs
[dependencies]
python = '>=3.9'  # old
# numpy = "*"

# what it does
[tasks]
a = "b"

[feature.test.dependencies]
pytest = "*"

# all of them
[environments]
test = ["test"]
lint = { features = ["test"], solve-group = "g" }
"""


def changed(old: str, edit: Callable[[ManifestDocument], None], file: str) -> str:
    """Make an edit; give the lines that changed, as a diff has them, blanks aside."""
    opened = document(old, file=file)
    edit(opened)
    # whatever is written has to be readable again
    parse(opened.text, file=file)
    lines = difflib.unified_diff(
        old.splitlines(), opened.text.splitlines(), n=0, lineterm=""
    )
    return "\n".join(
        line
        for line in lines
        if not line.startswith(("---", "+++", "@@")) and line not in ("+", "-")
    )


def add(
    old: str,
    name: str,
    value: str | dict[str, object],
    *,
    file: str = "pixi.toml",
    **place: str,
) -> str:
    return changed(
        old, lambda opened: opened.add_dependency(name, value, **place), file
    )


def remove(old: str, name: str, *, file: str = "pixi.toml", **place: str) -> str:
    return changed(old, lambda opened: opened.remove_dependency(name, **place), file)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({}, '+numpy = ">=2"'),
        ({"feature": "test"}, '+numpy = ">=2"'),
        (
            {"feature": "new"},
            '+[feature.new.dependencies]\n+numpy = ">=2"',
        ),
        (
            {"feature": "test", "platform": "win-64"},
            '+[feature.test.target.win-64.dependencies]\n+numpy = ">=2"',
        ),
        (
            {"platform": "gpu-*"},
            '+[target."gpu-*".dependencies]\n+numpy = ">=2"',
        ),
        (
            {"environment": "new"},
            '+[environments.new.dependencies]\n+numpy = ">=2"',
        ),
        (
            {"environment": "test"},
            (
                '-test = ["test"]\n'
                '+test = { features = ["test"], dependencies = { numpy = ">=2" } }'
            ),
        ),
        (
            {"environment": "lint", "platform": "linux-64"},
            (
                '-lint = { features = ["test"], solve-group = "g" }\n'
                '+lint = { features = ["test"], solve-group = "g", '
                'target = { linux-64 = { dependencies = { numpy = ">=2" } } } }'
            ),
        ),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_dependency_is_added_where_it_belongs(
    place: dict[str, str], expected: str
) -> None:
    assert add(BASE, "numpy", ">=2", **place) == expected


def test_new_tables_stand_among_their_relatives() -> None:
    opened = document(BASE)
    opened.add_dependency("a", "1", feature="new")
    opened.add_dependency("b", "1", platform="win-64")

    headers = [line for line in opened.text.splitlines() if line[:1] in ("[", "#")]
    assert headers == [
        "[workspace]",
        "# what it needs",
        "[dependencies]",
        '# numpy = "*"',
        "[target.win-64.dependencies]",
        "# what it does",
        "[tasks]",
        "[feature.test.dependencies]",
        "[feature.new.dependencies]",
        "# all of them",
        "[environments]",
    ]
    assert "\n\n\n" not in opened.text


def test_a_dependency_that_is_there_keeps_spelling_quotes_and_comment() -> None:
    assert add(BASE.replace("python =", "Python ="), "python", ">=3.11") == (
        "-Python = '>=3.9'  # old\n+Python = '>=3.11'  # old"
    )


@pytest.mark.parametrize(
    ("old", "value", "expected"),
    [
        ('x = "1"', {"version": "2", "channel": "c"}, 'x = { version = "2", channel = "c" }'),
        ('x = {version="1", build="b"}', {"version": "2", "build": "b"}, 'x = {version="2", build="b"}'),
        ('x = { version = "1" }  # c', {"version": "2", "build": "b"}, 'x = { version = "2", build = "b" }  # c'),
        ('x = { version = "1", build = "b" }', {"version": "2"}, 'x = { version = "2" }'),
        ('x = { version = "1", build = "b" }', "2", 'x = "2"'),
        ('x.version = "1"', "2", 'x.version = "2"'),
        ('x.version = "1"\nx.build = "b"', "2", 'x.version = "2"'),
    ],
)  # fmt: skip
def test_a_value_is_replaced_in_its_form(
    old: str, value: str | dict[str, object], expected: str
) -> None:
    head = "[workspace]\nchannels = []\n\n[dependencies]\n"
    opened = document(f"{head}{old}\n")

    opened.add_dependency("x", value)

    assert opened.text == f"{head}{expected}\n"


def test_a_dependency_with_a_table_of_its_own_is_changed_there() -> None:
    old = (
        "[workspace]\nchannels = []\n\n[dependencies.x]\n"
        'version = "1"  # why\nbuild = "b"\n\n[tasks]\n'
    )

    assert add(old, "x", {"version": "2", "channel": "c"}) == (
        '-version = "1"  # why\n-build = "b"\n+version = "2"  # why\n+channel = "c"'
    )
    assert remove(old, "x") == (
        '-[dependencies.x]\n-version = "1"  # why\n-build = "b"'
    )
    assert add(old, "y", "1") == '+[dependencies]\n+y = "1"'


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ('dependencies = { x = "1" }', 'dependencies = { x = "1", new = "2" }'),
        ('dependencies = {x="1"}', 'dependencies = {x="1", new="2"}'),
        ("dependencies = {}", 'dependencies = { new = "2" }'),
        (
            'dependencies = {\n  x = "1",  # one\n}',
            'dependencies = {\n  x = "1",  # one\n  new = "2",\n}',
        ),
        (
            'dependencies = {\n  x = "1"  # one\n}',
            'dependencies = {\n  x = "1",  # one\n  new = "2"\n}',
        ),
        (
            'dependencies = {\n  x = "1" }',
            'dependencies = {\n  x = "1",\n  new = "2" }',
        ),
        ('dependencies.x = "1"', 'dependencies.x = "1"\ndependencies.new = "2"'),
        ('channels = ["c"]', 'channels = ["c"]\n\n[feature.f.dependencies]\nnew = "2"'),
    ],
)
def test_a_table_is_extended_in_its_form(old: str, expected: str) -> None:
    head = "[workspace]\nchannels = []\n\n[feature.f]\n"
    opened = document(f"{head}{old}\n")

    opened.add_dependency("new", "2", feature="f")

    assert opened.text == f"{head}{expected}\n"


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ('feature.f.channels = ["c"]', 'feature.f.dependencies.new = "2"'),
        ('[feature]\nf.dependencies.x = "1"', 'f.dependencies.new = "2"'),
        ('[feature.f]\ndependencies.x = "1"', 'dependencies.new = "2"'),
    ],
)
def test_dotted_keys_get_a_dotted_neighbour(old: str, expected: str) -> None:
    opened = document(f"{old}\n")

    opened.add_dependency("new", "2", feature="f")

    assert opened.text == f"{old}\n{expected}\n"


def test_values_that_stand_below_each_other_go_on_so() -> None:
    old = "[workspace]\nchannels = []\n[dependencies]\na      = '1'\nlonger = '2'\n"

    assert add(old, "new", "3") == '+new    = "3"'


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ('{ a = "1", x = "2", b = "3" }', '{ a = "1", b = "3" }'),
        ('{ x = "2", b = "3" }', '{ b = "3" }'),
        ('{ a = "1", x = "2" }', '{ a = "1" }'),
        ('{ x = "2" }', "{}"),
        ('{\n  a = "1",\n  x = "2",  # gone\n}', '{\n  a = "1",\n}'),
        ('{\n  x = "2",\n  a = "1"\n}', '{\n  a = "1"\n}'),
        ('{ a = "1", x = { version = "2" } }', '{ a = "1" }'),
    ],
)
def test_a_member_goes_with_its_comma(old: str, expected: str) -> None:
    head = "[workspace]\nchannels = []\n\n[feature.f]\ndependencies = "
    opened = document(f"{head}{old}\n")

    opened.remove_dependency("x", feature="f")

    assert opened.text == f"{head}{expected}\n"


def test_a_line_goes_and_its_table_stays() -> None:
    assert remove(BASE, "PYTHON") == "-python = '>=3.9'  # old"
    assert remove(BASE, "pytest", feature="test") == '-pytest = "*"'


def test_what_was_added_can_be_removed_without_a_trace_in_the_data() -> None:
    for place in ({}, {"feature": "test"}, {"environment": "lint"}):
        opened = document(BASE)

        opened.add_dependency("numpy", "*", **place)
        assert opened.has_dependency("NumPy", **place)
        opened.remove_dependency("numpy", **place)

        assert not opened.has_dependency("numpy", **place)
        assert parse(opened.text).features == parse(BASE).features


def test_a_dependency_in_an_old_table_is_changed_there() -> None:
    old = f"{BASE}\n[host-dependencies]\ncmake = '3'\n"

    assert add(old, "cmake", "4") == "-cmake = '3'\n+cmake = '4'"
    assert remove(old, "cmake") == "-cmake = '3'"


def test_line_endings_are_kept() -> None:
    opened = document(BASE.replace("\n", "\r\n"))

    opened.add_dependency("numpy", "*", feature="new")
    opened.add_platform("win-64")

    assert opened.text.count("\n") == opened.text.count("\r\n")
    assert opened.text.count("\n") == BASE.count("\n") + 3


@pytest.mark.parametrize("tail", ["[dependencies]\nx = '1'", "[dependencies]", ""])
def test_a_missing_last_line_end_is_added(tail: str) -> None:
    opened = document(f"[workspace]\nchannels = []\n{tail}".rstrip())

    opened.add_dependency("new", "2")

    assert opened.text.endswith('\nnew = "2"\n')
    assert "new" in parse(opened.text).features["default"].default.dependencies


def test_a_byte_order_mark_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "pixi.toml"
    path.write_bytes(b"\xef\xbb\xbf" + BASE.encode())
    opened = ManifestDocument.read(path)

    opened.add_dependency("numpy", "*")

    assert opened.text.startswith("\ufeff[workspace]")


PYPROJECT = """\
[project]
name = "x"

[tool.pixi.workspace]
channels = []
platforms = [
    "linux-64",  # here
    "win-64"
]

[tool.ruff]
line-length = 88
"""


def test_in_a_pyproject_all_of_it_stays_below_tool_pixi() -> None:
    section = '+[tool.pixi.{}dependencies]\n+numpy = "*"'

    for place, name in (({}, ""), ({"feature": "f"}, "feature.f.")):
        diff = add(PYPROJECT, "numpy", "*", file="pyproject.toml", **place)
        assert diff == section.format(name)

    opened = document(PYPROJECT, file="pyproject.toml")
    opened.add_dependency("numpy", "*")
    assert opened.text.index("tool.pixi.dep") < opened.text.index("tool.ruff")


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ('platforms = ["linux-64"]', 'platforms = ["linux-64", "win-64"]'),
        ("platforms = []", 'platforms = ["win-64"]'),
        ("channels = []", 'channels = []\nplatforms = ["win-64"]'),
        (
            'platforms = [\n  "linux-64",  # a\n]',
            'platforms = [\n  "linux-64",  # a\n  "win-64",\n]',
        ),
        (
            'platforms = [\n  "linux-64"\n]',
            'platforms = [\n  "linux-64",\n  "win-64"\n]',
        ),
        ('platforms = ["win-64"]', 'platforms = ["win-64"]'),
    ],
)
@pytest.mark.parametrize("section", ["workspace", "project"])
def test_a_platform_is_added_once(section: str, old: str, expected: str) -> None:
    opened = document(f"[{section}]\n{old}\n")

    opened.add_platform("win-64")
    opened.add_platform("win-64")

    assert opened.text == f"[{section}]\n{expected}\n"


def test_what_is_not_there_is_named_with_the_nearest() -> None:
    opened = document(BASE)

    with pytest.raises(DependencyNotFoundError, match="remove python") as caught:
        opened.remove_dependency("pyhton")
    assert caught.value.table == "dependencies"
    with pytest.raises(DependencyNotFoundError, match=r"feature\.test\.dependencies"):
        opened.remove_dependency("python", feature="test")
    with pytest.raises(FeatureNotFoundError, match="did you mean test"):
        opened.remove_dependency("python", feature="tset")
    with pytest.raises(EnvironmentNotFoundError, match="did you mean lint"):
        opened.remove_dependency("python", environment="lnt")
    assert opened.text == BASE


def test_a_broken_text_is_not_edited() -> None:
    with pytest.raises(ManifestParseError):
        ManifestDocument("[dependencies]\nx = 1.\n", FOLDER / "pixi.toml")


def test_dotted_keys_in_an_inline_table_get_a_dotted_neighbour() -> None:
    opened = document('feature.f = { dependencies.x = "1", channels = [] }\n')

    opened.add_dependency("new", "2", feature="f")

    assert opened.text == (
        'feature.f = { dependencies.x = "1", channels = [], dependencies.new = "2" }\n'
    )


def test_what_cannot_be_edited_stays_as_it_is() -> None:
    text = 'dependencies = "numpy"\n\n[workspace]\nchannels = []\n'
    opened = document(text)

    with pytest.raises(ManifestEditError) as caught:
        opened.add_dependency("scipy", {"version": ">=1"})

    assert opened.text == text
    assert caught.value.hints == (
        'write scipy = { version = ">=1" } by hand, in [dependencies]',
    )

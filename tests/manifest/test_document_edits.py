"""Keys and elements of any table, changed without a touch to anything else."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from support.manifests import document

from pixi_jupyter.errors import ManifestEditError

if TYPE_CHECKING:
    from pixi_jupyter.manifest.document import ManifestDocument

PLATFORMS = ("workspace", "platforms")

LINES = """\
[workspace]
platforms = [
  # the cluster
  "linux-64",  # most of us
  "osx-arm64"  # no comma

  # nobody yet
]
"""


def opened(text: str, file: str = "pixi.toml") -> ManifestDocument:
    return document(dedent(text), file=file)


@pytest.mark.parametrize(
    ("before", "items", "after"),
    [
        ('a = ["x"]', ["x", "y"], 'a = ["x", "y"]'),
        ('a = ["x"]', ["y", "x"], 'a = ["y", "x"]'),
        ('a = [ "x", "y" ]', ["y"], 'a = [ "y" ]'),
        ('a = ["x", "y", "z"]', ["z", "x", "y"], 'a = ["z", "x", "y"]'),
        ('a = ["x", "y", "z"]', ["y", "z", "x"], 'a = ["y", "z", "x"]'),
        ("a = []", ["x"], 'a = ["x"]'),
        ('a = ["x", "x"]', ["x"], 'a = ["x"]'),
        ("a = ['x']", ["x", {"channel": "y", "priority": 2}], None),
        ('a = [\n  "x",\n]', ["x", "y"], 'a = [\n  "x",\n  "y",\n]'),
        ('a = [\n  "x"\n]', ["y", "x"], 'a = [\n  "y",\n  "x"\n]'),
        ('a = ["x",\n     "y"]', ["y"], None),
        ('a = ["x"] # why', [], "a = [] # why"),
    ],
)
def test_an_array_says_what_was_asked_for_in_its_own_form(
    before: str, items: list[object], after: str | None
) -> None:
    manifest = opened(f"[workspace]\n{before}\nb = 1 # kept\n")

    manifest.set_items(("workspace", "a"), items)

    assert manifest.get("workspace", "a") == items
    assert manifest.text.endswith("\nb = 1 # kept\n")
    if after is not None:
        assert manifest.text == f"[workspace]\n{after}\nb = 1 # kept\n"


def test_elements_take_their_comments_along() -> None:
    manifest = opened(LINES)

    manifest.set_items(PLATFORMS, ["osx-arm64", "linux-64"])

    assert manifest.text == (
        "[workspace]\n"
        "platforms = [\n"
        '  "osx-arm64",  # no comma\n'
        "  # the cluster\n"
        '  "linux-64",  # most of us\n'
        "\n"
        "  # nobody yet\n"
        "]\n"
    )


def test_a_new_first_element_stands_above_the_comment_of_the_next() -> None:
    manifest = opened(LINES)

    manifest.set_items(PLATFORMS, ["win-64", "linux-64", "osx-arm64"])

    added = LINES.replace("= [\n", '= [\n  "win-64",\n')
    assert manifest.text == added


def test_an_element_that_is_a_table_is_changed_key_by_key() -> None:
    manifest = opened(
        """\
        [workspace]
        platforms = [
          { name = "gpu", platform = "linux-64", cuda = "12" },  # the big one
          "linux-64",
        ]
        """
    )

    manifest.set_item(
        PLATFORMS, 0, {"name": "gpu", "platform": "linux-64", "cuda": "13"}
    )

    assert 'cuda = "13" },  # the big one\n' in manifest.text


@pytest.mark.parametrize(
    ("before", "keys", "value", "after"),
    [
        ("[a]\nb = 1\n", ("a", "c"), "x", '[a]\nb = 1\nc = "x"\n'),
        ("a = { b = 1 }\n", ("a", "c"), "x", 'a = { b = 1, c = "x" }\n'),
        ("a.b = 1\n", ("a", "c"), "x", 'a.b = 1\na.c = "x"\n'),
        ("[a]\nb.c = 'x' # why\n", ("a", "b", "c"), "y", "[a]\nb.c = 'y' # why\n"),
        (
            "[environments]\ne = ['f']\n",
            ("environments", "e", "activation", "env", "K"),
            "v",
            """[environments]
e = { features = ['f'], activation = { env = { K = "v" } } }
""",
        ),
    ],
    ids=["table", "inline", "dotted", "nested", "list"],
)
def test_a_key_is_set_in_the_form_of_its_table(
    before: str, keys: tuple[str, ...], value: str, after: str
) -> None:
    manifest = opened(before)

    manifest.set(keys, value)

    assert manifest.text == after


def test_a_key_is_taken_out_with_what_is_below_it() -> None:
    text = "[feature.a.tasks]\nx = 'y'\n\n[feature.a.target.unix.tasks]\nz = 'y'\n"
    manifest = opened(f"{text}\n# the other\n[feature.b.tasks]\nx = 'y'\n")

    manifest.unset(("feature", "a"))

    assert manifest.text == "# the other\n[feature.b.tasks]\nx = 'y'\n"


def test_a_pyproject_is_changed_below_its_own_tables() -> None:
    manifest = opened(
        """\
        [project]
        name = "demo"

        [tool.pixi.workspace]
        channels = ["conda-forge"]

        [tool.other]
        x = 1
        """,
        "pyproject.toml",
    )

    manifest.set((*manifest.above(feature="test"), "channels"), ["bioconda"])

    assert manifest.section == ("tool", "pixi", "workspace")
    assert (
        '[tool.pixi.feature.test]\nchannels = ["bioconda"]\n\n[tool.other]'
        in manifest.text
    )


def test_windows_line_endings_stay() -> None:
    manifest = document('[workspace]\r\na = [\r\n  "x",\r\n]\r\n')

    manifest.set_items(("workspace", "a"), ["x", "y"])

    assert manifest.text == '[workspace]\r\na = [\r\n  "x",\r\n  "y",\r\n]\r\n'


def test_what_cannot_be_written_without_changing_more_is_refused() -> None:
    manifest = opened("[a]\nb = 1\n")

    with pytest.raises(ManifestEditError):
        manifest.set(("a", "b", "c"), "x")

    assert manifest.text == "[a]\nb = 1\n"

"""Which locked package needs which, in the words and forms of pixi."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support.commands import Answer
from support.packages import make_channel

from pixi_jupyter.commands.html import to_html
from pixi_jupyter.verbs.tree import TreeResult
from pixi_jupyter.workspace.graph import Need, Node

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Pixi = Callable[..., Answer]

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["linux-64"]

[dependencies]
app = "*"
ground = "*"

[feature.test.dependencies]
tool = "*"

[environments]
test = ["test"]
"""
PACKAGES: list[dict[str, Any]] = [
    {"name": "ground", "version": "3.1"},
    {"name": "wall", "version": "1.0", "depends": ["ground >=1", "__glibc >=2.17"]},
    {"name": "roof", "version": "2.0", "depends": ["wall", "ground"]},
    {"name": "app", "version": "1.5", "depends": ["roof", "wall[version='>=1']"]},
    {"name": "tool", "version": "0.1"},
]


@pytest.fixture
def study(
    tmp_path: Path,
    make_workspace: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    channel = make_channel(tmp_path / "channel", PACKAGES)
    folder = make_workspace(MANIFEST.format(channel=channel), "study")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("study")
def test_a_tree_shows_each_package_once_and_marks_the_others(pixi: Pixi) -> None:
    answer = pixi("tree")

    assert answer.code == 0
    assert answer.out == (
        "└── app 1.5\n"
        "    ├── roof 2.0\n"
        "    │   ├── wall 1.0\n"
        "    │   │   └── ground 3.1\n"
        "    │   └── ground 3.1 (*)\n"
        "    └── wall 1.0 (*)\n"
    )
    assert answer.err == "default   4 packages, 2 of them explicit, linux-64\n\n"


@pytest.mark.usefixtures("study")
def test_packages_of_the_manifest_stand_side_by_side(pixi: Pixi) -> None:
    assert pixi("tree", "-e", "test", "tool|ground").out == (
        "├── ground 3.1\n└── tool 0.1\n"
    )


@pytest.mark.usefixtures("study")
def test_a_name_chooses_what_is_at_the_top(pixi: Pixi) -> None:
    assert pixi("tree", "^gro").out == "└── ground 3.1\n"


@pytest.mark.usefixtures("study")
def test_packages_that_nobody_asked_for_are_found_too(pixi: Pixi) -> None:
    answer = pixi("tree", "^(wall|roof)$")

    assert answer.out == (
        "roof 2.0\n├── wall 1.0\n│   └── ground 3.1\n└── ground 3.1 (*)\n"
    )
    assert answer.err == (
        "default   4 packages, 2 of them explicit, linux-64\n"
        "note: the manifest itself names no such package, others of the lock do match\n"
        "\n"
    )


@pytest.mark.usefixtures("study")
def test_an_inverted_tree_shows_what_needs_a_package(pixi: Pixi) -> None:
    assert pixi("tree", "-i", "^ground|^tool", "-e", "test").out == (
        "ground 3.1\n"
        "├── roof 2.0\n"
        "│   └── app 1.5\n"
        "└── wall 1.0\n"
        "    ├── app 1.5 (*)\n"
        "    └── roof 2.0 (*)\n"
        "\n"
        "tool 0.1\n"
    )


@pytest.mark.usefixtures("study")
def test_an_inverted_tree_needs_a_name(pixi: Pixi) -> None:
    assert pixi("tree", "--invert") == Answer(
        2,
        "",
        "error: --invert needs the name of a package\n"
        "hint: pixi-jupyter tree --invert PACKAGE\n",
    )


@pytest.mark.usefixtures("study")
def test_a_name_that_fits_nothing_is_an_error(pixi: Pixi) -> None:
    answer = pixi("tree", "rooof")

    assert answer.code == 1
    assert answer.out == ""
    assert answer.err == (
        "error: no package that matches rooof is locked for environment default\n"
        "hint: pixi-jupyter tree roof   the nearest name\n"
    )


@pytest.mark.usefixtures("study")
def test_json_is_a_flat_list_with_both_directions(pixi: Pixi) -> None:
    assert json.loads(pixi("tree", "app", "--json").out) == [
        {
            "name": "app",
            "version": "1.5",
            "kind": "conda",
            "depth": 0,
            "is_explicit": True,
            "depends": ["roof", "wall"],
            "required_by": [],
        },
        {
            "name": "roof",
            "version": "2.0",
            "kind": "conda",
            "depth": 1,
            "is_explicit": False,
            "depends": ["wall", "ground"],
            "required_by": ["app"],
        },
        {
            "name": "wall",
            "version": "1.0",
            "kind": "conda",
            "depth": 1,
            "is_explicit": False,
            "depends": ["ground"],
            "required_by": ["app", "roof"],
        },
        {
            "name": "ground",
            "version": "3.1",
            "kind": "conda",
            "depth": 2,
            "is_explicit": True,
            "depends": [],
            "required_by": ["roof", "wall"],
        },
    ]


def test_a_tree_needs_a_lock_where_it_may_not_make_one(study: Path, pixi: Pixi) -> None:
    answer = pixi("tree", "--frozen")

    assert answer.code == 1
    assert not (study / "pixi.lock").exists()


def result(nodes: list[Node], *roots: str) -> TreeResult:
    return TreeResult(
        environment="default",
        platform="linux-64",
        roots=roots,
        nodes={node.name: node for node in nodes},
    )


def test_a_very_long_chain_has_a_tree() -> None:
    chain = [
        Node(name=f"p{n}", version="1", kind="conda", needs=(Need(name=f"p{n + 1}"),))
        for n in range(3000)
    ]

    branches = list(result(chain, "p0").branches())

    assert len(branches) == 3001
    assert branches[-1].node.version == ""  # it is needed, and not locked


def test_packages_that_need_each_other_end() -> None:
    nodes = [
        Node(name="a", version="1", kind="conda", needs=(Need(name="b"),)),
        Node(name="b", version="1", kind="conda", needs=(Need(name="a"),)),
    ]

    shown = [(each.node.name, each.is_again) for each in result(nodes, "a").branches()]

    assert shown == [("a", False), ("b", False), ("a", True)]


def test_a_long_tree_is_cut_in_a_notebook_and_safe() -> None:
    nodes = [Node(name=f"<b>{n}", version="1", kind="conda") for n in range(500)]

    html = to_html("tree", result(nodes, *(node.name for node in nodes)))

    assert "and 300 more lines" in html
    assert "<b>1" not in html
    assert len(html) < 30_000

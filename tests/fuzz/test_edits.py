"""Edits of a manifest: the edit is there, and nothing else is another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fuzz.test_manifests import TEXT, real_texts
from hypothesis import given, reject
from hypothesis import strategies as st
from support.fuzz import refused, strange_texts
from support.manifests import FOLDER

from pixi_jupyter.adapters.toml import parse_toml
from pixi_jupyter.errors import ManifestEditError, PixiJupyterError
from pixi_jupyter.manifest.document import ManifestDocument

NAMES = ("numpy", "scipy", "new-one", "_x", "a.b", "Zlib")
FEATURES = ("default", "test", "new", "with space")
ENVIRONMENTS = (None, None, None, "test", "fresh")
PLATFORMS = (None, None, "linux-64", "linux", "win-*")
INLINE = """\
workspace = { name = "x", channels = ["c"], platforms = [
    "linux-64",  # here
] }
dependencies = { numpy = ">=1", scipy = { version = "*" } }
environments.test = ["test"]
feature.test.dependencies.pytest = "*" # dotted
"""
TABS = TEXT.replace("numpy = ", "\tnumpy\t=\t").replace("\n", "\r\n")
BARE = '[workspace]\nchannels = []\nname = "x"\nplatforms = []'

names = st.sampled_from(NAMES)
values: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["*", ">=2,<3", "1.*", "'", 'a"b', "\\", "é", "#"]),
    st.builds(
        dict,
        version=st.sampled_from(["*", ">=1"]),
        channel=st.sampled_from(["conda-forge", "https://x.example/a b"]),
    ),
)
places = st.fixed_dictionaries(
    {
        "feature": st.sampled_from(FEATURES),
        "environment": st.sampled_from(ENVIRONMENTS),
        "platform": st.sampled_from(PLATFORMS),
    }
)
adding = st.tuples(st.just("add"), names, values, places)
removing = st.tuples(st.just("remove"), names, st.none(), places)
platforms = st.tuples(
    st.just("platform"), st.sampled_from(["linux-64", "osx-64"]), st.none(), st.none()
)
steps = st.lists(st.one_of(adding, removing, platforms), min_size=1, max_size=8)
texts = st.sampled_from([TEXT, INLINE, TABS, BARE, "\ufeff" + TEXT, *real_texts()])


def step(document: ManifestDocument, edit: tuple[str, str, Any, Any]) -> None:
    kind, name, value, place = edit
    match kind:
        case "add":
            document.add_dependency(name, value, **place)
            assert document.has_dependency(name, **place)
        case "remove":
            document.remove_dependency(name, **place)
        case _:
            document.add_platform(name)


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"#[^\r\n]*", text))


def parse(text: str) -> Any:
    return parse_toml(text.removeprefix("\ufeff")).unwrap()


def pruned(tree: Any) -> Any:
    """Leave empty tables out; an environment may be a list or a table."""
    if not isinstance(tree, dict):
        return tree
    found = {key: pruned(each) for key, each in tree.items()}
    if "environments" in found:
        found["environments"] = {
            key: each["features"] if set(each) == {"features"} else each
            for key, each in found["environments"].items()
            if not isinstance(each, list)
        } | {k: v for k, v in found["environments"].items() if isinstance(v, list)}
    return {key: each for key, each in found.items() if each not in ({}, [])}


def kind_of(text: str) -> str:
    return "pyproject.toml" if "tool.pixi" in text else "pixi.toml"


def opened(text: str) -> ManifestDocument:
    return ManifestDocument(text, FOLDER / kind_of(text))


@given(text=texts, edits=steps)
def test_after_each_edit_the_text_is_whole_and_comments_are_kept(
    text: str, edits: list[Any]
) -> None:
    document = opened(text)
    for edit in edits:
        before = document.text

        error = refused(lambda edit=edit: step(document, edit))  # type: ignore[misc]

        if error is not None:
            assert document.text == before
            continue
        parse_toml(document.text.removeprefix("\ufeff"))
        if edit[0] != "remove":
            assert set(comments(before)) - {"#"} <= set(comments(document.text)) | {
                # a value that was written over may have held a sign like it
                *comments(before)
            }
            kept = [line for line in before.splitlines() if line.lstrip()[:1] == "#"]
            assert [
                line for line in document.text.splitlines() if line.lstrip()[:1] == "#"
            ] == kept
        is_crlf = before.count("\n") and before.count("\r\n") == before.count("\n")
        if is_crlf:
            assert document.text.count("\r\n") == document.text.count("\n")
        assert document.text.startswith("\ufeff") == before.startswith("\ufeff")


@given(text=texts, name=st.just("brand-new"), value=values, place=places)
def test_what_is_added_and_removed_leaves_what_was(
    text: str, name: str, value: Any, place: dict[str, Any]
) -> None:
    document = opened(text)
    there = document._at((*document._above(**place), "dependencies"))
    try:
        document.add_dependency(name, value, **place)
    except PixiJupyterError:
        reject()

    is_new_table = document.text.count("\n[") > text.count("\n[")

    document.remove_dependency(name, **place)

    if there and text.endswith("\n") and not is_new_table:
        assert document.text == text
    else:
        # a table that was made for it stays, empty
        assert pruned(parse(document.text)) == pruned(parse(text))
        assert comments(document.text) == comments(text)


@given(text=texts, name=strange_texts, value=strange_texts, feature=strange_texts)
def test_strange_names_are_written_so_that_they_are_read_again_or_refused(
    text: str, name: str, value: str, feature: str
) -> None:
    document = opened(text)

    error = refused(
        lambda: document.add_dependency(name, value, feature=feature or "default")
    )

    if error is None:
        again = opened(document.text)
        assert again.has_dependency(name, feature=feature or "default")
    else:
        assert document.text == text


@pytest.mark.parametrize("name", ["a b", 'a"b', "a\\b", "a\nb", "é", "a\tb", "\0"])
def test_a_name_that_is_no_word_is_put_in_quotes(name: str) -> None:
    document = opened(BARE)

    try:
        document.add_dependency(name, "*")
    except ManifestEditError:
        pytest.fail(f"{name!r} could have been written")

    assert opened(document.text).has_dependency(name)

"""Whatever is typed for a spec, it is read, or refused with the spec in the words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fuzz import json_values, mutated, refused, replaced, strange_texts
from support.manifests import FOLDER

from pixi_jupyter.adapters.rattler import (
    channel_urls,
    installed_records,
    match_spec,
    parse_version,
    records_from_mappings,
    version_spec,
)
from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.lock.matching import spec_of
from pixi_jupyter.verbs.add import _parse

if TYPE_CHECKING:
    from pathlib import Path

SPECS = (
    "numpy",
    "numpy >=2,<3",
    "numpy=1.26=py312*",
    "conda-forge::numpy 1.*",
    "https://x.example/forge::numpy[version='>=1', build_number='>0']",
    'x[when="python <3", extras=[a, b]]',
    "__cuda >=12",
)
RECORD: dict[str, Any] = {
    "name": "base",
    "version": "1.0",
    "build": "0",
    "build_number": 0,
    "subdir": "noarch",
    "depends": ["python >=3"],
    "sha256": "0" * 64,
    "size": 1,
    "timestamp": 1_700_000_000_000,
    "url": "https://x.example/noarch/base-1.0-0.conda",
    "channel": "https://x.example/",
    "fn": "base-1.0-0.conda",
    "files": ["share/base.txt"],
    "paths_data": {"paths": [], "paths_version": 1},
}

# what reaches a spec came as UTF-8; half a character does not
specs = st.one_of(strange_texts, mutated(st.sampled_from(SPECS)), st.text()).map(
    lambda text: text.encode("utf-8", "replace").decode()[:2000]
)


@given(text=specs)
def test_match_specs(text: str) -> None:
    error = refused(lambda: match_spec(text))

    assert error is None or isinstance(error, InvalidSpecError)


@given(text=specs)
def test_what_add_makes_of_a_spec(text: str) -> None:
    refused(lambda: _parse(text))


@given(text=specs)
def test_versions_and_their_specs(text: str) -> None:
    refused(lambda: version_spec(text))
    refused(lambda: parse_version(text))


@given(text=specs)
def test_channels(text: str) -> None:
    refused(lambda: channel_urls([text], root=FOLDER))


@pytest.mark.parametrize("name", ["when", "version"])
def test_parentheses_without_end_in_a_lock_do_not_end_the_process(name: str) -> None:
    with pytest.raises(InvalidSpecError, match="too many parentheses"):
        spec_of(f'x[{name}="{"(" * 50_000}"]')


@given(tree=replaced(RECORD, json_values))
def test_records_of_a_prefix(
    tree: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    prefix = tmp_path_factory.getbasetemp() / "records"
    (prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
    path = prefix / "conda-meta" / "base-1.0-0.json"
    path.write_text(json.dumps(tree))
    unreadable: list[Path] = []

    error = refused(lambda: installed_records(prefix, unreadable=unreadable))

    assert error is None
    assert unreadable in ([], [path])


@pytest.mark.parametrize(
    "damage",
    [{"name": 3}, {"name": "\0"}, {"url": "x"}, {"version": None}],
    ids=lambda damage: next(iter(damage)),
)
def test_records_of_a_journal(damage: dict[str, Any]) -> None:
    refused(lambda: records_from_mappings([RECORD | damage]))

"""What we wrote ourselves and somebody damaged is read as if it were not there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.fuzz import json_values, mutated, refused, replaced

from pixi_jupyter.engine.protocol import MalformedMessageError, parse_message
from pixi_jupyter.install.fingerprint import (
    STAMP_FILE,
    is_current,
    read_stamp,
    write_stamp,
)
from pixi_jupyter.install.journal import journal_path, read_journal
from pixi_jupyter.install.locks import holder_of
from pixi_jupyter.install.marker import MARKER_FILE, moved_from, read_marker
from pixi_jupyter.install.state import INSTALLING, STATE_FILE, UNKNOWN, read_state
from pixi_jupyter.kernelspecs.packaged import packaged_kernels
from pixi_jupyter.kernelspecs.registry import list_kernels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEEP = b"[" * 5000
NOTES: dict[str, Any] = {
    "journal": {
        "what": "change",
        "records": [{"name": "a", "version": "1", "build": "0", "url": "file:///a"}],
        "touched": ["a"],
        "folders": ["share"],
        "fresh": False,
        "pid": 4,
        "started": 1.5,
    },
    "marker": {
        "manifest_path": "/w/pixi.toml",
        "environment_name": "default",
        "pixi_version": "0.77.0",
        "environment_lock_file_hash": "abc",
        "resolved_platform": {"subdir": "linux-64"},
    },
    "holder": {"pid": 4, "host": "here", "since": 1.5, "what": "install"},
    "message": {"jsonrpc": "2.0", "id": 1, "method": "verb", "params": {"verb": "x"}},
    "kernel": {
        "argv": ["{prefix}/bin/R", "-f", "{connection_file}"],
        "display_name": "R",
        "language": "R",
        "env": {"A": "b"},
        "metadata": {
            "pixi_jupyter": {
                "manifest": "/w/pixi.toml",
                "workspace": "w",
                "environment": "default",
                "prefix": "/w/.pixi/envs/default",
            }
        },
    },
}


def damaged(name: str) -> st.SearchStrategy[bytes]:
    """Give bytes that a note of ours may have become."""
    whole = NOTES[name]
    values = replaced(whole, json_values).map(json.dumps)
    texts = st.one_of(values, mutated(st.just(json.dumps(whole))))
    encoded = texts.map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(encoded, st.binary(), st.just(b"\0" * 99))


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prefix")
    (folder / "conda-meta").mkdir()
    (folder / "share/jupyter/kernels/ir").mkdir(parents=True)
    return folder


@given(data=damaged("journal"))
def test_a_journal(data: bytes, prefix: Path) -> None:
    journal_path(prefix).write_bytes(data)

    journal = read_journal(prefix)

    assert journal is not None
    assert journal.records is None or isinstance(journal.records, tuple)
    journal_path(prefix).unlink()


@given(data=damaged("marker"))
def test_a_marker(data: bytes, prefix: Path) -> None:
    (prefix / "conda-meta" / MARKER_FILE).write_bytes(data)
    (prefix / "conda-meta/pixi_env_prefix").write_bytes(data)

    marker = read_marker(prefix)

    assert marker is None or isinstance(marker.resolved_platform, dict | None)
    assert isinstance(moved_from(prefix), str | None)


@given(data=st.binary(max_size=40))
def test_a_state(data: bytes, prefix: Path) -> None:
    (prefix / "conda-meta" / STATE_FILE).write_bytes(data)

    state = read_state(prefix)

    assert state in (UNKNOWN, INSTALLING) or bytes.fromhex(state)


@given(change=st.data())
def test_a_stamp(change: st.DataObject, prefix: Path) -> None:
    path = prefix / "conda-meta" / STAMP_FILE
    stamp = write_stamp(
        prefix, manifest_digest="a", lock_digest="b", payload={"python": "bin/python"}
    )
    assert read_stamp(prefix) == stamp
    whole = path.read_text()
    data = change.draw(
        st.one_of(
            mutated(st.just(whole)).map(lambda text: text.encode("utf-8", "replace")),
            replaced(json.loads(whole), json_values).map(json.dumps).map(str.encode),
            st.just(DEEP),
        )
    )
    path.write_bytes(data)

    found = read_stamp(prefix)

    # what is not as it was written is not believed
    assert found in (None, stamp)
    assert is_current(prefix, prefix / "pixi.toml", prefix / "pixi.lock") is None


@given(data=damaged("holder"))
def test_a_note_of_a_holder(data: bytes, prefix: Path) -> None:
    (prefix / "note").write_bytes(data)

    assert isinstance(holder_of(prefix / "note"), str)


@given(data=damaged("kernel"))
def test_a_kernelspec(data: bytes, prefix: Path) -> None:
    (prefix / "share/jupyter/kernels/ir/kernel.json").write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        folder = prefix / "data"
        patch.setenv("JUPYTER_DATA_DIR", str(folder))
        (folder / "kernels/mine").mkdir(parents=True, exist_ok=True)
        (folder / "kernels/mine/kernel.json").write_bytes(data)

        for kernel in list_kernels():
            json.dumps(kernel.to_json())
    for packaged in packaged_kernels(prefix):
        assert packaged.title
        assert isinstance(packaged.metadata, dict)


@given(line=damaged("message"))
@example(line=b'{"method":"x","id":' + b"9" * 5000 + b"}")
def test_a_message(line: bytes) -> None:
    try:
        message = parse_message(line)
    except MalformedMessageError:
        return

    assert isinstance(message.params, dict)


def _message(path: Path) -> None:
    with pytest.raises(MalformedMessageError):
        parse_message(path.read_bytes())


def _journal(path: Path) -> None:
    (path.parent / "conda-meta").mkdir()
    path.rename(journal_path(path.parent))
    journal = read_journal(path.parent)
    assert journal is not None
    assert journal.records is None


@pytest.mark.parametrize("reader", [holder_of, _journal, _message])
def test_json_that_is_nested_too_deeply_is_none(
    reader: Callable[[Path], object], tmp_path: Path
) -> None:
    (tmp_path / "note").write_bytes(DEEP)

    reader(tmp_path / "note")


@pytest.mark.parametrize("reader", [read_marker, read_stamp, read_state, moved_from])
def test_a_folder_in_the_place_of_a_note_is_no_note(
    reader: Callable[[Path], object], tmp_path: Path
) -> None:
    for name in (MARKER_FILE, STAMP_FILE, STATE_FILE, "pixi_env_prefix"):
        (tmp_path / "conda-meta" / name).mkdir(parents=True)

    assert refused(lambda: reader(tmp_path)) is None
    assert not reader(tmp_path)

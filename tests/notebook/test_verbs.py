from __future__ import annotations

import asyncio
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.errors import (
    ConsentNeededForNotebookError,
    EnvironmentNotFoundError,
    ManifestExistsError,
    NotebookEnvironmentExistsError,
    NotebookEnvironmentNotFoundError,
    NotPortableError,
)
from pixi_jupyter.events import Operation
from pixi_jupyter.lock.file import read_lock
from pixi_jupyter.notebook.copies import read_copy, to_save
from pixi_jupyter.notebook.files import read_notebook, write_notebook
from pixi_jupyter.notebook.metadata import (
    KEY,
    Reference,
    read_environment,
    read_reference,
    write_environment,
)
from pixi_jupyter.notebook.places import working_copy
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.trust import store
from pixi_jupyter.verbs.add import AddRequest, add
from pixi_jupyter.verbs.init import InitRequest, init
from pixi_jupyter.verbs.install import InstallRequest, install
from pixi_jupyter.verbs.lock import LockRequest, lock
from pixi_jupyter.verbs.notebook_embed import NotebookEmbedRequest, notebook_embed
from pixi_jupyter.verbs.notebook_extract import NotebookExtractRequest, notebook_extract
from pixi_jupyter.verbs.notebook_install import NotebookInstallRequest, notebook_install
from pixi_jupyter.verbs.notebook_open import NotebookOpenRequest, open_notebook
from pixi_jupyter.verbs.notebook_own import NotebookOwnRequest, notebook_own

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.registry import MockChannel

HOST = host_subdir()
OTHER = "win-64" if HOST != "win-64" else "linux-64"
EMPTY: dict[str, Any] = {
    "cells": [],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def run(verb: Callable[..., Any], request: Any) -> Any:
    return asyncio.run(verb(request, Operation()))


@pytest.fixture(autouse=True)
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Be somebody with a home of their own; called with a name, be somebody else."""

    def become(name: str) -> None:
        monkeypatch.setenv("HOME", str(tmp_path / "homes" / name))
        monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "caches" / name))

    become("author")
    return become


@pytest.fixture
def channel(mock_channel: Callable[..., MockChannel]) -> MockChannel:
    return mock_channel(
        {"name": "base"}, {"name": "app", "depends": ["base"]}, {"name": "tool"}
    )


@pytest.fixture
def workspace(channel: MockChannel, make_workspace: Callable[..., Path]) -> Path:
    return make_workspace(
        f"""\
# a comment of the author
[workspace]
name = "tides"
authors = ["Somebody <somebody@uni.example>"]
channels = ["{channel.url}"]
platforms = ["{HOST}", "{OTHER}"]

[dependencies]
app = "*"

[feature.more.dependencies]
tool = "*"

[tasks]
here = "echo here"
there = {{ cmd = "echo there", default-environment = "more" }}

[environments]
more = ["more"]
"""
    )


@pytest.fixture
def notebook(workspace: Path) -> Path:
    path = workspace / "notebooks" / "a.ipynb"
    path.parent.mkdir()
    write_notebook(path, EMPTY)
    return path


def embed(*files: Path, **more: Any) -> Any:
    return run(notebook_embed, NotebookEmbedRequest(files=files, **more))


def sent(path: Path, folder: Path) -> Path:
    """Give a copy of a notebook alone in a folder."""
    folder.mkdir()
    return Path(shutil.copy(path, folder))


def test_a_notebook_carries_one_environment_of_its_workspace(notebook: Path) -> None:
    result = embed(notebook)

    carried = read_environment(read_notebook(notebook))
    assert carried is not None
    assert "tool" not in (carried.lock or "")
    for word in ("comment", "Somebody", "more", "there"):
        assert word not in carried.manifest
    assert 'here = "echo here"' in carried.manifest
    assert read_reference(read_notebook(notebook)) == Reference(
        environment="default", workspace="tides"
    )
    assert result.notebooks[0].packages == 2
    assert result.notebooks[0].platforms == tuple(sorted((HOST, OTHER)))
    assert "task there is left out" in result.notebooks[0].notes[0]


def test_no_path_of_this_computer_is_in_a_notebook(
    notebook: Path, tmp_path: Path
) -> None:
    embed(notebook)

    carried = read_environment(read_notebook(notebook))
    assert carried is not None
    texts = [notebook.read_text(), carried.manifest, carried.lock or ""]
    assert not [each for each in texts if str(tmp_path) in each]


def test_embedding_again_changes_no_byte(notebook: Path) -> None:
    embed(notebook)
    before = notebook.read_bytes()

    result = embed(notebook)

    assert not result.notebooks[0].changed
    assert notebook.read_bytes() == before


@pytest.mark.parametrize("how", ["option", "reference", "kernel"])
def test_the_environment_is_the_one_that_the_notebook_uses(
    notebook: Path, workspace: Path, how: str
) -> None:
    from pixi_jupyter.kernelspecs import kernel_name

    data = read_notebook(notebook)
    if how == "reference":
        data["metadata"][KEY] = {
            "version": 1,
            "environment": "more",
            "workspace": "tides",
        }
    if how == "kernel":
        name = kernel_name("tides", workspace, "more")
        data["metadata"]["kernelspec"] = {"name": name}
    write_notebook(notebook, data)

    result = embed(notebook, environment="more" if how == "option" else None)

    carried = read_environment(read_notebook(notebook))
    assert result.notebooks[0].environment == "more"
    assert carried is not None
    assert "tool" in (carried.lock or "")


def test_an_environment_that_is_not_there_is_refused(notebook: Path) -> None:
    before = notebook.read_bytes()

    with pytest.raises(EnvironmentNotFoundError):
        embed(notebook, environment="mroe")

    assert notebook.read_bytes() == before


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('[pypi-dependencies]\nmine = { path = "." }\n', "mine is in ."),
        ('[activation]\nscripts = ["setup.sh"]\n', "setup.sh is run"),
        ('[target.unix.activation]\nscripts = ["x.sh"]\n', "x.sh is run"),
        ('[pypi-options]\nfind-links = [{ path = "w" }]\n', "looked for in w"),
    ],
)
def test_what_needs_files_of_the_workspace_is_named(
    workspace: Path, more: str, reason: str
) -> None:
    from pixi_jupyter.manifest.parse import parse_manifest
    from pixi_jupyter.notebook.portable import portable_manifest

    path = workspace / "pixi.toml"
    text = path.read_text() + more
    manifest = parse_manifest(text, path)

    with pytest.raises(NotPortableError, match=re.escape(reason)):
        portable_manifest(text, manifest, "default", manifest.platforms)


def test_a_secret_does_not_travel(workspace: Path, channel: MockChannel) -> None:
    from pixi_jupyter.manifest.parse import parse_manifest
    from pixi_jupyter.notebook.portable import portable_manifest

    path = workspace / "pixi.toml"
    url = "https://me:hunter2@conda.example/x"
    text = path.read_text().replace(channel.url, url)
    manifest = parse_manifest(text, path)

    with pytest.raises(NotPortableError) as caught:
        portable_manifest(text, manifest, "default", manifest.platforms)

    assert "hunter2" not in str(caught.value)


def test_what_is_extracted_is_a_workspace_whose_lock_fits(
    notebook: Path, tmp_path: Path
) -> None:
    embed(notebook, environment="more")
    folder = tmp_path / "extracted"

    run(notebook_extract, NotebookExtractRequest(file=notebook, folder=folder))

    result = run(lock, LockRequest(manifest=folder, check=True))
    assert result.is_current
    assert read_lock(folder / "pixi.lock").environments.keys() == {"default"}
    with pytest.raises(ManifestExistsError):
        run(notebook_extract, NotebookExtractRequest(file=notebook, folder=folder))


def test_somebody_else_installs_what_is_locked_after_they_agreed(
    notebook: Path,
    tmp_path: Path,
    channel: MockChannel,
    person: Callable[[str], None],
) -> None:
    embed(notebook)
    channel.publish({"name": "app", "version": "9.0", "depends": ["base"]})
    person("reader")
    path = sent(notebook, tmp_path / "elsewhere")
    channel.log.clear()

    with pytest.raises(ConsentNeededForNotebookError, match="--trust"):
        run(notebook_install, NotebookInstallRequest(files=(path,)))
    assert not channel.log
    request = NotebookInstallRequest(files=(path,), trust=True)
    result = run(notebook_install, request).notebooks[0]

    # nothing was solved: no index was asked for, and the newer app is not there
    assert all("repodata" not in each.path for each in channel.log)
    meta = result.installed.prefix / "conda-meta"
    assert sorted(x.name.split("-")[0] for x in meta.glob("*.json")) == ["app", "base"]
    assert "app-1.0" in " ".join(x.name for x in meta.glob("*.json"))


def test_a_second_notebook_with_the_same_content_shares_the_prefix(
    notebook: Path, tmp_path: Path
) -> None:
    embed(notebook)
    one = sent(notebook, tmp_path / "one")
    other = sent(notebook, tmp_path / "other")
    request = NotebookInstallRequest(files=(one, other))

    first, second = run(notebook_install, request).notebooks

    assert first.installed.prefix == second.installed.prefix
    assert first.installed.changed
    assert not second.installed.changed


def test_what_somebody_changed_in_a_shared_place_is_put_right(
    notebook: Path, tmp_path: Path
) -> None:
    embed(notebook)
    path = sent(notebook, tmp_path / "one")
    opened = open_notebook(path, Operation())
    text = opened.manifest.read_text()
    opened.manifest.write_text(text + '[activation]\nscripts = ["evil.sh"]\n')

    open_notebook(path, Operation())

    assert opened.manifest.read_text() == text


def test_in_its_workspace_a_notebook_uses_the_workspace(
    notebook: Path, workspace: Path, tmp_path: Path
) -> None:
    embed(notebook, environment="more")

    opened = open_notebook(notebook, Operation())
    moved = workspace.rename(tmp_path / "moved")
    after = open_notebook(moved / "notebooks" / "a.ipynb", Operation())

    assert (opened.manifest.parent, opened.environment) == (workspace, "more")
    assert (after.manifest.parent, after.environment) == (moved, "more")


def test_a_platform_that_the_lock_lacks_is_solved_under_the_same_versions(
    channel: MockChannel, make_workspace: Callable[..., Path], tmp_path: Path
) -> None:
    folder = make_workspace(
        f'[workspace]\nname = "w"\nchannels = ["{channel.url}"]\n'
        f'platforms = ["{OTHER}"]\n\n[dependencies]\napp = "*"\n'
    )
    path = folder / "a.ipynb"
    write_notebook(path, EMPTY)
    embed(path)
    channel.publish({"name": "app", "version": "9.0", "depends": ["base"]})
    path = sent(path, tmp_path / "elsewhere")
    said: list[str] = []

    def report(event: Any) -> None:
        said.append(event.label)

    request = NotebookInstallRequest(files=(path,))
    result = asyncio.run(notebook_install(request, Operation(report))).notebooks[0]

    meta = result.installed.prefix / "conda-meta"
    assert list(meta.glob("app-1.0-*.json"))
    assert result.opened.solved_for == HOST
    assert any(f"has nothing for {HOST}" in each for each in said)


def test_a_notebook_of_ones_own_is_changed_and_travels(
    channel: MockChannel, tmp_path: Path, person: Callable[[str], None]
) -> None:
    path = tmp_path / "own.ipynb"
    run(init, InitRequest(notebook=path, channels=(channel.url,), platforms=(HOST,)))
    manifest = working_copy(path) / "pixi.toml"
    manifest.write_text(manifest.read_text().replace('python = "*"\n', ""))
    run(add, AddRequest(manifest=manifest, specs=("app",)))

    embed(path)

    person("reader")
    other = sent(path, tmp_path / "elsewhere")
    request = NotebookInstallRequest(files=(other,), trust=True)
    assert run(notebook_install, request).notebooks[0].installed.packages == 2


def test_a_notebook_with_an_environment_gets_no_other_one(
    channel: MockChannel, tmp_path: Path
) -> None:
    path = tmp_path / "own.ipynb"
    run(init, InitRequest(notebook=path, channels=(channel.url,)))
    before = path.read_bytes()

    with pytest.raises(NotebookEnvironmentExistsError):
        run(init, InitRequest(notebook=path))

    assert path.read_bytes() == before


def test_an_environment_of_before_at_the_same_path_is_forgotten(
    channel: MockChannel, tmp_path: Path
) -> None:
    path = tmp_path / "own.ipynb"
    request = InitRequest(notebook=path, channels=(channel.url,), platforms=(HOST,))
    run(init, request)
    home = working_copy(path)
    (home / "pixi.lock").write_text("version: 7\n")
    (home / ".pixi" / "overlays.lock").write_text("of before")
    path.unlink()

    run(init, request)

    copy = read_copy(path)
    assert copy is not None
    assert (copy.lock, copy.overlay) == (None, None)


def test_a_shared_environment_becomes_ones_own_when_it_is_changed(
    notebook: Path, tmp_path: Path
) -> None:
    embed(notebook)
    path = sent(notebook, tmp_path / "one")
    shared = open_notebook(path, Operation())
    run(install, InstallRequest(manifest=shared.manifest, frozen=True))

    own = run(notebook_own, NotebookOwnRequest(path=path))
    run(add, AddRequest(manifest=own.manifest, specs=("tool",)))

    assert shared.is_shared
    assert own.made
    assert "tool" not in shared.manifest.read_text()
    assert open_notebook(path, Operation()).manifest == own.manifest
    assert not run(notebook_own, NotebookOwnRequest(path=path)).made


def test_an_editor_that_saves_what_it_read_long_ago_takes_nothing_back(
    notebook: Path, tmp_path: Path
) -> None:
    embed(notebook)
    path = sent(notebook, tmp_path / "one")
    read_first = read_environment(read_notebook(path))
    run(notebook_own, NotebookOwnRequest(path=path))
    manifest = working_copy(path) / "pixi.toml"
    manifest.write_text(manifest.read_text() + "# changed\n")

    newer = to_save(path, read_first)

    assert newer is not None
    assert "# changed" in newer.manifest
    foreign = newer.__class__(manifest="of elsewhere")
    assert to_save(path, foreign) is None


def test_a_notebook_that_was_changed_elsewhere_counts(
    notebook: Path, tmp_path: Path
) -> None:
    embed(notebook)
    path = sent(notebook, tmp_path / "one")
    run(notebook_own, NotebookOwnRequest(path=path))
    embed(notebook, environment="more")
    shutil.copy(notebook, path)

    opened = open_notebook(path, Operation())

    carried = read_environment(read_notebook(path))
    assert carried is not None
    assert opened.manifest.read_text() == carried.manifest
    assert opened.is_frozen


def test_a_changed_content_needs_agreement_again(
    notebook: Path, tmp_path: Path, person: Callable[[str], None]
) -> None:
    embed(notebook)
    person("reader")
    path = sent(notebook, tmp_path / "one")
    run(notebook_install, NotebookInstallRequest(files=(path,), trust=True))
    data = read_notebook(path)
    carried = read_environment(data)
    assert carried is not None
    text = carried.manifest + '\n[tasks.evil]\ncmd = "x"\n'
    other = carried.__class__(manifest=text, lock=carried.lock)
    write_environment(data, other)
    write_notebook(path, data)

    with pytest.raises(ConsentNeededForNotebookError):
        open_notebook(path, Operation())

    assert store.is_trusted(carried.digest)


def test_a_notebook_that_carries_nothing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write_notebook(path, EMPTY)

    with pytest.raises(NotebookEnvironmentNotFoundError):
        open_notebook(path, Operation())
    with pytest.raises(NotebookEnvironmentNotFoundError):
        run(notebook_extract, NotebookExtractRequest(file=path))


def test_a_request_from_a_face_is_read() -> None:
    request = NotebookOpenRequest.from_wire({"path": "a.ipynb", "kernel": False})
    files = NotebookInstallRequest.from_wire({"files": ["a.ipynb"]}).files

    assert request.path == Path("a.ipynb")
    assert files == (Path("a.ipynb"),)
    assert json.dumps(EMPTY)

"""What somebody else writes while a verb solves is not written over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support.study import make_study

from pixi_jupyter.errors import ChangedMeanwhileError
from pixi_jupyter.events import Event, Operation
from pixi_jupyter.verbs.add import AddRequest, add
from pixi_jupyter.verbs.install import InstallRequest, install
from pixi_jupyter.verbs.lock import LockRequest, lock
from pixi_jupyter.verbs.remove import RemoveRequest, remove

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

CHANGES: dict[str, Any] = {
    "add": lambda op: add(AddRequest(specs=("app",), no_install=True), op),
    "remove": lambda op: remove(RemoveRequest(names=("base",)), op),
}
LOCKS: dict[str, Any] = {
    "lock": lambda op: lock(LockRequest(), op),
    "install": lambda op: install(InstallRequest(), op),
}


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_study(tmp_path)
    monkeypatch.chdir(root)
    monkeypatch.setenv("RATTLER_CACHE_DIR", str(tmp_path / "cache"))
    return root


async def disturbed(
    verb: Callable[[Operation], Coroutine[Any, Any, object]],
    act: Callable[[], object],
) -> ChangedMeanwhileError:
    """Run a verb, and act at the moment it begins to solve."""
    seen: list[Event] = []

    def report(event: Event) -> None:
        if event.phase == "solve" and not seen:
            seen.append(event)
            act()

    with pytest.raises(ChangedMeanwhileError) as caught:
        await verb(Operation(report))
    assert seen
    return caught.value


@pytest.mark.parametrize("name", CHANGES)
async def test_an_edit_of_the_manifest_is_kept(study: Path, name: str) -> None:
    manifest = study / "pixi.toml"
    theirs = manifest.read_text() + "# theirs\n"

    error = await disturbed(CHANGES[name], lambda: manifest.write_text(theirs))

    assert "pixi.toml could not be written" in error.message
    assert "changed by somebody else" in str(error)
    assert "the same command again" in str(error)
    assert manifest.read_text() == theirs
    assert not (study / "pixi.lock").exists()


@pytest.mark.parametrize("name", CHANGES)
async def test_a_manifest_that_was_deleted_is_not_made_again(
    study: Path, name: str
) -> None:
    manifest = study / "pixi.toml"

    error = await disturbed(CHANGES[name], manifest.unlink)

    assert "changed by somebody else" in str(error)
    assert not manifest.exists()
    assert not (study / "pixi.lock").exists()


@pytest.mark.parametrize("name", LOCKS)
async def test_a_lock_of_a_manifest_that_was_edited_is_not_written(
    study: Path, name: str
) -> None:
    manifest = study / "pixi.toml"
    theirs = manifest.read_text().replace("<2", "*")

    await disturbed(LOCKS[name], lambda: manifest.write_text(theirs))

    assert not (study / "pixi.lock").exists()


@pytest.mark.parametrize("name", [*CHANGES, *LOCKS])
async def test_a_lock_that_somebody_wrote_is_kept(study: Path, name: str) -> None:
    await lock(LockRequest(), Operation())
    path, manifest = study / "pixi.lock", study / "pixi.toml"
    if name in LOCKS:
        manifest.write_text(manifest.read_text().replace("<2", ">=2"))
    theirs = path.read_bytes() + b"# theirs\n"

    error = await disturbed((CHANGES | LOCKS)[name], lambda: path.write_bytes(theirs))

    assert "pixi.lock" in error.message
    assert path.read_bytes() == theirs

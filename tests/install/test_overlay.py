"""ipykernel beside environments that do not have it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.installs import SUBDIR, Install, assert_whole, files_of, paths_of

from pixi_jupyter.adapters.rattler import host_virtual_packages
from pixi_jupyter.errors import NoKernelError, OverlayError
from pixi_jupyter.install.overlay import Overlay, ensure_overlay
from pixi_jupyter.install.plan import names
from pixi_jupyter.platforms import Platform

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from support.installs import Publish

    from pixi_jupyter.adapters.rattler import RepoDataRecord

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def _python(minor: str) -> dict[str, Any]:
    return {
        "name": "python",
        "version": f"{minor}.0",
        "subdir": SUBDIR,
        "files": {"bin/python": f'#!/bin/sh\nexec {sys.executable} -B "$@"\n'},
        "executable": ["bin/python"],
        "python_site_packages_path": f"lib/python{minor}/site-packages",
    }


def _pure(name: str, version: str, *depends: str, **fields: Any) -> dict[str, Any]:
    module = name.replace("-", "_")
    return {
        "name": name,
        "version": version,
        "noarch": "python",
        "depends": ["python", *depends],
        "files": {f"site-packages/{module}.py": f"version = {version!r}\n"},
        **fields,
    }


LAUNCHER: dict[str, Any] = {
    "files": {"site-packages/ipykernel_launcher.py": "import traitlets\n"},
    "link": {
        "noarch": {"type": "python", "entry_points": ["ipython = ipython:main"]},
        "package_metadata_version": 1,
    },
}
OLD_TRAITLETS = _pure("traitlets", "5.0")
NEW_TRAITLETS = _pure("traitlets", "5.9")
OLD_TOOL = _pure("oldtool", "1.0", "traitlets <5.1")
OLD_KERNEL = _pure("ipykernel", "6.0", "traitlets", **LAUNCHER)
KERNEL = _pure("ipykernel", "7.0", "traitlets >=5.4", **LAUNCHER)
WIDGETS = _pure("ipywidgets", "8.0", "ipykernel", "traitlets >=5.4")


async def _ensure(
    install: Install, locked: Sequence[RepoDataRecord] | None = None
) -> Overlay:
    return await ensure_overlay(
        install.prefix,
        folder=install.folder / ".pixi" / "overlays",
        channels=[install.channel],
        platform=Platform(SUBDIR, SUBDIR),
        session=install.session,
        operation=install.operation,
        locked=locked,
    )


def _overlays(install: Install) -> list[str]:
    folder = install.folder / ".pixi" / "overlays"
    return sorted(path.name for path in folder.iterdir())


async def test_an_overlay_holds_what_the_environment_lacks_and_changes_nothing(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR), OLD_TRAITLETS, NEW_TRAITLETS, KERNEL, WIDGETS)
    await install.install("python", "traitlets")
    before = files_of(install.prefix)

    overlay = await _ensure(install)

    assert overlay.solved
    assert overlay.changed
    assert names(overlay.records) == ("ipykernel", "ipywidgets", "python", "traitlets")
    assert overlay.path == overlay.prefix / f"lib/python{MINOR}/site-packages"
    modules = sorted(path.name for path in overlay.path.glob("*.py"))
    assert modules == ["ipykernel_launcher.py", "ipywidgets.py"]
    script = (overlay.prefix / "bin" / "ipython").read_text()
    assert script.startswith(f"#!{install.prefix}/bin/python")
    sources = {k: v for k, v in files_of(install.prefix).items() if ".pyc" not in k}
    assert sources == before
    assert "overlay" in install.phases()


async def test_an_overlay_is_compiled_before_it_is_there(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR), NEW_TRAITLETS, KERNEL, WIDGETS)
    await install.install("python", "traitlets")

    overlay = await _ensure(install)

    compiled = list((overlay.path / "__pycache__").glob("ipykernel_launcher.*.pyc"))
    assert (
        str(overlay.path / "ipykernel_launcher.py").encode() in compiled[0].read_bytes()
    )
    assert list(install.prefix.rglob("traitlets.*.pyc"))


async def test_an_overlay_is_made_once(install: Install, publish: Publish) -> None:
    publish(_python(MINOR), NEW_TRAITLETS, KERNEL)
    await install.install("python")

    one, two = await asyncio.gather(_ensure(install), _ensure(install))
    locked = await _ensure(install, one.records)

    assert sorted([one.changed, two.changed]) == [False, True]
    assert one.solved
    assert two.solved
    assert not locked.solved
    assert not locked.changed
    assert one.path == two.path == locked.path
    assert names(two.records) == names(one.records) == names(locked.records)


async def test_locked_records_are_taken_without_a_solve(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR), NEW_TRAITLETS, OLD_KERNEL)
    await install.install("python")
    locked = (await _ensure(install)).records
    publish(KERNEL)
    other = Install(install.folder / "elsewhere", install.channel)
    await other.install("python")

    overlay = await _ensure(other, locked)

    assert not overlay.solved
    assert overlay.changed
    assert {
        str(r.version) for r in overlay.records if r.name.normalized == "ipykernel"
    } == {"6.0"}


async def test_locked_records_of_another_environment_are_solved_anew(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR), OLD_TRAITLETS, NEW_TRAITLETS, OLD_KERNEL, KERNEL)
    await install.install("python", "traitlets 5.9")
    locked = (await _ensure(install)).records
    await install.install("python", "traitlets 5.0")

    overlay = await _ensure(install, locked)

    assert overlay.solved
    found = {r.name.normalized: str(r.version) for r in overlay.records}
    assert (found["ipykernel"], found["traitlets"]) == ("6.0", "5.0")


async def test_an_older_ipykernel_is_taken_where_the_newest_does_not_fit(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR), OLD_TRAITLETS, NEW_TRAITLETS, OLD_TOOL)
    publish(OLD_KERNEL, KERNEL, WIDGETS)
    await install.install("python", "oldtool")

    overlay = await _ensure(install)

    # ipywidgets does not fit at all, and is left out
    found = {r.name.normalized: str(r.version) for r in overlay.records}
    assert found["ipykernel"] == "6.0"
    assert "ipywidgets" not in found


async def test_what_stands_against_ipykernel_is_named(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR), OLD_TRAITLETS, NEW_TRAITLETS, OLD_TOOL, KERNEL)
    await install.install("python", "oldtool")

    with pytest.raises(OverlayError) as caught:
        await _ensure(install)

    assert caught.value.environment == "default"
    assert caught.value.blockers == (
        "traitlets 5.0 is installed, ipykernel needs traitlets >=5.4",
        "oldtool 1.0 holds it there, with traitlets <5.1",
    )
    assert "ipykernel 7.0 would require" in str(caught.value)
    assert not (install.folder / ".pixi" / "overlays").exists()


async def test_channels_without_ipykernel_are_named(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR))
    await install.install("python")

    with pytest.raises(OverlayError, match="in none of the channels"):
        await _ensure(install)


async def test_an_environment_without_python_can_have_no_kernel(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, _python(MINOR), KERNEL)
    await install.install("a")

    with pytest.raises(NoKernelError):
        await _ensure(install)


async def test_a_changed_environment_gets_another_overlay_and_old_ones_go(
    install: Install, publish: Publish
) -> None:
    publish(_python(MINOR), _python("3.7"), NEW_TRAITLETS, KERNEL)
    publish({"name": "a"}, {"name": "b"}, {"name": "c"})
    folder = install.folder / ".pixi" / "overlays"
    (folder / "default-other-0123456789ab-0123456789ab").mkdir(parents=True)
    (folder / ".default.new-1-dead").mkdir()
    made = []
    for extra in ("a", "b", "c"):
        await install.install(f"python {MINOR}.*", extra)
        made.append((await _ensure(install)).prefix.name)

    assert len(set(made)) == 3
    assert _overlays(install) == sorted(
        [*made[1:], "default-other-0123456789ab-0123456789ab"]
    )
    await install.install("python 3.7.*", "c")
    moved = await _ensure(install)
    assert moved.path.parts[-2:] == ("python3.7", "site-packages")
    assert (moved.path / "ipykernel_launcher.py").exists()


async def test_a_real_ipykernel_imports_from_its_overlay(
    install: Install, embedded_channel: str, shared_folder: Path
) -> None:
    install.channel = embedded_channel
    (shared_folder / "cache").mkdir(exist_ok=True)
    install.cache.symlink_to(shared_folder / "cache")
    host = host_virtual_packages()
    session = install.session
    records = await session.solve(
        [embedded_channel], ["python", "tomlkit"], subdir=SUBDIR, virtual_packages=host
    )
    await install.put(records)
    before = paths_of(install.prefix)

    overlay = await ensure_overlay(
        install.prefix,
        folder=install.folder / ".pixi" / "overlays",
        channels=[embedded_channel],
        platform=Platform(SUBDIR, SUBDIR),
        session=session,
        operation=install.operation,
        virtual_packages=host,
    )

    assert _imported(install.prefix, overlay) == [
        str(overlay.path / "ipykernel" / "kernelapp.py"),
        str(overlay.path / "ipywidgets" / "__init__.py"),
        str(install.prefix / f"lib/python{MINOR}/site-packages/tomlkit/__init__.py"),
    ]
    after = {path for path in paths_of(install.prefix) if not path.endswith(".pyc")}
    assert after == before
    await install.put([])
    assert_whole(install.prefix)


def _imported(prefix: Path, overlay: Overlay) -> list[str]:
    code = f"""
import sys
sys.path.append({str(overlay.path)!r})
import ipykernel.kernelapp, ipywidgets, tomlkit
for module in (ipykernel.kernelapp, ipywidgets, tomlkit):
    print(module.__file__)
"""
    done = subprocess.run(
        [prefix / "bin" / "python", "-I", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()

"""The .pyc files of a prefix, made by its own python and gone with their packages."""

from __future__ import annotations

import fcntl
import importlib.util
import marshal
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.installs import SUBDIR, assert_whole

from pixi_jupyter.install.bytecode import (
    COMPILER_LOCK,
    compile_closure,
    compile_rest_in_background,
    wait_for_compiler,
)
from pixi_jupyter.install.compile_script import imports, is_changing
from pixi_jupyter.install.journal import Journal, journal_path, write_journal

if TYPE_CHECKING:
    import types

    from support.installs import Install, Publish

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"
SITE = f"lib/python{MINOR}/site-packages"

PYTHON: dict[str, Any] = {
    "name": "python",
    "version": f"{MINOR}.0",
    "subdir": SUBDIR,
    "files": {
        # -B: the interpreter outside of the prefix is nothing to write into
        "bin/python": f'#!/bin/sh\nexec {sys.executable} -B "$@"\n',
        f"lib/python{MINOR}/idle.py": "x = 1\n",
    },
    "executable": ["bin/python"],
}
KERNEL: dict[str, Any] = {
    "name": "ipykernel",
    "noarch": "python",
    "depends": ["python"],
    "files": {
        "site-packages/ipykernel_launcher.py": (
            "from ipykernel import kernelapp\nraise SystemExit('must not run')\n"
        ),
        "site-packages/ipykernel/__init__.py": "",
        "site-packages/ipykernel/kernelapp.py": (
            "from . import lazy_parent\n"
            "class App:\n    from .inclass import x\n"
            "def main():\n    from . import infunction\n"
        ),
        "site-packages/ipykernel/lazy_parent.py": "import arch.module\n",
        "site-packages/ipykernel/inclass.py": "x = 1\n",
        "site-packages/ipykernel/infunction.py": "x = 1\n",
        "site-packages/ipykernel/broken.py": "def (\n",
    },
}
ARCH: dict[str, Any] = {
    "name": "arch",
    "subdir": SUBDIR,
    "depends": ["python"],
    "files": {
        f"{SITE}/arch/__init__.py": "",
        f"{SITE}/arch/module.py": "x = 1\n",
        f"{SITE}/arch/deep/other.py": "x = 1\n",
    },
}


@pytest.fixture
async def ready(install: Install, publish: Publish) -> Install:
    publish(PYTHON, KERNEL, ARCH)
    await install.install("ipykernel", "arch")
    return install


def _compiled(prefix: Path) -> set[str]:
    return {
        f"{path.parent.parent.name}/{path.name.partition('.')[0]}"
        for path in prefix.rglob("*.pyc")
    }


def _code(path: Path) -> types.CodeType:
    code: types.CodeType = marshal.loads(path.read_bytes()[16:])  # noqa: S302  ours
    return code


CLOSURE = {
    "site-packages/ipykernel_launcher",
    "ipykernel/__init__",
    "ipykernel/kernelapp",
    "ipykernel/lazy_parent",
    "ipykernel/inclass",
    "arch/__init__",
    "arch/module",
}


async def test_the_closure_is_what_a_start_imports_and_no_code_of_it_runs(
    ready: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    await compile_closure(ready.prefix, ready.operation)

    assert _compiled(ready.prefix) == CLOSURE
    assert [e.state for e in ready.events if e.phase == "compile"] == [
        "running",
        "finished",
    ]


async def test_python_takes_the_files_for_its_own(ready: Install) -> None:
    source = ready.prefix / SITE / "arch" / "module.py"

    await compile_closure(ready.prefix, ready.operation)

    cached = next((source.parent / "__pycache__").glob("module.*.pyc"))
    assert cached.name == Path(importlib.util.cache_from_source(str(source))).name
    data = cached.read_bytes()
    assert data[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(data[4:8], "little") == 0
    assert int.from_bytes(data[8:12], "little") == int(source.stat().st_mtime)
    assert int.from_bytes(data[12:16], "little") == source.stat().st_size
    assert _code(cached).co_filename == str(source)


def _written(prefix: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in prefix.rglob("*.pyc")}


async def test_files_that_are_right_are_not_written_again(ready: Install) -> None:
    await compile_closure(ready.prefix, ready.operation)
    before = _written(ready.prefix)
    stale = ready.prefix / SITE / "ipykernel" / "inclass.py"
    stale.unlink()
    stale.write_text("x = 22\n")

    await compile_closure(ready.prefix, ready.operation)

    after = _written(ready.prefix)
    changed = {
        path.name.partition(".")[0] for path in after if after[path] != before[path]
    }
    assert changed == {"inclass"}


async def test_a_folder_that_will_be_moved_is_compiled_for_its_place(
    ready: Install, tmp_path: Path
) -> None:
    staged = tmp_path / "staged"
    staged.mkdir()
    (staged / "debugpy").mkdir()
    for name in ("debugpy/__init__.py", "psutil.py"):
        (staged / name).write_text("import arch.deep.other\n")

    await compile_closure(
        ready.prefix, ready.operation, sites=[(staged, tmp_path / "final")]
    )

    pyc = next(staged.glob("__pycache__/psutil.*"))
    assert _code(pyc).co_filename == str(tmp_path / "final" / "psutil.py")
    assert "deep/other" in _compiled(ready.prefix)


async def test_the_rest_is_compiled_in_the_background(ready: Install) -> None:
    compile_rest_in_background(ready.prefix)
    _wait_for_lock_to_come_and_go(ready.prefix)

    assert _compiled(ready.prefix) == CLOSURE | {"ipykernel/infunction", "deep/other"}


def _wait_for_lock_to_come_and_go(prefix: Path) -> None:
    path = prefix / "conda-meta" / COMPILER_LOCK
    while not list(prefix.rglob("infunction.*.pyc")):
        os.sched_yield()
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)


async def test_a_prefix_without_python_has_nothing_to_compile(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"})
    await install.install("a")

    await compile_closure(install.prefix, install.operation)
    compile_rest_in_background(install.prefix)

    assert_whole(install.prefix)


async def test_nothing_of_a_removed_package_stays(ready: Install) -> None:
    compile_rest_in_background(ready.prefix)
    _wait_for_lock_to_come_and_go(ready.prefix)

    await ready.install("python")

    assert not (ready.prefix / SITE).exists()
    (ready.prefix / "conda-meta" / COMPILER_LOCK).unlink()
    assert_whole(ready.prefix)


async def test_a_new_source_of_equal_size_and_time_is_not_hidden(
    ready: Install, publish: Publish
) -> None:
    await compile_closure(ready.prefix, ready.operation)
    files = {**ARCH["files"], f"{SITE}/arch/module.py": "x = 2\n"}
    publish({**ARCH, "version": "2.0", "files": files})

    await ready.install("ipykernel", "arch 2.0")
    await compile_closure(ready.prefix, ready.operation)

    pyc = next((ready.prefix / SITE / "arch/__pycache__").glob("module.*"))
    assert 2 in _code(pyc).co_consts


async def test_a_compiler_stops_when_the_prefix_is_being_changed(
    ready: Install,
) -> None:
    write_journal(ready.prefix, Journal(what="test"))

    await compile_closure(ready.prefix, ready.operation)

    assert is_changing(str(ready.prefix))
    assert _compiled(ready.prefix) == set()
    journal_path(ready.prefix).unlink()
    assert not is_changing(str(ready.prefix))


async def test_an_install_waits_for_a_compiler(ready: Install) -> None:
    import asyncio

    path = ready.prefix / "conda-meta" / COMPILER_LOCK
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        waiter = asyncio.ensure_future(wait_for_compiler(ready.prefix))
        done, _ = await asyncio.wait({waiter}, timeout=0.05)
        assert not done
        fcntl.flock(file, fcntl.LOCK_UN)
        await asyncio.wait_for(waiter, timeout=5)


@pytest.mark.parametrize(
    ("source", "package", "expected"),
    [
        ("import a.b", "", ["a.b"]),
        ("from a import b, c", "", ["a", "a.b", "a.c"]),
        ("from a import *", "", ["a"]),
        ("from . import x", "p.q", ["p.q", "p.q.x"]),
        ("from ..r import x", "p.q", ["p.r", "p.r.x"]),
        ("try:\n import a\nexcept ImportError:\n import b", "", ["a", "b"]),
        ("def f():\n import a", "", []),
        ("class C:\n import a\n def f(self):\n  import b", "", ["a"]),
        ("".join(f"x{n} = {n}.5\n" for n in range(400)) + "import a", "", ["a"]),
    ],
    ids=["plain", "from", "star", "here", "above", "try", "def", "class", "long"],
)
def test_imports_are_read_from_compiled_code(
    source: str, package: str, expected: list[str]
) -> None:
    assert imports(compile(source, "test", "exec"), package) == expected

"""uv as a process: which one, with what variables, and how it ends."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from support.registry import MockIndex, Slow, make_wheel

from pixi_jupyter.adapters.uv import Resolve, Uv, UvOptions, find_uv, resolve
from pixi_jupyter.errors import ToolNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_uv_beside_us_comes_first(tmp_path: Path) -> None:
    other = program(tmp_path / "uv", "")

    assert find_uv({"PATH": str(tmp_path)}) != other
    assert find_uv({"PATH": str(tmp_path)}, package="no_such_package") == other


def test_no_uv_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ToolNotFoundError) as caught:
        find_uv({"PATH": str(tmp_path)}, package="no_such_package")

    assert str(tmp_path) in str(caught.value)
    assert caught.value.hints == ("python -m pip install uv",)


def test_only_what_pixi_obeys_too_reaches_uv(tmp_path: Path) -> None:
    outside = {
        "UV_INDEX_URL": "https://elsewhere.example/simple",
        "UV_CACHE_DIR": "/elsewhere",
        "UV_CONFIG_FILE": "/elsewhere/uv.toml",
        "UV_REQUEST_TIMEOUT": "7",
        "UV_HTTP_RETRIES": "2",
        "VIRTUAL_ENV": "/elsewhere",
        "PYTHONPATH": "/elsewhere",
        "HTTPS_PROXY": "http://proxy.example",
        "HOME": "/home/me",
    }

    found = Uv(tmp_path, environ=outside).environment({"UV_SOMETHING": "ours"})

    assert "elsewhere" not in str(found)
    assert found["UV_CACHE_DIR"] == str(tmp_path)
    assert found["UV_HTTP_TIMEOUT"] == "7"
    assert found["UV_HTTP_RETRIES"] == "2"
    assert found["UV_PYTHON_DOWNLOADS"] == "never"
    assert found["UV_NO_CONFIG"] == "1"
    assert found["UV_SOMETHING"] == "ours"
    assert found["HTTPS_PROXY"] == "http://proxy.example"


async def test_a_user_s_uv_toml_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "uv.toml").write_text("this is [ no TOML")

    finished = await Uv(tmp_path / "cache").run(["--version"], cwd=tmp_path)

    assert finished.exit_code == 0
    assert finished.stdout.startswith("uv ")


async def test_a_cancel_ends_uv_and_its_children(tmp_path: Path) -> None:
    # a program that ignores being asked, with a child that does so too; both keep a
    # pipe open as long as they live
    script = """\
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
alive = open(sys.argv[-1], "w")
child = subprocess.Popen([sys.executable, "-c", "import signal, time; "
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x', flush=True); "
    "time.sleep(600)"], stdout=subprocess.PIPE, pass_fds=[alive.fileno()])
child.stdout.readline()
print("both are there", file=alive, flush=True)
time.sleep(600)
"""
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    uv = Uv(tmp_path, program=program(tmp_path / "bin" / "uv", script))
    task = asyncio.ensure_future(uv.run([pipe.name], cwd=tmp_path))
    with await asyncio.to_thread(pipe.open) as alive:
        await asyncio.to_thread(alive.readline)

        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        end = await asyncio.wait_for(asyncio.to_thread(alive.read), 10)
    assert end == ""


async def test_a_solve_that_waits_for_an_index_can_be_cancelled(
    tmp_path: Path, mock_index: Callable[[], MockIndex]
) -> None:
    index = mock_index()
    index.add(make_wheel(tmp_path / "files", "spam"))
    hang = index.faults.put("/simple/spam/", Slow())
    question = Resolve(
        requirements=("spam",),
        options=UvOptions(index_url=index.simple_url),
        python_version="3.11.7",
        python_platform="x86_64-manylinux_2_28",
        python=tmp_path.joinpath(sys.executable),
    )
    task = asyncio.ensure_future(resolve(Uv(tmp_path / "cache"), question))
    await asyncio.to_thread(hang.reached.wait, 30)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    hang.release()
    assert not task.done() or task.cancelled()

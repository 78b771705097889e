"""Notebooks run from their locks, in real prefixes, with real kernels."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import pytest
from support.verified import cell, printed, served, write

from pixi_jupyter.errors import ConsentNeededForNotebookError
from pixi_jupyter.events import Operation
from pixi_jupyter.inkernel.stamps import packed
from pixi_jupyter.kernelspecs.names import kernel_name
from pixi_jupyter.manifest.parse import read_manifest
from pixi_jupyter.notebook.files import read_notebook, write_notebook
from pixi_jupyter.notebook.metadata import NotebookEnvironment, write_environment
from pixi_jupyter.notebook.stamps import stamp_cell
from pixi_jupyter.platforms import host_subdir
from pixi_jupyter.verbs.lock import LockRequest, lock
from pixi_jupyter.verbs.notebook_verify import NotebookVerifyRequest, notebook_verify
from pixi_jupyter.verbs.notebook_verify_source import environment_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.notebook.verify import NotebookCheck

MANIFEST = """\
[workspace]
name = "study"
channels = ["{channel}"]
platforms = ["{platform}"]

[dependencies]
python = "*"
ipykernel = "*"
"""


@pytest.fixture(scope="module")
def study(
    embedded_channel: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Give a workspace that is locked, on a channel that others can reach."""
    folder = tmp_path_factory.mktemp("study")
    with served(Path(urlsplit(embedded_channel).path)) as url:
        text = MANIFEST.format(channel=url, platform=host_subdir())
        (folder / "pixi.toml").write_text(text)
        asyncio.run(lock(LockRequest(manifest=folder), Operation()))
        yield folder


@pytest.fixture
def elsewhere(tmp_path: Path, study: Path) -> Path:
    """Give a notebook that carries the study's environment, and nothing beside it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    source = "import sys\nprint('verify-' in sys.prefix)"
    path = write(folder / "own.ipynb", cell(source, printed("True\n")))
    notebook = read_notebook(path)
    carried = NotebookEnvironment(
        manifest=(study / "pixi.toml").read_text(),
        lock=(study / "pixi.lock").read_text(),
    )
    write_environment(notebook, carried)
    # an output that another environment made
    theirs = "python 2.7 0"
    mark = sha256(theirs.encode()).hexdigest()[:16]
    told = {"environment": mark, "name": "old", "platform": host_subdir()}
    told["packages"] = packed(theirs)
    stamp_cell(notebook, notebook["cells"][1], {"pixi-jupyter": told})
    write_notebook(path, notebook)
    return path


def verified(*files: Path, **more: Any) -> dict[str, NotebookCheck]:
    request = NotebookVerifyRequest(files=files, **more)
    result = asyncio.run(notebook_verify(request, Operation()))
    assert result.exit_code == int(any(x.status != "ok" for x in result.checks))
    return {each.notebook.stem: each for each in result.checks}


def left_over(home: Path) -> list[Path]:
    return list(home.parent.glob("cache/**/verify-*"))


def test_each_notebook_has_a_status_and_says_which_cells_are_odd(
    study: Path, home: Path
) -> None:
    good = write(
        study / "good.ipynb",
        cell("print(27)", printed("27\n")),
        cell("1 / 0", count=2, tags=["nbval-skip"]),
        cell("print(__import__('os').getcwd())", count=3, tags=["nbval-ignore-output"]),
        cell("", count=None),
    )
    differs = write(
        study / "differs.ipynb",
        cell("print(27)", printed("0\n")),
        cell("print('same')", printed("same\n"), count=2),
        cell("2", printed("2"), count=None),
    )
    fails = write(
        study / "fails.ipynb",
        cell("raise ValueError('no')"),
        cell("1 / 0", tags=["nbval-ignore-output", "raises-exception"], count=2),
        cell("print('goes on')", printed("goes on\n"), count=3),
    )
    broken = study / "broken.ipynb"
    broken.write_text("{")
    seen = {path: path.read_bytes() for path in (good, differs, fails)}

    found = verified(good, differs, fails, broken, jobs=2, timeout=60)

    assert {name: each.status for name, each in found.items()} == {
        "good": "ok",
        "differs": "differs",
        "fails": "fails",
        "broken": "fails",
    }
    assert [(x.place, x.status) for x in found["differs"].odd] == [
        (1, "differs"),
        (3, "differs"),
    ]
    assert found["differs"].odd[0].differences == (
        {"key": "stdout", "shown": "0\n", "made": "27\n"},
    )
    assert [(x.place, x.reason) for x in found["fails"].odd] == [(1, "ValueError: no")]
    assert [found[name].cells for name in ("good", "differs", "fails")] == [2, 3, 3]
    assert (found["good"].origin, found["good"].environment) == (
        "workspace",
        "study: default",
    )
    data = json.loads(json.dumps(found["differs"].to_json()))
    keys = ("environment", "status", "cells", "origin")
    assert [data[key] for key in keys] == ["study: default", "differs", 3, "workspace"]
    assert [x["cell"] for x in data["problems"]] == [1, 3]
    assert "not JSON" in found["broken"].details[0]
    # a verification changes no notebook, and leaves nothing behind
    assert {path: path.read_bytes() for path in seen} == seen
    assert not left_over(home)


@pytest.mark.slow
def test_a_kernel_that_dies_or_hangs_fails_its_own_notebook_only(study: Path) -> None:
    dies = write(study / "dies.ipynb", cell("import os\nos._exit(3)"), cell("1"))
    hangs = write(
        study / "hangs.ipynb", cell("import time\ntime.sleep(500)"), cell("1")
    )
    good = write(study / "good.ipynb", cell("print(27)", printed("27\n")))

    found = verified(dies, hangs, good, jobs=3, timeout=8)

    assert {name: each.status for name, each in found.items()} == {
        "dies": "fails",
        "hangs": "fails",
        "good": "ok",
    }
    assert [x.reason for x in found["dies"].odd] == ["the kernel died"]
    assert [x.reason for x in found["hangs"].odd] == ["it took longer than 8 s"]


def test_what_a_notebook_carries_is_run_only_when_it_was_agreed_to(
    elsewhere: Path, home: Path
) -> None:
    with pytest.raises(ConsentNeededForNotebookError):
        verified(elsewhere)
    assert not left_over(home)

    report = elsewhere.with_name("report.xml")
    found = verified(elsewhere, trust=True, junit=report)["own"]

    assert (found.status, found.origin) == ("ok", "notebook"), found
    assert found.provenance is not None
    assert found.provenance.sentences[0] == (
        "1 of 1 output came from another environment"
    )
    assert "python 2.7" in found.provenance.sentences[1]
    assert 'errors="0"' in report.read_text()
    assert not left_over(home)


def test_a_lock_that_lacks_this_platform_is_not_solved_again(
    elsewhere: Path, study: Path
) -> None:
    notebook = read_notebook(elsewhere)
    other = "osx-arm64"
    carried = NotebookEnvironment(
        manifest=(study / "pixi.toml").read_text().replace(host_subdir(), other),
        lock=(study / "pixi.lock")
        .read_text()
        .replace(f" {host_subdir()}", f" {other}"),
    )
    write_environment(notebook, carried)
    write_notebook(elsewhere, notebook)

    found = verified(elsewhere, trust=True)["own"]

    assert (found.status, found.cells) == ("fails", 0)
    assert host_subdir() in found.reason


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_all_that_was_started(
    elsewhere: Path, home: Path, tmp_path: Path, number: signal.Signals
) -> None:
    started = tmp_path / "started"
    notebook = read_notebook(elsewhere)
    notebook["cells"][1]["source"] = (
        f"import os, time\nopen({str(started)!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(500)"
    )
    write_notebook(elsewhere, notebook)
    command = [sys.executable, "-m", "pixi_jupyter", "notebook", "verify", "--trust"]
    process = subprocess.Popen(
        [*command, str(elsewhere)], stderr=subprocess.PIPE, text=True
    )
    _wait_for(lambda: started.exists() and started.read_text() != "")
    children = psutil.Process(process.pid).children(recursive=True)
    children.append(psutil.Process(int(started.read_text())))

    process.send_signal(number)
    _, errors = process.communicate(timeout=60)

    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    if number != signal.SIGKILL:
        assert "was cancelled" in errors
        assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
        assert not left_over(home)


def _wait_for(claim: Any) -> None:
    import time

    end = time.monotonic() + 60
    while not claim():
        assert time.monotonic() < end
        os.sched_yield()


def test_the_command_prints_a_table_and_ends_with_1_where_one_is_odd(
    study: Path,
) -> None:
    path = write(study / "differs.ipynb", cell("print(27)", printed("0\n")))
    command = [sys.executable, "-m", "pixi_jupyter", "notebook", "verify", path.name]

    text = subprocess.run(
        command, cwd=study, capture_output=True, text=True, check=False
    )

    assert text.returncode == 1, text.stderr
    lines = text.stdout.splitlines()
    assert lines[0].split() == ["notebook", "environment", "status", "cells", "time"]
    assert lines[1].split()[:6] == [
        "~",
        "differs.ipynb",
        "study:",
        "default",
        "differs",
        "1",
    ]
    assert "    - 0" in lines
    assert max(map(len, lines)) <= 80


def test_a_notebook_means_the_environment_of_its_metadata_or_of_its_kernel(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pixi.toml"
    text = MANIFEST.format(channel="c", platform="linux-64")
    path.write_text(text + "[environments]\ntest = []\nold = []\n")
    manifest = read_manifest(path)

    def named(kernel: str = "", **own: Any) -> str:
        metadata: dict[str, Any] = {"kernelspec": {"name": kernel}}
        if own:
            metadata["pixi-jupyter"] = {"version": 1, **own}
        return environment_named({"metadata": metadata}, manifest, path)

    elsewhere = kernel_name("study", Path("/somewhere/else"), "test")
    assert named("python3") == "default"
    assert named(kernel_name("study", tmp_path, "old")) == "old"
    assert named(elsewhere) == named(f"{elsewhere}.ir") == "test"
    assert named(elsewhere, workspace="study", environment="old") == "old"
    assert named(elsewhere, workspace="other", environment="old") == "test"

"""PyPI packages of a prefix that is killed, cancelled, filled in parts or emptied."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.pypi_workspace import OTHER, PypiWorkspace
from support.registry import Slow

from pixi_jupyter.events import Operation
from pixi_jupyter.install.pypi_dists import read_dists, sites
from pixi_jupyter.verbs.add import AddRequest, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.commands import Answer

    Pixi = Callable[..., Answer]

pytestmark = pytest.mark.slow

MANY = 3000


def ours(study: PypiWorkspace) -> set[str]:
    found = [dist for site in sites(study.prefix) for dist in read_dists(site)]
    return {dist.name for dist in found if dist.is_ours}


def test_a_part_of_them_comes_and_the_next_install_brings_the_rest(
    embedded_study: PypiWorkspace, pixi: Pixi
) -> None:
    study = embedded_study
    assert pixi("add", "--pypi", "spam", "--no-install").code == 0

    answer = pixi("install", "--only", "eggs", "--json")

    assert answer.code == 0, answer.err
    left = json.loads(answer.out)["environments"][0]["left_out"]
    assert ours(study) == {"eggs"}
    assert "python" not in left
    assert {"packaging", "spam"} <= set(left)
    assert pixi("install", "--skip", "spam").code == 0
    assert ours(study) == {"eggs"}
    assert pixi("install").code == 0
    assert ours(study) == {"eggs", "spam"}
    assert pixi("install", "--skip-with-deps", "spam").code == 0
    # left out is not removed
    assert ours(study) == {"eggs", "spam"}
    assert study.run("import spam, packaging; print(spam.version)") == "1.0"


def test_they_go_when_python_goes(embedded_study: PypiWorkspace, pixi: Pixi) -> None:
    study = embedded_study
    assert pixi("add", "--pypi", "spam").code == 0
    (site,) = sites(study.prefix)
    text = study.manifest.read_text().partition("[dependencies]")[0]
    study.manifest.write_text(text)

    answer = pixi("install")

    assert answer.code == 0, answer.err
    assert ours(study) == set()
    assert not (site / "spam.py").exists()
    assert not (site / "eggs.py").exists()
    assert not json.loads(pixi("install", "--json").out)["environments"][0]["changed"]


def test_a_file_of_the_user_is_moved_out_of_the_way(
    embedded_study: PypiWorkspace, pixi: Pixi
) -> None:
    study = embedded_study
    assert pixi("add", "--pypi", "eggs").code == 0
    (site,) = sites(study.prefix)
    (site / "spam.py").write_text("mine\n")

    answer = pixi("add", "--pypi", "spam")

    assert answer.code == 0, answer.err
    assert "was moved aside, because package spam has files of" in answer.err
    aside = study.prefix / "__moved_aside__" / site.relative_to(study.prefix)
    assert (aside / "spam.py").read_text() == "mine\n"
    assert study.run("import spam, eggs; print(spam.version)") == "1.0"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds uv in /proc")
@pytest.mark.parametrize("moment", [1, MANY // 2])
def test_after_a_kill_in_the_middle_an_install_makes_all_whole(
    embedded_study: PypiWorkspace, pixi: Pixi, moment: int
) -> None:
    study = embedded_study
    files = {f"many/f{number:04}.py": f"n = {number}\n" for number in range(MANY)}
    study.publish("many", files={"many/__init__.py": "", **files})
    assert pixi("install").code == 0
    assert pixi("add", "--pypi", "many", "--no-install").code == 0
    (site,) = sites(study.prefix)

    kill_when(site / "many", moment)
    answer = pixi("install")

    assert answer.code == 0, answer.err
    assert len(list((site / "many").glob("f*.py"))) == MANY
    assert ours(study) == {"many"}
    assert study.run("import many.f2999 as x; print(x.n)") == "2999"
    assert not json.loads(pixi("install", "--json").out)["environments"][0]["changed"]


def kill_when(folder: Path, count: int) -> None:
    """Install in another process; kill it, and uv, when a folder has some files."""
    words = [sys.executable, "-m", "pixi_jupyter", "install", "-q"]
    process = subprocess.Popen(words, start_new_session=True)
    last = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < last:
        try:
            if len(os.listdir(folder)) >= count:  # noqa: PTH208  as fast as can be
                break
        except FileNotFoundError:
            continue
    assert process.poll() is None
    for child in children(process.pid):
        os.kill(child, signal.SIGKILL)
    process.kill()
    process.wait()


def children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [*map(int, found)]


def test_a_cancelled_add_leaves_everything_as_it_was(
    embedded_study: PypiWorkspace, pixi: Pixi
) -> None:
    study = embedded_study
    assert pixi("add", "--pypi", "eggs").code == 0
    before = (study.manifest.read_text(), study.lock)
    study.publish("late", files={"late.py": "1\n" * 40000})
    hang = study.index.faults.put("*/late-1.0*.whl", Slow())

    async def cancelled() -> None:
        task = asyncio.ensure_future(
            add(AddRequest(specs=("late",), pypi=True), Operation())
        )
        assert await asyncio.to_thread(hang.reached.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    study.index.faults.clear()

    assert (study.manifest.read_text(), study.lock) == before
    assert ours(study) == {"eggs"}
    assert study.run("import eggs; print(eggs.version)") == "1.0"
    assert pixi("add", "--pypi", "late").code == 0
    assert ours(study) == {"eggs", "late"}


def test_wheels_of_another_platform_are_refused_before_anything_is_done(
    pypi_study: PypiWorkspace, pixi: Pixi
) -> None:
    assert pixi("add", "--pypi", "spam", "--no-install").code == 0

    answer = pixi("install", "--platform", OTHER)

    assert answer.code == 1
    assert f"installing PyPI packages for {OTHER} on another one" in answer.err
    assert not (pypi_study.prefix / "conda-meta").exists()

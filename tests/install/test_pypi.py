"""PyPI packages in a prefix, installed by the real uv from a real index."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from support.pypi import Pypi
from support.pypi_prefix import PypiPrefix
from support.registry import Content, MockIndex, Slow, make_wheel

from pixi_jupyter.errors import (
    ClobberError,
    DownloadError,
    HashMismatchError,
    OfflineError,
)
from pixi_jupyter.install.pypi_note import note, noted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def prefix(mock_index: Callable[[], MockIndex], tmp_path: Path) -> PypiPrefix:
    return PypiPrefix(Pypi(mock_index(), tmp_path)).make()


def publish(
    prefix: PypiPrefix, name: str, version: str = "1.0", **more: object
) -> Path:
    path = make_wheel(prefix.pypi.files, name, version, **more)  # type: ignore[arg-type]
    prefix.pypi.index.add(path)
    return path


async def test_locked_packages_are_installed_and_signed(prefix: PypiPrefix) -> None:
    publish(prefix, "spam", requires=["ham"])
    publish(prefix, "ham")
    records = await prefix.lock({"spam": "*"})

    outcome = await prefix.install(records)

    assert outcome.added == ("ham", "spam")
    assert prefix.run("import spam, ham; print(spam.version)") == "1.0"
    dist = prefix.dists()["spam"]
    assert dist.installer == "uv-pixi"
    assert not (dist.path / "REQUESTED").exists()
    assert "INSTALLER,sha256=" in (dist.path / "RECORD").read_text()
    assert "REQUESTED" not in (dist.path / "RECORD").read_text()
    assert noted(prefix.path) == frozenset()


async def test_what_is_there_is_left_alone(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    records = await prefix.lock({"spam": "*"})
    await prefix.install(records)
    before = prefix.state()
    prefix.pypi.index.log.clear()

    outcome = await prefix.install(records)

    assert not outcome.changed
    assert prefix.state() == before
    assert prefix.pypi.index.paths() == []


async def test_a_new_version_replaces_the_old_one(prefix: PypiPrefix) -> None:
    publish(prefix, "spam", files={"spam.py": "version = 1\n", "gone.py": ""})
    await prefix.install(await prefix.lock({"spam": "==1.0"}))
    publish(prefix, "spam", "2.0")

    outcome = await prefix.install(await prefix.lock({"spam": "==2.0"}))

    assert outcome.reinstalled == ("spam",)
    assert prefix.run("import spam; print(spam.version)") == "2.0"
    assert not (prefix.site / "gone.py").exists()
    assert list(prefix.dists()) == ["spam"]


async def test_what_is_no_longer_locked_goes_and_what_others_put_there_stays(
    prefix: PypiPrefix,
) -> None:
    publish(prefix, "spam")
    publish(prefix, "ham")
    await prefix.install(await prefix.lock({"spam": "*", "ham": "*"}))
    prefix.add_dist("six", files=["six.py"])
    prefix.add_dist("mine", installer="pip", files=["mine.py"])

    outcome = await prefix.install(await prefix.lock({"ham": "*"}))

    assert outcome.removed == ("spam",)
    assert not (prefix.site / "spam.py").exists()
    assert prefix.dists().keys() == {"ham", "six", "mine"}
    assert (prefix.site / "six.py").read_text() == "from conda\n"


async def test_nothing_locked_takes_ours_away(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    await prefix.install(await prefix.lock({"spam": "*"}))

    outcome = await prefix.install([])

    assert outcome.removed == ("spam",)
    assert prefix.dists() == {}


async def test_a_package_of_pip_is_replaced_where_it_is_locked(
    prefix: PypiPrefix,
) -> None:
    publish(prefix, "spam")
    prefix.add_dist("spam", "1.0", installer="pip", files=["spam.py"])

    outcome = await prefix.install(await prefix.lock({"spam": "*"}))

    assert outcome.reinstalled == ("spam",)
    assert prefix.dists()["spam"].installer == "uv-pixi"
    assert prefix.run("import spam; print(spam.version)") == "1.0"


@pytest.mark.parametrize("installer", ["conda", "pip"])
async def test_a_package_of_conda_is_never_replaced(
    prefix: PypiPrefix, installer: str
) -> None:
    publish(prefix, "six")
    info = prefix.add_dist("six", "0.9", files=["six.py"])
    (info / "INSTALLER").write_text(installer)
    before = prefix.state()

    with pytest.raises(ClobberError, match=r"six of PyPI and conda's six"):
        await prefix.install(await prefix.lock({"six": "*"}))

    assert prefix.state() == before


@pytest.mark.parametrize("what", ["module", "program"])
async def test_a_file_that_conda_owns_is_refused_before_anything_is_done(
    prefix: PypiPrefix, what: str
) -> None:
    prefix.add_conda(
        "toolkit", "1.0", ["bin/tool", f"{prefix.target(()).site}/shared.py"]
    )
    files = {
        "module": {"shared.py": "", "spam.py": ""},
        "program": {
            "spam.py": "",
            "spam-1.0.dist-info/entry_points.txt": "[console_scripts]\ntool = spam:x\n",
        },
    }
    publish(prefix, "spam", files=files[what])
    publish(prefix, "ham")
    records = await prefix.lock({"spam": "*", "ham": "*"})
    before = prefix.state()

    with pytest.raises(ClobberError) as caught:
        await prefix.install(records)

    assert "PyPI packages would replace files of conda packages" in str(caught.value)
    assert list(caught.value.files) == [("spam", "toolkit")]
    assert prefix.state() == before


async def test_another_file_than_the_locked_one_is_refused(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    (record,) = await prefix.lock({"spam": "*"})
    before = prefix.state()

    with pytest.raises(HashMismatchError) as caught:
        await prefix.install([replace(record, sha256="0" * 64)])

    assert "spam 1.0 is not what was locked" in str(caught.value)
    assert f"expected sha256:{'0' * 64}" in str(caught.value)
    assert noted(prefix.path) == {"spam"}
    note(prefix.path, ())
    assert prefix.state() == before


async def test_a_download_that_fails_leaves_all_as_it_was(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    publish(prefix, "ham")
    await prefix.install(await prefix.lock({"spam": "*"}))
    records = await prefix.lock({"ham": "*"})
    prefix.pypi.index.faults.put("*ham*.whl", Content())

    with pytest.raises((DownloadError, HashMismatchError)):
        await prefix.install(records)

    assert prefix.dists().keys() == {"spam"}
    prefix.pypi.index.faults.clear()
    outcome = await prefix.install(records)
    assert (outcome.added, outcome.removed) == (("ham",), ("spam",))


async def test_offline_installs_what_uv_has(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    publish(prefix, "ham")
    spam = await prefix.lock({"spam": "*"})
    both = await prefix.lock({"spam": "*", "ham": "*"})
    await prefix.install(spam)
    await prefix.install([])
    prefix.pypi.offline = True
    prefix.pypi.index.stop()

    outcome = await prefix.install(spam)

    assert outcome.added == ("spam",)
    with pytest.raises(OfflineError, match="ham"):
        await prefix.install(both)
    assert prefix.dists().keys() == {"spam"}


async def test_what_a_killed_install_left_is_installed_again(
    prefix: PypiPrefix,
) -> None:
    publish(prefix, "spam", files={"spam.py": "version = 1\n", "more.py": "x = 1\n"})
    publish(prefix, "ham")
    publish(prefix, "stale")
    records = await prefix.lock({"spam": "*", "ham": "*"})
    await prefix.install([*records, *await prefix.lock({"stale": "*"})])
    # as uv was killed: one without RECORD, one unsigned, one that was on its way out
    (prefix.dists()["spam"].path / "RECORD").unlink()
    (prefix.site / "more.py").unlink()
    for name in ("ham", "stale"):
        (prefix.dists()[name].path / "INSTALLER").unlink()
        (prefix.dists()[name].path / "INSTALLER").write_text("uv")
    (prefix.site / "ham.py").unlink()
    note(prefix.path, ["spam", "ham", "stale"])

    outcome = await prefix.install(records)

    assert set(outcome.added) | set(outcome.reinstalled) == {"spam", "ham"}
    assert outcome.removed == ("stale",)
    assert prefix.run("import spam, more, ham; print(more.x)") == "1"
    assert {dist.installer for dist in prefix.dists().values()} == {"uv-pixi"}
    assert not (await prefix.install(records)).changed


async def test_a_cancelled_download_leaves_all_as_it_was(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    publish(prefix, "ham")
    await prefix.install(await prefix.lock({"spam": "*"}))
    records = await prefix.lock({"ham": "*"})
    hang = prefix.pypi.index.faults.put("*/ham-1.0-py3-none-any.whl", Slow())
    task = asyncio.ensure_future(prefix.install(records))
    await asyncio.to_thread(hang.reached.wait, 30)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert prefix.dists().keys() == {"spam"}
    hang.release()
    prefix.pypi.index.faults.clear()
    await prefix.install(records)
    assert prefix.dists().keys() == {"ham"}


async def test_reinstall_brings_edited_files_back(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    records = await prefix.lock({"spam": "*"})
    await prefix.install(records)
    (prefix.site / "spam.py").unlink()
    prefix.more["reinstall"] = frozenset(["spam"])

    outcome = await prefix.install(records)

    assert outcome.reinstalled == ("spam",)
    assert prefix.run("import spam; print(spam.version)") == "1.0"


async def test_python_that_moved_takes_its_packages_along(prefix: PypiPrefix) -> None:
    publish(prefix, "spam")
    records = await prefix.lock({"spam": "*"})
    old = prefix.path / "lib" / "python3.0" / "site-packages"
    await prefix.install(records)
    old.parent.mkdir(parents=True)
    prefix.site.rename(old)
    prefix.site.mkdir()
    prefix.more["old_site"] = "lib/python3.0/site-packages"

    outcome = await prefix.install(records)

    assert (outcome.added, outcome.removed) == (("spam",), ("spam",))
    assert not (old / "spam.py").exists()
    assert prefix.run("import spam; print(spam.version)") == "1.0"

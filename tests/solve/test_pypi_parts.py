"""The small parts of a PyPI solve: options, requirements, wheels, archives, stubs."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from support.registry import MockIndex, make_sdist, make_wheel

from pixi_jupyter.adapters.rattler.requirements import canonical_requirements
from pixi_jupyter.adapters.uv import File
from pixi_jupyter.adapters.web import Web
from pixi_jupyter.names import Project
from pixi_jupyter.platforms import Platform, VirtualPackage
from pixi_jupyter.solve.archives import (
    MissingPartError,
    Parts,
    entry_points,
    parse_metadata,
    read_project,
    read_sdist,
    read_wheel,
)
from pixi_jupyter.solve.metadata import MetadataStore
from pixi_jupyter.solve.pypi_reach import reachable_pypi
from pixi_jupyter.solve.pypi_record import PypiRecord
from pixi_jupyter.solve.stubs import write_stubs
from pixi_jupyter.solve.wheels import (
    best_wheel,
    tag_ranks,
    uv_platform,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


LINUX = Platform("linux-64", "linux-64")


@pytest.mark.parametrize(
    ("platform", "name"),
    [
        (LINUX, "x86_64-manylinux_2_28"),
        (
            Platform("p", "linux-64", (VirtualPackage("__glibc", "2.30"),)),
            "x86_64-manylinux_2_28",
        ),
        (
            Platform("p", "linux-64", (VirtualPackage("__glibc", "2.45"),)),
            "x86_64-manylinux_2_40",
        ),
        (
            Platform("p", "linux-64", (VirtualPackage("__glibc", "2.12"),)),
            "x86_64-manylinux_2_17",
        ),
        (
            Platform("p", "linux-aarch64", (VirtualPackage("__musl", "1.2"),)),
            "aarch64-unknown-linux-musl",
        ),
        (Platform("osx-arm64", "osx-arm64"), "aarch64-apple-darwin"),
        (Platform("win-64", "win-64"), "x86_64-pc-windows-msvc"),
    ],
)
def test_a_platform_has_a_name_that_uv_knows(platform: Platform, name: str) -> None:
    assert uv_platform(platform) == name


def wheels(*tags: str) -> list[File]:
    return [File(url=f"https://files.example/a-1.0-{tag}.whl") for tag in tags]


@pytest.mark.parametrize(
    ("tags", "best"),
    [
        (("py3-none-any", "cp311-cp311-manylinux_2_17_x86_64"), 1),
        (
            (
                "cp311-cp311-manylinux_2_28_x86_64",
                "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64",
            ),
            0,
        ),
        (("cp38-abi3-manylinux2014_x86_64", "py3-none-any"), 0),
        (("1-py3-none-any", "2-py3-none-any"), 1),
        (("cp312-cp312-manylinux_2_17_x86_64", "cp311-cp311-win_amd64"), None),
        (("cp311-cp311-musllinux_1_2_x86_64", "not-a-tag-at-all-x"), None),
    ],
)
def test_the_wheel_that_fits_best_is_taken(
    tags: tuple[str, ...], best: int | None
) -> None:
    files = wheels(*tags)

    found = best_wheel(files, tag_ranks(LINUX, "3.11.7"))

    assert found == (None if best is None else files[best])


async def test_a_wheel_is_read_from_a_few_parts_of_it(
    tmp_path: Path, mock_index: Callable[[], MockIndex]
) -> None:
    index = mock_index()
    index.serves_metadata = False
    program = "[console_scripts]\nspam = spam:main\n"
    wheel = make_wheel(
        tmp_path,
        "spam",
        requires=["ham>=1"],
        files={
            "spam-1.0.dist-info/entry_points.txt": program,
            "spam.py": "x" * 500_000,
        },
    )
    index.add(wheel)
    file = File(
        url=f"{index.url}files/{wheel.name}",
        sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
    )

    async with Web() as web:
        found = await MetadataStore(tmp_path / "store", web).of(file, listing=True)

    assert found is not None
    assert found.requires_dist == ("ham>=1",)
    assert found.scripts == ("spam",)
    assert found.files is not None
    assert "spam.py" in found.files
    assert [each.status for each in index.log] == [206, 206]
    offline = MetadataStore(tmp_path / "store", Web(offline=True))
    assert await offline.of(file, listing=True) == found


def test_reading_over_the_border_of_two_parts_gives_both() -> None:
    parts = Parts(6, {0: b"abc", 3: b"de"})

    assert parts.read(5) == b"abcde"
    with pytest.raises(MissingPartError) as missing:
        parts.read(1)
    assert (missing.value.start, missing.value.end) == (5, 6)


def test_a_file_that_is_no_wheel_is_told() -> None:
    with pytest.raises(ValueError, match="zip"):
        read_wheel(io.BytesIO(b"junk"))


def test_metadata_say_whether_they_are_for_good() -> None:
    old = b"Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: b\n"
    new = old.replace(b"2.1", b"2.2")

    assert parse_metadata(new).is_whole
    assert not parse_metadata(old).is_whole
    assert not parse_metadata(new + b"Dynamic: Requires-Dist\n").is_whole
    assert parse_metadata(new + b"Dynamic: License\n").is_whole


def test_an_sdist_gives_its_package_info(tmp_path: Path) -> None:
    found = read_sdist(make_sdist(tmp_path, "old", requires=["b"]).read_bytes())

    assert found is not None
    assert found.requires_dist == ("b",)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("old-1.0/PKG-INFO", "Metadata-Version: 2.2\nName: o\n")
    assert read_sdist(stream.getvalue()) is not None
    assert read_sdist(b"junk") is None


def test_a_project_says_only_what_no_build_can_change() -> None:
    static = '[project]\nname = "a"\nversion = "1"\ndependencies = ["b"]\n'

    found = read_project(static)

    assert found is not None
    assert (found.version, found.requires_dist) == ("1", ("b",))
    assert read_project(static + 'dynamic = ["optional-dependencies"]\n') is None
    dynamic = read_project('[project]\nname = "a"\ndynamic = ["version"]\n')
    assert dynamic is not None
    assert dynamic.version == ""
    assert read_project("[tool.x]\n") is None


def test_programs_are_those_of_two_sections() -> None:
    text = "[console_scripts]\na = x:y\n# b = c\n[other]\nc = d\n[gui_scripts]\ne=f:g\n"

    assert entry_points(text) == ("a", "e")


def test_requirements_are_spelled_as_pixi_does() -> None:
    rows = [
        ["Foo.Bar[D] (<2,>=1)", "x; python_version<'3.8' and extra=='a'"],
        ["bad!!"],
        [],
        ["z @ https://x.example/z.whl"],
    ]

    assert canonical_requirements(rows) == [
        ["foo-bar[d]>=1,<2", "x ; python_full_version < '3.8' and extra == 'a'"],
        ["bad!!"],
        [],
        ["z @ https://x.example/z.whl"],
    ]


def test_a_stub_is_written_once(tmp_path: Path) -> None:
    numpy = Project("my-numpy", "1.26.4", "numpy")
    first = write_stubs(tmp_path, [numpy])["my-numpy"]
    stamp = first.stat().st_mtime_ns

    again = write_stubs(tmp_path, [numpy])["my-numpy"]

    assert again == first
    assert again.stat().st_mtime_ns == stamp
    assert first.name == "my_numpy-1.26.4-py3-none-any.whl"
    with zipfile.ZipFile(first) as archive:
        text = archive.read("my_numpy-1.26.4.dist-info/METADATA").decode()
    assert "Requires-Dist" not in text
    assert list(tmp_path.iterdir()) == [first]


def test_an_environment_of_a_group_gets_what_it_reaches() -> None:
    def record(name: str, *requires: str) -> PypiRecord:
        url = f"https://files.example/{name}-1.0-py3-none-any.whl"
        return PypiRecord(location=url, name=name, requires_dist=requires)

    records = [
        record("app", "lib[fast-io]>=1 ; sys_platform == 'win32'", "numpy"),
        record("lib", "speed ; extra == 'fast-io'", "app", "other ; extra == 'x'"),
        record("speed"),
        record("other"),
    ]
    provided = {"numpy": Project("numpy", "2.0", "numpy-base")}

    found, conda = reachable_pypi(records, ["App>=1"], provided)

    assert [each.name for each in found] == ["app", "lib", "speed"]
    assert conda == ["numpy-base"]
    assert reachable_pypi(records, ["lib"], provided)[0][0].name == "app"
    assert reachable_pypi(records, ["other[none]", "numpy"], provided) == (
        [records[3]],
        ["numpy-base"],
    )

"""Distributions become packages that install as the original did."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any

import pytest
from support.packages import make_package

from pixi_jupyter.channel.archive import PLACEHOLDER, Entry, write_package
from pixi_jupyter.channel.distribution import distribution_package, missing_files
from pixi_jupyter.channel.repodata import write_repodata
from pixi_jupyter.errors import ChannelBuildError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.distributions import Site

    from pixi_jupyter.channel.blueprint import Blueprint
    from pixi_jupyter.channel.interpreter import Interpreter


@pytest.fixture
def plan(site: Site, interpreter: Interpreter) -> Callable[[str], Blueprint]:
    def plan(name: str) -> Blueprint:
        known = site.catalogue()
        return distribution_package(known[name], known, interpreter)

    return plan


def entries(blueprint: Blueprint) -> dict[str, Entry]:
    return {entry.path: entry for entry in blueprint.read()}


def record(blueprint: Blueprint, info: Path) -> dict[str, list[str]]:
    entry = entries(blueprint)[f"site-packages/{info.name}/RECORD"]
    return {row[0]: row[1:] for row in csv.reader(entry.data.decode().splitlines())}


def test_files_go_where_conda_wants_them(
    site: Site, plan: Callable[[str], Blueprint]
) -> None:
    info = site.add(
        "thing",
        files={"thing/__init__.py": "", "thing/data.bin": b"\0"},
        outside={"share/thing/x.txt": "x", "bin/tool": "#!/bin/sh\n"},
    )

    found = entries(plan("thing"))

    assert sorted(found) == [
        "python-scripts/tool",
        "share/thing/x.txt",
        *(f"site-packages/{info.name}/{x}" for x in ("INSTALLER", "METADATA")),
        *(f"site-packages/{info.name}/{x}" for x in ("RECORD", "WHEEL")),
        "site-packages/thing/__init__.py",
        "site-packages/thing/data.bin",
    ]
    assert found["python-scripts/tool"].mode == 0o755
    assert found[f"site-packages/{info.name}/INSTALLER"].data == b"conda\n"


def test_commands_are_left_to_the_linker(
    site: Site, plan: Callable[[str], Blueprint]
) -> None:
    site.add("thing", scripts={"thing": "thing:main", "other": "thing.cli:run [x]"})

    blueprint = plan("thing")

    link: Any = blueprint.link
    assert link["noarch"]["entry_points"] == [
        "other = thing.cli:run",
        "thing = thing:main",
    ]
    assert not any(path.startswith("python-scripts") for path in entries(blueprint))


def test_the_index_tells_the_version_and_where_it_came_from(
    site: Site, plan: Callable[[str], Blueprint]
) -> None:
    site.add("My.Thing", "1.0+local", metadata=["License-Expression: MIT"])

    blueprint = plan("my-thing")

    assert (blueprint.name, blueprint.version) == ("my-thing", "1.0")
    assert blueprint.fields["purls"] == ["pkg:pypi/my-thing@1.0+local"]
    assert blueprint.fields["license"] == "MIT"
    assert (blueprint.subdir, blueprint.build) == ("noarch", "pyh{digest}_{number}")


def test_a_compiled_package_is_named_for_one_python(
    site: Site, plan: Callable[[str], Blueprint], interpreter: Interpreter
) -> None:
    site.add("thing", tags=["cp311-cp311-manylinux_2_17_x86_64"])

    blueprint = plan("thing")

    assert blueprint.subdir == interpreter.subdir
    assert blueprint.build.startswith(f"py{interpreter.abi[2:]}h")


@pytest.mark.parametrize(
    "first",
    [
        "#!{prefix}/bin/python3.11\n",
        f"#!{sys.executable}\n",
        "#!/bin/sh\n'''exec' \"/a folder/bin/python\" \"$0\" \"$@\"\n' '''\n",
    ],
    ids=["of the prefix", "of another prefix", "path with a space"],
)
def test_a_script_gets_the_python_of_its_new_prefix(
    site: Site, plan: Callable[[str], Blueprint], first: str
) -> None:
    text = first.format(prefix=site.prefix) + "print('tool')\n"
    site.add("thing", outside={"bin/tool": text})

    entry = entries(plan("thing"))["python-scripts/tool"]

    assert entry.data.decode() == f"#!{PLACEHOLDER}/bin/python\nprint('tool')\n"
    assert entry.placeholder == PLACEHOLDER


@pytest.mark.parametrize(
    "text", ["#!/bin/bash\npython x\n", "#!/usr/bin/env python3\n"], ids=["sh", "env"]
)
def test_a_script_for_another_program_stays_as_it_is(
    site: Site, plan: Callable[[str], Blueprint], text: str
) -> None:
    site.add("thing", outside={"bin/tool": text})

    entry = entries(plan("thing"))["python-scripts/tool"]

    assert (entry.data.decode(), entry.placeholder) == (text, None)


def test_a_data_file_that_names_the_prefix_will_name_the_new_one(
    site: Site, plan: Callable[[str], Blueprint]
) -> None:
    kernel = f'{{"argv": ["{site.prefix}/bin/python"]}}'
    site.add("thing", outside={"share/jupyter/kernels/x/kernel.json": kernel})

    entry = entries(plan("thing"))["share/jupyter/kernels/x/kernel.json"]

    assert entry.data.decode() == f'{{"argv": ["{PLACEHOLDER}/bin/python"]}}'


def test_the_package_does_not_tell_how_and_where_it_was_installed(
    site: Site, tmp_path: Path, interpreter: Interpreter
) -> None:
    from support.distributions import Site as AnotherSite

    other = AnotherSite(tmp_path / "another source")
    digests = []
    for each in (site, other):
        info = each.add("thing", outside={"bin/tool": f"#!{each.prefix}/bin/python\n"})
        known = each.catalogue()
        if each is other:
            (info / "INSTALLER").write_text("uv", encoding="utf-8")
            with (info / "RECORD").open("a", encoding="utf-8") as file:
                file.write(f"{info.name}/INSTALLER,,\n{info.name}/uv_cache.json,,\n")
            (info / "uv_cache.json").write_text("{}", encoding="utf-8")
        blueprint = distribution_package(known["thing"], known, interpreter)
        digests.append(blueprint.digest(blueprint.read()))

    assert digests[0] == digests[1]


def test_the_record_names_what_the_package_installs(
    site: Site, plan: Callable[[str], Blueprint]
) -> None:
    info = site.add(
        "thing",
        files={"thing.py": "", "a, b.txt": "x"},
        outside={"share/x": "x", "bin/tool": "#!/bin/sh\n"},
        scripts={"thing": "thing:main"},
    )

    found = record(plan("thing"), info)

    assert found["thing.py"] == [
        "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "0",
    ]
    assert found["a, b.txt"][1] == "1"
    assert {
        "../../../share/x",
        "../../../bin/tool",
        "../../../bin/thing",
    } <= found.keys()
    assert found[f"{info.name}/RECORD"] == ["", ""]
    assert not any(".pyc" in path or "direct_url" in path for path in found)


def test_a_file_outside_of_the_prefix_stays_there(
    site: Site, plan: Callable[[str], Blueprint], tmp_path: Path
) -> None:
    info = site.add("thing")
    (tmp_path / "outside.txt").write_text("x", encoding="utf-8")
    with (info / "RECORD").open("a", encoding="utf-8") as file:
        file.write(f"{tmp_path}/outside.txt,,\n../../../../outside.txt,,\n")

    assert not any("outside" in path for path in entries(plan("thing")))


def test_files_that_are_gone_are_listed_and_left_out(
    site: Site, plan: Callable[[str], Blueprint]
) -> None:
    site.add("thing", files={"thing.py": "", "more.py": ""}, outside={"share/x": ""})
    (site.folder / "more.py").unlink()
    (site.prefix / "share/x").unlink()

    assert missing_files(site["thing"]) == [str(site.folder / "more.py")]
    assert "site-packages/more.py" not in entries(plan("thing"))


def test_a_distribution_with_a_fault_is_refused(
    site: Site, plan: Callable[[str], Blueprint]
) -> None:
    site.add("thing", editable=True)

    with pytest.raises(ChannelBuildError, match="editable"):
        plan("thing")


def test_rattler_installs_it_with_its_command(
    site: Site,
    plan: Callable[[str], Blueprint],
    interpreter: Interpreter,
    installer: Callable[..., Path],
    tmp_path: Path,
) -> None:
    site.add("thing", files={"thing.py": "x = 1\n"}, scripts={"thing": "thing:main"})
    channel, prefix = tmp_path / "channel", tmp_path / "prefix"
    make_package(
        channel,
        "python",
        interpreter.version,
        subdir=interpreter.subdir,
        files={"bin/python": ""},
        python_site_packages_path=interpreter.site_packages,
    )
    blueprint = plan("thing")
    index = blueprint.index("0" * 8, 0)
    write_package(channel, index, blueprint.read(), link=blueprint.link)
    write_repodata(channel)

    installer(channel.as_uri(), ["thing"], prefix, tmp_path / "cache")

    assert (prefix / interpreter.site_packages / "thing.py").read_text() == "x = 1\n"
    assert "from thing import main" in (prefix / "bin/thing").read_text("utf-8")

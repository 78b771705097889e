"""An installed distribution as a conda package.

Every package has the layout that conda calls ``noarch: python``: files below
``site-packages`` and ``python-scripts``, commands in link.json. Those that fit one
platform only lie in its subdir, which every conda client accepts.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sysconfig
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.channel.archive import PLACEHOLDER, Entry
from pixi_jupyter.channel.blueprint import Blueprint
from pixi_jupyter.channel.compatibility import fit_of
from pixi_jupyter.channel.relocate import SYSTEM_PREFIXES
from pixi_jupyter.errors import ChannelBuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixi_jupyter.channel.installed import Catalogue, Installed
    from pixi_jupyter.channel.interpreter import Interpreter

_OF_THE_INSTALL = frozenset(
    ["INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json"]
)
"""What an installer writes into ``.dist-info``."""
# An installer spreads a shebang that is too long, or has a space, over three lines.
_SHEBANG = re.compile(
    rb"\A#!(?:/bin/sh\n'''exec' .*\n' '''|\S*/pythonw?[\d.]*t?(?=[ \r\n]))"
)


def distribution_package(
    installed: Installed, known: Catalogue, interpreter: Interpreter
) -> Blueprint:
    """Plan the package of one installed distribution.

    Parameters
    ----------
    known
        All that is installed, to look up the requirements of extras.
    interpreter
        The interpreter it is installed beside.

    Raises
    ------
    ChannelBuildError
        If its files are not to be had.
    """
    if installed.fault:
        raise ChannelBuildError(installed.name, reason=installed.fault)
    fit = fit_of(installed, known, interpreter)
    sources = _sources(installed)
    scripts = [f"{name} = {value}" for name, value in sorted(installed.scripts.items())]
    python = f"py{interpreter.abi[2:]}" if fit.one_python else "py"
    return Blueprint(
        name=installed.name,
        version=installed.version.public,  # a local part would not match >=
        subdir=interpreter.subdir if fit.one_platform else "noarch",
        build=f"{python}h{{digest}}_{{number}}",
        fields={
            "noarch": "python",
            "depends": list(fit.depends),
            "license": installed.field("License-Expression"),
            "purls": [f"pkg:pypi/{installed.name}@{installed.version}"],
        },
        about={
            "summary": installed.field("Summary"),
            "home": installed.field("Home-page"),
        },
        link={
            "noarch": {
                "type": "python",
                **({"entry_points": scripts} if scripts else {}),
            },
            "package_metadata_version": 1,
        },
        sources=sources,
        read=partial(_read, installed, sources),
    )


def missing_files(installed: Installed) -> list[str]:
    """List the files that RECORD names and that are gone.

    What lies outside of the site folder does not count: not every way to install
    a distribution puts it there.
    """
    return [
        file
        for path, file in _named_files(installed)
        if path.startswith("site-packages/") and not os.path.isfile(file)  # noqa: PTH113  thousands of them
    ]


def _sources(installed: Installed) -> dict[str, Path]:
    """List the files of a distribution by their path in its package."""
    return {
        path: file
        for path, name in _named_files(installed)
        if (file := Path(name)).is_file()
    }


def _named_files(installed: Installed) -> Iterator[tuple[str, str]]:
    """Give each file that belongs into the package: path in it, path on disk."""
    site, root = f"{installed.site}{os.sep}", f"{prefix_of(installed.site)}{os.sep}"
    own = {str(installed.folder / name) for name in _OF_THE_INSTALL}
    for file in installed.files:
        if file in own:
            continue
        if file.startswith(site):
            inside = file[len(site) :].replace(os.sep, "/")
            yield f"site-packages/{inside}", file
        elif file.startswith(root):
            inside = file[len(root) :].replace(os.sep, "/")
            if path := _outside_site(installed, inside):
                yield path, file


def _outside_site(installed: Installed, inside: str) -> str:
    """Give the path in the package of a script or data file, or nothing."""
    folder, _, rest = inside.partition("/")
    if folder not in ("bin", "Scripts"):
        return inside
    stem = rest.rpartition(".")[0] or rest
    made = {rest, stem, stem.removesuffix("-script")}
    if made & installed.scripts.keys():
        return ""  # made again from link.json
    return f"python-scripts/{rest}"


def prefix_of(site: Path) -> Path:
    """Give the prefix that a site folder belongs to."""
    scheme = Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("data"))
    depth = len(scheme[0].parts) - len(scheme[1].parts)
    return site.parents[min(depth, len(site.parents)) - 1]


def _read(installed: Installed, sources: dict[str, Path]) -> Iterator[Entry]:
    """Read the files, and write a RECORD that fits the package."""
    rows = []
    prefix = str(prefix_of(installed.site))
    for path, file in sources.items():
        data = file.read_bytes()
        runnable = path.startswith("python-scripts/") or os.access(file, os.X_OK)
        entry = Entry(path, data, 0o755 if runnable else 0o644)
        if not path.startswith("site-packages/"):
            entry = _without_prefix(entry, prefix)
        rows.append(_record_row(entry))
        yield entry
    folder = f"site-packages/{installed.folder.name}"
    installer = Entry(f"{folder}/INSTALLER", b"conda\n")
    yield installer
    rows.append(_record_row(installer))
    rows += [f"../../../bin/{name},," for name in installed.scripts]
    rows.append(f"{installed.folder.name}/RECORD,,")
    yield Entry(f"{folder}/RECORD", "".join(f"{x}\n" for x in sorted(rows)).encode())


def _record_row(entry: Entry) -> str:
    folder, _, rest = entry.path.partition("/")
    path = {
        "site-packages": rest,
        "python-scripts": f"../../../bin/{rest}",
    }.get(folder, f"../../../{entry.path}")
    if entry.placeholder:
        return f"{path},,"
    digest = base64.urlsafe_b64encode(hashlib.sha256(entry.data).digest())
    quoted = f'"{path}"' if "," in path else path
    return f"{quoted},sha256={digest.decode().rstrip('=')},{len(entry.data)}"


def _without_prefix(entry: Entry, prefix: str) -> Entry:
    """Put the placeholder where a script or data file names the prefix."""
    data = entry.data
    if b"\0" in data:
        return entry
    if entry.path.startswith("python-scripts/"):
        data = _SHEBANG.sub(f"#!{PLACEHOLDER}/bin/python".encode(), data, count=1)
    if prefix not in SYSTEM_PREFIXES:
        data = data.replace(f"{prefix}/".encode(), f"{PLACEHOLDER}/".encode())
    if data == entry.data:
        return entry
    return Entry(entry.path, data, entry.mode, placeholder=PLACEHOLDER)

"""A folder of installed distributions, as an installer would leave it."""

from __future__ import annotations

import csv
import json
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from pixi_jupyter.channel.installed import Catalogue, Installed, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Site:
    """The site folder of a prefix, with the scheme of the running interpreter.

    Parameters
    ----------
    prefix
        Where scripts and data go.
    """

    def __init__(self, prefix: Path) -> None:
        self.prefix = prefix
        data, pure = sysconfig.get_path("data"), sysconfig.get_path("purelib")
        self.folder = prefix / Path(pure).relative_to(data)
        self.folder.mkdir(parents=True)

    def add(
        self,
        name: str,
        version: str = "1.0",
        *,
        files: Mapping[str, str | bytes] | None = None,
        outside: Mapping[str, str | bytes] | None = None,
        metadata: Iterable[str] = (),
        tags: Iterable[str] = ("py3-none-any",),
        scripts: Mapping[str, str] | None = None,
        editable: bool = False,
    ) -> Path:
        """Install one distribution; gives its ``.dist-info`` folder.

        Parameters
        ----------
        files
            Content by path below the site folder; None for one module.
        outside
            The same, below the prefix.
        metadata
            Further lines, such as ``Requires-Dist: numpy``.
        scripts
            Console scripts: ``module:function`` by name.
        """
        info = self.folder / f"{name.replace('-', '_')}-{version}.dist-info"
        if files is None:
            files = {f"{name.replace('-', '_')}.py": f"version = {version!r}\n"}
        head = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}"]
        own = {
            "METADATA": "\n".join([*head, *metadata]) + "\n",
            "WHEEL": "".join(f"Tag: {tag}\n" for tag in tags),
            "INSTALLER": "pip\n",
        }
        if scripts:
            rows = "".join(f"{key} = {value}\n" for key, value in scripts.items())
            own["entry_points.txt"] = f"[console_scripts]\n{rows}"
        if editable:
            origin = {"url": "file:///elsewhere", "dir_info": {"editable": True}}
            own["direct_url.json"] = json.dumps(origin)
        written: dict[str, str | bytes] = {
            f"{info.name}/{key}": value for key, value in own.items()
        }
        written.update(files)
        listed = [*written, f"{info.name}/RECORD", "__pycache__/gone.cpython-311.pyc"]
        up = "/".join([".."] * len(self.folder.relative_to(self.prefix).parts))
        for path, content in (outside or {}).items():
            listed.append(f"{up}/{path}")
            _write(self.prefix / path, content)
        for path in scripts or {}:
            listed.append(f"{up}/bin/{path}")
            _write(self.prefix / "bin" / path, f"#!{sys.executable}\n")
        for path, content in written.items():
            _write(self.folder / path, content)
        with (info / "RECORD").open("w", encoding="utf-8", newline="") as record:
            csv.writer(record).writerows([path, "", ""] for path in listed)
        return info

    def catalogue(self) -> Catalogue:
        """List what is installed here."""
        return catalogue([str(self.folder)])

    def __getitem__(self, name: str) -> Installed:
        return self.catalogue()[name]


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)

"""A channel of 2,000 records, and an environment of 60 packages in it.

Everything is made from numbers, so that every machine measures the same.
"""

from __future__ import annotations

import hashlib
import json
import random
from typing import TYPE_CHECKING, Any

from pixi_jupyter.channel.archive import Entry, write_package
from pixi_jupyter.channel.build import build_channel
from pixi_jupyter.channel.repodata import write_repodata
from pixi_jupyter.events import Operation
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLACEHOLDER = "/opt/made" + 24 * "_placehold"
"""As long as those of real packages, so that it can stand in binaries."""
VERSIONS = 8
TIMESTAMP = 1_700_000_000_000


class Shape:
    """How large a channel is."""

    def __init__(self, *, names: int, installed: int, files: int) -> None:
        self.names, self.installed, self.files = names, installed, files

    def record(self, number: int, version: int) -> dict[str, Any]:
        """Give the index of one build: a tree of chains below the first name."""
        children = [2 * number + 1, 2 * number + 2]
        end = self.installed if number < self.installed else self.names
        depends = [
            f"made-{child:03} >={max(version - 1, 1)},<{version + 2}"
            for child in children
            if child < end
        ]
        if version == VERSIONS and number % 5 == 4:
            depends.append("made-nowhere >=1")
        if self.is_python(number):
            depends.append("python >=3.8")
        return {
            "name": f"made-{number:03}",
            "version": f"{version}.0",
            "build": "0",
            "build_number": 0,
            "depends": depends,
            "subdir": "noarch" if self.is_python(number) else host_subdir(),
            "timestamp": TIMESTAMP + version,
            "license": "MIT",
            **({"noarch": "python"} if self.is_python(number) else {}),
        }

    def solved(self, number: int) -> int:
        """Give the version that a solve must find."""
        return VERSIONS - 1 if number % 5 == 4 else VERSIONS

    @staticmethod
    def is_python(number: int) -> bool:
        return number % 5 in (1, 3)

    def entries(self, number: int) -> Iterator[Entry]:
        """Make the files of one package: text, binary, some that hold the prefix."""
        chance = random.Random(number)  # noqa: S311  no secret
        name = f"made_{number:03}"
        words = [f"{chance.getrandbits(32):x}" for _ in range(400)]
        root = f"site-packages/{name}" if self.is_python(number) else f"lib/{name}"
        for index in range(self.files):
            text = "\n".join(
                f"v{line} = '{chance.choice(words)} {chance.choice(words)}'"
                for line in range(chance.randint(20, 400))
            )
            path = f"{root}/part{index // 25}/module{index:03}.py"
            if index % 20 == 0:
                data = f"#!{PLACEHOLDER}/bin/python\n{text}\n".encode()
                yield Entry(path, data, mode=0o755, placeholder=PLACEHOLDER)
            elif index % 20 == 1 and not self.is_python(number):
                held = PLACEHOLDER.encode() + b"/lib\0"
                data = b"\x7fELF" + chance.randbytes(20_000) + held + bytes(2_000)
                yield Entry(path[:-3] + ".so", data, placeholder=PLACEHOLDER)
            else:
                yield Entry(path, text.encode())


LARGE = Shape(names=250, installed=59, files=168)
SMALL = Shape(names=6, installed=3, files=4)


def make_channel(folder: Path, shape: Shape = LARGE) -> str:
    """Write the channel; give its URL. The environment is ``python, made-000``."""
    url = build_channel(folder, (), operation=Operation()).url
    for number in range(shape.installed):
        index = shape.record(number, shape.solved(number))
        link = (
            {"noarch": {"type": "python"}, "package_metadata_version": 1}
            if shape.is_python(number)
            else None
        )
        write_package(folder, index, shape.entries(number), link=link, level=1)
    write_repodata(folder)
    for subdir in ("noarch", host_subdir()):
        path = folder / subdir / "repodata.json"
        repodata = json.loads(path.read_text())
        for name, record in _others(shape, subdir):
            repodata["packages.conda"].setdefault(name, record)
        path.write_text(json.dumps(repodata))
    return url


def _others(shape: Shape, subdir: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Make the records of builds that a solve looks at and leaves."""
    for number in range(shape.names):
        for version in range(1, VERSIONS + 1):
            record = shape.record(number, version)
            if record["subdir"] != subdir:
                continue
            name = f"{record['name']}-{record['version']}-0.conda"
            digest = hashlib.sha256(name.encode()).hexdigest()
            yield name, {**record, "sha256": digest, "md5": digest[:32], "size": 9_999}

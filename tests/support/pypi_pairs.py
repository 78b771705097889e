"""Manifests and locks that agree, or not, about PyPI: a pair for each kind of reason."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pixi_jupyter.lock.file import Lock, LockedPackage
from pixi_jupyter.workspace.pypi_rules import pypi_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from pixi_jupyter.lock.satisfy import Disagreement
    from support.locks import Locked

INDEX = "https://pypi.example/simple"
FILES = "https://files.pypi.example"
MANIFEST = """
[workspace]
channels = ["CHANNEL"]
platforms = ["linux-64"]

[dependencies]
python = "*"
"""
WITH_NUMPY = """numpy = "*"
"""


def wheel(name: str, version: str = "1.0", /, **fields: Any) -> LockedPackage:
    location = fields.pop("location", f"{FILES}/{name}-{version}-py3-none-any.whl")
    given = {"name": name, "version": version, **fields}
    return LockedPackage("pypi", location, {k: v for k, v in given.items() if v})


CLICK, FLASK = wheel("click", "8.1"), wheel("flask", "2.3", requires_dist=["click>=8"])
GIT = "git+https://git.example/a/click.git"
COMMIT = "#" + "0" * 40


def from_git(query: str) -> LockedPackage:
    return wheel("click", location=f"{GIT}{query}{COMMIT}")


@dataclass(frozen=True)
class Pair:
    asked: str
    """Below `[pypi-dependencies]`."""
    locked: tuple[LockedPackage, ...]
    conda: str = ""
    more: str = ""
    """Other tables."""
    options: dict[str, object] = field(default_factory=dict)
    indexes: tuple[str, ...] | None = (INDEX,)
    find_links: tuple[object, ...] | None = None
    version: int = 7

    def check(self, base: Callable[[str], Locked]) -> list[Disagreement]:
        solved = base(MANIFEST + self.conda)
        asked = f"[pypi-dependencies]\n{self.asked}\n" if self.asked else ""
        return solved.check(
            f"{solved.text}\n{asked}{self.more}",
            lock=self.lock(solved),
            pypi=pypi_rules(default_index=INDEX),
        )

    def lock(self, solved: Locked) -> Lock:
        environment = solved.lock.environments["default"]
        row = (*environment.packages["linux-64"], *self.locked)
        changed = replace(
            environment,
            packages={"linux-64": row},
            indexes=self.indexes,
            find_links=self.find_links,
            options=self.options,
        )
        environments = {"default": changed}
        return replace(solved.lock, environments=environments, version=self.version)

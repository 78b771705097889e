"""Which package brings a module that is imported.

The order: what is known of the module (``data/import_names.json``, see ``NOTICE.txt``
beside it); what follows from the name of a namespace; the conda package, and the
project of PyPI, of the module's own name. conda comes first. Nothing is asked of a
server here: the table knows the names of conda-forge as they were when it was made.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pixi_jupyter.names import normalised
from pixi_jupyter.notebook.imports_known import (
    CAME,
    ELSEWHERE,
    GENERIC,
    KERNEL,
    REMOVED,
)
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "GENERIC",
    "KERNEL",
    "ModulePackage",
    "conda_of",
    "conda_of_name",
    "conda_of_r",
    "extras_of",
    "is_conda",
    "is_standard",
    "package_for_module",
    "service_of",
    "successor_of",
]

_TABLE = Path(__file__).parents[1] / "data" / "import_names.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulePackage:
    """The package that brings a module."""

    module: str
    """As it is imported, as far as it counts: ``google.cloud.storage``."""
    conda: str = ""
    """Its name on conda-forge; empty if it is not there."""
    pypi: str = ""
    """Its name on PyPI, normalised; empty if it is not there."""
    is_known: bool = False
    """Whether the table names the module; else its own name is all there is."""

    @property
    def name(self) -> str:
        """Its name where it is looked for first."""
        return self.conda or self.pypi


def package_for_module(name: str) -> ModulePackage | None:
    """Find the package to add for a module that cannot be imported.

    Parameters
    ----------
    name
        As in an import statement, dots included.

    Returns
    -------
    ModulePackage or None
        None where no package is known, or none should be guessed: a module of
        Python's own, of the kernel, of a service, or one that is called as people
        call their own.
    """
    parts = name.split(".")
    if is_standard(name) or service_of(name) or parts[0] in KERNEL:
        return None
    if (found := _in_table(parts)) is not None:
        return found if found.name else None
    if parts[0] in GENERIC or parts[0].startswith("_"):
        return None
    if any(each.partition(".")[0] == parts[0] for each in _table()["namespaces"]):
        return _in_namespace(parts)
    conda, project = conda_of(parts[0]), normalised(parts[0])
    if conda and (normalised(conda) == project or _is_after(conda, project)):
        return ModulePackage(module=parts[0], conda=conda, pypi=project)
    return None


def _is_after(conda: str, project: str) -> bool:
    """Tell whether a conda package is called as a project with a word for Python."""
    words = ("python", "py")
    return conda in {x for w in words for x in (f"{w}-{project}", f"{project}-{w}")}


def _in_table(parts: list[str]) -> ModulePackage | None:
    modules: Mapping[str, list[str]] = _table()["modules"]
    for length in range(len(parts), 0, -1):
        module = ".".join(parts[:length])
        if (known := modules.get(module)) is not None:
            conda, pypi = known
            return ModulePackage(module=module, conda=conda, pypi=pypi, is_known=True)
    return None


def _in_namespace(parts: list[str]) -> ModulePackage | None:
    for length in range(len(parts), 1, -1):
        project = "-".join(parts[:length])
        if conda := conda_of(project):
            module = ".".join(parts[:length])
            return ModulePackage(module=module, conda=conda, pypi=normalised(project))
    return None


def conda_of(project: str) -> str:
    """Give the conda package of a project of PyPI; empty where there is none."""
    project = normalised(project)
    if found := _conda_names().get(project):
        return found
    projects: Mapping[str, str] = _table()["projects"]
    return projects.get(project, "")


def is_conda(name: str) -> bool:
    """Tell whether conda-forge has a Python or R package of this name."""
    return _conda_names().get(normalised(name)) == name


def conda_of_name(name: str) -> str:
    """Give a conda package as it is spelled: with dashes, underscores or dots."""
    return _conda_names().get(normalised(name), "")


def conda_of_r(package: str) -> str:
    """Give the conda package of a package of R; empty where conda-forge has none."""
    return _conda_names().get(normalised(f"r-{package}"), "")


def extras_of(project: str, extra: str) -> tuple[str, ...] | None:
    """Give the conda packages that an extra brings along; None if it is not known."""
    extras: Mapping[str, list[str]] = _table()["extras"]
    found = extras.get(f"{normalised(project)}[{normalised(extra)}]")
    return None if found is None else tuple(found)


def service_of(module: str) -> str:
    """Name the service that alone has a module; empty for any other module."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if found := ELSEWHERE.get(".".join(parts[:length])):
            return found
    return ""


def is_standard(module: str, python: tuple[int, int] | None = None) -> bool:
    """Tell whether a module is Python's own.

    Parameters
    ----------
    python
        Which Python; None for any.
    """
    top = module.partition(".")[0]
    if left := REMOVED.get(top):
        return python is None or python < (3, left[0])
    if (came := CAME.get(top)) is not None:
        return python is None or python >= (3, came)
    return top in sys.stdlib_module_names or top in ("__main__", "this", "antigravity")


def successor_of(module: str) -> str | None:
    """Give the package that has what left Python's own library.

    Returns
    -------
    str or None
        Empty where nothing has it; None for a module that never left.
    """
    left = REMOVED.get(module.partition(".")[0])
    return left[1] if left else None


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_TABLE.read_bytes())
    return found


@lru_cache(maxsize=1)
def _conda_names() -> dict[str, str]:
    """Give conda packages by the name as PyPI compares it."""
    import base64
    import lzma

    packed = "".join(_table()["conda"])
    names = lzma.decompress(base64.b85decode(packed)).decode().split("\n")
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(normalised(name), name)
    return found

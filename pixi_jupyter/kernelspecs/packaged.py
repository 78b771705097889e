"""Kernels that packages of an environment bring along, in any language."""

from __future__ import annotations

import json
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pixi_jupyter.adapters.files import read_file
from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = ("share", "jupyter", "kernels")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedKernel:
    """One ``share/jupyter/kernels/NAME`` of a prefix."""

    name: str
    """Of its folder."""
    folder: Path
    argv: tuple[str, ...]
    """As written; its first word may be a bare name."""
    display_name: str = ""
    language: str = ""
    interrupt_mode: str = "signal"
    env: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_own_python(self) -> bool:
        """Whether it is ipykernel, which we start in our own way."""
        return self.language == "python" and any(
            "ipykernel" in word for word in self.argv
        )

    @property
    def title(self) -> str:
        """The language as people write it."""
        word = self.language or self.display_name or self.name
        return word if word != word.lower() else word.capitalize()

    @property
    def logos(self) -> tuple[Path, ...]:
        """Its own pictures."""
        return tuple(sorted(self.folder.glob("logo-*")))


def read_packaged_kernel(prefix: Path, name: str) -> PackagedKernel | None:
    """Read one kernel of a prefix; None if there is none that can be used."""
    folder = prefix.joinpath(*FOLDER, name)
    try:
        data = json.loads(read_file(folder / "kernel.json"))
    except (OSError, ValueError, RecursionError):
        return None
    argv = data.get("argv") if isinstance(data, dict) else None
    if not isinstance(argv, list) or not argv:
        return None
    return PackagedKernel(
        name=name,
        folder=folder,
        argv=tuple(map(str, argv)),
        display_name=str(data.get("display_name", name)),
        language=str(data.get("language", "")),
        interrupt_mode=str(data.get("interrupt_mode", "signal")),
        env={key: str(value) for key, value in _table(data.get("env")).items()},
        metadata=_table(data.get("metadata")),
    )


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def packaged_kernels(prefix: Path) -> tuple[PackagedKernel, ...]:
    """List the kernels of a prefix that are not its own Python, by name."""
    parent = prefix.joinpath(*FOLDER)
    found = (
        read_packaged_kernel(prefix, path.parent.name)
        for path in sorted(parent.glob("*/kernel.json"))
    )
    return tuple(kernel for kernel in found if kernel and not kernel.is_own_python)

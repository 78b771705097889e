"""An element of the list `platforms`, as it is typed and as it is written.

Keys and rules: pixi 0.77.0, rich platforms (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import UsageError, nearest
from pixi_jupyter.manifest.platform_entries import customised, synthesized_name
from pixi_jupyter.platforms import SUBDIRS, VirtualPackage, host_subdir
from pixi_jupyter.values import dataclass
from pixi_jupyter.verbs.workspace_edit import PlacedRequest
from pixi_jupyter.workspace.hosts import host_virtual_packages

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pixi_jupyter.workspace.context import Workspace

_KEYS = ("cuda", "archspec", "glibc", "linux", "macos", "windows")
_NAMES = {
    "cuda": "__cuda",
    "archspec": "__archspec",
    "glibc": "__glibc",
    "linux": "__linux",
    "macos": "__osx",
    "osx": "__osx",
    "windows": "__win",
}
"""Keys of the table, and the virtual packages they stand for."""
_OF_HOST = {name: key for key, name in _NAMES.items() if key != "osx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRequest(PlacedRequest):
    """A request with the virtual packages that a platform promises."""

    cuda: str | None = None
    cuda_arch: str | None = None
    archspec: str | None = None
    glibc: str | None = None
    linux: str | None = None
    macos: str | None = None
    windows: str | None = None


def promises(request: PromiseRequest, raw: Iterable[str]) -> dict[str, object]:
    """Collect the keys of a platform's table from options and ``__`` words.

    Raises
    ------
    UsageError
        If one is no virtual package, or is given twice.
    """
    found: dict[str, object] = {
        key: value for key in _KEYS if (value := getattr(request, key)) is not None
    }
    if request.cuda_arch is not None:
        found["cuda_arch"] = request.cuda_arch
    named = {_NAMES.get(key, key) for key in found}
    for text in raw:
        name, _, value = text.partition("=")
        if not name.startswith("__") or len(name) == len("__"):
            msg = f"{text} is no virtual package such as __cuda=12"
            raise UsageError(msg)
        if name in named:
            msg = f"{name} is given twice"
            raise UsageError(msg)
        named.add(name)
        found[name] = value or "0"
    return found


def new_entry(text: str, promised: Mapping[str, object]) -> object:
    """Make an element from ``SUBDIR`` or ``NAME=SUBDIR``.

    Raises
    ------
    UsageError
        If there is no such platform, or a subdir is asked to promise something.
    """
    name, sign, subdir = text.partition("=")
    subdir = subdir if sign else name
    if subdir not in SUBDIRS:
        close = nearest(subdir, SUBDIRS)
        msg = f"{subdir} is no platform"
        raise UsageError(msg, hints=(f"did you mean {close}?",) if close else ())
    if name == subdir and not promised:
        return subdir
    if name == subdir:
        msg = f"{subdir} with virtual packages needs a name of its own"
        raise UsageError(msg, hints=(f"NAME={subdir}",))
    return with_promises({"name": name, "platform": subdir}, promised)


def detected_entry(
    workspace: Workspace, name: str | None, promised: Mapping[str, object]
) -> object:
    """Make an element that is this computer, with some of it said otherwise."""
    subdir = host_subdir(workspace.environ)
    found = customised(subdir, _declarable(workspace))
    if not found and not promised and name in (None, subdir):
        return subdir
    table: dict[str, Any] = {}
    for each in found:
        key = _OF_HOST[each.name]
        table[key] = each.build if key == "archspec" else each.version
    table = with_promises(table, promised)
    packages = [
        VirtualPackage(each.name, str(table.get(_OF_HOST[each.name], each.version)))
        if each.name != "__archspec"
        else VirtualPackage(each.name, "0", str(table["archspec"]))
        for each in found
    ]
    given = name or synthesized_name(subdir, packages)
    return {"name": given, "platform": subdir, **table}


def _declarable(workspace: Workspace) -> Iterable[VirtualPackage]:
    """Give those virtual packages of this computer that a manifest has keys for."""
    for each in host_virtual_packages(workspace):
        if each.name == "__archspec":
            yield VirtualPackage(each.name, "0", each.build)
        elif each.name in _OF_HOST:
            yield VirtualPackage(each.name, each.version)


def edited_entry(
    entry: object,
    *,
    name: str,
    subdir: str | None,
    promised: Mapping[str, object],
    removed: Sequence[str],
    clear: bool,
) -> object:
    """Give an element with other promises.

    Raises
    ------
    UsageError
        If it is a subdir, which promises nothing of its own, or if what is to be
        removed is not there.
    """
    if not isinstance(entry, dict) or name in SUBDIRS:
        msg = f"{name} is a platform of conda and stays as it is"
        hint = f"{{command}} workspace platform add NAME={name} …"
        raise UsageError(msg, hints=(hint,))
    table = {k: v for k, v in entry.items() if k in ("name", "platform") or not clear}
    for each in removed:
        keys = [
            key
            for key in table
            if key in (each, f"__{each}") or _NAMES.get(key, "") in (each, f"__{each}")
        ]
        if not keys:
            msg = f"{name} does not promise {each}"
            raise UsageError(msg)
        for key in keys:
            del table[key]
    if subdir is not None:
        table["platform"] = subdir
    if promised or subdir or "name" not in table:
        # a name that followed from the promises would change with them
        table = {"name": name, **table}
    return with_promises(table, promised)


def with_promises(
    table: dict[str, Any], promised: Mapping[str, object]
) -> dict[str, Any]:
    """Give a platform's table with some keys set, each under the name it has."""
    table = dict(table)
    for key, value in promised.items():
        if key == "cuda_arch":
            continue
        same = [k for k in table if _NAMES.get(k, k) == _NAMES.get(key, key)]
        old = table.get(same[0]) if same else None
        new = {**old, "driver": value} if isinstance(old, dict) else value
        table[same[0] if same else key] = new
    if arch := promised.get("cuda_arch"):
        cuda = table.get("cuda")
        if cuda is None:
            msg = "--cuda-arch needs --cuda"
            raise UsageError(msg)
        driver = cuda["driver"] if isinstance(cuda, dict) else cuda
        table["cuda"] = {"driver": driver, "arch": arch}
    return table


def entry_name(entry: object) -> str:
    """Give the name of an element that was made here."""
    return str(entry["name"]) if isinstance(entry, dict) else str(entry)

"""Says with each answer of a kernel which environment it came from.

A kernel cannot write into a notebook. What it can is to put metadata beside its
``execute_reply``; whoever runs the cell (the panel in JupyterLab, `notebook.stamps` for
nbclient) copies them into the cell. What is told is read from the disk, so that it is
right after a ``%pixi add`` or a ``%pip install`` in the middle of a notebook too.
"""

import base64
import hashlib
import os
import re
import sys
import sysconfig
import zlib
from typing import Any, Dict, Iterator, List, Optional, Tuple

KEY = "pixi-jupyter"
"""In the metadata of an answer."""

_SHORT = 16
_DIST_INFO = ".dist-info"
_OWN_KINDS = ("ok", "error")


class Stamps:
    """The stamps of one prefix.

    Parameters
    ----------
    prefix
        Of the environment.
    name
        What the environment is called.
    sites
        Folders of Python packages in it.
    """

    def __init__(self, prefix: str, name: str, sites: List[str]) -> None:
        self._name = name
        self._records = os.path.join(prefix, "conda-meta")  # noqa: PTH118
        self._sites = sites
        self._mark: Tuple[int, ...] = ()
        self._stamp: Dict[str, Any] = {}

    def now(self) -> Dict[str, Any]:
        """Give the stamp of the environment as it is at this moment.

        Notes
        -----
        Two looks at the disk where nothing has changed.
        """
        mark = tuple(map(_changed_at, (self._records, *self._sites)))
        if mark != self._mark:
            text = "\n".join(packages(self._records, self._sites))
            self._stamp = {
                "environment": hashlib.sha256(text.encode()).hexdigest()[:_SHORT],
                "name": self._name,
                "platform": platform(),
                "packages": packed(text),
            }
            self._mark = mark
        return self._stamp


def packages(records: str, sites: List[str]) -> List[str]:
    """List what is installed: ``name version build``, of PyPI ``name version``."""
    conda = {}
    for name in _names(records):
        parts = name[: -len(".json")].rsplit("-", 2)
        if name.endswith(".json") and len(parts) == 3:  # noqa: PLR2004  as conda names them
            conda[parts[0]] = " ".join(parts)
    found = list(conda.values())
    for site in sites:
        found += [
            "%s %s" % (name, version)
            for name, version in _distributions(site)
            if name not in conda
        ]
    return sorted(set(found))


def _distributions(site: str) -> Iterator[Tuple[str, str]]:
    """List what was not put there by a conda package."""
    for folder in _names(site):
        name, _, version = folder[: -len(_DIST_INFO)].partition("-")
        if not folder.endswith(_DIST_INFO) or not version:
            continue
        try:
            with open(os.path.join(site, folder, "INSTALLER"), "rb") as stream:  # noqa: PTH118, PTH123
                installer = stream.read(100).strip()
        except OSError:
            installer = b""
        if installer != b"conda":
            yield re.sub(r"[-_.]+", "-", name).lower(), version


def packed(text: str) -> str:
    """Give a list as short as a notebook should hold it: zlib, then base85."""
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")


def platform() -> str:
    """Give the channel directory of this interpreter, as ``linux-64``."""
    system, _, rest = sysconfig.get_platform().partition("-")
    machine = rest.rpartition("-")[2] if system == "macosx" else rest
    kind = {"macosx": "osx"}.get(system, system)
    return "%s-%s" % (
        kind,
        {"x86_64": "64", "amd64": "64"}.get(machine.lower(), machine),
    )


def attach(kernel: Any, options: Dict[str, str]) -> None:  # noqa: ANN401  ipykernel's
    """Let a kernel say with each execution where it happened.

    Parameters
    ----------
    kernel
        An ipykernel of any age.
    options
        What the kernel was started with.
    """
    paths = sysconfig.get_paths()
    sites = sorted({paths["purelib"], paths["platlib"]})
    stamps = Stamps(sys.prefix, options.get("environment", "default"), sites)
    finish = kernel.finish_metadata

    def finish_metadata(parent: Any, metadata: Any, content: Any) -> Any:  # noqa: ANN401
        done = finish(parent, metadata, content)
        stamp = _stamp(stamps, parent, content)
        if stamp is not None and isinstance(done, dict):
            done[KEY] = stamp
        return done

    kernel.finish_metadata = finish_metadata


def _stamp(stamps: Stamps, parent: Any, content: Any) -> Optional[Dict[str, Any]]:  # noqa: ANN401
    """Give the stamp of an answer; None for what is no execution of a cell."""
    try:
        asked = parent["header"]["msg_type"] == "execute_request"
        if not asked or parent["content"].get("silent"):
            return None
        return stamps.now() if content.get("status") in _OWN_KINDS else None
    except Exception:  # noqa: BLE001  an answer without a stamp is better than none
        return None


def _names(folder: str) -> List[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  pathlib is slower
    except OSError:
        return []


def _changed_at(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0

"""`[workspace]` and `[package]`: what cannot be meant, said where it stands.

Rules: pixi 0.77.0, workspace, package and their validation (read 2026-11).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import nearest
from pixi_jupyter.manifest.cutoff import check_cutoff
from pixi_jupyter.manifest.dialects import source_of
from pixi_jupyter.manifest.pypi_tables import check_pypi_options
from pixi_jupyter.manifest.sources import PREVIEW_HINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source
    from pixi_jupyter.manifest.models import Manifest

_PREVIEWS = ("pixi-build",)
_FLAG = re.compile(r"[a-z0-9_]+(:[a-z0-9_]+)?")
_EXTRA = re.compile(r"[a-z0-9._+-]{1,64}")
_USUAL_LICENSES = {
    *("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MPL-2.0", "Zlib"),
    *("GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"),
    *("LGPL-3.0-or-later", "AGPL-3.0-or-later", "EUPL-1.2", "CC0-1.0", "Unlicense"),
}
_FILES = ("license-file", "readme")


def check_workspace(table: Mapping[str, Any], source: Source, keys: Keys) -> None:
    """Check what the sorts of the values alone do not show; faults are kept."""
    if text := table.get("exclude-newer"):
        check_cutoff(text, source, (*keys, "exclude-newer"))
    check_pypi_options(table.get("pypi-options", {}), source, (*keys, "pypi-options"))
    if (text := table.get("license")) and not _is_license(text):
        reason = f"`{text}` is no SPDX expression"
        fault = source.error((*keys, "license"), reason, hint='"BSD-3-Clause"')
        source.faults.append(fault)
    for selector in table.get("target", {}):
        if "(" in selector:
            reason = "no condition can stand here, only a platform"
            here = (*keys, "target", selector)
            source.faults.append(source.error(here, reason, at="key"))
    mapped = table.get("conda-pypi-map")
    for channel, value in mapped.items() if isinstance(mapped, dict) else ():
        if value == {}:
            reason = "this table says nothing"
            here = (*keys, "conda-pypi-map", channel)
            source.faults.append(source.error(here, reason, hint="false"))


def check_package(
    table: Mapping[str, Any], source: Source, *, builds_packages: bool
) -> None:
    """Check `[package]`, which describes what could be built; faults are kept.

    It may lack name and version: what builds it tells them, as in pixi 0.77.0.
    """
    faults = source.faults
    if not builds_packages:
        reason = "a package can be described only with the preview `pixi-build`"
        fault = source.error(("package",), reason, hint=PREVIEW_HINT, at="key")
        faults.append(fault)
    build = table.get("build")
    if build is None:
        faults.append(source.error(("package",), "`build` is missing", at="key"))
        return
    if "backend" not in build:
        keys = ("package", "build")
        faults.append(source.error(keys, "`backend` is missing", at="key"))
    flags = build.get("flags", [])
    for number, flag in enumerate(flags if isinstance(flags, list) else ()):
        if not isinstance(flag, str) or not _FLAG.fullmatch(flag):
            reason = "a-z, 0-9, `_` and one `:` make a flag"
            faults.append(source.error(("package", "build", "flags", number), reason))
    for name in table.get("extra-dependencies", {}):
        if not _EXTRA.fullmatch(name):
            reason = "a-z, 0-9 and `._+-` make the name of a group"
            here = ("package", "extra-dependencies", name)
            faults.append(source.error(here, reason, at="key"))


def workspace_doubts(table: Mapping[str, Any]) -> Iterator[str]:
    """Say what has no effect."""
    preview = table.get("preview", False)
    for name in preview if isinstance(preview, list) else ():
        if name not in _PREVIEWS:
            close = nearest(name, _PREVIEWS)
            hint = f"; did you mean {close}?" if close else ""
            yield f"there is no preview feature `{name}`{hint}"
    if table.get("conda-pypi-map") == {}:
        yield "`conda-pypi-map` says nothing; false turns the mapping off"


def check_files(manifest: Manifest, text: str) -> None:
    """Check that the files exist that `[workspace]` names; looks at the disk.

    Raises
    ------
    ManifestParseError
    """
    named: list[tuple[Keys, object]] = [
        ((key,), manifest.metadata.get(key)) for key in _FILES
    ]
    variants = manifest.metadata.get("build-variants-files")
    if isinstance(variants, list):
        named += [
            (("build-variants-files", number), path)
            for number, path in enumerate(variants)
        ]
    missing = [
        (keys, name)
        for keys, name in named
        if isinstance(name, str) and not (manifest.root / name).is_file()
    ]
    if not missing:
        return
    prefix = () if manifest.kind == "pixi" else ("tool", "pixi")
    source = replace(source_of(text, manifest.path), prefix=prefix)
    section = "workspace" if source.place(("workspace",)) else "project"
    for keys, name in missing:
        fault = source.error((section, *keys), f"there is no file `{name}`")
        source.faults.append(fault)
    source.raise_faults()


@cache
def _is_license(text: str) -> bool:
    # the list of all licenses takes longer to load than most manifests to read
    if all(part in _USUAL_LICENSES for part in re.split(r" (?:AND|OR) ", text)):
        return True
    try:
        from packaging.licenses import (
            InvalidLicenseExpression,
            canonicalize_license_expression,
        )
    except ImportError:  # packaging before 24.2 knows no licenses
        return True
    try:
        canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return False
    return True

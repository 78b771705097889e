"""Match specs, versions, channels and virtual packages, as py-rattler reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rattler
from rattler import (
    Channel,
    ChannelConfig,
    GenericVirtualPackage,
    MatchSpec,
    PackageName,
    Version,
    VersionSpec,
)
from rattler.exceptions import DetectVirtualPackageError
from rattler.virtual_package import Override, VirtualPackageOverrides

from pixi_jupyter.adapters.rattler.failures import mapped
from pixi_jupyter.errors import InvalidSpecError
from pixi_jupyter.platforms import VirtualPackage
from pixi_jupyter.redaction import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MOST_PARENTHESES = 100


def match_spec(text: str) -> MatchSpec:
    """Read a match spec.

    Raises
    ------
    InvalidSpecError
    """
    _check(text)
    with mapped(text):
        spec = MatchSpec(text)
    build = str(spec.build or "")
    if any(sign in build for sign in " ="):
        # py-rattler takes all that follows the version for a build
        raise InvalidSpecError(text, reason=f"{build!r} is no build string")
    return spec


def _check(text: str) -> None:
    # rattler goes down a level at each, and ends the process where the stack ends
    if text.count("(") > _MOST_PARENTHESES:
        raise InvalidSpecError(text, reason="it has too many parentheses")


def version_spec(text: str) -> VersionSpec:
    """Read a version spec.

    Raises
    ------
    InvalidSpecError
    """
    _check(text)
    with mapped(text):
        return VersionSpec(text)


def parse_version(text: str) -> Version:
    """Read a version, which can be compared with others.

    Raises
    ------
    InvalidSpecError
    """
    with mapped(text):
        return Version(text)


def channel_urls(names: Iterable[str], *, root: Path) -> tuple[str, ...]:
    """Give the URLs of channels that a manifest names.

    Parameters
    ----------
    names
        Names (``conda-forge``), URLs, or paths; relative paths start at `root`.
    root
        The workspace's folder, absolute.

    Returns
    -------
    tuple of str
        With a trailing slash, as pixi.lock has them, and without the secrets
        that may have been written in them.
    """
    return tuple(map(without_secrets, channel_urls_as_given(names, root=root)))


def channel_urls_as_given(names: Iterable[str], *, root: Path) -> tuple[str, ...]:
    """Give URLs as `channel_urls` does, with the secrets that were written in them.

    For a `Session` alone: nothing else may see them.
    """
    config = ChannelConfig(root_dir=str(root))
    with mapped(", ".join(names := list(names))):
        return tuple(
            str(Channel(name, config).base_url).rstrip("/") + "/" for name in names
        )


def host_virtual_packages() -> tuple[VirtualPackage, ...]:
    """Detect the virtual packages of this machine, without any override."""
    with mapped("this machine"):
        found = [each.into_generic() for each in rattler.VirtualPackage.detect()]
    return tuple(
        VirtualPackage(
            each.name.normalized,
            str(each.version),
            getattr(each.build_string, "build", str(each.build_string)),
        )
        for each in found
    )


def is_microarchitecture(name: str) -> bool:
    """Tell whether archspec, which is in py-rattler, knows a processor's name."""
    overrides = VirtualPackageOverrides(archspec=Override.string(name))
    try:
        rattler.VirtualPackage.detect(overrides)
    except DetectVirtualPackageError:
        return False
    return True


def generic(package: VirtualPackage) -> GenericVirtualPackage:
    """Give py-rattler's form of a virtual package."""
    return GenericVirtualPackage(
        PackageName(package.name),
        Version(package.version),
        rattler.BuildString(package.build or "0"),
    )


def virtual_package_matches(spec: MatchSpec, package: VirtualPackage) -> bool:
    """Tell whether a virtual package is what a spec asks for."""
    with mapped(str(package)):
        record = rattler.PackageRecord(
            package.name,
            package.version,
            rattler.BuildString(package.build or "0"),
            0,
            "noarch",
        )
        return record.matches(spec)

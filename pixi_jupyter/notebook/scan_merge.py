"""Versions that several places ask of one package, as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def merged(specs: Iterable[str]) -> tuple[str, str]:
    """Make one version specification of several.

    Parameters
    ----------
    specs
        In the order in which they are asked for; ``*`` and nothing ask for nothing.

    Returns
    -------
    tuple
        The specification, and what cannot be had together with it.
    """
    asked = [each for each in dict.fromkeys(specs) if each not in ("", "*")]
    if not asked:
        return "*", ""
    pins = [each for each in asked if _is_pin(each)]
    if len(pins) > 1:
        return pins[-1], f"asked for as {' and '.join(asked)}"
    if not pins:
        return ",".join(asked), ""
    others = [each for each in asked if each != pins[0]]
    if all(_allows(each, pins[0]) for each in others):
        return pins[0], ""
    return pins[0], f"asked for as {' and '.join(asked)}"


def conda_version(spec: str) -> tuple[str, str]:
    """Give a specifier of PyPI as conda reads it, and what was left out of it."""
    spec = spec.replace("===", "==")
    parts, left = [], ""
    for part in spec.split(","):
        plain, plus, local = part.partition("+")
        left = f"+{local}" if plus else left
        parts.append(plain.replace(" ", ""))
    return ",".join(parts) or "*", left


def _is_pin(spec: str) -> bool:
    return "," not in spec and (spec[0] == "=" or spec[0].isdigit())


def _allows(spec: str, pin: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(spec).contains(pin.strip("= .*"), prereleases=True)
    except (InvalidSpecifier, ValueError):
        return False

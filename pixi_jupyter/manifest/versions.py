"""Comparing conda versions, without waking the solver for plain ones."""

from __future__ import annotations

import re

from pixi_jupyter.errors import InvalidSpecError

_NUMBERS = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18}){0,30}")


def compare(left: str, right: str) -> int:
    """Compare two versions: below zero, zero or above it, as left to right.

    Raises
    ------
    InvalidSpecError
        If one of them is no version.

    Examples
    --------
    >>> compare("2.28", "2.28.0"), compare("12", "9.1") > 0
    (0, True)
    """
    if _NUMBERS.fullmatch(left) and _NUMBERS.fullmatch(right):
        ours, theirs = _padded(left, right), _padded(right, left)
        return (ours > theirs) - (ours < theirs)
    from pixi_jupyter.adapters.rattler import Version, mapped

    with mapped(f"{left}, {right}"):
        mine, other = Version(left), Version(right)
    return (mine > other) - (mine < other)


def is_version(text: str) -> bool:
    """Tell whether a text is a version such as 12.4 or 2.0rc1."""
    try:
        compare(text, "0")
    except InvalidSpecError:
        return False
    return True


def matches(version: str, spec: str) -> bool:
    """Tell whether a version is within a version spec.

    Raises
    ------
    InvalidSpecError
        If `spec` is no version spec.
    """
    at_least = re.fullmatch(r">=\s*([0-9.]+)", spec.strip())
    if at_least and _NUMBERS.fullmatch(at_least[1]):
        return compare(version, at_least[1]) >= 0
    from pixi_jupyter.adapters.rattler import Version, version_spec

    return version_spec(re.sub(r"\s+", "", spec)).matches(Version(version))


def _padded(version: str, other: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    missing = other.count(".") + 1 - len(parts)
    return (*parts, *([0] * missing))

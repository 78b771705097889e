"""The version that `add` writes for a package that was named without one.

Rules and the table of examples: pixi 0.77.0, pinning strategies (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.names import normalised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pixi_jupyter.adapters.rattler import Version
    from pixi_jupyter.config import PinningStrategy
    from pixi_jupyter.workspace.context import Workspace
    from pixi_jupyter.workspace.solution import Solution

MINOR_BY_DEFAULT = frozenset(
    (
        "python",
        "rust",
        "julia",
        "gcc",
        "gxx",
        "gfortran",
        "nodejs",
        "deno",
        "r",
        "r-base",
        "perl",
    )
)
"""Languages and compilers: a new minor version of them breaks what runs on them."""


def pin(
    versions: Iterable[str], *, name: str, strategy: PinningStrategy | None = None
) -> str:
    """Give the version spec that admits `versions` and what is compatible.

    Parameters
    ----------
    versions
        All versions of the package in the solution, of any platform.
    name
        The package, because languages are pinned more closely.
    strategy
        As configured; None for pixi's default.

    Examples
    --------
    >>> pin(["1.2.3"], name="numpy")
    '>=1.2.3,<2'
    >>> pin(["3.11.7"], name="python")
    '>=3.11.7,<3.12'
    """
    from pixi_jupyter.adapters.rattler import Version

    ordered = sorted({Version(text) for text in versions})
    if not ordered or strategy == "no-pin":
        return "*"
    lowest, highest = ordered[0], ordered[-1]
    if strategy == "exact-version":
        return "|".join(f"=={version}" for version in ordered)
    if strategy == "latest-up":
        return f">={lowest}"
    if strategy is None:
        strategy = "minor" if name in MINOR_BY_DEFAULT else "semver"
    kept = {"major": 1, "minor": 2}.get(strategy) or _up_to_first_nonzero(highest)
    return f">={lowest},<{_bumped(highest, kept)}"


def pin_solved(
    workspace: Workspace,
    solution: Solution,
    name: str,
    *,
    environments: Iterable[str],
    platforms: Collection[str] | None = None,
) -> str | None:
    """Give the version spec for what was solved; None where nothing was.

    Parameters
    ----------
    environments, platforms
        Those whose versions the spec has to admit; None for all platforms.
    """
    versions = {
        str(record.version)
        for environment in environments
        for platform, row in solution.records.get(environment, {}).items()
        if platforms is None or platform in platforms
        for record in row
        if record.name.normalized == name.lower()
    }
    strategy = workspace.settings.pinning_strategy
    return pin(versions, name=name.lower(), strategy=strategy) if versions else None


def pin_solved_pypi(
    workspace: Workspace,
    solution: Solution,
    name: str,
    *,
    environments: Iterable[str],
    platforms: Collection[str] | None = None,
) -> str | None:
    """Do as `pin_solved` for a package of PyPI, in its own words.

    Returns
    -------
    str or None
        PEP 440 in the form that pixi writes; None where nothing was solved, or what
        was has no such form.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    versions = {
        record.version
        for environment in environments
        for platform in workspace.composition.environment(environment).platforms
        if platforms is None or platform.name in platforms
        for record in solution.wheels(environment, platform.name)
        if record.name == normalised(name) and record.version
    }
    if not versions:
        return None
    strategy = workspace.settings.pinning_strategy
    if strategy == "exact-version" and len(versions) > 1:
        strategy = None  # PEP 440 has no "or"
    found = pin(versions, name="", strategy=strategy)
    if found == "*":
        return found
    try:
        SpecifierSet(found)
    except InvalidSpecifier:
        return None
    return ", ".join(found.split(","))


def _up_to_first_nonzero(version: Version) -> int:
    for index, segment in enumerate(version.segments(), start=1):
        if segment != [0]:
            return index
    return int(version.segment_count)


def _bumped(version: Version, kept: int) -> Version:
    """Cut after `kept` segments and raise the last one by one."""
    plain = version.remove_local()
    longer = plain.extend_to_length(max(kept, plain.segment_count))
    return longer.with_segments(0, kept).bump_last()

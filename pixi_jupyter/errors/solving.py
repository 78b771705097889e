"""Why there is no solution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class SolveError(PixiJupyterError):
    """No solution was found."""

    code = "solve"


class InvalidSpecError(SolveError):
    """A match spec cannot be read."""

    code = "invalid-spec"

    def __init__(self, spec: str, *, reason: str) -> None:
        self.spec, self.reason = spec, reason
        super().__init__(
            f"{spec!r} is not a match spec: {reason}",
            hints=("{command} add 'numpy >=2'   quotes keep the shell away",),
        )


class PackageNotFoundError(SolveError):
    """No channel has a package of that name.

    Parameters
    ----------
    name, channels, platform
        What was looked for, and where.
    close
        The nearest name that there is.
    verb
        The command that was meant.
    elsewhere
        Platforms that do have the package.
    """

    code = "package-not-found"

    def __init__(
        self,
        name: str,
        *,
        channels: Iterable[str],
        platform: str,
        close: str | None = None,
        verb: str = "add",
        elsewhere: Iterable[str] = (),
    ) -> None:
        self.name, self.channels, self.platform = name, tuple(channels), platform
        self.close, self.elsewhere = close, tuple(elsewhere)
        if self.elsewhere:
            there = ", ".join(self.elsewhere)
            first = f"--platform {self.elsewhere[0]}"
            hint = f"{{command}} add {name} {first}   it is there for {there}"
        elif close:
            hint = f"{{command}} {verb} {close}   the nearest name"
        else:
            hint = f"{{command}} search '*{name}*'"
        super().__init__(
            f"No package named {name} in {listed(self.channels)} for {platform}",
            hints=(hint,),
        )


class UnsatisfiableError(SolveError):
    """The requirements of an environment contradict each other.

    Parameters
    ----------
    environment, platform
        What could not be solved.
    report
        The solver's own tree, shown below our words.
    guilty
        Our words: which requirements meet, and where they are written.
    """

    code = "unsatisfiable"

    def __init__(
        self,
        environment: str,
        *,
        platform: str,
        report: str,
        guilty: Sequence[str] = (),
        hints: Sequence[str] = (),
    ) -> None:
        self.environment, self.platform = environment, platform
        self.report, self.guilty = report, tuple(guilty)
        super().__init__(
            f"Environment {environment} has no solution for {platform}",
            details=(*guilty, *([""] if guilty else []), *report.splitlines()),
            hints=hints,
        )


class InvalidRequirementError(SolveError):
    """What a manifest asks of PyPI cannot be read.

    Parameters
    ----------
    requirement
        Name and what stands behind it.
    reason
        What is wrong with it.
    where
        Table or line.
    """

    code = "invalid-requirement"

    def __init__(self, requirement: str, *, reason: str, where: str = "") -> None:
        self.requirement, self.reason, self.where = requirement, reason, where
        at = f" in {where}" if where else ""
        super().__init__(
            f"{requirement!r}{at} is not a requirement: {reason}",
            hints=('requests = ">=2.31,<3"   is one',),
        )


class NamesMapError(SolveError):
    """A `conda-pypi-map` cannot be read.

    Parameters
    ----------
    place
        The file, page or manifest.
    reason
        What is wrong with it.
    """

    code = "names-map"

    def __init__(self, place: str, *, reason: str) -> None:
        self.place, self.reason = place, reason
        super().__init__(
            f"The names of {place}, which conda-pypi-map asks for, cannot be read"
            f": {reason}",
            hints=('{ "conda-name": "pypi-name" }   is what such a file holds',),
        )


class PypiResolutionError(SolveError):
    """The PyPI requirements of an environment have no solution.

    Parameters
    ----------
    environment, platform
        What could not be solved.
    report
        uv's own words.
    guilty
        Our words: the requirements and conda packages that meet in it.
    pinned
        Names of conda packages that the report speaks of.
    """

    code = "pypi-resolution"

    def __init__(
        self,
        environment: str,
        *,
        platform: str,
        report: str,
        guilty: Sequence[str] = (),
        hints: Sequence[str] = (),
        pinned: Sequence[str] = (),
    ) -> None:
        self.environment, self.platform = environment, platform
        self.report, self.guilty = report, tuple(guilty)
        self.pinned = tuple(pinned)
        super().__init__(
            f"Environment {environment} has no solution of its PyPI requirements"
            f" for {platform}",
            details=(*guilty, *([""] if guilty else []), *report.splitlines()),
            hints=hints,
        )

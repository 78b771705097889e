"""What can be wrong with a manifest, and with what is looked for in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, listed, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


class ManifestError(PixiJupyterError):
    """The manifest cannot be used as it stands."""

    code = "manifest"


class ManifestNotFoundError(ManifestError):
    """There is no manifest where one was looked for."""

    code = "manifest-not-found"

    def __init__(self, searched: Path, *, named: bool = False) -> None:
        self.searched = searched
        looked = "looked for pixi.toml, and pyproject.toml with [tool.pixi]"
        if named:
            what = f"{searched} is no manifest"
            is_file = searched.is_file() or searched.suffix
            looked = "there is no such file" if is_file else looked
        else:
            what = f"No manifest was found in {searched} or a folder above it"
        is_script = named and searched.suffix == ".py"
        what_for = f" --script {searched}" if is_script else ""
        hint = f"{{command}} init{what_for}"
        super().__init__(what, details=(looked,), hints=(hint,))


class ManifestExistsError(ManifestError):
    """A workspace is already here."""

    code = "manifest-exists"

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} already exists",
            hints=("{command} add PACKAGE   adds to the workspace that is here",),
        )


class EnvironmentNotFoundError(ManifestError):
    """The manifest has no environment of that name."""

    code = "environment-not-found"

    def __init__(
        self, name: str, *, available: Iterable[str], manifest: Path | str
    ) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No environment named {name} in {manifest}",
            details=(f"there are {listed(self.available)}",),
            hints=(f"did you mean {close}?",) if close else (),
        )


class FeatureNotFoundError(ManifestError):
    """The manifest has no feature of that name."""

    code = "feature-not-found"

    def __init__(
        self, name: str, *, available: Iterable[str], manifest: Path | str
    ) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        super().__init__(
            f"No feature named {name} in {manifest}",
            details=(f"there are {listed(self.available)}",),
            hints=(f"did you mean {close}?",) if close else (),
        )


class DependencyNotFoundError(ManifestError):
    """The manifest does not ask for a package of that name there.

    Parameters
    ----------
    table
        Where; empty for all tables.
    verb
        The command that was meant.
    """

    code = "dependency-not-found"

    def __init__(
        self,
        name: str,
        *,
        table: str = "",
        available: Iterable[str],
        manifest: Path | str,
        verb: str = "remove",
    ) -> None:
        self.name, self.table, self.available = name, table, tuple(available)
        close = nearest(name, self.available)
        where = f"[{table}] of {manifest}" if table else manifest
        super().__init__(
            f"No dependency named {name} in {where}",
            details=(f"there are {listed(self.available)}",),
            hints=(f"{{command}} {verb} {close}",) if close else (),
        )


class PlatformNotDeclaredError(ManifestError):
    """The workspace or environment is not made for that platform."""

    code = "platform-not-declared"

    def __init__(
        self, platform: str, *, declared: Iterable[str], environment: str | None = None
    ) -> None:
        self.platform, self.declared = platform, tuple(declared)
        self.environment = environment
        whose = f"environment {environment}" if environment else "the workspace"
        super().__init__(
            f"Platform {platform} is not one of {whose}",
            details=(f"there are {listed(self.declared)}",),
            hints=(f"add {platform!r} to platforms in the manifest",),
        )


class RequiresPixiError(ManifestError):
    """The manifest asks for another version of pixi."""

    code = "requires-pixi"

    def __init__(self, required: str, *, have: str, manifest: Path | str) -> None:
        self.required, self.have = required, have
        super().__init__(
            f"{manifest} asks for pixi {required}, this program speaks pixi {have}",
            hints=("change requires-pixi, or take a version that fits",),
        )


class FeatureConflictError(ManifestError):
    """Features of one environment contradict each other.

    Parameters
    ----------
    environment
        Environment or solve group.
    key
        What they disagree on.
    features, values
        Those that speak of it, and what each of them says.
    """

    code = "feature-conflict"

    def __init__(
        self,
        environment: str,
        *,
        key: str,
        features: Sequence[str],
        values: Sequence[str],
        manifest: Path | str,
    ) -> None:
        self.environment, self.key = environment, key
        self.features, self.values = tuple(features), tuple(values)
        super().__init__(
            f"Features of {environment} disagree about {key} in {manifest}",
            details=tuple(
                f"{feature} says {value}"
                for feature, value in zip(self.features, self.values, strict=False)
            ),
            hints=(f"take {key} out of one of them",),
        )


class ManifestEditError(ManifestError):
    """The text of a manifest could not be changed in place.

    Parameters
    ----------
    path
        The manifest, which is as it was.
    table, key
        What was to be changed.
    line
        What was to be written there; empty where the key was to go.
    """

    code = "manifest-edit"

    def __init__(self, path: Path | str, *, table: str, key: str, line: str) -> None:
        self.path, self.table, self.key, self.line = path, table, key, line
        what = f"write {line}" if line else f"take {key} out"
        super().__init__(
            f"{path} is written in a way that could not be edited",
            details=("it is unchanged",),
            hints=(f"{what} by hand, in [{table}]",),
        )

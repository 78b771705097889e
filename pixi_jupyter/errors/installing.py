"""Why a prefix could not be brought to what is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


class InstallError(PixiJupyterError):
    """A prefix could not be brought to what is locked."""

    code = "install"


class UnsupportedPlatformError(InstallError):
    """A machine cannot run the environment."""

    code = "unsupported-platform"

    def __init__(
        self,
        environment: str,
        *,
        host: str,
        declared: Iterable[str],
        reasons: Sequence[str] = (),
    ) -> None:
        self.environment, self.host = environment, host
        self.declared, self.reasons = tuple(declared), tuple(reasons)
        hint = (
            f"add {host!r} to platforms in the manifest, then {{command}} lock"
            if not reasons
            else "CONDA_OVERRIDE_GLIBC, CONDA_OVERRIDE_CUDA … simulate another machine"
        )
        super().__init__(
            f"Environment {environment} cannot run on this computer ({host})",
            details=(f"it is made for {listed(self.declared)}", *reasons),
            hints=(hint,),
        )


class DownloadError(InstallError):
    """A package could not be fetched, or was not what the lock says."""

    code = "download"

    def __init__(
        self,
        url: str,
        *,
        reason: str,
        hints: Sequence[str] = ("{command} install   goes on with what is missing",),
    ) -> None:
        self.url, self.reason = url, reason
        super().__init__(
            f"{url} could not be fetched", details=reason.splitlines(), hints=hints
        )


class LinkError(InstallError):
    """A package could not be linked into a prefix."""

    code = "link"

    def __init__(self, prefix: Path, *, reason: str) -> None:
        self.prefix, self.reason = prefix, reason
        super().__init__(
            f"Prefix {prefix} could not be changed",
            details=reason.splitlines(),
            hints=("{command} install   repairs and finishes it",),
        )


class PrefixBusyError(InstallError):
    """Another process is changing the prefix."""

    code = "prefix-busy"

    def __init__(self, prefix: Path, *, holder: str, seconds: float) -> None:
        self.prefix, self.holder, self.seconds = prefix, holder, seconds
        super().__init__(
            f"Prefix {prefix} is being changed by another process"
            f" ({holder}, waited {seconds:.0f} s)",
            hints=("wait for that process, or stop it",),
        )


class PrefixMissingError(InstallError):
    """An environment is not installed, and must not be."""

    code = "prefix-missing"

    def __init__(self, environment: str, *, prefix: Path) -> None:
        self.environment, self.prefix = environment, prefix
        super().__init__(
            f"Environment {environment} is not installed in {prefix}",
            hints=(f"{{command}} install -e {environment}",),
        )


class PrefixBrokenError(InstallError):
    """A prefix is not whole, and could not be made whole."""

    code = "prefix-broken"

    def __init__(self, prefix: Path, *, packages: Iterable[str]) -> None:
        self.prefix, self.packages = prefix, tuple(packages)
        super().__init__(
            f"Prefix {prefix} is damaged: {listed(self.packages)}",
            hints=("remove that folder, then {command} install",),
        )


class LinkScriptError(InstallError):
    """A script that a package runs when it is installed failed.

    Parameters
    ----------
    package
        Whose script.
    script
        Where it is.
    exit_code
        How it ended.
    output
        What it printed.
    """

    code = "link-script"

    def __init__(
        self, package: str, *, script: Path, exit_code: int, output: str = ""
    ) -> None:
        self.package, self.script = package, script
        self.exit_code, self.output = exit_code, output
        super().__init__(
            f"The script of package {package} failed with exit code {exit_code}",
            details=(str(script), *output.splitlines()[-20:]),
            hints=(
                f"{{command}} reinstall {package}   runs it again",
                "link-scripts in .pixi/config.toml   says whose scripts may run",
            ),
        )


class LinkerSpentError(InstallError):
    """One failed install makes its process unfit for another.

    Parameters
    ----------
    reason
        What went wrong in it before.
    """

    code = "linker-spent"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "This process saw an install fail, and must not start another one",
            details=reason.splitlines(),
            hints=("the same command again, which starts a new process",),
        )


class IndexAccessError(DownloadError):
    """A package index asks who we are, and was not satisfied."""

    code = "index-access"

    def __init__(self, url: str, *, host: str, status: int, reason: str = "") -> None:
        self.url, self.reason = url, reason
        self.host, self.status = host, status
        asks = "asks for credentials" if status == 401 else "does not let us in"  # noqa: PLR2004  Unauthorized
        PixiJupyterError.__init__(
            self,
            f"Package index {url} {asks}",
            details=reason.splitlines(),
            hints=(f"machine {host} login … password …   in ~/.netrc",),
        )


class HashMismatchError(DownloadError):
    """A package is not the one that was locked.

    Parameters
    ----------
    package
        Name and version, or file.
    expected, computed
        The hashes.
    """

    code = "hash-mismatch"

    def __init__(self, package: str, *, expected: str, computed: str) -> None:
        self.url, self.reason = package, "hash mismatch"
        self.package, self.expected, self.computed = package, expected, computed
        name = package.partition(" ")[0]
        PixiJupyterError.__init__(
            self,
            f"{package} is not what was locked, and was refused",
            details=(f"expected {expected}", f"received {computed}"),
            hints=(f"{{command}} update {name}   if the index had a reason for it",),
        )


class PypiBuildError(InstallError):
    """A package of sources could not be built.

    Parameters
    ----------
    package
        Name and version.
    reason
        What the build said.
    """

    code = "pypi-build"

    def __init__(self, package: str, *, reason: str) -> None:
        self.package, self.reason = package, reason
        name = package.partition(" ")[0]
        super().__init__(
            f"{package} could not be built",
            details=reason.splitlines(),
            hints=(
                f'no-build = ["{name}"]   in [pypi-options] takes wheels only',
                "{command} add COMPILER …   if the build lacks a program",
            ),
        )


class PypiInstallError(InstallError):
    """Packages of PyPI could not be installed into a prefix, or taken out of it.

    Parameters
    ----------
    prefix
        The environment.
    reason
        Why.
    """

    code = "pypi-install"

    def __init__(self, prefix: Path, *, reason: str) -> None:
        self.prefix, self.reason = prefix, reason
        super().__init__(
            f"PyPI packages of {prefix} could not be changed",
            details=reason.splitlines(),
            hints=("{command} install   goes on where it ended",),
        )


class ClobberError(InstallError):
    """A conda package and one of PyPI want to own the same files.

    Parameters
    ----------
    prefix
        The environment.
    files
        Paths by (PyPI package, conda package).
    is_done
        Whether the files were replaced already.
    """

    code = "clobber"

    def __init__(
        self,
        prefix: Path,
        *,
        files: Mapping[tuple[str, str], Sequence[str]],
        is_done: bool = False,
    ) -> None:
        self.prefix, self.is_done = prefix, is_done
        self.files = {pair: tuple(paths) for pair, paths in files.items()}
        pairs = sorted(self.files)
        lines = []
        for pypi, conda in pairs[:6]:
            paths = self.files[pypi, conda]
            more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            lines.append(f"{pypi} of PyPI and conda's {conda}: {paths[0]}{more}")
        if len(pairs) > 6:  # noqa: PLR2004  as many lines as a conflict has
            lines.append(f"and {len(pairs) - 6} more pairs")
        did = "replaced" if is_done else "would replace"
        conda = " ".join(sorted({conda for _, conda in pairs}))
        heal = f"{{command}} reinstall {conda}   brings conda's files back"
        super().__init__(
            f"PyPI packages {did} files of conda packages in {prefix}",
            details=lines,
            hints=(
                *((heal,) if is_done else ()),
                "take the package from [dependencies] or [pypi-dependencies] only",
                "conda-pypi-map   in the manifest says which packages are the same",
            ),
        )

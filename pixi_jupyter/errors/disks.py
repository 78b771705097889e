"""Places that cannot hold a prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.installing import InstallError

if TYPE_CHECKING:
    from pathlib import Path


class DiskFullError(InstallError):
    """There is no room for packages.

    Parameters
    ----------
    folder
        What lies on the full disk.
    needed, free
        In bytes, where they are known.
    is_cache
        Whether it is the package cache, which can be kept elsewhere.
    state
        What became of the prefix.
    reason
        What the system said.
    """

    code = "disk-full"

    def __init__(
        self,
        folder: Path,
        *,
        needed: int | None = None,
        free: int | None = None,
        is_cache: bool = False,
        state: str = "",
        reason: str = "",
    ) -> None:
        self.folder, self.needed, self.free = folder, needed, free
        self.is_cache, self.state, self.reason = is_cache, state, reason
        room = (
            ""
            if needed is None or free is None
            else f": at least {_megabytes(needed)} are needed,"
            f" {_megabytes(free)} are free"
        )
        what = "package cache" if is_cache else "environment"
        hints = ["make room on that disk, then {command} install"]
        if is_cache:
            hints.append("RATTLER_CACHE_DIR=FOLDER   keeps packages on another disk")
        super().__init__(
            f"The disk of the {what} {folder} is full{room}",
            details=[line for line in (state, *reason.splitlines()) if line],
            hints=hints,
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


class NotWritableError(InstallError):
    """A folder that packages go to may not be written.

    Parameters
    ----------
    folder
        Which one.
    reason
        What the system said.
    is_cache
        Whether it is the package cache, which can be kept elsewhere.
    """

    code = "not-writable"

    def __init__(self, folder: Path, *, reason: str, is_cache: bool = False) -> None:
        self.folder, self.reason, self.is_cache = folder, reason, is_cache
        what = "Package cache" if is_cache else "Environment"
        super().__init__(
            f"{what} {folder} cannot be written",
            details=reason.splitlines(),
            hints=(
                "RATTLER_CACHE_DIR=FOLDER   names a folder that can be written"
                if is_cache
                else "give write permission to that folder, then {command} install",
            ),
        )


class PrefixTooLongError(InstallError):
    """The path of a prefix does not fit into the files of a package.

    Parameters
    ----------
    prefix
        Where the environment is, or was to be.
    limit
        How many bytes a path may have; None where the system has the limit.
    package
        Whose limit it is.
    reason
        What the system said.
    """

    code = "prefix-too-long"

    def __init__(
        self,
        prefix: Path,
        *,
        limit: int | None = None,
        package: str = "",
        reason: str = "",
    ) -> None:
        self.prefix, self.limit, self.package = prefix, limit, package
        size = len(str(prefix).encode(errors="surrogateescape"))
        details = [str(prefix), *reason.splitlines()]
        if limit is None:
            message = f"A path of {size} bytes is too long for an environment"
            hint = "move the workspace to a shorter path, then {command} install"
        else:
            message = (
                f"A path of {size} bytes is too long for package {package},"
                f" which has room for {limit}"
            )
            hint = (
                f"move the workspace to a path that is {size - limit} bytes shorter,"
                " then {command} install"
            )
        super().__init__(message, details=details, hints=(hint,))


class PrefixPlaceError(InstallError):
    """No environment can work at a path.

    Parameters
    ----------
    prefix
        Where it was to be.
    character
        What is to blame, in words.
    reason
        Why.
    """

    code = "prefix-place"

    def __init__(self, prefix: Path, *, character: str, reason: str) -> None:
        self.prefix, self.character, self.reason = prefix, character, reason
        super().__init__(
            f"No environment can work at a path with {character}",
            details=(str(prefix), reason),
            hints=("rename that folder, then {command} install",),
        )


class PrefixInUseError(InstallError):
    """A program that runs keeps files of a prefix open.

    Parameters
    ----------
    prefix
        The environment.
    reason
        What the system said.
    """

    code = "prefix-in-use"

    def __init__(self, prefix: Path, *, reason: str) -> None:
        self.prefix, self.reason = prefix, reason
        super().__init__(
            f"Environment {prefix} cannot be changed: a program in it is running",
            details=reason.splitlines(),
            hints=("stop its kernels and programs, then {command} install",),
        )

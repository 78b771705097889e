"""py-rattler's exceptions, turned into ours."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rattler import exceptions

from pixi_jupyter.errors import (
    ChannelError,
    DownloadError,
    InstallError,
    InvalidSpecError,
    LinkError,
    LockParseError,
    OfflineError,
    PixiJupyterError,
    SolveError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

INPUT_ERRORS: tuple[type[Exception], ...] = (
    exceptions.CanonicalMatchSpecError,
    exceptions.ConversionError,
    exceptions.ConvertSubdirError,
    exceptions.InvalidChannelError,
    exceptions.InvalidHeaderNameError,
    exceptions.InvalidHeaderValueError,
    exceptions.InvalidMatchSpecError,
    exceptions.InvalidPackageNameError,
    exceptions.InvalidUrlError,
    exceptions.InvalidVersionError,
    exceptions.InvalidVersionSpecError,
    exceptions.PackageNameMatcherParseError,
    exceptions.ParseArchError,
    exceptions.ParseSubdirError,
    exceptions.RequirementError,
    exceptions.VersionBumpError,
    exceptions.VersionExtendError,
    exceptions.ParseExplicitEnvironmentSpecError,
)
"""Something that was written is not what the format allows."""

CHANNEL_ERRORS: tuple[type[Exception], ...] = (
    exceptions.FetchRepoDataError,
    exceptions.GatewayError,
    exceptions.CacheDirError,
    exceptions.AuthenticationStorageError,
)
"""A channel did not answer as it should."""

INSTALL_ERRORS: tuple[type[Exception], ...] = (
    exceptions.ActivationError,
    exceptions.ActivationScriptFormatError,
    exceptions.AttestationError,
    exceptions.ConfigError,
    exceptions.DetectVirtualPackageError,
    exceptions.ExtractError,
    exceptions.InstallerError,
    exceptions.IoError,
    exceptions.LinkError,
    exceptions.ShellError,
    exceptions.TransactionError,
    exceptions.VirtualPackageOverrideError,
)
"""A prefix could not be changed."""

LOCK_ERRORS: tuple[type[Exception], ...] = (
    exceptions.EnvironmentCreationError,
    exceptions.ParseCondaLockError,
    exceptions.ValidatePackageRecordsError,
)
"""A lock file does not hold what it should."""

SOLVE_ERRORS: tuple[type[Exception], ...] = (exceptions.SolverError,)
"""There is no solution."""


@contextmanager
def mapped(what: str) -> Iterator[None]:
    """Turn py-rattler's exceptions into ours.

    Parameters
    ----------
    what
        The channel, spec, prefix or file in question, for the message.
    """
    try:
        yield
    except CHANNEL_ERRORS as error:
        reason = readable(error)
        if "no usable repodata cache" in reason.lower():
            msg = f"Channel {what}"
            raise OfflineError(msg, reason=reason) from error
        raise ChannelError(what, reason=reason) from error
    except SOLVE_ERRORS as error:
        raise SolveError(readable(error)) from error
    except INPUT_ERRORS as error:
        raise InvalidSpecError(what, reason=readable(error)) from error
    except LOCK_ERRORS as error:
        raise LockParseError(what, reason=readable(error)) from error
    except INSTALL_ERRORS as error:
        raise _install_error(what, error) from error
    except exceptions.GatewayWarning as error:
        raise PixiJupyterError(readable(error)) from error


def readable(error: BaseException) -> str:
    """Give the text of an error without Rust's debug decoration."""
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip() or type(error).__name__


def _install_error(what: str, error: Exception) -> InstallError:
    text = readable(error)
    fetch = re.search(r"failed to fetch (\S+)|(\w+://\S+\.(?:conda|tar\.bz2))", text)
    if fetch or "hash mismatch" in text:
        name = next(filter(None, fetch.groups()), what) if fetch else what
        return DownloadError(name, reason=text)
    return LinkError(Path(what), reason=text)

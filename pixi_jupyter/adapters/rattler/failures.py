"""py-rattler's exceptions, turned into ours."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rattler import exceptions

from pixi_jupyter.adapters.rattler.causes import channel_failure, download_failure
from pixi_jupyter.errors import (
    InstallError,
    InvalidSpecError,
    LinkError,
    LockParseError,
    PixiJupyterError,
    SolveError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
def mapped(what: str, urls: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn py-rattler's exceptions into ours.

    Parameters
    ----------
    what
        The channel, spec, prefix or file in question, for the message.
    urls
        Where packages come from, by the names of their archives.
    """
    try:
        yield
    except CHANNEL_ERRORS as error:
        raise channel_failure(what.split(", "), readable(error)) from error
    except SOLVE_ERRORS as error:
        raise SolveError(readable(error)) from error
    except INPUT_ERRORS as error:
        raise InvalidSpecError(what, reason=readable(error)) from error
    except LOCK_ERRORS as error:
        raise LockParseError(what, reason=readable(error)) from error
    except INSTALL_ERRORS as error:
        raise _install_error(what, error, urls or {}) from error
    except exceptions.GatewayWarning as error:
        raise PixiJupyterError(readable(error)) from error
    except UnicodeEncodeError as error:
        # half a character, from a file name or an argument that is no UTF-8
        raise InvalidSpecError(what, reason="it is not UTF-8") from error


def readable(error: BaseException) -> str:
    """Give the text of an error without Rust's debug decoration."""
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip() or type(error).__name__


def _install_error(
    what: str, error: Exception, urls: Mapping[str, str]
) -> InstallError:
    text = readable(error)
    fetch = re.search(r"failed to fetch (\S+)|(\w+://\S+\.(?:conda|tar\.bz2))", text)
    if fetch or "hash mismatch" in text:
        name = next(filter(None, fetch.groups()), what) if fetch else what
        return download_failure(urls.get(name, name), text)
    return LinkError(Path(what), reason=text)

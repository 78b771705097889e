"""Settings and credentials that are not as they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class ConfigurationError(PixiJupyterError):
    """A setting cannot be what somebody wants it to be."""

    code = "configuration"


class SettingNotFoundError(ConfigurationError):
    """pixi has no setting of that name.

    Parameters
    ----------
    key
        As it was written.
    available
        The names that would do.
    """

    code = "setting-not-found"

    def __init__(self, key: str, *, available: Iterable[str]) -> None:
        self.key, self.available = key, tuple(available)
        close = nearest(key, self.available)
        super().__init__(
            f"There is no setting named {key}",
            details=() if close else ("there are", *self.available),
            hints=(f"did you mean {close}?",)
            if close
            else ("{command} config list   shows what is set",),
        )


class SettingValueError(ConfigurationError):
    """A setting cannot have that value.

    Parameters
    ----------
    key
        The setting.
    value
        As it was written.
    expected
        What would do, to end a sentence with.
    example
        A value that would do, as it is typed.
    """

    code = "setting-value"

    def __init__(
        self, key: str, *, value: str, expected: str, example: str = ""
    ) -> None:
        self.key, self.value, self.expected = key, value, expected
        super().__init__(
            f"{key} cannot be {value}: it is {expected}",
            hints=(f"{{command}} config set {key} {example or 'VALUE'}",),
        )


class NoWorkspaceSettingsError(ConfigurationError):
    """The settings of a workspace were asked for outside of one."""

    code = "no-workspace-settings"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"No workspace in {folder} or above, so there are no local settings",
            hints=("{command} config list --global",),
        )


class CredentialsError(PixiJupyterError):
    """Credentials are not there, or cannot be kept."""

    code = "credentials"


class CredentialsNotFoundError(CredentialsError):
    """Nothing is stored for a host, or nothing that is a token."""

    code = "credentials-not-found"

    def __init__(self, host: str, *, kind: str = "") -> None:
        self.host, self.kind = host, kind
        found = f"; {kind} is" if kind else ""
        super().__init__(
            f"No token is stored for {host}{found}",
            hints=(f"{{command}} auth login {host} --token TOKEN",),
        )


class CredentialStoreError(CredentialsError):
    """A file of credentials cannot be read."""

    code = "credential-store"

    def __init__(self, path: Path, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} holds no credentials that can be read",
            details=(reason,),
            hints=("mend or remove it; it is one JSON object, from host to secret",),
        )


class ImportFileError(PixiJupyterError):
    """A file cannot be imported.

    Parameters
    ----------
    path
        The file.
    reasons
        Why, for each form that was tried.
    """

    code = "import-file"

    def __init__(self, path: Path, *, reasons: Iterable[str]) -> None:
        self.path, self.reasons = path, tuple(reasons)
        super().__init__(
            f"{path} cannot be imported",
            details=self.reasons,
            hints=("{command} import FILE --format conda-env   or pypi-txt",),
        )

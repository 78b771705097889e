"""Channels that fail, or cannot be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError, nearest
from pixi_jupyter.errors.solving import SolveError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class ChannelError(SolveError):
    """A channel did not answer, or answered nonsense."""

    code = "channel"

    def __init__(
        self,
        channel: str,
        *,
        reason: str,
        hints: Sequence[str] = ("{command} … --offline   works from what is cached",),
    ) -> None:
        self.channel, self.reason = channel, reason
        super().__init__(
            f"Channel {channel} could not be read",
            details=reason.splitlines(),
            hints=hints,
        )


def credential_hints(host: str) -> tuple[str, ...]:
    """Say where credentials for a host can be kept.

    Parameters
    ----------
    host
        With or without a port; stores know it without.
    """
    name = host.partition(":")[0] or "HOST"
    return (
        (
            f'{{"{name}": {{"BearerToken": "…"}}}}   in ~/.rattler/credentials.json,'
            " or in a file that RATTLER_AUTH_FILE names"
        ),
        f"machine {name} login … password …   in ~/.netrc",
    )


class ChannelAccessError(ChannelError):
    """A channel asks who we are, and was not satisfied."""

    code = "channel-access"

    def __init__(self, channel: str, *, host: str, status: int, reason: str) -> None:
        self.channel, self.reason = channel, reason
        self.host, self.status = host, status
        asks = "asks for credentials" if status == 401 else "does not let us in"  # noqa: PLR2004  Unauthorized
        looked = "RATTLER_AUTH_FILE, keyring, ~/.rattler/credentials.json, ~/.netrc"
        PixiJupyterError.__init__(
            self,
            f"Channel {channel} {asks}",
            details=(f"none that fit {host} are in {looked}", *reason.splitlines()),
            hints=credential_hints(host),
        )


class ChannelBuildError(PixiJupyterError):
    """A channel, or one package of it, cannot be made."""

    code = "channel-build"

    def __init__(self, what: str, *, reason: str, hint: str = "") -> None:
        self.what, self.reason = what, reason
        super().__init__(
            f"The channel cannot be built: {what}",
            details=reason.splitlines(),
            hints=(hint,) if hint else (),
        )


class DistributionNotFoundError(ChannelBuildError):
    """No distribution of that name is installed beside the interpreter."""

    code = "distribution-not-found"

    def __init__(self, name: str, *, available: Iterable[str]) -> None:
        self.name, self.available = name, tuple(available)
        close = nearest(name, self.available)
        hint = f"did you mean {close}?" if close else f"python -m pip install {name}"
        super().__init__(
            name, reason="it is not installed beside this interpreter", hint=hint
        )

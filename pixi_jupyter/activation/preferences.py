"""What a person likes of an activated shell: prompt, completions, no cache.

Keys and defaults: pixi 0.77.0, `[shell]` of the configuration (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from pixi_jupyter.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellPreferences:
    """How a shell is activated."""

    change_ps1: bool = True
    """Whether the prompt names the environment."""
    force_activate: bool = False
    """Whether the scripts run, whatever is remembered of an earlier time."""
    completions: bool = True
    """Whether the completions of the prefix are loaded."""


def shell_preferences(
    settings: Settings,
    *,
    change_ps1: bool | None = None,
    force_activate: bool = False,
    no_completions: bool = False,
) -> ShellPreferences:
    """Lay what a command line says over what is configured.

    Parameters
    ----------
    settings
        A value of a wrong type in them counts as not there.
    change_ps1
        None where nothing was said.
    force_activate, no_completions
        Can only be said, not unsaid.

    Examples
    --------
    >>> from pathlib import Path
    >>> from pixi_jupyter.config import Settings
    >>> settings = Settings(cache_dir=Path("/cache"), shell={"change-ps1": False})
    >>> shell_preferences(settings).change_ps1
    False
    >>> shell_preferences(settings, change_ps1=True).change_ps1
    True
    """

    def configured(key: str, *, otherwise: bool) -> bool:
        value = settings.shell.get(key)
        return value if isinstance(value, bool) else otherwise

    if change_ps1 is None:
        change_ps1 = configured("change-ps1", otherwise=True)
    return ShellPreferences(
        change_ps1=change_ps1,
        force_activate=force_activate or configured("force-activate", otherwise=False),
        completions=not no_completions
        and configured("source-completion-scripts", otherwise=True),
    )

"""What comes from elsewhere, and was not agreed to or cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.base import PixiJupyterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class TrustError(PixiJupyterError):
    """Nothing is fetched, built or run from what somebody else wrote."""

    code = "trust"


class ConsentNeededForNotebookError(TrustError):
    """The environment of a notebook was not agreed to.

    Parameters
    ----------
    what
        The notebook, to begin a sentence with.
    facts
        What would be used, as lines of text.
    """

    code = "notebook-consent-needed"

    def __init__(self, what: str, *, facts: Sequence[str]) -> None:
        self.what, self.facts = what, tuple(facts)
        super().__init__(
            f"{what} came from elsewhere, its environment was not agreed to",
            details=("Nothing was fetched. Installing it would use:", "", *facts, ""),
            hints=(
                "--trust   agrees to exactly this content and goes on",
                "{command} notebook trust FILE   agrees for later",
            ),
        )


class NotebookRefusedError(TrustError):
    """The environment of a notebook is not one that anybody can agree to.

    Parameters
    ----------
    what
        The notebook, to begin a sentence with.
    reasons
        Why, a sentence each.
    """

    code = "notebook-refused"

    def __init__(self, what: str, *, reasons: Sequence[str]) -> None:
        self.what, self.reasons = what, tuple(reasons)
        super().__init__(
            f"The environment that {what} brings is not installed; nothing was fetched",
            details=reasons,
            hints=("{command} notebook embed FILE   gives it one of your own",),
        )


class NotebookForbiddenError(TrustError):
    """The administrator of this computer does not allow it.

    Parameters
    ----------
    what
        The notebook, to begin a sentence with.
    reasons
        What is not allowed, a sentence each.
    limits
        The file that says so.
    """

    code = "notebook-forbidden"

    def __init__(
        self, what: str, *, reasons: Sequence[str], limits: Path | str | None = None
    ) -> None:
        self.what, self.reasons, self.limits = what, tuple(reasons), limits
        place = f"stand below [pixi-jupyter] in {limits}" if limits else "say so"
        super().__init__(
            f"The environment that {what} brings is not allowed on this computer",
            details=reasons,
            hints=(f"allowed-channels and allowed-indexes {place}",),
        )


class TrustSettingsError(TrustError):
    """What the administrator allows cannot be read, so nothing is allowed."""

    code = "trust-settings"

    def __init__(self, path: Path | str, *, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} cannot be read, so it is not known what it allows",
            details=(reason,),
            hints=(f"whoever looks after this computer has to mend {path}",),
        )


class TrustChangedError(TrustError):
    """The content is another one than that which was shown."""

    code = "trust-changed"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"{what} changed since its list was shown; nothing was agreed to",
            hints=("look at the list again, then agree",),
        )

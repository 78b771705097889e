"""What can be wrong with a script that says what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.errors.manifests import ManifestError

if TYPE_CHECKING:
    from pathlib import Path


class ScriptBlockNotFoundError(ManifestError):
    """A script has no block that says what it needs.

    Parameters
    ----------
    path
        The script.
    almost
        Number and text of a line that looks like the first one of a block.
    """

    code = "script-block-not-found"

    def __init__(
        self, path: Path | str, *, almost: tuple[int, str] | None = None
    ) -> None:
        self.path, self.almost = path, almost
        details = ["there is no line `# /// script`"]
        if almost:
            number, text = almost
            details.append(f"line {number} is not quite one: `{text}`")
        super().__init__(
            f"{path} does not say what it needs",
            details=details,
            hints=(f"{{command}} init --script {path}",),
        )


class ScriptBlockExistsError(ManifestError):
    """A script says already what it needs."""

    code = "script-block-exists"

    def __init__(self, path: Path | str) -> None:
        self.path = path
        super().__init__(
            f"{path} says already what it needs",
            hints=(f"{{command}} add --script {path} PACKAGE",),
        )

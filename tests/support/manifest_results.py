"""Results of `workspace` in which every text is the same, for those who show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pixi_jupyter.commands.workspace_verbs import RENDERERS
from pixi_jupyter.verbs.workspace_edit import Edit, EditResult, Listing, Section
from pixi_jupyter.verbs.workspace_export import ExportResult
from pixi_jupyter.verbs.workspace_settings import ValueResult, VerifyResult


def manifest_results(name: str) -> dict[str, Any]:
    """Make a result for each sub-command of `workspace`."""
    section = Section(title=name, facts=(("platform", (name,)),), note=name)
    results = {
        "edited": EditResult(
            edits=(
                Edit(action="added", kind="channel", name=name, value=name),
                Edit(action="kept", kind="version", name="", value=name),
            ),
            manifest=name,
            feature=name,
        ),
        "exported": ExportResult(files=(Path(name),)),
        "listing": Listing(kind="channel", sections=(section,), data=[name]),
        "value": ValueResult(key="name", value=name),
        "verify": VerifyResult(required=name, fits=False, words=(name,)),
    }
    return {verb: results[renderer] for verb, renderer in RENDERERS.items()}

"""Whether tasks can be shown as widgets, and that they are."""

import importlib
from typing import Any, Dict, List

from .work import NewClient


def widgets(
    shell: Any,  # noqa: ANN401  IPython's
    result: Dict[str, Any],
    where: Dict[str, Any],
    new_client: NewClient,
) -> List[Dict[str, Any]]:
    """Give the outputs of the command `tasks`; none where text has to do.

    Parameters
    ----------
    shell
        The running InteractiveShell.
    result
        The answer of the command.
    where
        Folder, manifest and prefix of requests.
    new_client
        Gives clients with an engine of their own.
    """
    data = result.get("data")
    if not hasattr(shell, "kernel") or not isinstance(data, dict):
        return []
    if not any(not task.get("hidden") for task in data.get("tasks") or ()):
        return []
    try:
        panel = importlib.import_module(".panel", __package__)
    except ImportError:  # the environment has no ipywidgets
        return []
    made = panel.Panel(data, where, new_client)
    text, html = result.get("text") or "", result.get("html") or ""
    shown: List[Dict[str, Any]] = panel.bundles(made, text, html)
    return shown

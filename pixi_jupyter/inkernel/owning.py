"""The environment of a notebook, made its own before it is changed.

What a notebook from elsewhere brought is in a prefix that others may use too, so a
change goes into a copy, and the next start of the kernel is in that one.
"""

import os
from typing import Any, Callable, Dict

_SHARED = "notebook-envs"
"""The folder in the cache that environments of contents are in."""
_CHANGING = frozenset(
    ("add", "import", "lock", "remove", "task", "update", "upgrade", "workspace")
)
SENTENCE = (
    "Restart needed: this notebook has an environment of its own now, and what was"
    " changed is in that one."
)


def named_notebook(options: Dict[str, str]) -> str:
    """Give the path of the notebook of this kernel; empty where nobody says it."""
    session = os.environ.get("JPY_SESSION_NAME", "")
    said = options.get("notebook") or session
    return said if said.endswith(".ipynb") and os.path.isabs(said) else ""  # noqa: PTH117


def own(options: Dict[str, str], verb: str, ask: Callable[..., Any]) -> bool:
    """Make the environment of this kernel its notebook's own, if `verb` changes it.

    Parameters
    ----------
    options
        What the kernel was started with; its manifest becomes that of the copy.
    ask
        Calls the engine with a method and its parameters.

    Returns
    -------
    bool
        Whether the kernel has to be started again to be in it.
    """
    notebook, manifest = options.get("notebook"), options.get("manifest", "")
    folder = os.path.dirname(os.path.dirname(manifest))  # noqa: PTH120
    if not notebook or verb not in _CHANGING or os.path.basename(folder) != _SHARED:  # noqa: PTH119
        return False
    request = {"path": notebook}
    found = ask("verb", {"verb": "notebook_own", "request": request})
    options["manifest"] = found["manifest"]
    return True

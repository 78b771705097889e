"""Gives a shell ``%pixi``, and takes it away again."""

import contextlib
from typing import Any, Dict, Optional

from .magics import Pixi, close
from .words import help_lines

DOCUMENTATION = """The environments of this notebook's workspace, as pixi has them.

    %pixi add numpy            add a package, lock, install; then import it
    %pixi remove numpy
    %pixi list                 what is locked; %pixi list --json gives it as a value
    %pixi info                 this computer, the workspace, its environments
    %pixi run COMMAND          run a task, or a command in an environment; fails as
                               it fails, and _exit_code has its exit code
    %pixi tasks                the tasks of the workspace, with buttons

    %%pixi run -e NAME         run the cell as a Python script of environment NAME

%pixi --help tells all commands, %pixi add? what one of them takes. In a kernel of a
pixi environment the workspace is that environment's, elsewhere that of the current
folder; --manifest-path names another.
"""

_MARK = "pixi_jupyter"
"""By which our magic is known again."""


def register(shell: Any, options: Dict[str, str]) -> None:  # noqa: ANN401  IPython's
    """Give a shell ``%pixi``, unless it has it already."""
    if _mine(shell) is not None:
        return
    from .matcher import add_completion

    magic = Pixi(shell, options)

    def pixi(line: str, cell: Optional[str] = None) -> Any:  # noqa: ANN401
        return magic.run_line(line) if cell is None else magic.run_cell(line, cell)

    pixi.__doc__ = DOCUMENTATION
    setattr(pixi, _MARK, magic)
    shell.register_magic_function(pixi, "line_cell", "pixi")
    shell.input_transformers_cleanup.append(help_lines)
    add_completion(shell, magic)
    shell.events.register("post_run_cell", magic.missing.after_cell)


def unregister(shell: Any) -> None:  # noqa: ANN401  IPython's
    """Take it away again, and let the engine go."""
    magic = _mine(shell)
    if magic is None:
        return
    from .matcher import remove_completion

    with contextlib.suppress(ValueError):
        shell.events.unregister("post_run_cell", magic.missing.after_cell)

    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("pixi", None)
    with contextlib.suppress(ValueError):
        shell.input_transformers_cleanup.remove(help_lines)
    remove_completion(shell)
    close()


def _mine(shell: Any) -> Optional[Pixi]:  # noqa: ANN401  IPython's
    """Give our magic of a shell, whichever copy of this package made it."""
    found = shell.magics_manager.magics["line"].get("pixi")
    magic: Optional[Pixi] = getattr(found, _MARK, None)
    return magic

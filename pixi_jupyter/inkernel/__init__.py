"""What runs inside a kernel of any environment.

Standard library and IPython only, in Python 3.8 syntax: the environment of a kernel
need not have what pixi-jupyter needs. `boot` loads this package by its path, under
a name that cannot clash with a pixi-jupyter of the environment's own.
"""

from typing import Any, Dict

options: Dict[str, str] = {}
"""What the kernel was started with: host, manifest, environment; filled by `boot`."""


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401  IPython's
    """Give a shell ``%pixi``."""
    from .register import register

    register(shell, options)


def unload_ipython_extension(shell: Any) -> None:  # noqa: ANN401  IPython's
    """Take ``%pixi`` away, and let the engine go."""
    from .register import unregister

    unregister(shell)

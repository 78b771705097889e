"""The door to uv: resolves and installs Python packages, as a process of its own.

Flags and texts: uv 0.13.9 (tried 2026-11). Nothing of the user's own uv is obeyed
but what pixi obeys too; whatever uv says in failing becomes one of our errors.
"""

from pixi_jupyter.adapters.uv.binary import find_uv
from pixi_jupyter.adapters.uv.cached import CachedWheel, cached_wheel
from pixi_jupyter.adapters.uv.failures import Context, failure
from pixi_jupyter.adapters.uv.options import UvOptions
from pixi_jupyter.adapters.uv.prefix import Build, install, uninstall
from pixi_jupyter.adapters.uv.process import Uv
from pixi_jupyter.adapters.uv.pylock import (
    Directory,
    File,
    Package,
    Repository,
    format_pylock,
    parse_pylock,
)
from pixi_jupyter.adapters.uv.resolve import Resolve, default_index, indexes, resolve

__all__ = [
    "Build",
    "CachedWheel",
    "Context",
    "Directory",
    "File",
    "Package",
    "Repository",
    "Resolve",
    "Uv",
    "UvOptions",
    "cached_wheel",
    "default_index",
    "failure",
    "find_uv",
    "format_pylock",
    "indexes",
    "install",
    "parse_pylock",
    "resolve",
    "uninstall",
]

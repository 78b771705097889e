"""Which packages may run scripts when they are installed, as the user configured it.

``run-post-link-scripts = "insecure"`` is pixi's and allows all; our own
``link-scripts = ["NAME", …]`` in the table ``pixi-jupyter`` of the same files allows
those that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pixi_jupyter.install.scripts import EVERY

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.config import Settings

TABLE = "pixi-jupyter"


def allowed_scripts(settings: Settings) -> frozenset[str]:
    """Give the names of the packages whose scripts may run; `EVERY` for all.

    Parameters
    ----------
    settings
        Names the files; of those that say something, the last one counts.

    Notes
    -----
    Reads the files again, which only an install of a package with a script does.
    """
    every, names = False, frozenset[str]()
    for path in settings.sources:
        table = _read(path)
        said = table.get("run-post-link-scripts", table.get("run_post_link_scripts"))
        if said is not None:
            every = said == "insecure"
        own = table.get(TABLE)
        listed = own.get("link-scripts") if isinstance(own, dict) else None
        if isinstance(listed, list):
            names = frozenset(str(name).lower() for name in listed)
    return names | {EVERY} if every else names


def _read(path: Path) -> dict[str, Any]:
    from pixi_jupyter.adapters.toml import TomlError, parse_toml

    try:
        return parse_toml(path.read_text(encoding="utf-8")).unwrap()
    except (OSError, ValueError, TomlError):
        return {}

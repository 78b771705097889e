"""Dependencies on a path, git or url: what such a table may say.

Rules: pixi 0.77.0, source dependencies and their validation (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

LOCATIONS = ("url", "path", "git")
REVISIONS = ("rev", "tag", "branch")
SOURCE_TEXTS = (*LOCATIONS, *REVISIONS, "subdirectory")
PREVIEW_HINT = 'preview = ["pixi-build"] in [workspace]'
_ARCHIVES = (".conda", ".tar.bz2")


def needs_build(table: Mapping[str, object] | None) -> bool:
    """Tell whether a dependency has to be built: not where it is a package's file."""
    if table is None:
        return False
    place = table.get("url") or table.get("path")
    return not (isinstance(place, str) and place.endswith(_ARCHIVES))


def check_location(value: Mapping[str, Any], source: Source, here: Keys) -> bool:
    """Check the keys that name a source; tell whether there is one.

    Raises
    ------
    ManifestParseError
    """
    given = [key for key in LOCATIONS if key in value]
    revisions = [key for key in REVISIONS if key in value]
    if len(given) > 1:
        reason = f"only one of `{given[0]}` and `{given[1]}` can be given"
        raise source.error((*here, given[1]), reason, at="key")
    if len(revisions) > 1:
        reason = f"only one of `{revisions[0]}` and `{revisions[1]}` can be given"
        raise source.error((*here, revisions[1]), reason, at="key")
    for key in (*revisions, *(["lfs"] if "lfs" in value else [])):
        if given != ["git"]:
            reason = f"`{key}` belongs to `git`"
            raise source.error((*here, key), reason, at="key")
    for key in ("version", "channel", "file-name"):
        if given and key in value:
            reason = f"`{key}` cannot be used with `{given[0]}`"
            raise source.error((*here, key), reason, at="key")
    if not given and "package" in value:
        reason = "`package` belongs to a source: path, git or url"
        raise source.error((*here, "package"), reason, at="key")
    return bool(given)


class BuiltSources:
    """Checks dependencies that have to be built, across the whole manifest.

    Parameters
    ----------
    builds_packages
        Whether the preview `pixi-build` is on, without which there can be none.
    """

    def __init__(self, source: Source, *, builds_packages: bool) -> None:
        self._source, self._builds = source, builds_packages
        self._inline: dict[str, object] = {}

    def check(self, table: Mapping[str, Any], here: Keys) -> None:
        """Check one of them.

        Raises
        ------
        ManifestParseError
        """
        if not self._builds:
            key = next(key for key in LOCATIONS if key in table)
            reason = "packages are built from source only with the preview `pixi-build`"
            raise self._source.error((*here, key), reason, hint=PREVIEW_HINT, at="key")
        if (package := table.get("package")) is None:
            return
        inside, name = (*here, "package"), str(here[-1])
        if not isinstance(package, dict):
            raise self._source.error(inside, "a table belongs here")
        if "name" in package:
            reason = "the dependency has the name already"
            raise self._source.error((*inside, "name"), reason, at="key")
        # what comes from the workspace's own table is one and the same object
        if self._inline.setdefault(name.lower(), package) is not package:
            reason = f"`{name}` is described a second time"
            raise self._source.error(inside, reason, at="key")

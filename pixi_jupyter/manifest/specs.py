"""What stands behind the name of a conda dependency: a version or a table.

Rules: pixi 0.77.0, dependency values and their validation (read 2026-11); `when`,
`flags` and `extras` as 0.81 has them. Tables that name a source (path, git, url) are
kept as written: reading them is possible, solving with them is not yet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from pixi_jupyter.errors import InvalidSpecError, nearest
from pixi_jupyter.manifest.models import CondaSpec
from pixi_jupyter.manifest.sources import (
    LOCATIONS,
    SOURCE_TEXTS,
    BuiltSources,
    check_location,
    needs_build,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pixi_jupyter.manifest.layout import Keys
    from pixi_jupyter.manifest.locate import Source

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_CONSTRAINT = re.compile(
    r"\*|(?:==|!=|>=|<=|~=|>|<|=)?[0-9]{1,18}(?:\.[0-9]{1,18}){0,30}(?:\.?\*)?"
)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.*:/-]*")
_LONGEST = 1000
"""Characters of a spec. rattler goes down a level at each parenthesis, and ends the
process where the stack ends."""
_TEXTS = {
    "version": "version",
    "build": "build",
    "build-number": "build_number",
    "file-name": "file_name",
    "channel": "channel",
    "subdir": "subdir",
    "md5": "md5",
    "sha256": "sha256",
    "license": "license",
    "license-family": "license_family",
}
_LISTS = {"extras": "extras", "flags": "flags", "track-features": "track_features"}
KNOWN_KEYS = (
    *_TEXTS,
    *_LISTS,
    *SOURCE_TEXTS,
    *("lfs", "package", "when", "workspace"),
)
"""What a dependency table may say."""

TableKind: TypeAlias = Literal["run", "constraints", "dev"]

_DIGESTS = {"md5": 32, "sha256": 64}


class SpecReader:
    """Reads tables of dependencies.

    Parameters
    ----------
    source
        The manifest's text.
    pool
        `[workspace.dependencies]`, for ``{ workspace = true }``.
    builds_packages
        Whether the preview `pixi-build` is on, without which no dependency can be a
        source.
    """

    def __init__(
        self, source: Source, pool: Mapping[str, Any], *, builds_packages: bool = False
    ) -> None:
        self._source = source
        self._built = BuiltSources(source, builds_packages=builds_packages)
        self._pool = {name.lower(): value for name, value in pool.items()}

    def read(
        self, table: Mapping[str, Any], keys: Keys, *, kind: TableKind = "run"
    ) -> dict[str, CondaSpec]:
        """Read one table of dependencies.

        Parameters
        ----------
        table
            Values by name, as written.
        keys
            Path of the table below the prefix.
        kind
            Constraints cannot name a source; in a `dev` table everything has to.

        Returns
        -------
        dict
            By name in lower case, in the order of the file; without those that are
            wrong, which are kept in the source.
        """
        found: dict[str, CondaSpec] = {}
        for name, value in table.items():
            here = (*keys, name)
            with self._source.keep:
                if not _NAME.fullmatch(name):
                    reason = "this is no name of a package"
                    raise self._source.error(here, reason, at="key")
                if name.lower() in found:
                    reason = f"`{name.lower()}` is there already, spelled differently"
                    raise self._source.error(here, reason, at="key")
                spec = self._spec(value, here)
                self._check_kind(spec, here, kind)
                self._check_whole(name, spec, here)
                found[name.lower()] = spec
        return found

    def _check_kind(self, spec: CondaSpec, here: Keys, kind: TableKind) -> None:
        is_source = needs_build(spec.source)
        if kind == "constraints" and spec.source is not None:
            raise self._source.error(here, "a constraint cannot name a source")
        if kind == "dev" and not is_source:
            reason = "only a source can be developed: a path, git or url"
            raise self._source.error(here, reason, hint='{ path = "." }')
        if is_source and spec.source is not None:
            self._built.check(spec.source, here)

    def _check_whole(self, name: str, spec: CondaSpec, here: Keys) -> None:
        """Let rattler read what is more than a version and plain words."""
        words = [spec.build, spec.file_name, spec.channel, spec.subdir]
        words += [spec.license, spec.license_family]
        words += [*spec.extras, *spec.flags, *spec.track_features]
        number = spec.build_number is None or spec.build_number.isdecimal()
        plain = number and spec.when is None
        if plain and all(_WORD.fullmatch(word) for word in words if word):
            return
        if spec.source is None:
            text = spec.match_spec(name)
            if len(text) > _LONGEST:
                reason = f"a spec has at most {_LONGEST} characters"
                raise self._source.error(here, reason)
            from pixi_jupyter.adapters.rattler import match_spec

            try:
                match_spec(text)
            except InvalidSpecError as error:
                reason = f"this is no match spec: {error.reason}"
                raise self._source.error(here, reason) from error

    def _spec(self, value: str | Mapping[str, Any], here: Keys) -> CondaSpec:
        path = (*self._source.prefix, *map(str, here))
        if isinstance(value, str):
            return CondaSpec(version=self.version(value, here), keys=path)
        if "workspace" in value:
            value = self._inherited(value, here)
        for key in value:
            if key not in KNOWN_KEYS:
                close = nearest(key, KNOWN_KEYS)
                hint = f"did you mean `{close}`?" if close else ""
                raise self._source.error(
                    (*here, key), "no such key belongs here", hint=hint, at="key"
                )
        if not value:
            raise self._source.error(here, "this table says nothing", hint='"*"')
        given: dict[str, Any] = {
            field: self._text(value, key, here)
            for key, field in _TEXTS.items()
            if key in value
        }
        for key, field in _LISTS.items():
            if key in value:
                given[field] = self._texts(value, key, here)
        if "version" in given:
            given["version"] = self.version(given["version"], (*here, "version"))
        if "when" in value:
            given["when"] = self._condition(value["when"], (*here, "when"))
        return CondaSpec(**given, source=self._location(value, here), keys=path)

    def _text(self, value: Mapping[str, Any], key: str, here: Keys) -> str:
        text = value[key]
        if key == "build-number" and isinstance(text, int):
            return str(text)
        if not isinstance(text, str) or not text:
            raise self._source.error((*here, key), "a string in quotes belongs here")
        size = _DIGESTS.get(key)
        if size and not re.fullmatch(rf"[0-9A-Fa-f]{{{size}}}", text):
            reason = f"{size} hexadecimal digits belong here"
            raise self._source.error((*here, key), reason)
        return text

    def _texts(self, value: Mapping[str, Any], key: str, here: Keys) -> tuple[str, ...]:
        texts = value[key]
        if not isinstance(texts, list) or not all(
            isinstance(text, str) and text for text in texts
        ):
            raise self._source.error((*here, key), "an array of strings belongs here")
        return tuple(texts)

    def version(self, text: str, here: Keys) -> str:
        """Check a version spec; give it without needless spaces.

        Raises
        ------
        ManifestParseError
        """
        if not text.strip():
            reason = "a version belongs here"
            raise self._source.error(here, reason, hint='"*" for any version')
        # spaces mean nothing around operators and separators, and rattler knows
        # them only there where a whole match spec is read
        packed = re.sub(r"\s*([,|()])\s*|([<>=!~])\s+", r"\1\2", text.strip())
        if re.search(r"\s", packed):
            version, _, build = packed.partition(" ")
            hint = f'{{ version = "{version}", build = "{build.strip()}" }}'
            reason = "only a version belongs here, not a build"
            raise self._source.error(here, reason, hint=hint)
        if len(packed) > _LONGEST:
            reason = f"a version has at most {_LONGEST} characters"
            raise self._source.error(here, reason)
        if all(_CONSTRAINT.fullmatch(part) for part in re.split(r"[,|]", packed)):
            return packed
        self._ask_rattler(packed, here)
        return packed

    def _ask_rattler(self, text: str, here: Keys) -> None:
        from pixi_jupyter.adapters.rattler import version_spec

        try:
            version_spec(text)
        except InvalidSpecError as error:
            hint = ""
            if "://" in text or text[:1] in ("/", ".", "~"):
                key = "url" if "://" in text else "path"
                hint = f'{{ {key} = "{text}" }}'
            reason = f"this is no version: {error.reason}"
            raise self._source.error(here, reason, hint=hint) from error

    def _inherited(self, value: Mapping[str, Any], here: Keys) -> dict[str, Any]:
        if value["workspace"] is not True:
            raise self._source.error((*here, "workspace"), "only true belongs here")
        for key in ("version", *LOCATIONS):
            if key in value:
                reason = f"`{key}` comes from the workspace and cannot be given here"
                raise self._source.error((*here, key), reason, at="key")
        name = str(here[-1])
        if name.lower() not in self._pool:
            close = nearest(name.lower(), self._pool)
            hint = f"did you mean `{close}`?" if close else ""
            reason = f"[workspace.dependencies] has no `{name}`"
            raise self._source.error(here, reason, hint=hint, at="key")
        shared = self._pool[name.lower()]
        base = {"version": shared} if isinstance(shared, str) else dict(shared)
        own = {key: each for key, each in value.items() if key != "workspace"}
        return {**base, **own}

    def _location(
        self, value: Mapping[str, Any], here: Keys
    ) -> Mapping[str, object] | None:
        """Check the keys that name a source; give the table if there is one."""
        for key in SOURCE_TEXTS:
            if key in value:
                self._text(value, key, here)
        return dict(value) if check_location(value, self._source, here) else None

    def _condition(self, value: object, here: Keys) -> str:
        """Write a condition as the text of a match spec."""
        match value:
            case str() if value.strip() and len(value) <= _LONGEST:
                return value.strip()
            case {"all": list() as parts, **rest} if parts and not rest:
                return self._joined(parts, " and ", (*here, "all"))
            case {"any": list() as parts, **rest} if parts and not rest:
                return self._joined(parts, " or ", (*here, "any"))
            case {"package": str() as name, **rest} if "channel" not in rest:
                fields = cast("dict[str, Any]", rest)
                spec = self._spec(fields, here) if rest else CondaSpec()
                if spec.source is None and spec.when is None:
                    return spec.match_spec(name).removesuffix(" *").replace('"', "'")
        reason = "a string or a table with `all`, `any` or `package` belongs here"
        raise self._source.error(here, reason)

    def _joined(self, parts: list[object], word: str, here: Keys) -> str:
        texts = [
            self._condition(part, (*here, number)) for number, part in enumerate(parts)
        ]
        return f"({word.join(texts)})" if len(texts) > 1 else texts[0]

"""What a manifest from elsewhere asks for, read without doing any of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pixi_jupyter.errors import PixiJupyterError
from pixi_jupyter.manifest.parse import parse_manifest
from pixi_jupyter.manifest.sources import needs_build
from pixi_jupyter.manifest.text import read_document
from pixi_jupyter.trust.addresses import has_hidden, has_secret, shown
from pixi_jupyter.trust.models import NOWHERE, Variable

if TYPE_CHECKING:
    from pixi_jupyter.manifest.models import CondaSpec, Feature, Manifest, Target
    from pixi_jupyter.trust.findings import Findings

LARGEST = 1_000_000
"""Characters."""
_MOST_VALUES = 50_000
_LONGEST_NAME = 100
_PLACES = {"git", "index", "path", "url"}
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"'<>`]+")
_POWERFUL = re.compile(
    r"(?:LD|DYLD|PIP|UV|PIXI|CONDA|MAMBA|RATTLER|JUPYTER|GIT|NODE|NPM|R|XDG|SSL|CURL"
    r"|REQUESTS|SSH|DOCKER|BASH)_.*"
    r"|(?:PYTHON|IPYTHON|PERL|RUBY|JAVA|JDK|TMP|TEMP).*|.*(?:PATH|_PROXY)"
    r"|HOME|SHELL|ENV|IFS|PS[0-9]|PROMPT_COMMAND|ZDOTDIR"
)
"""Variables that change which programs run, what they load, or what they trust."""


def read(text: str, found: Findings) -> Manifest | None:
    """Note what a manifest asks for; None where it cannot be read.

    Notes
    -----
    Pure: touches neither disk nor network.
    """
    if len(text) > LARGEST:
        found.refuse("size", f"its manifest has {len(text):,} characters")
        return None
    try:
        document = read_document(text, NOWHERE)
        manifest = parse_manifest(text, NOWHERE)
    except PixiJupyterError as error:
        reason = " ".join([error.message, *error.details[:1]])
        found.refuse("unreadable", f"its manifest cannot be read: {shown(reason)}")
        return None
    except (ValueError, RecursionError, OverflowError) as error:
        found.refuse("unreadable", f"its manifest cannot be read: {shown(str(error))}")
        return None
    _check_texts(document, found)
    _check_name(manifest.name, found)
    _Reader(manifest, found).read()
    return manifest


def _check_texts(document: Mapping[str, Any], found: Findings) -> None:
    """Look at every text: for what is hidden, and for secrets."""
    for number, (keys, text) in enumerate(_texts(document, ())):
        if number > _MOST_VALUES:
            found.refuse("size", "its manifest says more than any manifest does")
            return
        where = shown(".".join(keys))
        if any(map(has_hidden, keys)) or has_hidden(text, lines=True):
            found.refuse("hidden", f"{where} has characters that cannot be seen")
        if "://" in text and any(map(has_secret, _URL.findall(text))):
            found.refuse("credentials", f"{where} has an address that tells a secret")


def _texts(
    value: object, keys: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield (*keys, str(key)), ""
            yield from _texts(each, (*keys, str(key)))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _texts(each, (*keys, str(number)))
    elif isinstance(value, str):
        yield keys, value


def _check_name(name: str, found: Findings) -> None:
    odd = set(name) & set("/\\:") or name.startswith(".") or ".." in name
    if odd or len(name) > _LONGEST_NAME:
        found.refuse("name", f"its workspace is called {shown(name)!r}, like a path")


class _Reader:
    """Goes through the features of one manifest."""

    def __init__(self, manifest: Manifest, found: Findings) -> None:
        self.manifest, self.found = manifest, found

    def read(self) -> None:
        manifest, found = self.manifest, self.found
        for channel in manifest.channels:
            _channel(channel.name, found)
        for feature in _features(manifest):
            for channel in feature.channels or ():
                _channel(channel.name, found)
            self._options(feature.pypi_options)
            for target in (feature.default, *(each for _, each in feature.targets)):
                self._target(target)
        if manifest.package is not None:
            found.refuse("path", "it describes a package whose source did not travel")
        self._metadata(manifest.metadata)

    def _target(self, target: Target) -> None:
        for table in (target.dependencies, target.constraints, target.dev):
            for name, spec in table.items():
                self._conda(name, spec)
        for name, value in target.pypi_dependencies.items():
            self._pypi(name, value)
        for script in target.activation.scripts:
            text = f"{shown(script)} would run at each start, and did not travel"
            self.found.refuse("script", text)

    def _conda(self, name: str, spec: CondaSpec) -> None:
        if spec.channel:
            _channel(spec.channel, self.found)
        if spec.source is not None:
            if needs_build(spec.source):
                self.found.builds[shown(name)] = None
            self._place(name, spec.source)

    def _pypi(self, name: str, value: object) -> None:
        if not isinstance(value, Mapping) or not value.keys() & _PLACES:
            self.found.asks_pypi = True
        if not isinstance(value, Mapping):
            return
        url = str(value.get("url") or ".whl")
        if "git" in value or not url.partition("#")[0].endswith(".whl"):
            self.found.builds[shown(name)] = None
        self._place(name, value)
        if index := value.get("index"):
            self.found.put(self.found.indexes, str(index))

    def _place(self, name: str, table: Mapping[str, object]) -> None:
        for key in ("url", "git"):
            if key in table:
                self.found.put(self.found.direct, str(table[key]), shown(name))
        if "path" in table:
            where = shown(str(table["path"]))
            text = f"{shown(name)} is to come from {where}, which did not travel"
            self.found.refuse("path", text)

    def _options(self, options: Mapping[str, Any]) -> None:
        found = self.found
        for url in (options.get("index-url"), *_list(options, "extra-index-urls")):
            if url:
                found.put(found.indexes, str(url))
        for link in _list(options, "find-links"):
            url = link.get("url") if isinstance(link, Mapping) else None
            if url:
                found.put(found.indexes, str(url))
            else:
                found.refuse("path", "find-links names a folder, which did not travel")
        overrides = options.get("dependency-overrides")
        for name, value in overrides.items() if isinstance(overrides, Mapping) else ():
            self._pypi(str(name), value)
        if choice := options.get("no-binary"):
            names = (
                choice if isinstance(choice, list | tuple) else ["all PyPI packages"]
            )
            found.builds |= {shown(str(each)): None for each in names}

    def _metadata(self, metadata: Mapping[str, Any]) -> None:
        found = self.found
        options = metadata.get("pypi-options")
        if isinstance(options, Mapping):
            self._options(options)
        maps = metadata.get("conda-pypi-map")
        for value in maps.values() if isinstance(maps, Mapping) else ():
            place = value.get("location") if isinstance(value, Mapping) else value
            if isinstance(place, str):
                found.put(found.others, place)
        stores = metadata.get("s3-options")
        for value in stores.values() if isinstance(stores, Mapping) else ():
            if isinstance(value, Mapping) and (place := value.get("endpoint-url")):
                found.put(found.others, str(place))
        if metadata.get("build-variants-files"):
            found.refuse("path", "build-variants-files names files that did not travel")


def _channel(name: str, found: Findings) -> None:
    """Note a channel; one that is named stands where rattler has it."""
    from pixi_jupyter.adapters.rattler import channel_urls

    if has_secret(name) or "://" in name:
        if found.accepts(name):
            found.put(found.channels, name.rstrip("/") + "/")
        return
    if name.startswith((".", "/", "~", "\\")) or re.match(r"[A-Za-z]:[\\/]", name):
        found.accepts(name)
        return
    try:
        url = channel_urls([name], root=NOWHERE.parent)[0]
    except PixiJupyterError as error:
        found.refuse("address", shown(error.message))
        return
    found.put(found.channels, url)


def _features(manifest: Manifest) -> Iterator[Feature]:
    yield from manifest.features.values()
    for each in manifest.environments.values():
        if each.inline is not None:
            yield each.inline


def _list(table: Mapping[str, Any], key: str) -> list[Any]:
    found = table.get(key)
    return list(found) if isinstance(found, list | tuple) else []


def variables_of(manifest: Manifest) -> tuple[Variable, ...]:
    """List the variables that it sets at each start."""
    found: dict[str, bool] = {}
    for feature in _features(manifest):
        for target in (feature.default, *(each for _, each in feature.targets)):
            for name, value in target.activation.env.items():
                runs = bool(re.search(r"\$\(|`", value))
                powerful = bool(_POWERFUL.fullmatch(name.upper()))
                found[name] = found.get(name, False) or runs or powerful
    return tuple(Variable(shown(name), flag) for name, flag in found.items())


def tasks_of(manifest: Manifest) -> tuple[str, ...]:
    """List the names of its tasks."""
    names = {
        name: None
        for feature in _features(manifest)
        for target in (feature.default, *(each for _, each in feature.targets))
        for name in target.tasks
    }
    return tuple(map(shown, names))

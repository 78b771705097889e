"""YAML through libyaml where PyYAML was built with it."""

from __future__ import annotations

import yaml as _yaml


class YamlError(ValueError):
    """A text is not YAML; the message says where."""


class _Loader(getattr(_yaml, "CSafeLoader", _yaml.SafeLoader)):  # type: ignore[misc]  # libyaml is optional
    """Reads plain scalars as YAML 1.2 does: only what pixi writes unquoted."""


# Lock files hold versions such as 1.10 and dates; only true numbers, booleans and
# null may become something other than text, and timestamps never do.
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith((":timestamp", ":float"))]
    for first, pairs in _Loader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str) -> object:
    """Read one YAML document.

    Raises
    ------
    YamlError
        If the text is not YAML.
    """
    try:
        return _yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    except _yaml.YAMLError as error:
        raise YamlError(str(error)) from error

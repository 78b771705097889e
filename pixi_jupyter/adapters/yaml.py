"""YAML through libyaml where PyYAML was built with it."""

from __future__ import annotations

import re

import yaml as _yaml


class YamlError(ValueError):
    """A text is not YAML; the message says where."""


class _Loader(getattr(_yaml, "CSafeLoader", _yaml.SafeLoader)):  # type: ignore[misc]  # libyaml is optional
    """Reads plain scalars as YAML 1.2 does: only what pixi writes unquoted."""


# Lock files hold versions such as 1.10, dates, and hashes of nothing but digits;
# names such as `no` and `on` are names. Only what YAML 1.2 takes for a number or a
# truth may become something other than text.
_PLAIN = {
    "tag:yaml.org,2002:bool": (
        re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"),
        "tTfF",
    ),
    "tag:yaml.org,2002:int": (re.compile(r"[-+]?(?:0|[1-9][0-9]*)$"), "-+0123456789"),
}
_LEFT_OUT = ("timestamp", "float", "bool", "int")
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith(_LEFT_OUT)]
    for first, pairs in _Loader.yaml_implicit_resolvers.items()
}
for _tag, (_pattern, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(_tag, _pattern, list(_first))


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

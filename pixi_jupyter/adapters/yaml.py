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
_LEFT_OUT = ("timestamp", "float", "bool", "int", "merge", "value")
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if not pair[0].endswith(_LEFT_OUT)]
    for first, pairs in _Loader.yaml_implicit_resolvers.items()
}
for _tag, (_pattern, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(_tag, _pattern, list(_first))

_DEEPEST = 200
_TOO_DEEP = "it is nested too deeply"
_BRACKETS = re.compile(r"[\[\]{}]")
_STEPS = re.compile(r"\n[ ]*(?:[-?][ \t]+){9}")
"""Lists in lists, begun on one line."""


def parse_yaml(text: str) -> object:
    """Read one YAML document.

    Raises
    ------
    YamlError
        If the text is not YAML.
    """
    _refuse_depth(text)
    try:
        data: object = _yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    except _yaml.YAMLError as error:
        raise YamlError(str(error)) from error
    except RecursionError as error:
        raise YamlError(_TOO_DEEP) from error
    except (ValueError, OverflowError) as error:
        raise YamlError(str(error)) from error
    if "&" in text:
        _refuse_aliases(data)
    return data


def _refuse_depth(text: str) -> None:
    # libyaml goes down a level for each, and ends the process where the stack ends
    if _STEPS.search(text) or _STEPS.match(f"\n{text[:_DEEPEST]}"):
        raise YamlError(_TOO_DEEP)
    if text.count("[") + text.count("{") <= _DEEPEST:
        return
    depth = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > _DEEPEST:
            raise YamlError(_TOO_DEEP)


def _refuse_aliases(data: object) -> None:
    # a few lines of them may stand for more than any memory holds
    seen: set[int] = set()
    pending = [data]
    while pending:
        value = pending.pop()
        if not isinstance(value, dict | list):
            continue
        if id(value) in seen:
            msg = "it refers to parts of itself, which no program writes there"
            raise YamlError(msg)
        seen.add(id(value))
        pending += value.values() if isinstance(value, dict) else value

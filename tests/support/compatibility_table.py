"""Every key of pixi's manifest reference, and what becomes of it here.

The page `docs/compatibility.md` is made of this, and the tests try each example.
"""

from __future__ import annotations

from typing import NamedTuple

FULL = "full"
READ = "read-only"
IGNORED = "ignored with a warning"
REFUSED = "refused"
STATES = {
    FULL: "means what it means in pixi",
    READ: (
        "read, checked, carried through edits and shown; a command that would have"
        " to act on it says so and stops"
    ),
    IGNORED: "left out, and a warning says so",
    REFUSED: "an error that names the key and its line",
}


class Key(NamedTuple):
    """A key, with a value that it may have."""

    example: str
    """As TOML; empty where only the table as a whole can be tried."""
    state: str = FULL
    note: str = ""


_METADATA = {
    "name": Key('"tides"'),
    "version": Key('"1.0"'),
    "description": Key('"Tides"'),
    "authors": Key('["A <a@b.example>"]', READ),
    "license": Key('"MIT"', READ),
    "license-file": Key(
        '"LICENSE"', READ, "whether the file is there is not looked at"
    ),
    "readme": Key('"README.md"', READ),
    "homepage": Key('"https://tides.example"', READ),
    "repository": Key('"https://tides.example"', READ),
    "documentation": Key('"https://tides.example"', READ),
}
WORKSPACE = {
    "channels": Key('["conda-forge", { channel = "bioconda", priority = -1 }]'),
    "platforms": Key('["linux-64", { platform = "linux-64", cuda = "12.0" }]'),
    **_METADATA,
    "channel-priority": Key('"flexible"'),
    "solve-strategy": Key('"lowest-direct"'),
    "exclude-newer": Key('"7d"'),
    "requires-pixi": Key('">=0.70"'),
    "conda-pypi-map": Key('{ conda-forge = "map.json" }'),
    "pypi-options": Key("{ no-build = true }"),
    "s3-options": Key(
        '{ b = { endpoint-url = "https://s3.example", region = "x",'
        " force-path-style = true } }"
    ),
    "preview": Key('["pixi-build"]', READ),
    "build-variants": Key('{ python = ["3.12"] }', READ),
    "build-variants-files": Key('["variants.yaml"]', READ),
    "dependencies": Key('{ numpy = ">=2" }'),
    "target": Key('{ linux = { build-variants = { c = ["gcc"] } } }', READ),
}
TARGET = {
    "dependencies": Key('{ numpy = ">=2" }'),
    "host-dependencies": Key('{ numpy = ">=2" }', FULL, "old, with pixi's warning"),
    "build-dependencies": Key('{ numpy = ">=2" }', FULL, "old, with pixi's warning"),
    "constraints": Key('{ numpy = "<3" }'),
    "pypi-dependencies": Key('{ click = "*" }'),
    "dev": Key('{ tides = { path = "." } }', READ),
    "tasks": Key('{ test = "pytest" }'),
    "activation": Key('{ scripts = ["a.sh"], env = { A = "b" } }'),
}
FEATURE = {
    **TARGET,
    "channels": Key('["conda-forge"]'),
    "channel-priority": Key('"disabled"'),
    "solve-strategy": Key('"lowest"'),
    "platforms": Key('["linux-64"]'),
    "pypi-options": Key("{ no-build = true }"),
    "system-requirements": Key('{ cuda = "12" }', FULL, "old, with pixi's warning"),
    "target": Key('{ linux = { dependencies = { numpy = "*" } } }'),
}
_OLD = ("host-dependencies", "build-dependencies", "system-requirements")
ENVIRONMENT = {
    "features": Key('["extra"]'),
    "solve-group": Key('"one"'),
    "no-default-feature": Key("true"),
    **{key: each for key, each in FEATURE.items() if key not in _OLD},
}
ROOT = {
    **TARGET,
    "system-requirements": FEATURE["system-requirements"],
    "pypi-options": FEATURE["pypi-options"],
    "target": FEATURE["target"],
    "feature": Key('{ more = { dependencies = { numpy = "*" } } }'),
    "environments": Key('{ test = ["extra"] }'),
    "exclude-newer": Key('{ numpy = "2026-01-01" }'),
    "pypi-exclude-newer": Key('{ click = "2026-01-01" }'),
    "tool": Key("{ other = { a = 1 } }", FULL, "left to other tools, as in pixi"),
}
DEPENDENCY = {
    "version": Key('">=1"'),
    "build": Key('"py*"'),
    "build-number": Key('">=1"'),
    "file-name": Key('"a-1-0.conda"'),
    "channel": Key('"conda-forge"'),
    "subdir": Key('"noarch"'),
    "md5": Key(f'"{"0" * 32}"'),
    "sha256": Key(f'"{"0" * 64}"'),
    "license": Key('"MIT"'),
    "license-family": Key('"MIT"'),
    "extras": Key('["fast"]'),
    "flags": Key('["cuda"]'),
    "track-features": Key('["mkl"]'),
    "when": Key('"__unix"'),
    "path": Key('"./a"', READ, "needs the preview `pixi-build`"),
    "git": Key(
        '"https://git.example/a"',
        READ,
        "with `branch`, `tag` or `rev`, `subdirectory`, `lfs`",
    ),
    "url": Key(
        '"https://files.example/a-1-0.conda"',
        READ,
        "a package's file is installed where the lock has it",
    ),
}
PYPI_DEPENDENCY = {
    "version": Key('">=1"'),
    "extras": Key('["fast"]'),
    "index": Key('"https://pypi.example/simple"'),
    "env-markers": Key("\"os_name == 'nt'\""),
    "git": Key(
        '"https://git.example/a"',
        FULL,
        "with `branch`, `tag` or `rev`, `subdirectory`, `lfs`",
    ),
    "url": Key('"https://files.example/a-1-py3-none-any.whl"'),
    "path": Key('"./a"', FULL, "with `editable`, `subdirectory`"),
}
PYPI_OPTIONS = {
    "index-url": Key('"https://pypi.example/simple"'),
    "extra-index-urls": Key('["https://pypi.example/simple"]'),
    "find-links": Key('[{ path = "./wheels" }]'),
    "no-build": Key('["click"]'),
    "no-binary": Key('["click"]'),
    "no-build-isolation": Key('["click"]'),
    "index-strategy": Key('"unsafe-best-match"'),
    "dependency-overrides": Key('{ click = "==8.1" }'),
    "prerelease-mode": Key('"allow"'),
    "skip-wheel-filename-check": Key("true"),
}
PLATFORM = {
    "name": Key('"gpu"'),
    "cuda": Key('"12.0"'),
    "archspec": Key('"x86_64_v3"'),
    "glibc": Key('"2.28"'),
    "linux": Key('"5.10"'),
    "__custom": Key('"1"', FULL, "any virtual package, by its own name"),
}
TASK = {
    "cmd": Key('"pytest"'),
    "depends-on": Key('["build"]'),
    "cwd": Key('"tests"'),
    "env": Key('{ A = "b" }'),
    "inputs": Key('["a"]'),
    "outputs": Key('["b"]'),
    "args": Key('[{ arg = "name", default = "x" }]'),
    "description": Key('"Test"'),
    "clean-env": Key("true"),
    "default-environment": Key('"test"'),
}
ACTIVATION = {"scripts": Key('["a.sh"]'), "env": Key('{ A = "b" }')}
_PACKAGE_TABLES = ("host", "build", "run", "extra")
PACKAGE = {
    **{key: each._replace(state=READ) for key, each in _METADATA.items()},
    "publish": Key("false", READ),
    "build": Key('{ backend = { name = "pixi-build-python", version = "*" } }', READ),
    **{f"{each}-dependencies": Key("{}", READ) for each in _PACKAGE_TABLES},
    "run-constraints": Key("{}", READ),
    "run-exports": Key("{}", READ),
    "target": Key("{ linux = {} }", REFUSED, "pixi took it away"),
}

TABLES = {
    "`[workspace]`, or `[project]` as it was called": ("workspace", WORKSPACE),
    "The top of the file": ("", ROOT),
    "`[feature.NAME]`": ("feature.extra", FEATURE),
    "`[environments.NAME]`": ("environments.test", ENVIRONMENT),
    "`[target.SELECTOR]`: families, subdirs, names, wildcards": (
        "target.linux",
        TARGET,
    ),
    "A conda dependency": ("dependencies.a", DEPENDENCY),
    "A PyPI dependency": ("pypi-dependencies.a", PYPI_DEPENDENCY),
    "`[pypi-options]`": ("pypi-options", PYPI_OPTIONS),
    "A platform with virtual packages": ("platforms", PLATFORM),
    "A task": ("tasks.a", TASK),
    "`[activation]`": ("activation", ACTIVATION),
    "`[package]`": ("package", PACKAGE),
}
"""By title: the place in the file, and its keys."""

"""The tables of a manifest: which keys there are and what may stand behind them.

Keys: pixi 0.77.0, JSON schema (read 2026-11), and what 0.78 to 0.81 added. What is
only carried along (tasks, PyPI requirements, `[package]`) is checked as far as it
can be shown to be wrong, and kept as written.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from pixi_jupyter.manifest.schemas import (
    ANY,
    BOOLEAN,
    FALSE,
    INTEGER,
    STRING,
    TEXT,
    array,
    either,
    mapping,
    one_of,
    table,
)

if TYPE_CHECKING:
    from pydantic_core import CoreSchema, SchemaValidator

    from pixi_jupyter.manifest.schemas import Schema

VERSION = either(string=TEXT, number=ANY)
DEPENDENCIES = mapping(either(string=STRING, table=mapping(ANY)))
PYPI_DEPENDENCIES = DEPENDENCIES
CHANNELS = array(
    either(
        string=TEXT,
        table=table(["channel"], channel=TEXT, priority=INTEGER, exclude_newer=STRING),
    )
)
PRIORITY = one_of("strict", "flexible", "disabled")
STRATEGY = one_of("highest", "lowest", "lowest-direct")
ACTIVATION = table(env=mapping(STRING), scripts=array(TEXT))

_TASK_FIELDS: dict[str, Schema] = {
    "cmd": either(string=STRING, array=array(STRING)),
    "cwd": TEXT,
    "depends-on": ANY,
    "depends_on": ANY,
    "inputs": array(STRING),
    "outputs": array(STRING),
    "env": mapping(STRING),
    "default-environment": TEXT,
    "description": STRING,
    "clean-env": BOOLEAN,
    "args": array(
        either(
            string=TEXT,
            table=table(["arg"], arg=TEXT, default=STRING, choices=array(STRING)),
        )
    ),
}
TASK: Schema = table()
TASK["fields"] = {
    # depends_on is really spelled so, which is why `table` cannot make this one
    key: {"type": "typed-dict-field", "schema": schema, "required": False}
    for key, schema in _TASK_FIELDS.items()
}
TASKS = mapping(either(string=STRING, array=array(ANY), table=TASK))

LIBC = table(["version"], family=TEXT, version=VERSION)
SYSTEM_REQUIREMENTS = table(
    linux=VERSION,
    unix=either(string=TEXT, boolean=BOOLEAN),
    libc=either(string=TEXT, number=ANY, table=LIBC),
    cuda=VERSION,
    macos=VERSION,
    archspec=TEXT,
)
ALL_OR_NAMES = either(array=array(STRING), boolean=BOOLEAN)
PYPI_OPTIONS = table(
    index_url=TEXT,
    extra_index_urls=array(TEXT),
    find_links=array(mapping(TEXT)),
    no_build_isolation=ALL_OR_NAMES,
    index_strategy=one_of("first-index", "unsafe-first-match", "unsafe-best-match"),
    no_build=ALL_OR_NAMES,
    no_binary=ALL_OR_NAMES,
    dependency_overrides=PYPI_DEPENDENCIES,
    prerelease_mode=one_of(
        "disallow", "allow", "if-necessary", "explicit", "if-necessary-or-explicit"
    ),
    skip_wheel_filename_check=BOOLEAN,
)

_DEPENDENCY_TABLES: dict[str, Schema] = {
    "dependencies": DEPENDENCIES,
    "constraints": DEPENDENCIES,
    "pypi_dependencies": PYPI_DEPENDENCIES,
    "dev": mapping(ANY),
    "tasks": TASKS,
    "activation": ACTIVATION,
}
_OLD_TABLES: dict[str, Schema] = {
    "host_dependencies": DEPENDENCIES,
    "build_dependencies": DEPENDENCIES,
}
TARGETS = mapping(table(**_DEPENDENCY_TABLES, **_OLD_TABLES))
_FEATURE_FIELDS: dict[str, Schema] = {
    "channels": CHANNELS,
    "channel_priority": PRIORITY,
    "solve_strategy": STRATEGY,
    "platforms": array(TEXT),
    "pypi_options": PYPI_OPTIONS,
    "target": TARGETS,
    **_DEPENDENCY_TABLES,
}
FEATURE = table(
    **_FEATURE_FIELDS, **_OLD_TABLES, system_requirements=SYSTEM_REQUIREMENTS
)
ENVIRONMENT = table(
    features=array(TEXT),
    solve_group=TEXT,
    no_default_feature=BOOLEAN,
    **_FEATURE_FIELDS,
)

CONDA_PYPI_MAP = mapping(
    either(
        string=TEXT,
        boolean=FALSE,
        table=table(
            location=TEXT,
            mapping=mapping(either(string=TEXT, array=array(TEXT), boolean=FALSE)),
            mapping_mode=one_of("overlay", "replace"),
            same_name_heuristic=BOOLEAN,
        ),
    )
)
VARIANTS = mapping(array(STRING))
WORKSPACE = table(
    ["channels"],
    name=TEXT,
    version=TEXT,
    description=STRING,
    authors=array(STRING),
    channels=CHANNELS,
    platforms=array(either(string=TEXT, table=mapping(ANY))),
    license=TEXT,
    license_file=TEXT,
    readme=TEXT,
    homepage=TEXT,
    repository=TEXT,
    documentation=TEXT,
    channel_priority=PRIORITY,
    solve_strategy=STRATEGY,
    exclude_newer=TEXT,
    requires_pixi=TEXT,
    conda_pypi_map=either(boolean=FALSE, table=CONDA_PYPI_MAP),
    pypi_options=PYPI_OPTIONS,
    s3_options=mapping(
        table(
            ["endpoint_url", "region", "force_path_style"],
            endpoint_url=TEXT,
            region=TEXT,
            force_path_style=BOOLEAN,
        )
    ),
    preview=ALL_OR_NAMES,
    build_variants=VARIANTS,
    build_variants_files=array(TEXT),
    dependencies=DEPENDENCIES,
    target=mapping(table(build_variants=VARIANTS)),
)
PACKAGE = table(
    name=ANY,
    version=ANY,
    description=ANY,
    authors=ANY,
    license=ANY,
    license_file=ANY,
    readme=ANY,
    homepage=ANY,
    repository=ANY,
    documentation=ANY,
    publish=BOOLEAN,
    build=mapping(ANY),
    host_dependencies=mapping(ANY),
    build_dependencies=mapping(ANY),
    run_dependencies=mapping(ANY),
    extra_dependencies=mapping(ANY),
    run_constraints=mapping(ANY),
    run_exports=mapping(ANY),
)
ROOT = table(
    workspace=WORKSPACE,
    project=WORKSPACE,
    package=PACKAGE,
    feature=mapping(FEATURE),
    environments=mapping(either(array=array(TEXT), table=ENVIRONMENT)),
    system_requirements=SYSTEM_REQUIREMENTS,
    pypi_options=PYPI_OPTIONS,
    target=TARGETS,
    exclude_newer=mapping(STRING),
    pypi_exclude_newer=mapping(STRING),
    tool=mapping(ANY),
    **{"$schema": STRING},
    **_DEPENDENCY_TABLES,
    **_OLD_TABLES,
)


@cache
def validator() -> SchemaValidator:
    """Build the validator of a whole manifest, once."""
    from pydantic_core import SchemaValidator

    return SchemaValidator(cast("CoreSchema", ROOT))

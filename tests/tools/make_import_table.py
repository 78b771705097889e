"""Make the table that leads from a module that is imported to its package.

Run it with the path of parselmouth's compressed mapping of conda-forge, as JSON or as
JSON in zstandard::

    PYTHONPATH=tests python tests/tools/make_import_table.py compressed_mapping.json

What it makes is in five parts. `modules`: modules whose package is called otherwise,
from ``import_names.txt`` beside this file. `projects`: projects of PyPI whose conda
package is called otherwise. `namespaces`: modules that many projects share. `extras`:
what some extras bring along, as conda packages, for those who need no more. `conda`:
the names of all conda packages that are projects of PyPI or R packages, compressed.
"""

from __future__ import annotations

import base64
import json
import lzma
import sys
from pathlib import Path
from typing import Any

from tools.make_name_table import STRAY, normalised

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "pixi_jupyter" / "data" / "import_names.json"
NAMESPACES = [
    "azure",
    "azure.mgmt",
    "backports",
    "google",
    "google.cloud",
    "jaraco",
    "openinference",
    "openinference.instrumentation",
    "opentelemetry",
    "opentelemetry.exporter",
    "opentelemetry.instrumentation",
    "ruamel",
    "sphinxcontrib",
    "zope",
]
EXTRAS = {
    "datasets[audio]": ["librosa", "pysoundfile"],
    "datasets[s3]": ["s3fs"],
    "datasets[vision]": ["pillow"],
    "diffusers[torch]": ["accelerate", "pytorch"],
    "diffusers[training]": [
        "accelerate",
        "datasets",
        "jinja2",
        "peft",
        "protobuf",
        "tensorboard",
    ],
    "dask[complete]": ["dask"],
    "dask[dataframe]": ["dask"],
    "dask[distributed]": ["distributed"],
    "fsspec[s3]": ["s3fs"],
    "gymnasium[box2d]": ["box2d-py", "pygame"],
    "hydra-core[all]": ["hydra-core"],
    "jupyterlab[all]": ["jupyterlab"],
    "pandas[excel]": ["openpyxl", "xlrd"],
    "pandas[parquet]": ["pyarrow"],
    "ray[default]": ["ray-default"],
    "ray[rllib]": ["ray-rllib"],
    "ray[tune]": ["ray-tune"],
    "smolagents[telemetry]": ["arize-phoenix", "opentelemetry-sdk"],
    "smolagents[torch]": ["pytorch", "torchvision"],
    "smolagents[transformers]": ["accelerate", "transformers"],
    "transformers[sentencepiece]": ["protobuf", "sentencepiece"],
    "transformers[torch]": ["accelerate", "pytorch"],
    "uvicorn[standard]": ["uvicorn-standard"],
}
"""What some extras bring along, as conda packages, for those who need no more."""


def read_mapping(path: str) -> dict[str, list[str] | None]:
    """Read the mapping as it is published."""
    data = Path(path).read_bytes()
    if not data.lstrip().startswith(b"{"):
        import zstandard

        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    mapping: dict[str, Any] = json.loads(data)
    return mapping


def same_names(mapping: dict[str, list[str] | None]) -> dict[str, str]:
    """Give the conda packages that are called as a project of theirs, by project."""
    found: dict[str, str] = {}
    for conda, names in sorted(mapping.items()):
        project = normalised(conda)
        if project in {normalised(name) for name in names or ()}:
            found.setdefault(project, conda)
    return found


def other_names(mapping: dict[str, list[str] | None]) -> dict[str, str]:
    """Give the conda packages of projects that are called otherwise, where it is sure.

    That is: where the project lies in one package alone, which is called after it.
    """
    packages: dict[str, list[str]] = {}
    for conda, names in mapping.items():
        for name in {normalised(each) for each in names or ()} - STRAY:
            packages.setdefault(name, []).append(conda)
    same = same_names(mapping)
    found = {}
    for project, condas in packages.items():
        is_after_it = project in normalised(condas[0])
        if project not in same and len(condas) == 1 and is_after_it:
            found[project] = condas[0]
    return found


def modules(
    text: str, mapping: dict[str, list[str] | None], projects: dict[str, str]
) -> dict[str, list[str]]:
    """Read what is known of modules; leave out what follows from the names alone."""
    same = same_names(mapping)
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        module, project, given = (*words, "")[:3]
        name = "" if project == "-" else normalised(project)
        conda = {"-": "", "": same.get(name) or projects.get(name, "")}.get(
            given, given
        )
        if conda and conda not in mapping:
            sys.stderr.write(f"{module}: conda-forge has no {conda}" + "\n")
            conda = ""
        if name and not conda and given != "-":
            sys.stderr.write(f"{module}: no conda package of {project} is known" + "\n")
        if "." in module or name != normalised(module) or conda != same.get(name):
            found[module] = [conda, name]
        if conda and name and same.get(name) != conda:
            projects[name] = conda
    return found


def main(path: str, target: Path = TABLE) -> None:
    """Read the mapping and what is known, write the table."""
    mapping = read_mapping(path)
    projects = other_names(mapping)
    known = modules((HERE / "import_names.txt").read_text("utf-8"), mapping, projects)
    for extra, condas in EXTRAS.items():
        for conda in condas:
            if conda not in mapping:
                sys.stderr.write(f"{extra}: conda-forge has no {conda}" + "\n")
    names = {*same_names(mapping).values(), *projects.values()}
    names |= {conda for conda, _ in known.values() if conda}
    names |= {conda for conda in mapping if conda.startswith("r-")}
    text = base64.b85encode(lzma.compress("\n".join(sorted(names)).encode())).decode()
    table = {
        "modules": dict(sorted(known.items())),
        "projects": dict(sorted(projects.items())),
        "namespaces": NAMESPACES,
        "extras": {key: sorted(value) for key, value in sorted(EXTRAS.items())},
        "conda": [text[at : at + 88] for at in range(0, len(text), 88)],
    }
    target.write_text(_text(table), encoding="utf-8")


def _text(table: dict[str, Any]) -> str:
    """Give JSON with one entry a line."""
    parts = []
    for key, part in table.items():
        if isinstance(part, dict):
            rows = [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in part.items()]
            parts.append(f'"{key}": {{\n' + ",\n".join(rows) + "\n}")
        else:
            rows = [json.dumps(each) for each in part]
            parts.append(f'"{key}": [\n' + ",\n".join(rows) + "\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main(sys.argv[1])

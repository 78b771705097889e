"""Modules that no package should be proposed for, or not under every Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KERNEL = frozenset(("IPython", "ipykernel", "matplotlib_inline"))
"""Modules that every kernel of ours brings along, whatever its environment has."""
ELSEWHERE: Mapping[str, str] = {
    "google.colab": "Google Colab",
    "condacolab": "Google Colab",
    "kaggle_datasets": "Kaggle",
    "kaggle_secrets": "Kaggle",
    "kaggle_web_client": "Kaggle",
    "dbutils": "Databricks",
    "pyspark.dbutils": "Databricks",
    "notebookutils": "Microsoft Fabric",
    "mssparkutils": "Microsoft Fabric",
    "js": "a browser",
    "piplite": "a browser",
    "pyodide": "a browser",
}
"""Modules that are only there where a service runs the notebook."""
GENERIC = frozenset(
    [
        "app",
        "base",
        "common",
        "config",
        "constants",
        "core",
        "data",
        "data_loader",
        "dataloader",
        "dataset",
        "datasource",
        "evaluation",
        "features",
        "functions",
        "helper",
        "helper_functions",
        "helpers",
        "lib",
        "libs",
        "load",
        "loader",
        "main",
        "metrics",
        "misc",
        "model",
        "models",
        "module",
        "modules",
        "my_functions",
        "my_utils",
        "mylib",
        "network",
        "networks",
        "params",
        "pipeline",
        "plots",
        "plotting",
        "preprocess",
        "preprocessing",
        "process",
        "program",
        "project",
        "scripts",
        "settings",
        "setup",
        "shared",
        "src",
        "test",
        "tests",
        "tool",
        "tools",
        "train",
        "trainer",
        "training",
        "util",
        "utilities",
        "utility",
        "utils",
        "visualization",
        "visualize",
    ]
)
"""What people call modules of their own: a package of that name is hardly meant."""
REMOVED: Mapping[str, tuple[int, str]] = {
    "asynchat": (12, "pyasynchat"),
    "asyncore": (12, "pyasyncore"),
    "distutils": (12, "setuptools"),
    "imp": (12, ""),
    "smtpd": (12, ""),
    "aifc": (13, "standard-aifc"),
    "audioop": (13, "audioop-lts"),
    "cgi": (13, "legacy-cgi"),
    "cgitb": (13, "legacy-cgi"),
    "chunk": (13, "standard-chunk"),
    "crypt": (13, ""),
    "imghdr": (13, "standard-imghdr"),
    "lib2to3": (13, ""),
    "nntplib": (13, ""),
    "pipes": (13, ""),
    "sndhdr": (13, "standard-sndhdr"),
    "telnetlib": (13, "standard-telnetlib"),
    "uu": (13, ""),
    "xdrlib": (13, ""),
}
"""Modules that left Python's own library: with which 3.x, and what has them now."""
CAME: Mapping[str, int] = {
    "annotationlib": 14,
    "compression": 14,
    "concurrent.interpreters": 14,
    "string.templatelib": 14,
    "tomllib": 11,
}
"""Modules that are Python's own from 3.x on."""

"""Small tables of `scan`: languages, packages of systems, words about certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ABOUT: Mapping[str, str] = {
    "function": "imported inside a function only",
    "optional": "it may be missing, the notebook says: try … except ImportError",
    "comment": "only in a comment",
}
"""What an uncertain place means."""

SYSTEM: Mapping[str, str] = {
    "cmake": "cmake",
    "default-jdk": "openjdk",
    "default-jre": "openjdk",
    "ffmpeg": "ffmpeg",
    "gdal-bin": "gdal",
    "git": "git",
    "git-lfs": "git-lfs",
    "graphviz": "graphviz",
    "imagemagick": "imagemagick",
    "libgraphviz-dev": "graphviz",
    "libhdf5-dev": "hdf5",
    "libsndfile1": "libsndfile",
    "libspatialindex-dev": "libspatialindex",
    "ninja-build": "ninja",
    "openjdk-8-jdk-headless": "openjdk",
    "openjdk-11-jdk": "openjdk",
    "pandoc": "pandoc",
    "patchelf": "patchelf",
    "poppler-utils": "poppler",
    "portaudio19-dev": "portaudio",
    "sox": "sox",
    "swig": "swig",
    "tesseract": "tesseract",
    "tesseract-ocr": "tesseract",
    "tree": "tree",
    "unzip": "unzip",
    "wget": "wget",
    "zip": "zip",
}
"""Packages of operating systems that conda-forge has too, by its name there."""

LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "r": ("r-base", "r-irkernel"),
    "julia": ("julia",),
    "c++": ("xeus-cling",),
    "c++11": ("xeus-cling",),
    "c++14": ("xeus-cling",),
    "c++17": ("xeus-cling",),
    "typescript": ("deno",),
    "bash": ("bash_kernel",),
    "octave": ("octave_kernel",),
    "scala": ("openjdk",),
    "java": ("openjdk",),
    "sql": ("xeus-sql",),
    "lua": ("xeus-lua",),
}
"""What runs a language, by the kernel's own name for it."""

BACKENDS: Mapping[str, tuple[str, ...]] = {
    "diffusers": ("pytorch", "jax"),
    "holoviews": ("bokeh", "matplotlib", "plotly"),
    "keras": ("tensorflow", "pytorch", "jax"),
    "transformers": ("pytorch", "tensorflow", "jax", "flax"),
}
"""Packages that do their work through one of others, which nothing has to import."""

METRIC_LOADERS = frozenset(("evaluate.load", "load_metric", "datasets.load_metric"))
METRICS: Mapping[str, tuple[str, ...]] = {
    "accuracy": ("sklearn",),
    "bertscore": ("bert_score",),
    "cer": ("jiwer",),
    "f1": ("sklearn",),
    "glue": ("sklearn", "scipy"),
    "meteor": ("nltk",),
    "precision": ("sklearn",),
    "recall": ("sklearn",),
    "roc_auc": ("sklearn",),
    "rouge": ("rouge_score",),
    "sacrebleu": ("sacrebleu",),
    "seqeval": ("seqeval",),
    "wer": ("jiwer",),
}
"""Modules that the metrics of `evaluate` import by themselves."""
PANDAS: Mapping[str, tuple[str, ...]] = {
    "pd.read_excel": ("openpyxl",),
    "pd.read_feather": ("pyarrow",),
    "pd.read_hdf": ("tables",),
    "pd.read_html": ("lxml",),
    "pd.read_parquet": ("pyarrow",),
}
"""Modules that functions of pandas import by themselves."""

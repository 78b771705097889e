"""How many examples: few and always the same, or many with ``--all``.

``HYPOTHESIS_PROFILE=slow pytest tests/fuzz`` looks for new ones, thousands for each
claim. Nothing is kept on disk: an example that fails becomes a test by hand.
"""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

# it writes tables of Unicode there, which belong to no checkout
set_hypothesis_home_dir(Path(tempfile.gettempdir(), "pixi-jupyter-hypothesis"))

_COMMON = settings(
    database=None,
    # a text that takes so long is one that hangs
    deadline=timedelta(seconds=20),
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("plain", _COMMON, max_examples=30, derandomize=True)
settings.register_profile("slow", _COMMON, max_examples=3000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "plain"))

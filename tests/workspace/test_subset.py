"""What an install of a part leaves out, by the names of packages."""

from __future__ import annotations

import pytest

from pixi_jupyter.workspace.subset import Subset, kept_names

NEEDS = {
    "app": {"lib", "web"},
    "lib": {"base"},
    "web": {"base", "wsgi"},
    "wsgi": set(),
    "base": set(),
    "tool": {"base"},
    "pip": {"wheel"},
    "wheel": {"pip"},
}
ALL = set(NEEDS)


@pytest.mark.parametrize(
    ("subset", "left"),
    [
        ({"only": ("lib",)}, ALL - {"lib", "base"}),
        ({"only": ("lib", "Tool")}, ALL - {"lib", "base", "tool"}),
        ({"skip": ("web",)}, {"web"}),
        ({"skip_with_deps": ("web",)}, {"web", "wsgi"}),
        ({"skip_with_deps": ("app",)}, {"app", "lib", "web", "wsgi"}),
        ({"skip": ("web",), "skip_with_deps": ("web",)}, {"web", "wsgi"}),
        ({"only": ("app",), "skip": ("web",)}, {"web", "tool", "pip", "wheel"}),
        ({"only": ("web",), "skip_with_deps": ("web",)}, ALL),
        ({"skip": ("nothing",)}, set()),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_packages_are_left_out_with_what_only_they_need(
    subset: dict[str, tuple[str, ...]], left: set[str]
) -> None:
    assert ALL - kept_names(Subset(**subset), NEEDS) == left

"""What a package depends on, and where it fits."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from packaging.specifiers import SpecifierSet

from pixi_jupyter.channel.compatibility import Fit, conda_spec, fit_of

if TYPE_CHECKING:
    from support.distributions import Site

    from pixi_jupyter.channel.interpreter import Interpreter


@pytest.fixture
def linux(interpreter: Interpreter) -> Interpreter:
    return replace(
        interpreter, version="3.11.7", subdir="linux-64", free_threaded=False
    )


def fit(site: Site, interpreter: Interpreter, name: str = "thing") -> Fit:
    known = site.catalogue()
    return fit_of(known[name], known, interpreter)


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("", ""),
        (">=1,<2", "<2,>=1"),
        ("~=1.4", "~=1.4"),
        ("==1.*", "1.*"),
        ("!=6.0.*,>=5", "!=6.0.*,>=5"),
        ("===1.0", "==1.0"),
        ("==1.0+cpu", "==1.0"),
        (">=1!2.0", ">=1!2.0"),
    ],
)
def test_specifiers_become_version_specs(specifier: str, expected: str) -> None:
    from pixi_jupyter.adapters.rattler import version_spec

    found = conda_spec(SpecifierSet(specifier))

    assert found == expected
    if found:
        assert str(version_spec(found))  # raises unless rattler reads it


def test_a_pure_package_fits_everything(site: Site, linux: Interpreter) -> None:
    site.add(
        "thing",
        metadata=["Requires-Python: >=3.9", "Requires-Dist: Other_One[x] (>=2,!=2.1)"],
    )

    found = fit(site, linux)

    assert (found.one_platform, found.one_python) == (False, False)
    assert found.depends == ("other-one !=2.1,>=2", "python >=3.9")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (
            ["cp311-cp311-manylinux_2_27_x86_64", "cp311-cp311-manylinux_2_28_x86_64"],
            ("__glibc >=2.27", "python 3.11.*", "python_abi 3.11.* *_cp311"),
        ),
        (
            ["cp311-cp311-manylinux2014_x86_64", "cp311-cp311-manylinux_2_28_x86_64"],
            ("__glibc >=2.17", "python 3.11.*", "python_abi 3.11.* *_cp311"),
        ),
        (
            ["cp311-cp311-linux_x86_64"],
            ("python 3.11.*", "python_abi 3.11.* *_cp311"),
        ),
        (["cp38-abi3-manylinux1_x86_64"], ("__glibc >=2.5", "python >=3.8")),
        (["py3-none-manylinux_2_17_x86_64"], ("__glibc >=2.17", "python")),
        (["cp311-cp311-linux_x86_64", "py3-none-any"], ("python",)),
        (["py2.py3-none-any"], ("python",)),
    ],
    ids=["compiled", "old names", "local", "stable", "any python", "any", "universal"],
)
def test_tags_tell_what_a_package_stands_on(
    site: Site, linux: Interpreter, tags: list[str], expected: tuple[str, ...]
) -> None:
    site.add("thing", tags=tags)

    found = fit(site, linux)

    assert found.depends == expected
    assert found.one_platform == (not tags[-1].endswith("-any"))


def test_a_wheel_of_macos_tells_the_oldest_system(
    site: Site, linux: Interpreter
) -> None:
    site.add("thing", tags=["cp311-cp311-macosx_11_0_arm64"])

    found = fit(site, replace(linux, subdir="osx-arm64"))

    assert found.depends[0] == "__osx >=11.0"


def test_the_stable_interface_adds_to_what_the_metadata_ask_for(
    site: Site, linux: Interpreter
) -> None:
    site.add("thing", tags=["cp39-abi3-linux_x86_64"], metadata=["Requires-Python: <4"])

    assert fit(site, linux).depends == ("python <4,>=3.9",)


def test_without_tags_the_files_tell_whether_it_is_compiled(
    site: Site, linux: Interpreter
) -> None:
    site.add("thing", files={"thing.so": b"\x7fELF"}, tags=[])
    site.add("pure", tags=[])

    assert fit(site, linux).one_python
    assert not fit(site, linux, "pure").one_platform


def test_a_marker_on_the_platform_binds_to_the_platform(
    site: Site, linux: Interpreter
) -> None:
    site.add("thing", metadata=['Requires-Dist: other; sys_platform == "plan9"'])

    found = fit(site, linux)

    assert (found.one_platform, found.one_python) == (True, False)
    assert found.depends == ("python",)


def test_a_marker_on_the_version_binds_to_the_version(
    site: Site, linux: Interpreter
) -> None:
    site.add("thing", metadata=['Requires-Dist: other; python_version >= "3"'])

    found = fit(site, linux)

    assert (found.one_platform, found.one_python) == (False, True)
    assert found.depends == ("other", "python 3.11.*")


def test_the_marker_of_an_extra_nobody_asked_for_binds_to_nothing(
    site: Site, linux: Interpreter
) -> None:
    marker = 'sys_platform == "plan9" and extra == "test"'
    site.add("thing", metadata=[f"Requires-Dist: other; {marker}"])

    assert not fit(site, linux).one_platform


def test_requirements_of_extras_become_the_askers_own(
    site: Site, linux: Interpreter
) -> None:
    site.add("thing", metadata=["Requires-Dist: other[fast]>=2"])
    site.add(
        "other",
        "2.0",
        metadata=[
            "Requires-Dist: base",
            'Requires-Dist: engine<9; extra == "fast"',
            'Requires-Dist: thing; extra == "fast"',
        ],
    )

    assert fit(site, linux).depends == ("engine <9", "other >=2", "python")


def test_a_python_that_cannot_be_read_is_any_python(
    site: Site, linux: Interpreter
) -> None:
    site.add("thing", metadata=["Requires-Python: three"])

    assert fit(site, linux).depends == ("python",)


def test_markers_are_answered_for_the_interpreter_that_runs(
    site: Site, linux: Interpreter
) -> None:
    here, there = sys.platform, "plan9"
    site.add(
        "thing",
        metadata=[
            f'Requires-Dist: needed; sys_platform == "{here}"',
            f'Requires-Dist: other; sys_platform == "{there}"',
        ],
    )

    assert fit(site, linux).depends == ("needed", "python")

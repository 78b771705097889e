"""Reading the solver's drawn tree."""

from __future__ import annotations

import pytest

from pixi_jupyter.solve.report import Cause, Hidden, Need, read_report

CASES = {
    "a version that was ruled out": (
        (
            "numba ==0.59 cannot be installed because there are no viable options:\n"
            "└─ numba 0.59 would require\n"
            "   └─ numpy <1.27, for which no candidates were found."
        ),
        [
            Cause(
                "numba ==0.59",
                (Need("numpy", "numpy <1.27", "numba 0.59", "needs", True),),  # noqa: FBT003  as it prints
            )
        ],
    ),
    "two that contradict": (
        (
            "The following packages are incompatible\n"
            "├─ deep * can be installed with any of the following options:\n"
            "│  └─ deep 1.0 would require\n"
            "│     └─ needsold *, which can be installed with any of the following options:\n"
            "│        └─ needsold 1.0 would require\n"
            "│           └─ numpy <2, which can be installed with any of the following options:\n"
            "│              └─ numpy 1.26\n"
            "└─ needsnew * cannot be installed because there are no viable options:\n"
            "   └─ needsnew 1.0 would require\n"
            "      └─ numpy >=2, which cannot be installed because there are no viable options:\n"
            "         ├─ numpy 2.3, which conflicts with the versions reported above.\n"
            "         └─ numpy 2.1, which conflicts with the versions reported above."
        ),
        [
            Cause("deep *", (Need("numpy", "numpy <2", "needsold 1.0"),)),
            Cause("needsnew *", (Need("numpy", "numpy >=2", "needsnew 1.0"),)),
        ],
    ),
    "one that constrains": (
        (
            "The following packages are incompatible\n"
            "├─ numpy >=2 can be installed with any of the following options:\n"
            "│  └─ numpy 2.1 | 2.3\n"
            "└─ capper * cannot be installed because there are no viable options:\n"
            "   └─ capper 1.0 would constrain\n"
            "      └─ numpy <2, which conflicts with any installable versions previously reported"
        ),
        [
            Cause("numpy >=2"),
            Cause(
                "capper *", (Need("numpy", "numpy <2", "capper 1.0", "allows only"),)
            ),
        ],
    ),
    "one that is too new": (
        (
            "The following packages are incompatible\n"
            "└─ late * cannot be installed because there are no viable options:\n"
            "   └─ late 1.0 is excluded because the package is uploaded after the cutoff"
        ),
        [
            Cause(
                "late *",
                reason="late 1.0 is excluded, the package is uploaded after the cutoff",
                hidden=Hidden(
                    "late 1.0", "other", "the package is uploaded after the cutoff"
                ),
            )
        ],
    ),
    "none of that version": (
        "No candidates were found for numpy >=3.",
        [Cause("numpy >=3", reason="no candidate in the channels")],
    ),
    "words that are not known": ("Something else happened\n└─ at a place", []),
    "no words": ("", []),
}


@pytest.mark.parametrize(("report", "causes"), CASES.values(), ids=CASES.keys())
def test_the_tree_is_read(report: str, causes: list[Cause]) -> None:
    assert read_report(report) == causes

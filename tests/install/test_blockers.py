"""Words for what keeps ipykernel from fitting."""

from __future__ import annotations

import pytest
from support.installs import make_record

from pixi_jupyter.install.blockers import find_blockers

CHANNELS = ["https://channel.example/"]
INSTALLED = [
    make_record("python", "3.11.0"),
    make_record("traitlets", "5.0.5"),
    make_record("oldtool", "1.0", depends=["python", "traitlets <5.1"]),
    make_record("newtool", "1.0", depends=["traitlets >=4"]),
    make_record("strict", "1.0", constrains=["comm <0.1"]),
]

DIRECT = """\
ipykernel * cannot be installed because there are no viable options:
├─ ipykernel 7.0 would require
│  └─ traitlets >=5.4.0, for which no candidates were found.
└─ ipykernel 6.9 would require
   └─ traitlets >=5.1,<6, for which no candidates were found."""

NESTED = """\
ipykernel * cannot be installed because there are no viable options:
└─ ipykernel 6.9 | 7.0 would require
   └─ jupyter_client >=8, which cannot be installed because there are no viable options:
      └─ jupyter_client 8 would require
         └─ traitlets >=5.3, for which no candidates were found."""

CONSTRAINED = """\
The following packages are incompatible
├─ strict ==1.0 0 can be installed with any of the following options:
│  └─ strict 1.0
└─ ipykernel * can be installed with any of the following options:
   └─ ipykernel 7.0 would require
      └─ comm >=0.1, which can be installed with any of the following options:
         └─ comm 0.2
└─ strict 1.0 is locked, but another version is required as reported above"""

HELD = "oldtool 1.0 holds it there, with traitlets <5.1"


@pytest.mark.parametrize(
    ("report", "blockers"),
    [
        (
            DIRECT,
            (
                "traitlets 5.0.5 is installed, ipykernel needs traitlets >=5.4.0",
                HELD,
                "traitlets 5.0.5 is installed, ipykernel needs traitlets >=5.1,<6",
            ),
        ),
        (
            NESTED,
            (
                "traitlets 5.0.5 is installed, jupyter_client needs traitlets >=5.3",
                HELD,
            ),
        ),
        (
            CONSTRAINED,
            ("strict 1.0 goes only with comm <0.1, ipykernel needs comm >=0.1",),
        ),
        (
            "No candidates were found for ipykernel *.",
            ("ipykernel is in none of the channels: https://channel.example/",),
        ),
        ("something that nobody has seen before", ()),
        ("", ()),
    ],
    ids=["direct", "nested", "constrained", "unknown", "odd", "empty"],
)
def test_the_installed_side_of_a_conflict_is_named(
    report: str, blockers: tuple[str, ...]
) -> None:
    assert find_blockers(report, INSTALLED, CHANNELS) == blockers

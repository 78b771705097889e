"""What an environment would use is all on the list, and nothing is done for it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from support.carried import (
    FORGE,
    INDEX,
    MANIFEST,
    MET,
    NUMPY,
    carried,
    conda,
    lock,
    pypi,
)

from pixi_jupyter.trust.facts import facts_of
from pixi_jupyter.trust.models import Amount, Facts
from pixi_jupyter.trust.policy import Policy
from pixi_jupyter.trust.words import lines

if TYPE_CHECKING:
    from pathlib import Path

    from pixi_jupyter.notebook.metadata import NotebookEnvironment

POLICY = Policy(channels=(FORGE,))
BOTH = MANIFEST.replace('"conda-forge"]', f'"conda-forge", "{MET}"]')
METGRID = conda(f"{MET}noarch/metgrid-0.4-0.conda")


@pytest.fixture(autouse=True)
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIXI_OVERRIDE_PLATFORM", "linux-64")


def facts(environment: NotebookEnvironment, policy: Policy = POLICY) -> Facts:
    return facts_of(environment, policy)


def codes(environment: NotebookEnvironment, policy: Policy = POLICY) -> set[str]:
    return {each.code for each in facts(environment, policy).refusals}


def test_a_plain_environment_has_nothing_to_flag() -> None:
    found = facts(carried())

    assert found.refusals == ()
    assert not found.is_flagged
    assert [each.name for each in found.channels] == ["conda-forge"]
    assert found.amount == Amount(platform="linux-64", conda=1, size_bytes=9_000_000)
    assert found.digest == carried().digest


def test_packages_of_an_unknown_channel_are_named() -> None:
    both = lock(NUMPY, METGRID, channels=(FORGE, MET))

    found = facts(carried(BOTH, both))

    assert found.refusals == ()
    assert found.is_flagged
    known, unknown = found.channels
    assert (known.is_known, known.packages) == (True, ("numpy 2.3.1",))
    assert (unknown.where, unknown.packages) == (MET.rstrip("/"), ("metgrid 0.4",))


def test_a_channel_that_the_user_knows_is_known() -> None:
    both = lock(NUMPY, METGRID, channels=(FORGE, MET))

    assert not facts(carried(BOTH, both), Policy(channels=(FORGE, MET))).is_flagged


def test_pypi_packages_count_and_their_index_is_named() -> None:
    wheel = pypi("https://python.example/f/six-1.0-py3-none-any.whl", "six")

    found = facts(carried(lock_text=lock(NUMPY, wheel, indexes=(INDEX,))))

    assert found.refusals == ()
    assert (found.amount.conda, found.amount.pypi, found.amount.unsized) == (1, 1, 1)
    assert [each.where for each in found.indexes] == [INDEX]
    assert found.indexes[0].packages == ("six 1.0",)


def test_a_file_of_another_host_than_the_index_is_named_apart() -> None:
    wheel = pypi("https://elsewhere.example/six-1.0-py3-none-any.whl", "six")
    policy = Policy(channels=(FORGE,), indexes=(INDEX,))

    found = facts(carried(lock_text=lock(wheel, indexes=(INDEX,))), policy)

    assert [(each.where, each.is_known) for each in found.indexes] == [
        (INDEX, True),
        ("https://elsewhere.example", False),
    ]
    assert found.indexes[1].packages == ("six 1.0",)


def test_what_names_no_index_asks_the_usual_one() -> None:
    wanted = type(carried())(manifest=MANIFEST + '[pypi-dependencies]\nsix = "*"\n')
    limited = Policy(channels=(FORGE,), allowed_indexes=(INDEX,))

    found = facts(wanted)

    assert [(each.where, each.is_known) for each in found.indexes] == [("PyPI", True)]
    assert facts(wanted, limited).forbidden == ("PyPI is no allowed index",)


def test_source_distributions_are_built() -> None:
    sdist = pypi("https://python.example/f/six-1.0.tar.gz", "six")

    assert facts(carried(lock_text=lock(sdist, indexes=(INDEX,)))).builds == (
        "six 1.0",
    )


def test_a_repository_that_the_manifest_names_is_built_and_named() -> None:
    url = "https://git.example/lab/tool.git"
    manifest = MANIFEST + f'[pypi-dependencies]\ntool = {{ git = "{url}" }}\n'
    row = pypi(f"git+https://git.example/lab/tool@{'b' * 40}", "tool", sha256=None)
    row = row.replace("tool@", "tool?rev=main#")

    found = facts(carried(manifest, lock(row)))

    assert found.refusals == ()
    assert "tool 1.0" in found.builds
    assert [each.where for each in found.direct] == [url]


def test_without_a_lock_what_the_manifest_names_is_the_list() -> None:
    found = facts_of(
        type(carried())(manifest=BOTH + '[tasks]\nplot = "python plot.py"\n'), POLICY
    )

    assert found.refusals == ()
    assert found.is_flagged
    assert [each.where for each in found.channels] == [
        FORGE.rstrip("/"),
        MET.rstrip("/"),
    ]
    assert found.tasks == ("plot",)


def test_variables_that_choose_programs_are_flagged_and_others_are_not() -> None:
    env = '[activation.env]\nLD_PRELOAD = "x"\nOMP_NUM_THREADS = "2"\nA = "$(id)"\n'

    found = {
        each.name: each.is_flagged for each in facts(carried(MANIFEST + env)).variables
    }

    assert found == {"LD_PRELOAD": True, "OMP_NUM_THREADS": False, "A": True}


def test_a_lock_for_other_computers_says_so() -> None:
    other = lock(conda(f"{FORGE}win-64/numpy-2-0.conda"), platform="win-64")

    found = facts(carried(MANIFEST.replace("linux-64", "win-64"), other))

    assert found.amount.platform is None
    assert "none are locked for this computer" in " ".join(lines(found))


def test_what_runs_at_each_start_is_known_once_it_is_installed(tmp_path: Path) -> None:
    (tmp_path / "conda-meta").mkdir()
    scripts = tmp_path / "etc" / "conda" / "activate.d"
    scripts.mkdir(parents=True)
    (scripts / "metgrid.sh").touch()

    before, after = facts(carried()), facts_of(carried(), POLICY, prefix=tmp_path)

    assert before.scripts is None
    assert after.scripts == ("activate.d/metgrid.sh",)
    assert after.is_flagged


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        (carried(lock_text=lock(NUMPY, METGRID, channels=(FORGE, MET))), "mismatch"),
        (carried(lock_text=lock(METGRID)), "mismatch"),
        (
            carried(
                lock_text=lock(conda(f"{FORGE}linux-64/evil-1-0.conda", name="numpy"))
            ),
            "mismatch",
        ),
        (
            carried(
                lock_text=lock(conda(f"{FORGE}linux-64/numpy-2-0.conda", channel=MET))
            ),
            "mismatch",
        ),
        (
            carried(
                lock_text=lock(
                    pypi("https://python.example/evil-1-py3-none-any.whl", "numpy")
                )
            ),
            "mismatch",
        ),
        (
            carried(lock_text=lock(pypi(f"git+https://git.example/x#{'b' * 40}", "x"))),
            "mismatch",
        ),
        (
            carried(
                lock_text=lock(conda(f"{FORGE}linux-64/numpy-2-0.conda", sha256=None))
            ),
            "unhashed",
        ),
        (
            carried(
                lock_text=lock(
                    conda(f"{FORGE}linux-64/numpy-2-0.conda", sha256="0", md5="c" * 32)
                )
            ),
            "unhashed",
        ),
        (
            carried(lock_text=lock(conda("file:///tmp/x/linux-64/numpy-2-0.conda"))),
            "path",
        ),
        (carried(lock_text=lock(conda("/home/x/linux-64/numpy-2-0.conda"))), "path"),
        (carried(lock_text=lock(pypi("./tool", "tool"))), "path"),
        (carried(lock_text=lock(NUMPY, channels=("file:///srv/x/",))), "path"),
        (carried(MANIFEST.replace('"conda-forge"', '"../other/channel"')), "path"),
        (carried(MANIFEST.replace('"conda-forge"', '"file:///srv/channel"')), "path"),
        (carried(MANIFEST + '[pypi-dependencies]\nx = { path = "/srv/x" }\n'), "path"),
        (
            carried(MANIFEST + '[pypi-options]\nfind-links = [{ path = "../x" }]\n'),
            "path",
        ),
        (carried(MANIFEST + '[activation]\nscripts = ["evil.sh"]\n'), "script"),
        (carried(MANIFEST.replace('"heat"', '"../../other"')), "name"),
        (carried(environment="../other"), "name"),
        (
            carried(
                lock_text=lock(conda(f"{FORGE}linux-64/x-1-0.conda", name="../../x"))
            ),
            "name",
        ),
        (
            carried(
                lock_text=lock(
                    conda(f"{FORGE}linux-64/x-1-0.conda", version="1/../../2")
                )
            ),
            "name",
        ),
        (
            carried(lock_text=lock(conda(f"{FORGE}linux-64/%2e%2e/x-1-0.conda"))),
            "address",
        ),
        (carried(MANIFEST + '[tasks]\n"pl\\u202eot" = "x"\n'), "hidden"),
        (carried(MANIFEST + '[tasks]\nplot = "echo \\u001b[2J"\n'), "hidden"),
        (carried(lock_text="version: 6\n"), "unreadable"),
        (carried(lock_text="version: 7\npackages: [" + "[" * 9999), "unreadable"),
        (carried(lock_text=lock(NUMPY).replace("size: 9", "size: *a9")), "unreadable"),
        (carried("[workspace]\nx = " + "[" * 9999), "unreadable"),
        (carried("a = 1"), "unreadable"),
        (carried("a" * 2_000_000), "size"),
        (carried(lock_text="version: 7\n" + "- conda: x\n" * 30_000), "size"),
        (
            carried(overlay=lock(METGRID, channels=(MET,))),
            "mismatch",
        ),
    ],
)
def test_what_nobody_can_agree_to_is_refused(
    environment: NotebookEnvironment, code: str
) -> None:
    found = facts(environment)

    assert code in {each.code for each in found.refusals}
    assert all(each.text.isprintable() for each in found.refusals)
    assert all(len(each) <= 80 and each.isprintable() for each in lines(found))


@pytest.mark.parametrize(
    "environment",
    [
        carried(MANIFEST.replace('"conda-forge"', '"https://me:pw1@conda.example/x"')),
        carried(MANIFEST.replace('"conda-forge"', '"https://conda.example/t/pw1/x"')),
        carried(
            MANIFEST + '[pypi-options]\nindex-url = "https://pw1@python.example/"\n'
        ),
        carried(MANIFEST + '[tasks]\nx = "curl https://me:pw1@host.example"\n'),
        carried(
            lock_text=lock(conda("https://me:pw1@conda.example/x/linux-64/x-1-0.conda"))
        ),
        carried(lock_text=lock(NUMPY, channels=("https://me:pw1@conda.example/x/",))),
    ],
)
def test_secrets_are_refused_and_not_repeated(environment: NotebookEnvironment) -> None:
    found = facts(environment)

    assert "credentials" in {each.code for each in found.refusals}
    assert "pw1" not in str(found.to_json()) + "\n".join(lines(found))


def test_packages_without_a_hash_can_be_allowed() -> None:
    bare = carried(
        lock_text=lock(conda(f"{FORGE}linux-64/numpy-2-0.conda", sha256=None))
    )

    found = facts(bare, Policy(channels=(FORGE,), unhashed=True))

    assert found.refusals == ()
    assert found.unhashed == ("numpy 2",)
    assert found.is_flagged


def test_a_field_cannot_be_hidden_from_the_check() -> None:
    good = conda(f"{FORGE}linux-64/numpy-2-0.conda")

    assert codes(carried(lock_text=lock(good + f"  'channel': {MET}\n"))) == {
        "mismatch"
    }
    assert codes(carried(lock_text=lock(good + '  "name": evil\n'))) == {"mismatch"}
    assert codes(carried(lock_text=lock(good + '  license: "a\n'))) == {"unreadable"}


def test_many_packages_are_read_at_once() -> None:
    rows = [
        conda(f"{FORGE}linux-64/p{number}-1-0.conda", sha256=_hash(number))
        for number in range(2000)
    ]

    found = facts(carried(lock_text=lock(*rows)))

    assert found.refusals == ()
    assert found.amount.conda == 2000
    assert len(lines(found)) < 20


def _hash(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def test_the_list_reads_as_people_were_shown_it() -> None:
    manifest = BOTH + '[tasks]\nfetch = "x"\nplot = "y"\n'
    more = conda(f"{MET}noarch/metgrid-data-2026.1-0.conda", size=400_000_000)
    found = facts(carried(manifest, lock(NUMPY, METGRID, more, channels=(FORGE, MET))))

    assert "\n".join(lines(found)) == TEXT


TEXT = """\
  Channels         conda-forge
                   allowed by your settings
! Unknown channel  https://conda.uni.example/met
                   2 packages: metgrid 0.4, metgrid-data 2026.1
  Packages         3 conda · 418 MB
                   every hash is checked
  Runs code        packages may bring scripts that run at each start
                   known after download
  Tasks            fetch, plot
                   run only when you ask for them"""

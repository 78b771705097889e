"""Notebooks from somebody who means harm: nothing is done, and all is said."""

from __future__ import annotations

import asyncio
import base64
import json
import lzma
import re
from typing import TYPE_CHECKING, Any

import pytest
from support.carried import FORGE, MANIFEST, MET, NUMPY, carried, conda, lock, notebook
from support.commands import Answer, run_command

from pixi_jupyter.errors import ConsentNeededForNotebookError
from pixi_jupyter.events import Operation
from pixi_jupyter.notebook.metadata import NotebookEnvironment, read_environment
from pixi_jupyter.trust import store
from pixi_jupyter.verbs.notebook_open import NotebookOpenRequest, notebook_open

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.served import Served


@pytest.fixture
def say(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Answer]:
    """Give a function that runs a command in a folder and a home of its own."""
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PIXI_OVERRIDE_PLATFORM", "linux-64")
    monkeypatch.chdir(tmp_path / "work")

    def run(*words: str) -> Answer:
        return run_command(capsys, *words)

    return run


@pytest.fixture
def path(tmp_path: Path, say: Callable[..., Answer]) -> Path:
    """Give the place of the notebook."""
    del say
    return tmp_path / "work" / "shared.ipynb"


def is_untouched(tmp_path: Path) -> bool:
    return not list((tmp_path / "home").rglob("*"))


BAD = {
    "a lock from another channel": (
        carried(
            lock_text=lock(conda(f"{MET}noarch/numpy-9-0.conda"), channels=(FORGE, MET))
        ),
        "which its manifest does not name",
    ),
    "a file that is another package": (
        carried(lock_text=lock(conda(f"{FORGE}noarch/evil-1-0.conda", name="numpy"))),
        "is the file evil-1-0.conda",
    ),
    "a way out in a package's name": (
        carried(lock_text=lock(conda(f"{FORGE}noarch/x-1-0.conda", name="../../x"))),
        "is no name of a package",
    ),
    "a way out in an address": (
        carried(lock_text=lock(conda(f"{FORGE}../../x/noarch/x-1-0.conda"))),
        "is not a plain address",
    ),
    "the environment of another notebook": (
        carried(
            MANIFEST
            + '[pypi-dependencies]\nx = { path = "~/.local/share/pixi-jupyter" }\n'
        ),
        "which did not travel",
    ),
    "a workspace called like a path": (
        carried(MANIFEST.replace('"heat"', '"../heat"')),
        "like a path",
    ),
    "no hash": (
        carried(lock_text=lock(conda(f"{FORGE}noarch/x-1-0.conda", sha256=None))),
        "no sha256",
    ),
    "a file of this computer": (
        carried(lock_text=lock(conda("file:///etc/noarch/x-1-0.conda"))),
        "a place on the computer of who wrote it",
    ),
    "a script at each start": (
        carried(MANIFEST + '[activation]\nscripts = ["evil.sh"]\n'),
        "would run at each start",
    ),
    "a task that clears the screen": (
        carried(MANIFEST + '[tasks]\n"\\u001b[2J" = "x"\n'),
        "characters that cannot be seen",
    ),
    "a name that is turned around": (
        carried(MANIFEST + '[tasks]\nx = "echo \\u202egnp.sh"\n'),
        "characters that cannot be seen",
    ),
    "a manifest that is nested deeply": (
        carried("[workspace]\nx = " + "[" * 5000),
        "cannot be read",
    ),
    "a lock that is nested deeply": (
        carried(lock_text="version: 7\npackages: " + "[" * 5000),
        "nested too deeply",
    ),
    "a lock that refers to itself": (
        carried(lock_text="version: 7\nplatforms: &a [*a, *a]\n"),
        "cannot be read",
    ),
    "a hundred thousand packages": (
        carried(lock_text=lock(NUMPY) + "- conda: x\n" * 100_000),
        "characters",
    ),
}


@pytest.mark.parametrize(("environment", "said"), BAD.values(), ids=BAD.keys())
def test_what_nobody_can_agree_to_is_shown_and_not_trusted(
    environment: NotebookEnvironment,
    said: str,
    path: Path,
    say: Callable[..., Answer],
    tmp_path: Path,
) -> None:
    notebook(path, environment)

    answer = say("notebook", "trust", "shared.ipynb")
    shown = say("notebook", "trust", "--dry-run", "shared.ipynb")

    assert (answer.code, shown.code) == (1, 0)
    assert said in answer.err
    assert "nothing was fetched" in answer.err
    assert said in " ".join(shown.out.split())
    for text in (answer.err, shown.out):
        assert all(each.isprintable() or each == "\n" for each in text)
    assert is_untouched(tmp_path)


def test_a_secret_in_an_address_is_refused_and_not_repeated(
    path: Path, say: Callable[..., Answer], tmp_path: Path
) -> None:
    url = "https://me:pw-4711@conda.example/x"
    notebook(path, carried(MANIFEST.replace("conda-forge", url)))

    answers = [
        say("notebook", "trust", "shared.ipynb"),
        say("notebook", "trust", "-n", "shared.ipynb"),
        say("notebook", "trust", "-n", "--json", "shared.ipynb"),
    ]

    assert [each.code for each in answers] == [1, 0, 0]
    assert all("tells a secret" in each.err + each.out for each in answers)
    assert all("pw-4711" not in each.err + each.out for each in answers)
    assert is_untouched(tmp_path)


def test_an_agreement_ends_with_any_change(
    path: Path, say: Callable[..., Answer]
) -> None:
    notebook(path, carried())

    first = say("notebook", "trust", "shared.ipynb")
    again = say("notebook", "trust", "shared.ipynb")
    notebook(path, carried(MANIFEST + "# more\n"))
    changed = say("notebook", "trust", "-n", "--json", "shared.ipynb")

    assert "is trusted, with exactly this content" in first.out
    assert "was already trusted" in again.out
    assert json.loads(changed.out)["notebooks"][0]["state"] == "not_trusted"


def test_several_are_agreed_to_together_or_not_at_all(
    path: Path, say: Callable[..., Answer]
) -> None:
    notebook(path, carried())
    bad = carried(MANIFEST + '[activation]\nscripts = ["x.sh"]\n')
    notebook(path.with_name("bad.ipynb"), bad)

    answer = say("notebook", "trust", "shared.ipynb", "bad.ipynb")

    assert answer.code == 1
    assert not store.is_trusted(carried().digest)


def test_the_digest_that_a_notebook_says_of_itself_is_not_believed(
    path: Path, say: Callable[..., Answer]
) -> None:
    store.trust(carried().digest)
    notebook(path, carried(MANIFEST + '[tasks]\nx = "evil"\n'))
    _change(path, digest=carried().digest)

    answer = say("notebook", "trust", "-n", "shared.ipynb")

    assert answer.code == 1
    assert "is not the sha256" in answer.err


def test_a_notebook_behind_a_link_is_judged_by_what_it_holds(
    path: Path, say: Callable[..., Answer]
) -> None:
    notebook(path.with_name("real.ipynb"), carried())
    path.symlink_to("real.ipynb")

    assert say("notebook", "trust", "shared.ipynb").code == 0
    assert store.is_trusted(carried().digest)


def test_a_gigabyte_in_a_few_bytes_is_refused_before_it_is_in_memory(
    path: Path, say: Callable[..., Answer], tmp_path: Path
) -> None:
    notebook(path, carried())
    press = lzma.LZMACompressor(preset=0)
    zeros = bytes(10_000_000)
    data = b"".join(press.compress(zeros) for _ in range(10)) + press.flush()
    _change(
        path,
        lock={
            "encoding": "xz+base85",
            "sha256": "0" * 64,
            "data": [base64.b85encode(data).decode()],
        },
    )

    answer = say("notebook", "trust", "shared.ipynb")

    assert answer.code == 1
    assert "more than 64,000,000 bytes" in answer.err
    assert is_untouched(tmp_path)


def test_more_metadata_than_anybody_needs_is_refused(
    path: Path, say: Callable[..., Answer]
) -> None:
    notebook(path, carried())
    _change(path, manifest=["x" * 1000 + "\n"] * 2000)

    answer = say("notebook", "trust", "shared.ipynb")

    assert answer.code == 1
    assert "more than 1,000,000 characters" in answer.err


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[" * 100_000, '{"nbformat": 4, "metadata": 1}']
)
def test_what_is_no_notebook_is_said_to_be_none(
    path: Path, say: Callable[..., Answer], text: str
) -> None:
    path.write_text(text, encoding="utf-8")

    answer = say("notebook", "trust", "shared.ipynb")

    assert answer.code == 1
    assert "cannot be read as a notebook" in answer.err


def test_a_notebook_without_an_environment_has_nothing_to_agree_to(
    path: Path, say: Callable[..., Answer]
) -> None:
    notebook(path, None)

    assert say("notebook", "trust", "shared.ipynb").code == 1
    shown = say("notebook", "trust", "-n", "shared.ipynb")
    assert "carries no environment" in shown.out


def test_what_the_first_cell_asks_for_needs_an_agreement_too(
    path: Path, say: Callable[..., Answer]
) -> None:
    notebook(path, None)
    data = json.loads(path.read_text(encoding="utf-8"))
    block = (
        '# /// script\n# dependencies = ["six @ https://x.example/six-1.zip"]\n# ///'
    )
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    data["cells"] = [{**cell, "source": block}]
    path.write_text(json.dumps(data), encoding="utf-8")

    shown = say("notebook", "trust", "-n", "shared.ipynb")
    agreed = say("notebook", "trust", "shared.ipynb")

    assert "! By address" in shown.out
    assert "! Built here" in shown.out
    assert "https://x.example/six-1.zip" in shown.out
    assert agreed.code == 0


def test_untrust_forgets(path: Path, say: Callable[..., Answer]) -> None:
    notebook(path, carried())
    say("notebook", "trust", "shared.ipynb")

    first = say("notebook", "untrust", "shared.ipynb")
    again = say("notebook", "untrust", "shared.ipynb")

    assert "is not trusted any more" in first.err
    assert "was not trusted" in again.err
    assert not store.is_trusted(carried().digest)


def _change(path: Path, **values: Any) -> None:
    """Change what a notebook says of itself, without care for the rest."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data["metadata"]["pixi-jupyter"].update(values)
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture
def travelled(served: Served) -> Path:
    """Give a notebook whose environment was locked from a real channel."""
    served.good("lock")
    texts = [
        (served.root / name).read_text(encoding="utf-8")
        for name in ("pixi.toml", "pixi.lock")
    ]
    for name in ("pixi.toml", "pixi.lock"):
        (served.root / name).unlink()
    made = NotebookEnvironment(manifest=texts[0], lock=texts[1])
    return notebook(served.root / "shared.ipynb", made)


def _prefixes(served: Served) -> list[Path]:
    return sorted((served.folder).rglob("conda-meta"))


def test_nothing_is_fetched_before_somebody_agreed(
    travelled: Path, served: Served
) -> None:
    served.channel.log.clear()

    refused = served.run("notebook", "install", travelled.name)
    seen = list(served.channel.log)
    agreed = served.run("notebook", "install", "--trust", travelled.name)
    again = served.run("notebook", "install", travelled.name)

    assert (refused.code, agreed.code, again.code) == (1, 0, 0), agreed.err
    assert "--trust" in refused.err
    assert "! Unknown channel" in refused.err
    assert seen == []
    assert len(_prefixes(served)) == 1


def test_hashes_that_lie_are_found_and_nothing_stays(
    travelled: Path, served: Served
) -> None:
    found = read_environment(json.loads(travelled.read_text(encoding="utf-8")))
    assert found is not None
    lie = re.sub(r"sha256: [0-9a-f]{64}", "sha256: " + "0" * 64, found.lock or "")
    lie = re.sub(r"\n  md5: [0-9a-f]{32}", "", lie)
    notebook(travelled, NotebookEnvironment(manifest=found.manifest, lock=lie))

    answer = served.run("notebook", "install", "--trust", travelled.name)

    assert answer.code == 1
    assert "is not the package that is locked" in answer.err
    assert _prefixes(served) == []


def test_a_kernel_of_what_was_not_agreed_to_does_not_start(
    path: Path, tmp_path: Path
) -> None:
    notebook(path, carried())
    request = NotebookOpenRequest(path=path)

    with pytest.raises(ConsentNeededForNotebookError) as raised:
        asyncio.run(notebook_open(request, Operation()))

    assert "Installing it would use:" in "\n".join(raised.value._render_traceback_())
    assert is_untouched(tmp_path)

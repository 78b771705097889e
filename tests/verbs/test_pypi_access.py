"""Where packages of PyPI come from: indexes, repositories, and who may ask them."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest
from support.newer import locked
from support.pypi_workspace import OTHER, PypiWorkspace
from support.registry import Basic

from pixi_jupyter.adapters.web import Web

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.commands import Answer
    from support.registry import MockIndex

    Pixi = Callable[..., Answer]

KEYRING = """\
#!/bin/sh
echo "$@" >> "$0.log"
test "$1" = get && test "$3" = me && echo s3cret
"""


BACKEND = """\
import pathlib

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = pathlib.Path(folder, "inner-{0}.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\\nName: inner\\nVersion: {0}\\nRequires-Dist: eggs>=1\\n"
    )
    return info.name

def build_wheel(folder, config_settings=None, metadata_directory=None):
    import zipfile

    name = "inner-{0}-py3-none-any.whl"
    info = "inner-{0}.dist-info"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as archive:
        metadata = "Metadata-Version: 2.1\\nName: inner\\nVersion: {0}\\n"
        archive.writestr(info + "/METADATA", metadata + "Requires-Dist: eggs>=1\\n")
        tag = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        archive.writestr(info + "/WHEEL", tag)
        archive.writestr(info + "/RECORD", "")
    return name
"""


def row(study: PypiWorkspace) -> dict[str, str]:
    return locked(study.root)["default", OTHER]


def configure(study: PypiWorkspace, text: str) -> None:
    (study.root / ".pixi").mkdir(exist_ok=True)
    (study.root / ".pixi" / "config.toml").write_text(f"[pypi-config]\n{text}\n")


def test_a_package_comes_from_the_index_that_is_named_for_it(
    pypi_study: PypiWorkspace, pixi: Pixi, mock_index: Callable[[], MockIndex]
) -> None:
    study, own = pypi_study, mock_index()
    study.publish("eggs", "7.0")
    wheel = study.publish("inside", "7.0", requires=["eggs"])
    own.add(wheel)

    answer = pixi("add", "--pypi", "inside", "--index", own.simple_url, "--no-install")

    assert answer.code == 0, answer.err
    wanted = f'inside = {{ version = ">=7.0, <8", index = "{own.simple_url}" }}'
    assert wanted in study.manifest.read_text()
    assert (row(study)["inside"], row(study)["eggs"]) == ("7.0", "7.0")
    assert f"pypi: {own.url}" in study.lock
    assert f"index: {own.simple_url}" in study.lock
    assert not [path for path in own.paths() if "eggs" in path]
    assert pixi("lock", "--check").code == 0


def make_repository(folder: Path) -> str:
    """Make a repository with a project in a folder of it; give its first commit."""
    project = folder / "packages" / "inner"
    project.mkdir(parents=True)

    def git(*words: str) -> str:
        names = ["-c", "user.name=me", "-c", "user.email=me@mail.example"]
        done = subprocess.run(
            ["git", *names, *words],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def write(version: str) -> None:
        (project / "pyproject.toml").write_text(
            f'[project]\nname = "inner"\nversion = "{version}"\n'
            'dependencies = ["eggs>=1"]\n'
            '[build-system]\nrequires = []\nbuild-backend = "backend"\n'
            'backend-path = ["."]\n'
        )
        (project / "backend.py").write_text(BACKEND.format(version))
        git("add", ".")
        git("commit", "-qm", version)

    git("init", "-q", "-b", "main")
    write("1.0")
    git("tag", "v1")
    first = git("rev-parse", "HEAD")
    write("2.0")
    git("checkout", "-qb", "next")
    write("3.0")
    git("checkout", "-q", "main")
    return first


@pytest.mark.skipif(shutil.which("git") is None, reason="git makes the repository")
def test_a_repository_is_taken_at_a_branch_a_tag_or_a_commit(
    pypi_study: PypiWorkspace, pixi: Pixi
) -> None:
    study = pypi_study
    first = make_repository(study.root.parent / "repository")
    url = (study.root.parent / "repository").as_uri()
    inside = ["--git", url, "--subdirectory", "packages/inner", "--no-install"]
    found = {}

    for words in (["--branch", "next"], ["--tag", "v1"], ["--rev", first], []):
        answer = pixi("add", "--pypi", "inner", *inside, *words)
        assert answer.code == 0, answer.err
        key, value = (words or ["--", ""])[0][2:], (words or ["", ""])[1]
        (line,) = (x for x in study.manifest.read_text().splitlines() if "git =" in x)
        assert 'subdirectory = "packages/inner"' in line
        others = {"branch", "tag", "rev"} - {key}
        assert not key or f'{key} = "{value}"' in line
        assert not [each for each in others if f"{each} =" in line]
        assert pixi("lock", "--check").code == 0
        assert f"git+{url}" in study.lock
        found[key] = row(study)["inner"]

    assert found == {"branch": "3.0", "tag": "1.0", "rev": "1.0", "": "2.0"}
    assert row(study)["eggs"] == "1.0"


def test_two_references_of_a_repository_are_refused(
    pypi_study: PypiWorkspace, pixi: Pixi
) -> None:
    before = pypi_study.manifest.read_text()
    words = ["--git", "https://git.example/x", "--branch", "a", "--tag", "b"]

    answer = pixi("add", "--pypi", "inner", *words)

    assert answer.code == 2
    assert "--branch and --tag exclude each other" in answer.err
    assert pypi_study.manifest.read_text() == before


def test_the_program_keyring_is_asked_for_a_password(
    pypi_study: PypiWorkspace,
    pixi: Pixi,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = pypi_study
    study.index.credentials = Basic("me", "s3cret")
    named = study.index.simple_url.replace("//", "//me@")
    text = study.manifest.read_text()
    study.manifest.write_text(text.replace(study.index.simple_url, named))
    program = tmp_path / "bin" / "keyring"
    program.parent.mkdir()
    program.write_text(KEYRING)
    program.chmod(0o755)
    path = f"{program.parent}:/usr/bin:/bin"
    monkeypatch.setenv("PATH", path)

    assert pixi("add", "--pypi", "spam", "--no-install").code == 1
    assert not (program.parent / "keyring.log").exists()

    configure(study, 'keyring-provider = "subprocess"')
    answer = pixi("add", "--pypi", "spam", "--no-install")

    assert answer.code == 0, answer.err
    assert row(study)["spam"] == "1.0"
    assert "s3cret" not in study.lock
    assert "s3cret" not in answer.err
    assert "get " in (program.parent / "keyring.log").read_text()


async def test_a_file_is_read_with_the_password_that_keyring_has(
    tmp_path: Path, mock_index: Callable[[], MockIndex]
) -> None:
    index = mock_index()
    index.credentials = Basic("me", "s3cret")
    program = tmp_path / "keyring"
    program.write_text(KEYRING)
    program.chmod(0o755)
    named = index.simple_url.replace("//", "//me@")
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}

    async with Web([named], environ) as web:
        denied = await web.ask(f"{index.url}files/none.whl")
    async with Web([named], environ, keyring=True) as web:
        answers = [await web.ask(f"{index.url}files/none.whl") for _ in range(2)]

    assert denied.status == 401
    assert [each.status for each in answers] == [404, 404]
    assert (tmp_path / "keyring.log").read_text() == f"get {index.simple_url} me\n"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the key")
def test_a_host_of_an_unknown_certificate_is_read_only_where_that_is_allowed(
    pypi_study: PypiWorkspace, pixi: Pixi, tmp_path: Path
) -> None:
    study = pypi_study
    secure(study.index, tmp_path)
    study.write('[dependencies]\npython = "*"\n')

    refused = pixi("add", "--pypi", "spam", "--no-install")
    configure(study, f'allow-insecure-host = ["{study.index.host}"]')
    allowed = pixi("add", "--pypi", "spam", "--no-install")

    assert refused.code == 1
    assert "certificate" in refused.err.lower()
    assert allowed.code == 0, allowed.err
    assert row(study)["spam"] == "1.0"


async def test_a_file_of_an_unknown_certificate_is_read_where_that_is_allowed(
    mock_index: Callable[[], MockIndex], tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the key")
    index = mock_index()
    secure(index, tmp_path)
    url = f"https://{index.host}/files/none.whl"

    async with Web(insecure_hosts=(index.host,)) as web:
        assert (await web.ask(url)).status == 404


def secure(index: MockIndex, folder: Path) -> None:
    """Let it speak TLS, with a certificate that nobody knows."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout"
    subprocess.run(
        ["openssl", *words.split(), key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    index.secure(context)


def test_an_index_that_is_taken_out_of_the_manifest_is_no_longer_in_the_lock(
    pypi_study: PypiWorkspace, pixi: Pixi, mock_index: Callable[[], MockIndex]
) -> None:
    study, other = pypi_study, mock_index()
    study.add('[pypi-dependencies]\nspam = "*"\n')
    text = study.manifest.read_text()
    more = f'extra-index-urls = ["{other.simple_url}"]\n'
    line = f'index-url = "{study.index.simple_url}"\n'
    study.manifest.write_text(text.replace(line, line + more))
    assert pixi("lock").code == 0
    study.manifest.write_text(text)

    answer = pixi("lock", "--check", "--dry-run")

    assert answer.code == 1
    assert pixi("lock").code == 0
    assert other.simple_url not in study.lock

"""Nothing is agreed to by itself, and an agreement holds for one content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support.carried import FORGE, MANIFEST, MET, carried, conda, lock

from pixi_jupyter.errors import (
    ConsentNeededForNotebookError,
    NotebookForbiddenError,
    NotebookRefusedError,
    TrustSettingsError,
)
from pixi_jupyter.trust import store
from pixi_jupyter.trust.consent import require_trust, trust_own
from pixi_jupyter.trust.facts import facts_of
from pixi_jupyter.trust.policy import Policy, read_policy

if TYPE_CHECKING:
    from pathlib import Path

BOTH = MANIFEST.replace('"conda-forge"]', f'"conda-forge", "{MET}"]')
OTHER = carried(
    BOTH, lock(conda(f"{MET}noarch/metgrid-0.4-0.conda"), channels=(FORGE, MET))
)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


def limits(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "system.toml"
    path.write_text(text, encoding="utf-8")
    return read_policy(limits=path)


def test_what_was_not_agreed_to_is_refused_with_the_list() -> None:
    with pytest.raises(ConsentNeededForNotebookError) as raised:
        require_trust(OTHER, trust=False, name="heat.ipynb")

    text = str(raised.value)
    assert "heat.ipynb came from elsewhere" in text
    assert "! Unknown channel  https://conda.uni.example/met" in text
    assert "--trust" in text
    assert max(map(len, raised.value.details)) <= 71
    assert not store.is_trusted(OTHER.digest)


def test_an_agreement_is_kept_for_this_content_only() -> None:
    require_trust(OTHER, trust=True)

    require_trust(OTHER, trust=False)
    changed = carried(BOTH + "# more\n", OTHER.lock)
    with pytest.raises(ConsentNeededForNotebookError):
        require_trust(changed, trust=False)


def test_an_agreement_can_be_forgotten() -> None:
    require_trust(OTHER, trust=True)

    assert store.untrust(OTHER.digest)
    assert not store.untrust(OTHER.digest)
    with pytest.raises(ConsentNeededForNotebookError):
        require_trust(OTHER, trust=False)


def test_trust_cannot_be_given_to_what_nobody_can_agree_to() -> None:
    bad = carried(MANIFEST + '[activation]\nscripts = ["x.sh"]\n')

    with pytest.raises(NotebookRefusedError, match=r"x\.sh"):
        require_trust(bad, trust=True)

    assert not store.is_trusted(bad.digest)


def test_what_was_made_here_needs_no_agreement() -> None:
    own = carried(MANIFEST.replace("conda-forge", "file:///srv/channel"), lock_text="")

    trust_own(own)

    require_trust(own, trust=False)


def test_what_an_administrator_does_not_allow_is_refused_whatever_was_agreed(
    tmp_path: Path,
) -> None:
    require_trust(OTHER, trust=True)
    policy = limits(tmp_path, '[pixi-jupyter]\nallowed-channels = ["conda-forge"]\n')

    with pytest.raises(NotebookForbiddenError) as raised:
        require_trust(OTHER, trust=True, policy=policy)

    assert f"{MET} is no allowed channel" in str(raised.value)
    assert "system.toml" in str(raised.value)
    require_trust(carried(), trust=True, policy=policy)


def test_indexes_and_addresses_are_limited_too(tmp_path: Path) -> None:
    text = '[pixi-jupyter]\nallowed-indexes = ["https://python.example/simple"]\n'
    policy = limits(tmp_path, text)
    manifest = MANIFEST + '[pypi-options]\nindex-url = "https://other.example/simple"\n'
    git = MANIFEST + '[pypi-dependencies]\nx = { git = "https://git.example/x" }\n'

    assert facts_of(carried(manifest), policy).forbidden == (
        "https://other.example/simple is no allowed index",
    )
    assert facts_of(carried(git), policy).forbidden == (
        "https://git.example/x (x) is no allowed place",
    )
    assert facts_of(carried(), policy).forbidden == ()


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        '[pixi-jupyter]\nallowed-channels = "conda-forge"\n',
        "[pixi-jupyter]\nallowed-indexes = [1]\n",
    ],
)
def test_limits_that_cannot_be_read_allow_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(TrustSettingsError, match=r"system\.toml"):
        limits(tmp_path, text)


def test_an_empty_limit_allows_nothing(tmp_path: Path) -> None:
    policy = limits(tmp_path, "[pixi-jupyter]\nallowed_channels = []\n")

    assert facts_of(carried(), policy).forbidden != ()


def test_no_variable_leaves_out_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIXI_NO_CONFIG", "1")
    policy = limits(tmp_path, '[pixi-jupyter]\nallowed-channels = ["other"]\n')

    assert policy.allowed_channels == ("https://conda.anaconda.org/other/",)


def test_the_users_settings_make_places_known(own_home: Path) -> None:
    folder = own_home / ".config" / "pixi"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        'default-channels = ["lab"]\n'
        '[pypi-config]\nindex-url = "https://a.example/simple"\n'
        '[pixi-jupyter]\nallowed-channels = ["https://conda.uni.example"]\n'
        'allowed-indexes = ["https://b.example"]\n',
        encoding="utf-8",
    )

    policy = read_policy()

    assert policy.knows_channel("https://conda.anaconda.org/lab")
    assert policy.knows_channel("https://conda.uni.example/met/")
    assert not policy.knows_channel("https://conda.anaconda.org/other")
    assert policy.knows_index("https://a.example/simple")
    assert policy.knows_index("https://b.example/simple")
    assert policy.allowed_channels is None


def test_settings_that_stand_beside_a_notebook_have_no_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project" / ".pixi"
    folder.mkdir(parents=True)
    text = f'[pixi-jupyter]\nallowed-channels = ["{MET}"]\nallow-unhashed = true\n'
    (folder / "config.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "project")

    assert not read_policy().knows_channel(MET)
    assert not read_policy().unhashed


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[]", "[" * 100_000, '{"version": 1}', '{"version": 2}'],
)
def test_a_file_that_is_no_agreement_is_none(text: str) -> None:
    path = store.trust_folder() / f"{OTHER.digest}.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

    assert not store.is_trusted(OTHER.digest)


def test_an_agreement_under_another_name_is_none() -> None:
    store.trust(OTHER.digest)
    mine = store.trust_folder() / f"{OTHER.digest}.json"
    mine.rename(mine.with_name(f"{carried().digest}.json"))

    assert not store.is_trusted(carried().digest)


def test_an_agreement_replaces_a_link_and_does_not_follow_it(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious", encoding="utf-8")
    path = store.trust_folder() / f"{OTHER.digest}.json"
    path.parent.mkdir(parents=True)
    path.symlink_to(target)

    store.trust(OTHER.digest)

    assert target.read_text(encoding="utf-8") == "precious"
    assert store.is_trusted(OTHER.digest)


@pytest.mark.parametrize("digest", ["../../x", "", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_no_name_leads_out_of_the_folder(digest: str) -> None:
    with pytest.raises(ValueError, match="no sha256"):
        store.trust(digest)


def test_an_agreement_keeps_what_was_shown_and_only_its_owner_reads_it() -> None:
    require_trust(OTHER, trust=True)

    kept = json.loads((store.trust_folder() / f"{OTHER.digest}.json").read_text())

    assert kept["facts"]["channels"][1]["packages"] == ["metgrid 0.4"]
    assert store.trust_folder().stat().st_mode & 0o077 == 0

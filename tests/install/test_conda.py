"""Installs of real packages: what is on disk afterwards."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from support.installs import (
    Install,
    Publish,
    assert_whole,
    files_of,
    make_record,
    misdescribe,
    result_of,
)

from pixi_jupyter.errors import DownloadError, LinkError, OfflineError
from pixi_jupyter.install.journal import Journal, journal_path, write_journal
from pixi_jupyter.install.state import INSTALLING, fingerprint, read_state, write_state

PLACEHOLDER = "/opt/placeholder" + "_placeholder" * 18

LIBRARY = {
    "name": "library",
    "subdir": "linux-64",
    "files": {
        "bin/tool": f"#!{PLACEHOLDER}/bin/python\nprint(1)\n",
        "lib/liblibrary.so.1": b"\x7fELF"
        + PLACEHOLDER.encode()
        + b"/lib\0"
        + b"x" * 99,
        "share/library/data.txt": "data 1\n",
    },
    "executable": ["bin/tool"],
    "links": {"lib/liblibrary.so": "liblibrary.so.1"},
    "placeholder": PLACEHOLDER,
}
NEWER = {
    "name": "library",
    "version": "2.0",
    "subdir": "linux-64",
    "files": {"share/library/data.txt": "data 2\n", "share/library/new.txt": "new\n"},
}
USER = {"name": "user", "depends": ["library"]}


async def test_a_first_install_is_whole_and_knows_only_its_own_place(
    install: Install, publish: Publish
) -> None:
    publish(LIBRARY, USER)

    outcome = await install.install("user")

    assert outcome.changed
    assert outcome.added == ("library", "user")
    assert outcome.fetched == 2
    assert outcome.fetched_bytes > 0
    assert_whole(install.prefix)
    tool = (install.prefix / "bin" / "tool").read_text()
    assert tool.startswith(f"#!{install.prefix}/bin/python\n")
    everything = b"".join(files_of(install.prefix).values())
    assert b".default.new-" not in everything
    assert PLACEHOLDER.encode() not in everything
    assert (install.prefix / "lib/liblibrary.so").readlink() == Path("liblibrary.so.1")


async def test_a_first_install_speaks_of_its_phases_and_ends_each_once(
    install: Install, publish: Publish
) -> None:
    publish(LIBRARY, USER)

    await install.install("user")

    assert install.phases() == ["fetch", "link"]
    ends = [e.phase for e in install.events if e.state == "finished"]
    assert sorted(ends) == ["fetch", "link"]
    last = [e for e in install.events if e.phase == "link"][-1]
    assert (last.done, last.total, last.unit) == (2, 2, "packages")


async def test_an_install_with_nothing_to_do_says_and_touches_nothing(
    install: Install, publish: Publish
) -> None:
    publish(LIBRARY, USER)
    await install.install("user")
    install.events.clear()
    before = {path: path.stat().st_mtime_ns for path in install.prefix.rglob("*")}

    outcome = await install.install("user")

    assert not outcome.changed
    assert install.events == []
    meta = install.prefix / "conda-meta"  # the holder's note came and went
    del before[meta]
    after = {path: path.stat().st_mtime_ns for path in install.prefix.rglob("*")}
    del after[meta]
    assert after == before


async def test_packages_are_added_upgraded_and_removed(
    install: Install, publish: Publish
) -> None:
    publish(LIBRARY, NEWER, USER)
    await install.install("library 1.0")

    added = await install.install("library 1.0", "user")
    upgraded = await install.install("library 2.0", "user")
    removed = await install.install("library 2.0")

    assert (added.added, added.changed_names, added.removed) == (("user",), (), ())
    assert upgraded.changed_names == ("library",)
    assert removed.removed == ("user",)
    assert_whole(install.prefix)
    assert sorted(files_of(install.prefix)) == [
        "CACHEDIR.TAG",
        "share/library/data.txt",
        "share/library/new.txt",
    ]
    assert (install.prefix / "share/library/data.txt").read_text() == "data 2\n"


async def test_files_of_the_user_stay(install: Install, publish: Publish) -> None:
    publish(LIBRARY, NEWER)
    await install.install("library 1.0")
    mine = install.prefix / "share" / "mine.txt"
    mine.write_text("mine")

    await install.install("library 2.0")
    await install.put([])

    assert mine.read_text() == "mine"


async def test_a_prefix_with_files_of_the_user_alone_is_installed_around_them(
    install: Install, publish: Publish
) -> None:
    publish(LIBRARY)
    mine = install.prefix / "share" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    await install.install("library")

    assert mine.read_text() == "mine"
    assert (install.prefix / "share/library/data.txt").read_text() == "data 1\n"


async def test_a_package_built_again_under_its_name_is_linked_again(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a", "files": {"share/a": "one"}})
    await install.install("a")
    publish({"name": "a", "files": {"share/a": "two"}})

    outcome = await install.install("a")

    assert outcome.changed_names == ("a",)
    assert (install.prefix / "share/a").read_text() == "two"


async def test_a_wrong_hash_leaves_the_prefix_as_it_was(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    await install.install("a")
    before = files_of(install.prefix)
    wanted = await install.solve("a", "b")
    archive = next((install.folder / "channel" / "noarch").glob("b-*.conda"))
    archive.write_bytes(archive.read_bytes() + b"tampered")

    with pytest.raises(DownloadError) as caught:
        await install.put(wanted)

    assert "its sha256 is" in str(caught.value)
    assert files_of(install.prefix) == before
    assert_whole(install.prefix)
    # nothing of py-rattler was started, so the process is still good
    assert not (await install.install("a")).changed


async def test_a_package_that_is_gone_leaves_no_prefix_behind(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"})
    wanted = await install.solve("a")
    next((install.folder / "channel" / "noarch").glob("a-*.conda")).unlink()

    with pytest.raises(DownloadError, match="No such file"):
        await install.put(wanted)

    assert not install.prefix.exists()


async def test_offline_names_the_packages_that_are_not_cached(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"})
    cached = await install.solve("a")
    await install.put(cached)
    install.offline = True

    with pytest.raises(OfflineError) as caught:
        await install.put([*cached, make_record("far-away")])

    assert "Package far-away is not in the cache" in caught.value.message
    assert not (await install.put(cached)).changed


async def test_offline_installs_what_is_cached_or_on_this_machine(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    install.offline = True

    await install.install("a")
    outcome = await install.install("a", "b")

    assert outcome.added == ("b",)


async def test_an_empty_environment_is_a_prefix(install: Install) -> None:
    outcome = await install.put([])

    assert not outcome.changed
    assert read_state(install.prefix) == fingerprint([])


async def test_verify_repairs_what_was_changed_by_hand_and_the_cache_with_it(
    install: Install, publish: Publish
) -> None:
    publish(LIBRARY, USER)
    await install.install("user")
    # a hardlink: this changes the cache, too
    (install.prefix / "share/library/data.txt").write_text("hacked\n")
    (install.prefix / "share/user.txt").unlink()

    unseen = await install.install("user")
    outcome = await install.install("user", verify=True)

    assert not unseen.changed
    assert outcome.repaired == ("library", "user")
    assert_whole(install.prefix)
    other = Install(install.folder / "other", install.channel)
    (other.folder).mkdir()
    (other.folder / "cache").symlink_to(install.cache)
    await other.install("user")
    assert (other.prefix / "share/library/data.txt").read_text() == "data 1\n"


async def test_a_damaged_record_is_installed_again_with_a_warning(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    await install.install("a", "b")
    (install.prefix / "conda-meta" / "a-1.0-0.json").write_text('{"name":')

    outcome = await install.install("a", "b")

    assert outcome.added == ("a",)
    assert "was damaged" in next(
        e.label for e in install.events if e.level == "warning"
    )
    assert_whole(install.prefix)


async def test_the_state_is_the_fingerprint_of_the_records(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    wanted = await install.solve("a", "b")

    outcome = await install.put(wanted)

    assert read_state(install.prefix) == fingerprint(wanted) == outcome.state
    assert (await install.put(wanted)).state == outcome.state


async def test_what_pixi_left_half_done_is_linked_again(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    await install.install("a", "b")
    (install.prefix / "share/a.txt").unlink()
    write_state(install.prefix, INSTALLING)

    outcome = await install.install("a", "b")

    assert outcome.repaired == ("a", "b")
    assert_whole(install.prefix)
    assert read_state(install.prefix) == fingerprint(await install.solve("a", "b"))


@pytest.mark.parametrize("state", ["", "0123456789abcdef"], ids=["empty", "another"])
async def test_a_state_of_another_is_compared_and_set_right(
    install: Install, publish: Publish, state: str
) -> None:
    publish({"name": "a"})
    await install.install("a")
    write_state(install.prefix, state)

    outcome = await install.install("a")

    assert not outcome.changed
    assert read_state(install.prefix) == fingerprint(await install.solve("a"))


async def test_a_journal_that_pixi_outdated_is_dropped(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    await install.install("a")
    write_journal(install.prefix, Journal(what="install default", records=()))

    outcome = await install.install("a")

    assert not outcome.changed
    assert not journal_path(install.prefix).exists()
    assert_whole(install.prefix)


async def test_a_garbled_journal_means_that_every_file_is_looked_at(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    await install.install("a", "b")
    (install.prefix / "share/a.txt").unlink()
    journal_path(install.prefix).write_text("{")
    write_state(install.prefix, INSTALLING)

    outcome = await install.install("a", "b")

    assert outcome.repaired == ("a",)
    assert_whole(install.prefix)


async def test_an_operating_system_that_refuses_is_named(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"})
    wanted = await install.solve("a")
    install.prefix.parent.parent.mkdir()
    install.prefix.parent.write_text("a file where a folder should be")

    with pytest.raises(LinkError) as caught:
        await install.put(wanted)

    assert str(install.prefix) in caught.value.message
    assert "Not a directory" in str(caught.value) or "File exists" in str(caught.value)


async def test_two_processes_install_once(install: Install, publish: Publish) -> None:
    publish(*({"name": f"p{n}"} for n in range(20)))
    specs = [f"p{n}" for n in range(20)]

    children = [install.start(specs), install.start(specs)]
    outcomes = [result_of(child) for child in children]

    assert sorted(outcome["changed"] for outcome in outcomes) == [False, True]
    assert_whole(install.prefix)


async def test_two_tasks_of_one_process_install_once(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"})
    wanted = await install.solve("a")

    outcomes = await asyncio.gather(install.put(wanted), install.put(wanted))

    assert sorted(outcome.changed for outcome in outcomes) == [False, True]


async def test_noarch_packages_follow_python_to_another_minor_version(
    install: Install, publish: Publish
) -> None:
    pythons = [
        {
            "name": "python",
            "version": version,
            "subdir": "linux-64",
            "files": {f"bin/python{version[:-2]}": "", "bin/python": ""},
        }
        for version in ("3.11.0", "3.12.0")
    ]
    pure = {
        "name": "pure",
        "noarch": "python",
        "depends": ["python"],
        "files": {"site-packages/pure.py": "x = 1\n"},
    }
    publish(*pythons, pure)
    await install.install("python 3.11.*", "pure")

    outcome = await install.install("python 3.12.*", "pure")

    assert outcome.changed_names == ("python",)
    assert outcome.repaired == ("pure",)
    assert (install.prefix / "lib/python3.12/site-packages/pure.py").exists()
    assert_whole(install.prefix)


def test_the_record_of_an_install_names_the_channel(
    install: Install, publish: Publish, tmp_path: Path
) -> None:
    publish({"name": "a"})

    asyncio.run(install.install("a"))

    record = json.loads((install.prefix / "conda-meta/a-1.0-0.json").read_text())
    assert record["channel"] == install.channel
    assert record["url"].startswith((tmp_path / "channel").as_uri())


async def test_a_package_whose_own_list_is_wrong_is_a_warning(
    install: Install, publish: Publish
) -> None:
    publish({"name": "a"}, {"name": "b"})
    await install.install("a")
    misdescribe(next((install.folder / "channel" / "noarch").glob("b-*.conda")))
    publish()

    outcome = await install.install("a", "b")

    assert outcome.added == ("b",)
    warnings = [event.label for event in install.events if event.level == "warning"]
    assert warnings == ["Files of b are not as it lists them"]
    assert not (await install.install("a", "b")).changed

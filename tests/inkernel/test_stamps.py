"""With each answer a kernel says which environment it came from."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

from pixi_jupyter.inkernel.stamps import Stamps, attach, packages, platform
from pixi_jupyter.notebook.stamps import stamp_from_reply
from pixi_jupyter.platforms import host_subdir

if TYPE_CHECKING:
    from pathlib import Path


def make_prefix(folder: Path) -> tuple[Path, Path]:
    records, site = folder / "conda-meta", folder / "lib" / "site-packages"
    for path in (records, site):
        path.mkdir(parents=True)
    (records / "history").write_text("")
    (records / "numpy-2.3.1-py311_0.json").write_text("{}")
    (records / "python-dateutil-2.9-0.json").write_text("{}")
    wheel(site, "numpy-2.3.1", "conda")
    wheel(site, "torch-2.0", "conda")
    wheel(site, "python_dateutil-2.9", "pip")
    wheel(site, "Flask_Cors-1.0", "uv-pixi")
    return records, site


def wheel(site: Path, name: str, installer: str) -> None:
    folder = site / f"{name}.dist-info"
    folder.mkdir()
    (folder / "INSTALLER").write_text(f"{installer}\n")


class Kernel:
    def finish_metadata(self, parent: Any, metadata: Any, content: Any) -> Any:
        del parent, content
        return {**metadata, "finished": True}


def answer(
    kernel: Kernel, kind: str = "execute_request", **more: Any
) -> dict[str, Any]:
    parent = {"header": {"msg_type": kind}, "content": more.pop("asked", {})}
    done = kernel.finish_metadata(parent, {}, {"status": "ok", **more})
    assert isinstance(done, dict)
    return done


def test_what_conda_and_pypi_installed_is_listed_once(tmp_path: Path) -> None:
    records, site = make_prefix(tmp_path)

    assert packages(str(records), [str(site), str(tmp_path / "nothing")]) == [
        "flask-cors 1.0",
        "numpy 2.3.1 py311_0",
        "python-dateutil 2.9 0",
    ]


def test_a_mark_is_the_digest_of_the_packages_and_both_can_be_read_elsewhere(
    tmp_path: Path,
) -> None:
    records, site = make_prefix(tmp_path)
    listed = packages(str(records), [str(site)])

    told = Stamps(str(tmp_path), "test", [str(site)]).now()
    stamp = stamp_from_reply({"pixi-jupyter": told})

    assert stamp is not None
    assert stamp.mark == hashlib.sha256("\n".join(listed).encode()).hexdigest()[:16]
    assert stamp.packages == tuple(listed)
    assert (stamp.name, stamp.platform) == ("test", host_subdir())


def test_an_install_in_the_middle_of_a_notebook_changes_the_mark(
    tmp_path: Path,
) -> None:
    _, site = make_prefix(tmp_path)
    stamps = Stamps(str(tmp_path), "test", [str(site)])
    before = stamps.now()
    assert stamps.now() is before

    wheel(site, "rich-14.0", "pip")
    os.utime(site, ns=(1, 1))
    after = stamps.now()

    assert after["environment"] != before["environment"]


def test_only_executions_that_a_person_sees_are_stamped() -> None:
    kernel = Kernel()
    attach(kernel, {"environment": "test"})

    assert answer(kernel)["pixi-jupyter"]["name"] == "test"
    assert answer(kernel, status="error")["pixi-jupyter"]["name"] == "test"
    for other in (
        answer(kernel, status="aborted"),
        answer(kernel, kind="inspect_request"),
        answer(kernel, asked={"silent": True}),
    ):
        assert other == {"finished": True}


def test_an_answer_comes_also_where_nothing_can_be_told() -> None:
    kernel = Kernel()
    attach(kernel, {})

    assert kernel.finish_metadata(None, {}, None) == {"finished": True}


def test_the_platform_has_the_name_that_conda_gives_it() -> None:
    assert platform() == host_subdir()

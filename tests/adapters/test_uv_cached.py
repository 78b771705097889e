"""What uv has read of a wheel is not asked for again, and nothing else is believed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from support.pypi import Pypi
from support.registry import MockIndex, make_wheel

from pixi_jupyter.adapters.uv import CachedWheel, cached_wheel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REQUIRES = ["eggs>=1", "Ham[x]; python_version < '3'", 'tiny; extra == "more"']


@pytest.fixture
def pypi(mock_index: Callable[[], MockIndex], tmp_path: Path) -> Pypi:
    made = Pypi(mock_index(), tmp_path)
    wheel = make_wheel(
        made.files, "my_spam", requires=REQUIRES, requires_python=">=3.8, <4"
    )
    made.index.add(wheel)
    made.index.add(make_wheel(made.files, "eggs"))
    return made


async def test_a_lock_is_the_same_with_and_without_what_uv_has_kept(pypi: Pypi) -> None:
    first = await pypi.solve({"my-spam": "*"})
    ours = [x for x in pypi.index.log if "uv/" not in x.headers.get("user-agent", "")]
    assert ours == []

    # our own notes go, and uv keeps its own in a form that nobody knows
    shutil.rmtree(pypi.cache.parent / "pypi-metadata-v1", ignore_errors=True)
    (pypi.cache / "wheels-v99" / "index").mkdir(parents=True)
    pypi.index.log.clear()
    second = await pypi.solve({"my-spam": "*"})

    ours = [x for x in pypi.index.log if "uv/" not in x.headers.get("user-agent", "")]
    assert len(ours) == len(("my-spam", "eggs"))
    assert second == first


async def test_a_wheel_is_known_by_its_own_url_only(pypi: Pypi) -> None:
    found = await pypi.solve({"my-spam": "*"})
    url = found["my-spam"].location

    known = cached_wheel(pypi.cache, url)

    assert isinstance(known, CachedWheel)
    assert (known.version, known.requires_python) == ("1.0", ">=3.8,<4")
    assert len(known.requires_dist) == len(REQUIRES)
    assert cached_wheel(pypi.cache, url.replace("127.0.0.1", "files.example")) is None
    assert cached_wheel(pypi.cache, url.replace("1.0-py3", "1.1-py3")) is None
    assert cached_wheel(pypi.cache, url.replace(".whl", ".tar.gz")) is None
    assert cached_wheel(pypi.cache.parent / "nothing", url) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x96",
        b"\x96\xa4spam\xa31.0",
        b"\x95\xa4spam\xa31.0\x90\xc0\x90",
        b"\x96\xa4spam\xa31.0\x90\xc0\x90\xc3",
        b"\x96\xa4spam\xa31.0\x91\x01\xc0\x90\xc2",
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 5000,
        b"\xbfspam",
    ],
    ids=repr,
)
def test_another_form_is_as_good_as_nothing(tmp_path: Path, data: bytes) -> None:
    url = "https://files.example/spam-1.0-py3-none-any.whl"
    path = tmp_path / "wheels-v8/pypi/spam/1.0-py3-none-any.msgpack"
    path.parent.mkdir(parents=True)
    path.write_bytes(
        b"\x96\xa4spam\xa31.0\x90\xc0\x90\xc2\x00" + url.encode() + b"\x00"
    )
    assert cached_wheel(tmp_path, url) is not None

    path.write_bytes(data + b"\x00" + url.encode() + b"\x00")

    assert cached_wheel(tmp_path, url) is None

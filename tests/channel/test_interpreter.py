"""The running interpreter as a package: planned, and then at work in a prefix."""

from __future__ import annotations

import platform
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pixi_jupyter.channel.interpreter import (
    Interpreter,
    python_abi_package,
    python_package,
)
from pixi_jupyter.errors import ChannelBuildError

if TYPE_CHECKING:
    from pixi_jupyter.channel.archive import Entry
    from pixi_jupyter.channel.blueprint import Blueprint


@pytest.fixture
def small(tmp_path: Path) -> Interpreter:
    """Make the files of an interpreter, as few as there can be."""
    prefix = tmp_path / "opt"
    library = prefix / "lib/python3.11"
    texts = {
        "bin/python3.11": "program",
        "bin/python3.11-config": f"#!/bin/sh\necho {prefix}/include\n",
        "include/python3.11/Python.h": "",
        "lib/pkgconfig/python-3.11.pc": f"prefix={prefix}\n",
        "lib/python3.11/_sysconfigdata_x.py": f"LIBDIR = '{prefix}/lib'\n",
        "lib/python3.11/os.py": f"# {prefix}\n",
        "lib/python3.11/site.py": "",
        "lib/python3.11/EXTERNALLY-MANAGED": "",
        "lib/python3.11/__pycache__/os.cpython-311.pyc": "",
        "lib/python3.11/config-3.11/libpython3.11.a": "",
        "lib/python3.11/lib-dynload/_testcapi.so": "",
        "lib/python3.11/site-packages/thing.py": "",
        "lib/python3.11/test/test_os.py": "",
        "lib/python3.11/unittest/case.py": "",
    }
    for path, text in texts.items():
        (prefix / path).parent.mkdir(parents=True, exist_ok=True)
        (prefix / path).write_text(text, encoding="utf-8")
    return Interpreter(
        version="3.11.7",
        prefix=prefix,
        known_as=str(prefix),
        executable=prefix / "bin/python3.11",
        standard_library=library,
        headers=prefix / "include/python3.11",
        package_config=prefix / "lib/pkgconfig",
        subdir="linux-64",
        libc="2.36",
    )


def entries(blueprint: Blueprint) -> dict[str, Entry]:
    return {entry.path: entry for entry in blueprint.read()}


def test_the_package_holds_what_an_environment_needs(small: Interpreter) -> None:
    found = entries(python_package(small))

    assert sorted(found) == [
        "bin/python",
        "bin/python3",
        "bin/python3.11",
        "bin/python3.11-config",
        "include/python3.11/Python.h",
        "lib/pkgconfig/python-3.11.pc",
        "lib/python3.11/_sysconfigdata_x.py",
        "lib/python3.11/os.py",
        "lib/python3.11/site-packages/README.txt",
        "lib/python3.11/site.py",
        "lib/python3.11/unittest/case.py",
    ]
    assert found["bin/python"].link == "python3.11"


def test_only_notes_of_the_build_get_the_new_prefix(small: Interpreter) -> None:
    found = entries(python_package(small))

    assert sorted(path for path, entry in found.items() if entry.placeholder) == [
        "bin/python3.11-config",
        "lib/pkgconfig/python-3.11.pc",
        "lib/python3.11/_sysconfigdata_x.py",
    ]


def test_the_index_is_that_of_conda_forge(small: Interpreter) -> None:
    old = python_package(small)
    new = python_package(replace(small, version="3.13.1"))

    assert old.index("0" * 8, 2)["build"] == "h00000000_2_cpython"
    assert new.index("0" * 8, 2)["build"] == "h00000000_2_cp313"
    assert old.fields["constrains"] == ["python_abi 3.11.* *_cp311"]
    assert old.fields["python_site_packages_path"] == "lib/python3.11/site-packages"


def test_an_interpreter_without_global_lock_has_its_own_folder(
    small: Interpreter,
) -> None:
    free = replace(small, version="3.13.1", free_threaded=True)

    found = entries(python_package(free))

    assert found["bin/python3.13"].link == "python3.13t"
    assert "lib/python3.13t/site-packages/README.txt" in found
    assert python_abi_package(free).build.endswith("_cp313t")


def test_a_debian_interpreter_also_reads_the_folder_of_conda(
    small: Interpreter,
) -> None:
    site = small.standard_library / "site.py"
    site.write_text("# dist-packages", encoding="utf-8")

    found = entries(python_package(small))

    line = found["lib/python3/dist-packages/pixi-jupyter.pth"].data.decode()
    assert line.startswith("import ")
    assert "'python3.11', 'site-packages'" in line


def test_a_windows_interpreter_lies_at_the_root(small: Interpreter) -> None:
    for name in ("python.exe", "python311.dll", "DLLs/_ssl.pyd"):
        (small.prefix / name).parent.mkdir(exist_ok=True)
        (small.prefix / name).write_text("x", encoding="utf-8")
    windows = replace(
        small, subdir="win-64", executable=small.prefix / "python.exe", libc=""
    )

    blueprint = python_package(windows)

    found = entries(blueprint)
    assert {"python.exe", "python311.dll", "DLLs/_ssl.pyd"} <= found.keys()
    assert "bin/python" not in found
    assert blueprint.fields["python_site_packages_path"] == "Lib/site-packages"


@pytest.mark.parametrize(
    ("field", "place", "words"),
    [
        ("executable", "nowhere/python", "no such file"),
        ("standard_library", "bin", "standard library is not in"),
        ("prefix", "lib/python3.11/unittest", "lies outside"),
    ],
)
def test_an_interpreter_that_is_not_whole_is_refused(
    small: Interpreter, field: str, place: str, words: str
) -> None:
    changes: dict[str, Any] = {field: small.prefix / place}
    broken = replace(small, **changes)

    with pytest.raises(ChannelBuildError, match=words):
        python_package(broken)


def test_the_running_interpreter_is_the_one_below_the_virtual_environment(
    interpreter: Interpreter,
) -> None:
    assert interpreter.version == platform.python_version()
    assert interpreter.prefix == Path(sys.base_prefix).resolve()
    assert interpreter.executable.is_file()


def test_the_python_of_a_prefix_has_its_compiled_modules(real_prefix: Path) -> None:
    code = (
        "import ssl, sqlite3, ctypes, lzma, bz2, zlib, uuid, hashlib, socket, sys\n"
        "ssl.create_default_context(); sqlite3.connect(':memory:').execute('select 1')\n"
        "print(sys.prefix, sys.base_prefix, sep='|')"
    )

    assert run(real_prefix, "-c", code) == f"{real_prefix}|{real_prefix}"


def test_numpy_computes_there(real_prefix: Path) -> None:
    pytest.importorskip("numpy")
    code = "import numpy; print(numpy.__file__); print(numpy.arange(4) @ numpy.ones(4))"

    where, result = run(real_prefix, "-c", code).splitlines()

    assert where.startswith(str(real_prefix))
    assert result == "6.0"


def test_a_kernel_answers_there(real_prefix: Path) -> None:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import KernelManager

    manager = KernelManager()
    python = str(real_prefix / "bin/python")
    manager._kernel_spec = KernelSpec(
        argv=[python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    )
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        printed: list[str] = []
        client.execute_interactive(
            "import sys; print(sys.prefix)",
            timeout=60,
            output_hook=lambda message: printed.append(
                message["content"].get("text", "")
            ),
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    assert "".join(printed).strip() == str(real_prefix)


def test_a_virtual_environment_can_be_made_of_it(
    real_prefix: Path, tmp_path: Path
) -> None:
    run(real_prefix, "-m", "venv", "--without-pip", str(tmp_path / "venv"))

    code = "import sys, ssl; print(sys.base_prefix)"
    assert run(tmp_path / "venv", "-c", code) == str(real_prefix)


def test_its_notes_name_the_new_prefix_and_not_the_old_one(
    real_prefix: Path, interpreter: Interpreter
) -> None:
    code = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    old = str(interpreter.prefix)
    texts = [
        path
        for path in real_prefix.rglob("*")
        if path.suffix in (".py", ".pc", ".json", ".txt", "") and path.is_file()
    ]

    assert run(real_prefix, "-c", code).startswith(str(real_prefix))
    assert len(texts) > 1000
    if interpreter.prefix not in (Path("/usr"), Path("/usr/local")):
        named = [
            path
            for path in texts
            if (data := path.read_bytes())
            and b"\0" not in data
            and f"{old}/".encode() in data
        ]
        assert named == []


def test_its_files_are_shared_with_the_cache(real_prefix: Path) -> None:
    site = next(real_prefix.glob("lib/python3*/os.py"))

    assert site.stat().st_nlink > 1


def run(prefix: Path, *arguments: str) -> str:
    result = subprocess.run(
        [prefix / "bin/python", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=prefix,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()

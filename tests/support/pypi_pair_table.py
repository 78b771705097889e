"""The pairs: what agrees, and what does not with the words that tell why."""

from __future__ import annotations

from support.pypi_pairs import (
    CLICK,
    COMMIT,
    FILES,
    FLASK,
    INDEX,
    WITH_NUMPY,
    Pair,
    from_git,
    wheel,
)

AGREE = {
    "a version": Pair('click = ">=8"', (CLICK,)),
    "what a package needs": Pair('flask = "*"', (FLASK, CLICK)),
    "a marker that does not hold": Pair(
        'click = "*"\nwinreg = { version = "*", env-markers = "os_name == \'nt\'" }',
        (CLICK,),
    ),
    "what conda brings": Pair('numpy = ">=1"', (), conda=WITH_NUMPY),
    "an upper bound of Python": Pair(
        'click = "*"', (wheel("click", requires_python=">=3.6,<3.7"),)
    ),
    "a branch": Pair(
        'click = { git = "https://git.example/a/click", branch = "main" }',
        (from_git("?branch=main"),),
    ),
    "a repository with a secret": Pair(
        'click = { git = "https://me:word@git.example/a/click.git" }', (from_git(""),)
    ),
    "an old lock that does not know branches": Pair(
        'click = { git = "https://git.example/a/click", branch = "main" }',
        (from_git(""),),
        version=6,
    ),
    "a file": Pair(
        f'click = {{ url = "https://me:word@files.pypi.example/click-1.whl" }}',  # noqa: F541  braces of TOML
        (wheel("click", location=f"direct+{FILES}/click-1.whl"),),
    ),
    "an override": Pair(
        'flask = "*"',
        (FLASK, wheel("click", "7.0")),
        more='[pypi-options.dependency-overrides]\nclick = "==7.0"\n',
    ),
    "extras": Pair(
        'flask = { version = "*", extras = ["async"] }',
        (
            wheel(
                "flask", requires_dist=["click ; extra == 'async'", "x; extra == 'y'"]
            ),
            CLICK,
        ),
    ),
    "an old lock without indexes": Pair(
        'click = "*"', (CLICK,), indexes=None, version=4
    ),
    "an index of its own": Pair(
        'click = { version = "*", index = "https://own.example/simple" }\nflask = "*"',
        (wheel("click", "8.1", index="https://own.example/simple"), FLASK),
    ),
}

DISAGREE = {
    "no such package": (
        Pair('click = "*"\nflask = "*"', (CLICK,)),
        "pypi pypi: flask of PyPI is not in the lock",
    ),
    "what a package needs is missing": (
        Pair('flask = "*"', (FLASK,)),
        "pypi pypi: flask 2.3 needs click >=8 of PyPI, which is not in the lock",
    ),
    "another version": (
        Pair('click = ">=9"', (CLICK,)),
        "pypi all: click 8.1 of PyPI is locked, pixi.toml asks for >=9",
    ),
    "another version for a package": (
        Pair('flask = "*"', (FLASK, wheel("click", "7.0"))),
        "pypi all: flask 2.3 needs click >=8 of PyPI, the lock has 7.0",
    ),
    "a marker that holds now": (
        Pair(
            "click = { version = '*', env-markers = 'os_name == \"posix\"' }", (FLASK,)
        ),
        "pypi pypi: click of PyPI is not in the lock",
    ),
    "an extra": (
        Pair(
            'flask = { version = "*", extras = ["async"] }',
            (wheel("flask", requires_dist=["asgiref ; extra == 'async'"]),),
        ),
        "pypi pypi: flask 1.0 needs asgiref of PyPI, which is not in the lock",
    ),
    "nothing asks for it": (
        Pair('click = "*"', (CLICK, wheel("flask"))),
        "pypi-unused pypi: flask of PyPI is locked, nothing asks for it",
    ),
    "nothing asks for any": (
        Pair("", (CLICK,)),
        "pypi-unused pypi: click of PyPI is locked, nothing asks for it",
    ),
    "twice": (
        Pair('click = "*"', (CLICK, wheel("click", "7.0"))),
        "duplicate all: click of PyPI is in the lock twice",
    ),
    "a newer Python": (
        Pair('click = "*"', (wheel("click", requires_python=">=3.13"),)),
        (
            "pypi-python pypi: click 1.0 of PyPI needs Python >=3.13,"
            " the lock has 3.12.1"
        ),
    ),
    "another branch": (
        Pair(
            'click = { git = "https://git.example/a/click", branch = "dev" }',
            (from_git("?branch=main"),),
        ),
        (
            "pypi-place all: click is locked from https://git.example/a/click.git"
            f"?branch=main{COMMIT}, pixi.toml asks for https://git.example/a/click"
            " branch dev"
        ),
    ),
    "a branch no longer": (
        Pair('click = { git = "https://git.example/a/click" }', (from_git("?tag=v1"),)),
        (
            "pypi-place all: click is locked from https://git.example/a/click.git"
            f"?tag=v1{COMMIT}, pixi.toml asks for https://git.example/a/click"
        ),
    ),
    "another folder of the repository": (
        Pair(
            'click = { git = "https://git.example/a/click", subdirectory = "b" }',
            (from_git(""),),
        ),
        (
            "pypi-place all: click is locked from https://git.example/a/click.git"
            f"{COMMIT}, pixi.toml asks for https://git.example/a/click"
        ),
    ),
    "a file instead": (
        Pair(f'click = {{ url = "{FILES}/click-8.whl" }}', (CLICK,)),
        (
            f"pypi-place all: click is locked from {CLICK.location},"
            f" pixi.toml asks for {FILES}/click-8.whl"
        ),
    ),
    "a folder instead": (
        Pair('click = { path = "./click", editable = true }', (CLICK,)),
        (
            f"pypi-place all: click is locked from {CLICK.location},"
            " pixi.toml asks for ./click"
        ),
    ),
    "another index for one": (
        Pair(
            'click = { version = "*", index = "https://own.example/simple" }',
            (wheel("click", index="https://other.example/simple"),),
        ),
        (
            "pypi-place all: click is locked from https://other.example/simple,"
            " pixi.toml asks for it from https://own.example/simple"
        ),
    ),
    "an index for one no longer": (
        Pair('click = "*"', (wheel("click", index="https://own.example/simple"),)),
        (
            "pypi-place all: click is locked from https://own.example/simple,"
            " no index of its own is asked for any more"
        ),
    ),
    "another index": (
        Pair(
            'click = "*"',
            (CLICK,),
            more='[pypi-options]\nextra-index-urls = ["https://more.example/simple"]\n',
        ),
        (
            f"pypi-indexes pypi lost: the indexes are {INDEX},"
            f" https://more.example/simple, the lock was solved with {INDEX}"
        ),
    ),
    "no indexes": (
        Pair('click = "*"', (CLICK,), indexes=None),
        (
            "pypi-indexes pypi lost: the lock does not say from which indexes its"
            " PyPI packages are"
        ),
    ),
    "other links": (
        Pair('click = "*"', (CLICK,), find_links=({"url": "https://links.example/a"},)),
        (
            "pypi-indexes pypi lost: find-links are none, the lock was solved with"
            " https://links.example/a"
        ),
    ),
    "a source": (
        Pair(
            'click = "*"',
            (wheel("click", location=f"{FILES}/click-1.0.tar.gz"),),
            more='[pypi-options]\nno-build = ["Click"]\n',
        ),
        (
            "pypi-no-build pypi lost: click is locked as a source, no-build allows"
            " wheels only"
        ),
    ),
    "a wheel of another machine": (
        Pair(
            'click = "*"',
            (wheel("click", location=f"{FILES}/click-1.0-cp312-cp312-win_amd64.whl"),),
        ),
        (
            "pypi-tags pypi lost: click-1.0-cp312-cp312-win_amd64.whl is locked,"
            " linux-64 cannot use it"
        ),
    ),
    "a wheel of another Python": (
        Pair(
            'click = "*"',
            (
                wheel(
                    "click", location=f"{FILES}/click-1.0-cp311-cp311-linux_x86_64.whl"
                ),
            ),
        ),
        (
            "pypi-tags pypi lost: click-1.0-cp311-cp311-linux_x86_64.whl is locked,"
            " linux-64 cannot use it"
        ),
    ),
    "pre-releases": (
        Pair(
            'click = "*"',
            (CLICK,),
            more='[pypi-options]\nprerelease-mode = "allow"\n',
        ),
        (
            "pypi-prerelease pypi lost: the prerelease mode is allow, the lock was"
            " solved with if-necessary-or-explicit"
        ),
    ),
    "pre-releases where nothing is asked of PyPI": (
        Pair("", (), options={"pypi-prerelease-mode": "allow"}),
        (
            "pypi-prerelease pypi lost: the prerelease mode is"
            " if-necessary-or-explicit, the lock was solved with allow"
        ),
    ),
    "a version that conda does not have": (
        Pair('numpy = ">=2"', (), conda=WITH_NUMPY),
        (
            "pypi-by-conda all: numpy 1.26 is conda's, pixi.toml asks for"
            " numpy >=2 of PyPI"
        ),
    ),
    "a version that conda does not have, for a package": (
        Pair('x = "*"', (wheel("x", requires_dist=["numpy>=2"]),), conda=WITH_NUMPY),
        "pypi-by-conda all: numpy 1.26 is conda's, x 1.0 needs numpy >=2 of PyPI",
    ),
    "a place for what conda has": (
        Pair('numpy = { path = "numpy" }', (), conda=WITH_NUMPY),
        "pypi-by-conda all: numpy 1.26 is conda's, pixi.toml asks for numpy",
    ),
}

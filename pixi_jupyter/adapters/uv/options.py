"""What uv is told about indexes, builds and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pixi_jupyter.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class UvOptions:
    """Choices that hold for a whole environment."""

    index_url: str | None = None
    """None: uv's own default."""
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    """URLs and absolute paths."""
    index_strategy: str | None = None
    no_build: bool | tuple[str, ...] = False
    """True for all packages, else for those named."""
    no_binary: bool | tuple[str, ...] = False
    no_build_isolation: bool | tuple[str, ...] = False
    prerelease: str | None = None
    skip_wheel_filename_check: bool = False

    @property
    def index_urls(self) -> tuple[str, ...]:
        """All indexes that are named, the first one first."""
        first = () if self.index_url is None else (self.index_url,)
        return (*first, *self.extra_index_urls)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every place that packages may come from."""
        return (*self.index_urls, *self.find_links)

    @property
    def has_one_source(self) -> bool:
        """Whether every package of an index is from the same one."""
        return not (self.extra_index_urls or self.find_links)

    def index_flags(self) -> Iterator[str]:
        """Give the words that say where packages are."""
        if self.index_url is not None:
            yield from ("--index-url", self.index_url)
        for url in self.extra_index_urls:
            yield from ("--extra-index-url", url)
        for place in self.find_links:
            yield from ("--find-links", place)
        if self.index_strategy:
            yield from ("--index-strategy", self.index_strategy)

    def build_flags(self) -> Iterator[str]:
        """Give the words that say what may be built, and how."""
        if self.no_build is True:
            yield "--no-build"
        elif self.no_build:
            for name in self.no_build:
                yield from ("--only-binary", name)
        if self.no_binary is True:
            yield from ("--no-binary", ":all:")
        elif self.no_binary:
            for name in self.no_binary:
                yield from ("--no-binary", name)
        if self.no_build_isolation is True:
            yield "--no-build-isolation"
        elif self.no_build_isolation:
            for name in self.no_build_isolation:
                yield from ("--no-build-isolation-package", name)

    def version_flags(self) -> Iterator[str]:
        """Give the words that say which versions are looked at."""
        if self.prerelease:
            yield from ("--prerelease", self.prerelease)

    def variables(self) -> dict[str, str]:
        """Give what has no flag."""
        checks = "1" if self.skip_wheel_filename_check else ""
        return {"UV_SKIP_WHEEL_FILENAME_CHECK": checks} if checks else {}

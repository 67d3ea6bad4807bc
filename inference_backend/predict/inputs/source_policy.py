# SPDX-License-Identifier: GPL-2.0-or-later
"""Which files and hosts a raster argument may reach: everything on a command line, little behind a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class SourcePolicy:
    """Where rasters may lie; picklable, so that it travels with the options of a prediction.

    A file that refers to others (VRT, description of a WMS) is followed down to the last one as soon as
    anything is limited.

    Attributes:
        roots: folders that files may lie in, links resolved; None for every folder.
        hosts: names of servers, as `host` or `host:port`; None for every server, empty for none.
    """

    roots: tuple[Path, ...] | None = None
    hosts: tuple[str, ...] | None = None

    @property
    def is_limited(self) -> bool:
        """Whether anything is forbidden."""
        return self.roots is not None or self.hosts is not None

    def allows_file(self, path: Path) -> bool:
        """Whether `path`, its links resolved, lies in one of the roots."""
        if self.roots is None:
            return True
        real = path.resolve()
        return any(real.is_relative_to(root.resolve()) for root in self.roots)

    def allows_url(self, url: str) -> bool:
        """Whether the host of an http(s) URL is one of `hosts`."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}[parts.scheme.lower()]
        except (KeyError, ValueError):
            return False
        if not parts.hostname:
            return False
        if self.hosts is None:
            return True
        return {parts.hostname, f"{parts.hostname}:{port}"} & {host.lower() for host in self.hosts} != set()


EVERYTHING = SourcePolicy()
"""Every local file and every http(s) server: the choice of who types a command."""

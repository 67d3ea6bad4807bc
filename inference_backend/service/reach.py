# SPDX-License-Identifier: GPL-2.0-or-later
"""Which files and hosts a client's inputs may lead the service to.

On loopback a token stands for its user, who may name every file; hosts are reached where the command that
started the service allowed them. On any other address both are limited. Nothing here opens what it checks:
the rasters are checked again, contents included, by the step that reads them.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from urllib.parse import urlsplit

from inference_backend.predict.inputs.source_policy import SourcePolicy

ANY_HOST = "*"
DEFAULT_PORTS = {"http": 80, "https": 443, "tcp": 8786, "tls": 8786}
_AUTHORITY_CODE = re.compile(r"[A-Za-z]{2,12}:[A-Za-z0-9_.]{1,32}")
_WKT = re.compile(r"(?:PROJ|GEOG|GEOD|COMPOUND|BOUND)(?:CRS|CS)\[.*\]|COMPD_CS\[.*\]", re.DOTALL)


@dataclass(frozen=True)
class Reach:
    """What may be reached.

    Attributes:
        roots: folders, links resolved; None for every file that the service's user may read.
        hosts: `host` or `host:port`; `*` for every host.
        trusts_network: `*` covers private addresses as well (a service on loopback).
    """

    roots: tuple[Path, ...] | None = None
    hosts: tuple[str, ...] = ()
    trusts_network: bool = True

    def allows_file(self, text: str, more_roots: Iterable[Path] = ()) -> bool:
        """Whether a path may be read or written; links, `..` and case are resolved as the system does."""
        if is_odd_path(text):
            return False
        if self.roots is None:
            return True
        try:
            real = Path(text).resolve()
        except (OSError, RuntimeError, ValueError):
            return False
        return any(real.is_relative_to(root.resolve()) for root in (*self.roots, *more_roots))

    def allows_address(self, url: str) -> bool:
        """Whether the host of an address such as `https://host/x` or `tcp://host:8786` may be called."""
        try:
            parts = urlsplit(url)
            port = parts.port or DEFAULT_PORTS[parts.scheme.lower()]
        except (KeyError, ValueError):
            return False
        host = (parts.hostname or "").lower()
        if not host or parts.username is not None or parts.password is not None:
            return False
        listed = {name.lower() for name in self.hosts}
        if {host, f"{host}:{port}"} & listed:
            return True
        return ANY_HOST in listed and (self.trusts_network or is_public(host, port))

    def allows_crs(self, text: str) -> bool:
        """Whether a coordinate system is given by authority and code, or in full as WKT.

        GDAL would also open files and URLs.
        """
        return self.roots is None or any(form.fullmatch(text) for form in (_AUTHORITY_CODE, _WKT))

    def source_policy(self, more_roots: Iterable[Path], addresses: Iterable[str]) -> SourcePolicy:
        """What rasters may refer to, for the worker.

        Args:
            more_roots: the client's own folders here.
            addresses: URLs of this job that `allows_address` let through.
        """
        hosts = [name for name in self.hosts if name != ANY_HOST]
        if ANY_HOST in self.hosts:
            if self.trusts_network:
                return SourcePolicy(self._roots(more_roots), None)
            hosts += [urlsplit(address).hostname or "" for address in addresses]
        return SourcePolicy(self._roots(more_roots), tuple(hosts))

    def _roots(self, more: Iterable[Path]) -> tuple[Path, ...] | None:
        return None if self.roots is None else (*self.roots, *more)


def is_odd_path(text: str) -> bool:
    """Whether a path is none: empty, with a zero byte, GDAL's virtual files, a share or device of Windows."""
    flat = text.replace("\\", "/")
    if not flat or "\0" in flat or flat.lower().startswith("/vsi") or flat.startswith("//"):
        return True
    windows = PureWindowsPath(text)
    names = {part.split(".")[0].rstrip(" ").upper() for part in windows.parts}
    reserved = {"CON", "PRN", "AUX", "NUL", *(f"{n}{i}" for n in ("COM", "LPT") for i in range(1, 10))}
    return bool(windows.drive) and bool(names & reserved)


def is_public(host: str, port: int) -> bool:
    """Whether every address of a host lies outside private, local and reserved networks."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = {ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found}
    except (OSError, ValueError, UnicodeError):
        return False
    return bool(addresses) and all(_is_public(address) for address in addresses)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    return bool(inner.is_global) and not inner.is_multicast

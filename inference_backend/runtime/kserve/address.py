# SPDX-License-Identifier: GPL-2.0-or-later
"""Where an inference server and its model are, read from what a user types."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from inference_backend.runtime.kserve.errors import BadServerUrlError, BadTokenValueError

TOKEN_ENVIRONMENT = "OCSGE_V2_TOKEN"
_MODEL = re.compile(
    r"^(?P<prefix>.*?)(?:/v2(?:/models/(?P<name>[^/]+)(?:/versions/(?P<version>[^/]+))?)?)?/*$"
)


@dataclass(frozen=True)
class ServerAddress:
    """An inference server, and the model where the address names one.

    Attributes:
        root: what `/v2` is appended to, for instance `http://gpu:8000`.
        model: name, None where the address has none.
        version: of the model, None for the server's choice.
    """

    root: str
    model: str | None = None
    version: str | None = None

    @property
    def is_this_computer(self) -> bool:
        """Whether requests stay on this computer."""
        host = urlsplit(self.root).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def model_path(self, name: str) -> str:
        """Path of a model, from `/v2` on."""
        path = f"/v2/models/{quote(name, safe='')}"
        return path if self.version is None else f"{path}/versions/{quote(self.version, safe='')}"


def parse_address(url: str) -> ServerAddress:
    """Read `http://host:port` or `http://host:port/v2/models/NAME[/versions/V]`.

    Raises:
        BadServerUrlError: anything else; user names, passwords and queries are refused and not repeated.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise BadServerUrlError(url="?") from error
    shown = f"{parts.scheme}://{host or ''}{f':{port}' if port else ''}{parts.path}"
    found = _MODEL.match(parts.path)
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if (
        parts.scheme not in ("http", "https")
        or not host
        or not plain
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or found is None
        or ".." in parts.path.split("/")
    ):
        raise BadServerUrlError(url=shown)
    name, version = (unquote(text) if text else None for text in found.group("name", "version"))
    return ServerAddress(f"{parts.scheme}://{parts.netloc}{found['prefix']}", name, version)


def token_of_environment() -> str:
    """The token of `OCSGE_V2_TOKEN`, empty where there is none.

    Raises:
        BadTokenValueError: it could not travel in a header, or would smuggle one in.
    """
    token = os.environ.get(TOKEN_ENVIRONMENT, "").strip()
    if not token.isascii() or not token.isprintable() or " " in token:
        raise BadTokenValueError()
    return token

# SPDX-License-Identifier: GPL-2.0-or-later
"""What a raster argument is, and the name under which GDAL opens it.

A raster is a local file (VRT and XML description of a WMS included), an http(s) URL of a raster whose server
knows ranges, or `WMS:` or `WMTS:` followed by an address. Everything else that GDAL would understand is
refused: `/vsi...` and the other connection strings reach places that no one would expect of a raster's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

from inference_backend.predict.errors import RefusedSourceError
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy

SourceKind = Literal["file", "url", "wms", "wmts"]

CONNECT_TIMEOUT_S = 10
STALL_TIMEOUT_S = 30
"""No byte for so long counts as a dead server; a slow one that still sends is waited for."""
MAX_RETRIES = 3
RETRY_DELAY_S = 0.5
_URL_OPTIONS = {
    "max_retry": MAX_RETRIES,
    "retry_delay": RETRY_DELAY_S,
    "connecttimeout": CONNECT_TIMEOUT_S,
    "low_speed_time": STALL_TIMEOUT_S,
    "low_speed_limit": 1,
    "list_dir": "no",  # asks a server for its folder, where nothing but this raster is wanted
    "empty_dir": "yes",  # no guess of side files, each a request that fails
}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9_+.-]+:")  # two letters at least: C:\ is a disk
_URL_INSIDE = re.compile(r"https?://[^\s,]+", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One raster argument.

    Attributes:
        given: as the user wrote it.
        kind: what it is.
        gdal_name: what GDAL is asked to open; of a `WMS:`, only its address.
    """

    given: str
    kind: SourceKind
    gdal_name: str

    @property
    def shown(self) -> str:
        """`given` for messages: without user, password and signature."""
        return shown(self.given)

    @property
    def file(self) -> Path | None:
        """The local file, None for what comes from a server."""
        return Path(self.given) if self.kind == "file" else None


def parse_source(given: str | Path, policy: SourcePolicy = EVERYTHING) -> Source:
    """What `given` is; nothing is opened.

    Raises:
        RefusedSourceError: a GDAL path or connection string that is not accepted, or that `policy` forbids.
    """
    text = str(given)
    source = _parse(text)
    if source.kind == "file":
        if not policy.allows_file(Path(text)):
            raise RefusedSourceError.outside(text)
    else:
        urls = _URL_INSIDE.findall(text)
        refused = [url for url in urls if not policy.allows_url(url)]
        if refused or not urls:
            raise RefusedSourceError.host(
                shown(text), urlsplit((refused or [text])[0]).netloc.rpartition("@")[2]
            )
    return source


def _parse(text: str) -> Source:
    head = text[:5].lower()
    if head.startswith(("http:", "https")) and "://" in text:
        return Source(text, "url", url_name(text))
    if head.startswith("wms:"):
        return Source(text, "wms", text[4:])
    if head == "wmts:":
        return Source(text, "wmts", text)
    if text.replace("\\", "/").lower().startswith("/vsi"):
        raise RefusedSourceError.gdal_path(shown(text))
    path = Path(text)
    if _SCHEME.match(text) and not path.exists():
        raise RefusedSourceError.connection(shown(text))
    # Absolute: no name of a file is then read as a connection string or as inline XML.
    return Source(text, "file", str(path.absolute()))


def url_name(url: str) -> str:
    """GDAL's name for a raster at `url`, with retries and time limits, without listing of the folder."""
    options = "&".join(f"{key}={value}" for key, value in _URL_OPTIONS.items())
    return f"/vsicurl?{options}&url={quote(url, safe='')}"


def shown(text: str) -> str:
    """`text` without the parts of its URLs that may hold a secret."""

    def without_secret(match: re.Match[str]) -> str:
        parts = urlsplit(match[0])
        secret = re.sub(
            r"(?i)((?:^|&)(?:key|apikey|api_key|token|access_token|sig|signature|password|x-amz-[a-z-]+)=)[^&]*",
            r"\1***",
            parts.query,
        )
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=secret))

    return _URL_INSIDE.sub(without_secret, text)

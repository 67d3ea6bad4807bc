# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether an allowed server sends on to another: GDAL follows such answers, and has no way not to."""

from __future__ import annotations

import re
import urllib.request
from email.message import Message
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin

from inference_backend.predict.errors import RefusedSourceError
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.predict.inputs.sources import CONNECT_TIMEOUT_S, shown

_URL = re.compile(r"https?://[^\s,]+", re.IGNORECASE)
_MAX_REDIRECTS = 5


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Leave a redirect unfollowed: it then comes as an `HTTPError`."""


def check_redirects(text: str, policy: SourcePolicy) -> None:
    """Ask for the first byte of each URL in `text`, and hold where it leads against `policy`.

    Nothing is asked where every server is allowed. A server that fails is left to GDAL to tell.

    Raises:
        RefusedSourceError: it leads to a server that is not allowed.
    """
    if policy.hosts is None:
        return
    for url in _URL.findall(text):
        target: str | None = url
        for _ in range(_MAX_REDIRECTS):
            target = _redirected(target) if target else None
            if target is not None and not policy.allows_url(target):
                raise RefusedSourceError.inside(shown(text), shown(target))


def _redirected(url: str) -> str | None:
    """Where the server sends on to, None where it answers itself."""
    request = urllib.request.Request(url, headers={"Range": "bytes=0-0"})
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=CONNECT_TIMEOUT_S):
            return None
    except HTTPError as error:
        place = error.headers.get("Location")
        return urljoin(url, place) if 300 <= error.code < 400 and place else None
    except (URLError, OSError, ValueError):
        return None

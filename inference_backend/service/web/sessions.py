# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions of people with a browser, which cannot send a bearer token by itself.

The token is typed once into a form; what the browser keeps is a cookie with a random number, worth a day. It
lets one look and no more: whatever changes something needs the token itself, so that no page elsewhere can
act through the browser.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time

from inference_backend.service.accounts import Account

COOKIE = "ocsge_session"
LIFETIME_S = 24 * 3600
MOST_SESSIONS = 1_000


class Sessions:
    """Living sessions, in memory alone: a restart ends them."""

    def __init__(self) -> None:
        self._sessions: dict[bytes, tuple[Account, float]] = {}
        self._lock = threading.Lock()

    def open(self, account: Account) -> str:
        """A new session; its cookie's value."""
        value = secrets.token_urlsafe(32)
        with self._lock:
            now = time.monotonic()
            self._sessions = {k: v for k, v in self._sessions.items() if v[1] > now}
            while len(self._sessions) >= MOST_SESSIONS:
                self._sessions.pop(next(iter(self._sessions)))
            self._sessions[_digest(value)] = (account, now + LIFETIME_S)
        return value

    def of_cookie(self, header: str) -> Account | None:
        """Who a Cookie header belongs to; None where no session of ours is in it."""
        value = cookie_value(header)
        if not value:
            return None
        account, end = self._sessions.get(_digest(value), (None, 0.0))
        return account if time.monotonic() < end else None

    def close(self, header: str) -> None:
        """End the session of a Cookie header."""
        with self._lock:
            self._sessions.pop(_digest(cookie_value(header)), None)


def cookie_value(header: str) -> str:
    """Our cookie in a Cookie header, empty where it is not there."""
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return ""


def set_cookie(value: str, *, secure: bool) -> str:
    """Set-Cookie header: no script reads it, no other site sends it; an empty value removes it."""
    age = LIFETIME_S if value else 0
    tail = "; Secure" if secure else ""
    return f"{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{tail}"


def _digest(value: str) -> bytes:
    # Looked up by digest: how long the search takes tells nothing of the value.
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).digest()

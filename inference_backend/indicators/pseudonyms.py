# SPDX-License-Identifier: GPL-2.0-or-later
"""Names of people that are not shown: the same person is the same code in every report."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

_DIGITS = 4


class Pseudonyms:
    """Codes for names.

    Args:
        salt: secret that lies in the index; without it a code cannot be reckoned from a guessed name.
        show: give the names themselves.
        companies: by person, the subcontractor that the production file names openly.
    """

    def __init__(self, salt: bytes, show: bool, companies: Mapping[str, str]) -> None:
        self._salt, self._show, self._companies = salt, show, companies
        self._codes: dict[str, str] = {}

    def person(self, name: str) -> str:
        """An interpreter or controller; empty stays empty."""
        if self._show or not name:
            return name
        return f"PI-{self._code(name)}"

    def company(self, name: str) -> str:
        """Who a lot is assigned to: the subcontractor where it is known, else like a person."""
        known = self._companies.get(name)
        if known is not None or not name:
            return known or ""
        return name if self._show else f"P-{self._code(name)}"

    def _code(self, name: str) -> str:
        """Hexadecimal digits: as many as it takes to differ from every other name of this report."""
        digest = hmac.new(self._salt, name.encode(), hashlib.sha256).hexdigest().upper()
        for length in range(_DIGITS, len(digest) + 1):
            code = digest[:length]
            if self._codes.setdefault(code, name) == name:
                return code
        return digest

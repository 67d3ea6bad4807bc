# SPDX-License-Identifier: GPL-2.0-or-later
"""Language of the command line: `--lang`, else OCSGE_LANG, LC_ALL, LC_MESSAGES, LANG, else English."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "fr")
VARIABLES = ("OCSGE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")

_chosen = ["en"]


def detect_language(environment: Mapping[str, str], explicit: str | None = None) -> str:
    """Two letters out of `LANGUAGES`; the first variable that is set decides, as in the C library."""
    for value in (explicit, *(environment.get(name) for name in VARIABLES)):
        if value:
            return value[:2].lower() if value[:2].lower() in LANGUAGES else "en"
    return "en"


def use_language(language: str) -> None:
    """Set the language of this process."""
    _chosen[0] = language


def language() -> str:
    """The language of this process."""
    return _chosen[0]


def choose(en: str, fr: str) -> str:
    """The text in the language of this process."""
    return fr if language() == "fr" else en

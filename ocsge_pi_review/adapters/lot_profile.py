# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile by which a lot is reviewed: the one it carries, else the installed one of its name."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile


def profile_of(metadata: Mapping[str, str]) -> Profile:
    """The profile of a lot.

    Args:
        metadata: its table `lot`.

    Raises:
        ProfileError: neither inside nor installed, or malformed.
    """
    name = metadata.get(LotKey.PROFILE.value) or DEFAULT_PROFILE
    rules = metadata.get(LotKey.PROFILE_RULES.value)
    nomenclature = metadata.get(LotKey.PROFILE_NOMENCLATURE.value)
    if not rules or not nomenclature:
        return Profile.load(_plain(name))
    with tempfile.TemporaryDirectory(prefix="ocsge-profile-") as folder:
        home = Path(folder) / _plain(name)
        home.mkdir()
        (home / "profile.json").write_text(_completed(rules, name), encoding="utf-8")
        (home / "nomenclature.json").write_text(nomenclature, encoding="utf-8")
        return Profile.load(home)


def _completed(rules: str, name: str) -> str:
    """Rules of a lot with the sections of the installed profile that an older release did not write."""
    try:
        own, installed = json.loads(rules), Profile.load(_plain(name)).rules
    except (ValueError, OcsgeError):
        return rules
    return json.dumps({**installed, **own}) if isinstance(own, dict) else rules


def _plain(name: str) -> str:
    """A name that leads to no other folder, whatever a lot from outside says."""
    last = Path(name.replace("\\", "/").replace("\0", "")).name
    return DEFAULT_PROFILE if last in ("", "..") else last

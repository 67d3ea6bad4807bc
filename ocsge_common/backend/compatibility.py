# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether this plugin and a backend understand each other, and who has to be updated where they do not.

The interface's number is `major` or `major.minor`: another major never fits; a backend may be ahead by a
minor, a plugin may not.
"""

from __future__ import annotations

from inference_backend.contracts.service import API_VERSION

from ..errors import BackendError, BackendTooOldError, PluginTooOldError


def misfit(version: str, api: str, wanted: str = API_VERSION) -> BackendError | None:
    """The error that names the remedy; None where they fit.

    Args:
        version: of the backend, for people.
        api: number of the backend's interface.
        wanted: number that this plugin was written for.
    """
    values = {"version": version, "api": api or "?", "wanted": wanted}
    ours, theirs = _number(wanted), _number(api)
    if theirs is None or theirs < ours:
        return BackendTooOldError(**values)
    if theirs[0] > ours[0]:
        return PluginTooOldError(**values)
    return None


def _number(api: str) -> tuple[int, int] | None:
    parts = api.split(".")
    try:
        return int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    except ValueError:
        return None

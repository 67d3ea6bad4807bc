# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings: one frozen dataclass with types and defaults, stored in QgsSettings field by field.

No password and no token goes here: QGIS's authentication database keeps those, a setting holds its `authcfg`.
"""

from __future__ import annotations

import dataclasses
from enum import Enum
from typing import Any, Generic, TypeVar

from qgis.core import QgsSettings

T = TypeVar("T")


class SettingsStore(Generic[T]):
    """Maps a frozen dataclass to a group of QgsSettings.

    Fields may be bool, int, float, str, a `str` Enum, or a tuple of str; every field needs a default, which
    also gives its type. A stored value that does not fit is ignored in favour of the default.

    Args:
        model: the dataclass.
        group: for instance `ocsge/review`.
    """

    def __init__(self, model: type[T], group: str) -> None:
        self._defaults = model()
        self._group = group.rstrip("/")

    def load(self) -> T:
        """The stored settings, defaults where nothing is stored."""
        stored = QgsSettings()
        values = {}
        for name, default in self._items(self._defaults):
            raw = stored.value(f"{self._group}/{name}", None)
            values[name] = default if raw is None else _decode(raw, default)
        return dataclasses.replace(self._defaults, **values)  # type: ignore[type-var]  # T is a dataclass

    def save(self, settings: T) -> None:
        """Store every field."""
        stored = QgsSettings()
        for name, value in self._items(settings):
            stored.setValue(f"{self._group}/{name}", _encode(value))

    def _items(self, settings: T) -> list[tuple[str, Any]]:
        return [(f.name, getattr(settings, f.name)) for f in dataclasses.fields(settings)]  # type: ignore[arg-type]  # T is a dataclass


def _encode(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _decode(raw: Any, default: Any) -> Any:
    # Ini files give every value back as text, and a list of one entry as its entry.
    try:
        if isinstance(default, Enum):
            return type(default)(raw)
        if isinstance(default, bool):
            return raw if isinstance(raw, bool) else {"true": True, "false": False}[str(raw).lower()]
        if isinstance(default, tuple):
            return tuple([raw] if isinstance(raw, str) else (str(entry) for entry in raw))
        return type(default)(raw)
    except (KeyError, TypeError, ValueError):
        return default


@dataclasses.dataclass(frozen=True)
class BackendSettings:
    """Which backend to use; shared by both plugins.

    Attributes:
        url: address of a remote backend; empty for a local one.
        authcfg: id in QGIS's authentication database of the remote backend's token.
        command: path of the local command `ocsge`; empty to look for it.
        start_timeout_s: how long a local backend may take to come up, s.
    """

    url: str = ""
    authcfg: str = ""
    command: str = ""
    start_timeout_s: int = 60


def backend_settings() -> SettingsStore[BackendSettings]:
    """The store of the settings that both plugins share."""
    return SettingsStore(BackendSettings, "ocsge/backend")

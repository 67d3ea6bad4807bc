# SPDX-License-Identifier: GPL-2.0-or-later
"""Which service remarks come from; credentials stay in QGIS's authentication database."""

from __future__ import annotations

from dataclasses import dataclass

from ocsge_common.settings import SettingsStore

DEFAULT_URL = "https://espacecollaboratif.ign.fr"


@dataclass(frozen=True)
class SignalementSettings:
    """What somebody chose last.

    Attributes:
        url: address of the service.
        authcfg: id in QGIS's authentication database.
        communities: numbers of communities; empty for all.
        opened_after: date `YYYY-MM-DD`, or empty.
    """

    url: str = DEFAULT_URL
    authcfg: str = ""
    communities: tuple[str, ...] = ()
    opened_after: str = ""

    @property
    def community_numbers(self) -> list[int]:
        """The communities as numbers."""
        return [int(one) for one in self.communities if one.isdigit()]


def signalement_settings() -> SettingsStore[SignalementSettings]:
    """The store."""
    return SettingsStore(SignalementSettings, "ocsge/signalements")

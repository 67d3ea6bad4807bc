# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import dataclasses
from enum import Enum

from qgis.core import QgsSettings

from ocsge_common.options_page import OptionsPage, SettingsForm
from ocsge_common.settings import SettingsStore


class Mode(str, Enum):  # noqa: UP042 - as the plugins write it, for Python 3.9
    SLOW = "slow"
    FAST = "fast"


@dataclasses.dataclass(frozen=True)
class Example:
    name: str = "x"
    count: int = 3
    ratio: float = 0.5
    enabled: bool = True
    mode: Mode = Mode.SLOW
    codes: tuple[str, ...] = ("CS1.1.1.1",)


def test_defaults_come_back_when_nothing_is_stored():
    assert SettingsStore(Example, "ocsge/test").load() == Example()


def test_every_type_survives_a_round_trip():
    store = SettingsStore(Example, "ocsge/test")
    changed = Example("é", 7, 0.25, False, Mode.FAST, ("a", "b"))
    store.save(changed)
    assert store.load() == changed


def test_values_that_an_ini_file_gives_back_as_text_are_converted():
    for name, raw in {"count": "9", "ratio": "0.75", "enabled": "false", "codes": "one"}.items():
        QgsSettings().setValue(f"ocsge/test/{name}", raw)
    loaded = SettingsStore(Example, "ocsge/test").load()
    assert loaded == dataclasses.replace(Example(), count=9, ratio=0.75, enabled=False, codes=("one",))


def test_a_stored_value_that_does_not_fit_is_ignored():
    QgsSettings().setValue("ocsge/test/count", "many")
    QgsSettings().setValue("ocsge/test/mode", "sideways")
    assert SettingsStore(Example, "ocsge/test").load() == Example()


def test_an_options_page_saves_its_fields_and_keeps_the_others():
    store = SettingsStore(Example, "ocsge/test")
    store.save(dataclasses.replace(Example(), ratio=0.9))
    form = SettingsForm(store, {"name": ("Name", ""), "count": ("Count", ""), "enabled": ("On", "")})
    form.editors["name"].setText("new")
    form.editors["count"].setValue(12)
    form.editors["enabled"].setChecked(False)
    OptionsPage([form]).apply()
    assert store.load() == Example("new", 12, 0.9, False)

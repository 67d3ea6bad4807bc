# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import configparser
import re

import pytest

from scripts import plugin_metadata


def test_the_metadata_is_complete(repository):
    assert plugin_metadata.faults(repository) == []


@pytest.mark.parametrize("plugin", plugin_metadata.PLUGINS)
def test_merged_metadata_is_read_back_as_qgis_reads_it(plugin, repository):
    values = plugin_metadata.merged(plugin, repository)
    parser = configparser.ConfigParser()
    parser.optionxform = str
    parser.read_string(plugin_metadata.render(values))
    read = dict(parser["general"])
    assert read["version"] == plugin_metadata.newest_release(repository).version
    assert read["qgisMinimumVersion"] == "3.40"
    assert read["hasProcessingProvider"] == "yes"
    assert [line.strip() for line in read["about"].splitlines()] == [
        line.strip() for line in values["about"].splitlines()
    ]


def test_both_plugins_say_one_version_and_differ_in_name(repository):
    first, second = (plugin_metadata.merged(plugin, repository) for plugin in plugin_metadata.PLUGINS)
    assert first["version"] == second["version"]
    assert first["name"] != second["name"]


BREAKS = {
    "author=": ("metadata.txt", r"^author=.*$", ""),
    "flag": ("metadata.txt", r"^experimental=.*$", "experimental=perhaps"),
    "section": ("metadata.txt", r"^\[ocsge_pi_review\]$", "[other]"),
    "icon": ("metadata.txt", r"^icon=.*$", "icon=nowhere.svg"),
    "percent": ("metadata.txt", r"^description=.*$", "description=100% right"),
    "version": ("CHANGELOG.md", r"^## 0\.", "## 9."),
    "no entry": ("CHANGELOG.md", r"^## \d.*$", "## Unreleased"),
}


@pytest.mark.parametrize(("name", "pattern", "replacement"), BREAKS.values(), ids=BREAKS.keys())
def test_broken_metadata_is_found(name, pattern, replacement, broken_tree):
    path = broken_tree / name
    text, count = re.subn(pattern, replacement, path.read_text(), flags=re.MULTILINE)
    assert count
    path.write_text(text)
    assert plugin_metadata.faults(broken_tree)

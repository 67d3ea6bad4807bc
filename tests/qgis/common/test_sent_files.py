# SPDX-License-Identifier: GPL-2.0-or-later
"""Under which names files go to a backend elsewhere."""

from __future__ import annotations

import re

from ocsge_common.backend.files import sent_name


def test_no_name_pretends_to_a_year(tmp_path):
    path = tmp_path / "couche.gpkg"
    path.write_bytes(b"")
    for number in range(50):
        name = sent_name(path.with_name(f"couche_{'x' * number}.gpkg"), path.stat())
        assert not re.search(r"\d", name.partition("_")[0])
    assert sent_name(path, path.stat()) == sent_name(path, path.stat())

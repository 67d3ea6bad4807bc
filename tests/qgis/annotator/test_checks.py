# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules in the window: found before a patch is handed in, led to, and gone once mended."""

from __future__ import annotations

import numpy as np

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.domain.label_rules import RuleKind


def value_of(work, name: str) -> int:
    return next(c.value for c in work.session.campaign.classes if c.name == name)


def paint_all(work, spot: str | None = None) -> None:
    """Grass everywhere; a spot of 3 x 3 px (0.36 m²) of another class where asked."""
    labels = np.full(work.session.opened.editor.shape, value_of(work, "herbaceous vegetation"), np.uint8)
    if spot is not None:
        labels[30:33, 30:33] = value_of(work, spot)
    work.session.replace(labels, "test")


def test_a_patch_with_a_speck_is_handed_in_at_the_second_asking(work):
    paint_all(work, "building")
    first = work.session.patch.patch_id

    work.controller.do("submit")

    assert work.session.patch.patch_id == first
    assert [f.kind for f in work.quality_bench.checks.findings] == [RuleKind.SPECK]
    assert "0" in work.quality_bench.checks.list.item(0).text()

    work.controller.do("submit")

    assert next(p for p in work.session.patches if p.patch_id == first).state is PatchState.SUBMITTED


def test_a_click_leads_to_the_place_and_mending_it_empties_the_list(work, qtbot):
    paint_all(work, "building")
    work.controller.do("check")
    before = work.bench.place.extent(0).width()

    work.quality_bench.checks.list.itemClicked.emit(work.quality_bench.checks.list.item(0))

    assert work.host.canvas.extent().width() < before
    paint_all(work)
    qtbot.waitUntil(lambda: not work.quality_bench.checks.findings)
    assert not work.quality_bench.checks.list.isVisible()


def test_a_clean_patch_goes_at_once(work):
    paint_all(work)
    first = work.session.patch.patch_id

    work.controller.do("submit")

    assert work.session.patch.patch_id != first

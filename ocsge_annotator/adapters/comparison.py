# SPDX-License-Identifier: GPL-2.0-or-later
"""Two people's labels of a campaign's patches compared: agreement, and the areas to arbitrate as polygons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr

from inference_backend.contracts.campaign import PatchState
from ocsge_annotator.adapters.image import read_image, window_of_patch
from ocsge_annotator.adapters.label_raster import read_labels
from ocsge_annotator.adapters.lots_merge import second_annotator
from ocsge_annotator.domain.agreement import Agreement, compare
from ocsge_annotator.domain.campaign import Campaign, Patch
from ocsge_annotator.domain.disagreements import Disagreement, find_disagreements
from ocsge_annotator.errors import CampaignError

HANDED_IN = (PatchState.SUBMITTED, PatchState.IN_CONTROL, PatchState.ACCEPTED)
"""States in which an annotator is done with a patch."""


@dataclass(frozen=True)
class ComparedPatch:
    """One patch that two people labelled.

    Attributes:
        patch: its row.
        agreement: of the two on its pixels.
        disagreements: areas on which they differ.
    """

    patch: Patch
    agreement: Agreement
    disagreements: tuple[Disagreement, ...]


def compare_campaign(
    campaign: Campaign, border_px: int, report: Callable[[float], None]
) -> list[ComparedPatch]:
    """Compare every patch that two people have handed in.

    Args:
        campaign: whole, with the lots of its second annotators merged back.
        border_px: half the width up to which an area counts as a border drawn twice.
        report: takes the share done; may raise to stop.

    Raises:
        CampaignError: no patch has been handed in twice.
        ImageError: the image cannot be used.
        LabelError: a label raster cannot be used.
    """
    image = read_image(campaign.image)
    twice = [patch for patch in campaign.patches if is_handed_in_twice(campaign, patch)]
    if not twice:
        raise CampaignError(
            path=campaign.path,
            problem_en="no patch has been handed in by two people",
            problem_fr="aucune dalle n'a été rendue par deux personnes",
            remedy_en="Cut lots with a share of patches labelled twice; merge them back once they are done.",
            remedy_fr="Découpez des lots avec une part de dalles étiquetées deux fois, puis réintégrez-les "
            "une fois terminés.",
        )
    values = [entry.value for entry in campaign.classes]
    compared = []
    for number, patch in enumerate(twice, start=1):
        window = window_of_patch(image, campaign, patch)
        first, second = (
            read_labels(path, image, window)
            for path in (campaign.label_file(patch), campaign.second_label_file(patch))
        )
        differing = tuple(find_disagreements(first, second, border_px))
        compared.append(ComparedPatch(patch, compare(first, second, values), differing))
        report(number / len(twice))
    return compared


def is_handed_in_twice(campaign: Campaign, patch: Patch) -> bool:
    """Whether two people have finished a patch: what is still being painted says nothing of agreement."""
    second = second_annotator(campaign, patch) or {}
    return (
        patch.state in HANDED_IN
        and second.get("state") in {state.value for state in HANDED_IN}
        and campaign.second_label_file(patch).exists()
    )


def total(compared: Sequence[ComparedPatch]) -> Agreement:
    """Agreement on all patches together."""
    whole = compared[0].agreement
    for one in compared[1:]:
        whole = whole + one.agreement
    return whole


def outlines(campaign: Campaign, one: ComparedPatch) -> Iterator[tuple[Disagreement, bytes]]:
    """Each area of disagreement with its outline: WKB, the campaign's CRS, along the edges of the pixels."""
    if not one.disagreements:
        return
    image = read_image(campaign.image)
    window = window_of_patch(image, campaign, one.patch)
    numbers = np.zeros((window.height, window.width), np.int32)
    for number, area in enumerate(one.disagreements, start=1):
        numbers[area.region.window.slices][area.region.mask] = number
    raster = gdal.GetDriverByName("MEM").Create("", window.width, window.height, 1, gdal.GDT_Int32)
    raster.SetGeoTransform(image.grid.geotransform_of(window))
    band = raster.GetRasterBand(1)
    band.WriteArray(numbers)
    vectors = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = vectors.CreateLayer("areas", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
    gdal.Polygonize(band, band, layer, 0)
    for feature in layer:
        area = one.disagreements[feature.GetField("number") - 1]
        yield area, bytes(feature.GetGeometryRef().ExportToWkb())

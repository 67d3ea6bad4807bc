# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign of the first schema opens as it is and gets what it lacks when it is first written."""

import dataclasses

import pytest
from osgeo import gdal

from inference_backend.contracts.campaign import (
    CAMPAIGN,
    CONFLICT,
    PATCH,
    SCHEMA_VERSION,
    SOURCE,
    PatchState,
    SourceRole,
)
from ocsge_annotator.adapters.campaign_file import read_campaign, read_patch
from ocsge_annotator.adapters.campaign_tables import read_rows
from ocsge_annotator.adapters.campaign_update import add_sources, ensure_id, write_patch_state
from ocsge_annotator.domain.campaign import Source
from ocsge_annotator.errors import CampaignError

NEW_COLUMNS = (
    "lot",
    "twice",
    "uncertainty",
    "image_fingerprint",
    "controller",
    "controlled_at",
    "base_labels",
)


@pytest.fixture
def old_campaign(campaign_file):
    """The campaign as the first schema had it."""
    dataset = gdal.OpenEx(str(campaign_file), gdal.OF_VECTOR | gdal.OF_UPDATE)
    for table in (SOURCE.name, CONFLICT.name):
        dataset.ExecuteSQL(f"DELLAYER:{table}")
    layer = dataset.GetLayerByName(PATCH.name)
    for name in NEW_COLUMNS:
        layer.DeleteField(layer.GetLayerDefn().GetFieldIndex(name))
    dataset.ExecuteSQL("UPDATE campaign SET value = '1' WHERE key = 'schema_version'")
    dataset.ExecuteSQL("DELETE FROM campaign WHERE key = 'campaign_id'")
    layer = dataset = None  # closes the file
    return campaign_file


def test_a_campaign_of_the_first_schema_is_read_and_not_written(old_campaign):
    before = old_campaign.read_bytes()
    campaign = read_campaign(old_campaign)
    assert campaign.patches[0].state is PatchState.TODO
    assert campaign.patches[0].uncertainty is None
    assert (campaign.sources, campaign.campaign_id) == ((), "")
    assert old_campaign.read_bytes() == before


def test_the_first_writing_brings_it_up_to_date(old_campaign):
    patch = dataclasses.replace(
        read_campaign(old_campaign).patches[2], state=PatchState.REJECTED, comment="haie oubliée", gestures=7
    )
    write_patch_state(old_campaign, patch)
    assert read_patch(old_campaign, patch.patch_id) == patch
    dataset = gdal.OpenEx(str(old_campaign), gdal.OF_VECTOR)
    described = {row["key"]: row["value"] for row in read_rows(dataset, CAMPAIGN)}
    assert described["schema_version"] == SCHEMA_VERSION
    definition = dataset.GetLayerByName(PATCH.name).GetLayerDefn()
    assert all(definition.GetFieldIndex(name) >= 0 for name in PATCH.column_names)
    assert len(read_campaign(old_campaign).patches) == 6


def test_an_identity_is_given_once(old_campaign):
    given = ensure_id(read_campaign(old_campaign))
    assert ensure_id(read_campaign(old_campaign)) == given
    assert read_campaign(old_campaign).campaign_id == given


def test_sources_keep_their_options_and_their_place(campaign_file, tmp_path):
    hint = Source(SourceRole.HINT, "Bâtiments", "../bd.gpkg|layername=batiment", "ogr", {"class": "building"})
    service = Source(SourceRole.OTHER_DATE, "2019", "url=http://example.org&layers=a", "wms")
    add_sources(campaign_file, [hint, service])
    campaign = read_campaign(campaign_file)
    assert campaign.sources == (hint, service)
    assert campaign.sources_of(SourceRole.HINT, SourceRole.HEIGHT) == (hint,)
    assert campaign.place_of(hint) == f"{tmp_path / 'bd.gpkg'}|layername=batiment"
    assert campaign.place_of(service) == service.uri


def test_a_campaign_of_a_later_version_is_refused(campaign_file):
    dataset = gdal.OpenEx(str(campaign_file), gdal.OF_VECTOR | gdal.OF_UPDATE)
    dataset.ExecuteSQL("UPDATE campaign SET value = '99' WHERE key = 'schema_version'")
    dataset = None  # closes the file
    with pytest.raises(CampaignError) as caught:
        read_campaign(campaign_file)
    assert "99" in caught.value.text("fr")

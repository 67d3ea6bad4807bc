# SPDX-License-Identifier: GPL-2.0-or-later
"""More patches for a campaign: the next round, chosen where a model that has learnt is still unsure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from inference_backend.contracts.campaign import IMAGE_FOLDER, SourceRole
from ocsge_annotator.adapters.campaign_draw import Draw, draw_cells, with_fingerprints
from ocsge_annotator.adapters.campaign_images import LaidImage, fetch_image, fetch_sources
from ocsge_annotator.adapters.campaign_update import add_cells
from ocsge_annotator.adapters.image import Image, window_of_patch
from ocsge_annotator.adapters.map_service import ServiceGrid
from ocsge_annotator.domain.campaign import Campaign
from ocsge_annotator.domain.patch_grid import GridCell, free_cells, lattice_of, lay_cells
from ocsge_annotator.domain.splits import SPLITS

Report = Callable[[float], None]


def cells_of(campaign: Campaign, image: Image) -> list[GridCell]:
    """The patches of a campaign as places of its image.

    Raises:
        ImageError: the image does not carry them any more.
    """
    return [
        GridCell(
            patch.row,
            patch.col,
            window_of_patch(image, campaign, patch),
            patch.rank,
            patch.split,
            bool(patch.twice),
            patch.uncertainty,
            patch.image_fingerprint,
        )
        for patch in campaign.patches
    ]


def places_left(campaign: Campaign, image: Image, known: Sequence[GridCell]) -> list[GridCell]:
    """The places of the campaign's lattice that have no patch yet."""
    size = campaign.patch_size_px
    step, margin = lattice_of(known, size)
    return free_cells(lay_cells(image.grid, size, step, margin), known)


def shares_of(known: Sequence[GridCell]) -> tuple[float, float, float] | None:
    """Patches there are for training, validation and test; None where they were not shared out."""
    counts = Counter(cell.split for cell in known)
    if not any(counts[split] for split in SPLITS):
        return None
    train, validation, test = (float(counts[split]) for split in SPLITS)
    return train, validation, test


def draw_more(
    campaign: Campaign,
    image: Image,
    draw: Draw,
    places: Sequence[GridCell],
    report: Report,
) -> list[GridCell]:
    """Add patches to a campaign, behind those it has; images that come from a service are fetched.

    Args:
        campaign: whole.
        image: of the campaign.
        draw: what to draw.
        places: see `places_left`.
        report: takes the share done; may raise to stop, and nothing is added then.

    Raises:
        StrataError: the layer of strata cannot be used.
        PredictionMismatchError: the prediction cannot be used.
        SourceError: a map service failed.
        WriteError: the system refuses.
    """
    known = cells_of(campaign, image)
    cells = draw_cells(places, image, draw, lambda share: report(0.3 * share), known)
    fetch_image(_laid(campaign, image), cells, lambda share: report(0.3 + 0.3 * share))
    fetch_sources(
        image, campaign.sources, cells, campaign.path.parent, lambda share: report(0.6 + 0.2 * share)
    )
    cells = with_fingerprints(cells, image, lambda share: report(0.8 + 0.2 * share))
    add_cells(campaign.path, image.grid, cells)
    return cells


def _laid(campaign: Campaign, image: Image) -> LaidImage:
    """The campaign's image, with the service that it was fetched from."""
    origins = campaign.sources_of(SourceRole.IMAGE_ORIGIN)
    ours = campaign.path.parent / IMAGE_FOLDER
    if not origins or ours not in image.path.parents:
        return LaidImage(image)
    service = ServiceGrid(origins[0].uri, image.grid, image.crs_wkt)
    return LaidImage(image, service, origins[0].title)

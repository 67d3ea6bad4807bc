# SPDX-License-Identifier: GPL-2.0-or-later
"""STAC: a catalogue of one collection, with an item for each image and one for its labels.

Source: STAC 1.0.0, label 1.0.1, classification 2.0.0, projection 2.0.0.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyproj
import shapely
from shapely.geometry import box, mapping

from inference_backend.datasets.layout import LayoutContext, without_underscore, write_json
from inference_backend.datasets.raster_files import write_geotiff
from inference_backend.datasets.samples import Sample

VERSION = "1.0.0"
EXTENSIONS = {
    name: f"https://stac-extensions.github.io/{name}/v{version}/schema.json"
    for name, version in (("label", "1.0.1"), ("classification", "2.0.0"), ("projection", "2.0.0"))
}
GEOTIFF = "image/tiff; application=geotiff"
LONGEST_STEP = 32
"""Parts of a footprint's side when it is turned into longitudes and latitudes."""


class StacLayout:
    """`catalog.json`, `collection.json`, `items/ID/{ID.json, ID-labels.json, image.tif, labels.tif}`."""

    def __init__(self, context: LayoutContext) -> None:
        self._context = context
        self._collection = without_underscore(context.campaign.name, "campaign").lower()
        self._items: list[str] = []
        self._boxes: list[list[float]] = []
        self._times: list[str] = []

    def add(self, sample: Sample) -> dict[str, str]:
        """Write rasters and items."""
        place, folder = f"items/{sample.name}", self._context.folder
        image, mask = f"{place}/image.tif", f"{place}/labels.tif"
        names = [channel.name for channel in sample.channels]
        write_geotiff(folder / image, sample.image, sample.grid, names=names)
        classes = self._context.plan.classes
        write_geotiff(
            folder / mask,
            sample.mask[np.newaxis],
            sample.grid,
            classes=classes,
            nodata=self._context.nodata,
        )
        if sample.height is not None:
            write_geotiff(folder / f"{place}/height.tif", sample.height, sample.grid)
        for item in (self._image_item(sample), self._label_item(sample)):
            path = f"{place}/{item['id']}.json"
            write_json(folder / path, item)
            self._items.append(path)
            self._boxes.append(item["bbox"])
            self._times.append(item["properties"]["datetime"])
        return {"image": image, "mask": mask}

    def _image_item(self, sample: Sample) -> dict[str, Any]:
        acquired, campaign = self._context.acquired, self._context.campaign
        moment = f"{acquired}T00:00:00Z" if acquired else _moment(campaign.created)
        bands = [{"name": channel.name} for channel in sample.channels]
        assets: dict[str, Any] = {
            "image": {"href": "./image.tif", "type": GEOTIFF, "roles": ["data"], "bands": bands}
        }
        if sample.height is not None:
            assets["height"] = {"href": "./height.tif", "type": GEOTIFF, "roles": ["data"]}
        item = self._item(sample, sample.name, moment, assets)
        # Without a known day, the moment is the campaign's, and the item says so.
        item["properties"]["ocsge:acquisition_known"] = bool(acquired)
        return item

    def _label_item(self, sample: Sample) -> dict[str, Any]:
        classes = self._context.plan.classes
        entries = [
            {
                "value": entry.value,
                "name": without_underscore(entry.name, "class"),
                "title": entry.name,
                "color_hint": entry.colour.lstrip("#").upper(),
            }
            for entry in classes
        ]
        if self._context.nodata is not None:
            entries.append({"value": self._context.nodata, "name": "unlabelled", "nodata": True})
        asset = {
            "href": "./labels.tif",
            "type": GEOTIFF,
            "roles": ["labels", "labels-raster"],
            "classification:classes": entries,
        }
        moment = _moment(sample.patch.submitted_at or self._context.campaign.created)
        item = self._item(sample, f"{sample.name}-labels", moment, {"labels": asset})
        item["stac_extensions"] += [EXTENSIONS["label"], EXTENSIONS["classification"]]
        item["properties"] |= {
            "label:type": "raster",
            "label:tasks": ["segmentation"],
            "label:methods": ["manual"],
            "label:properties": None,
            "label:description": self._context.campaign.name,
            "label:classes": [{"name": None, "classes": [entry.name for entry in classes]}],
            "label:overviews": [{"property_key": None, "counts": self._counts(sample)}],
        }
        item["links"].append(
            {
                "rel": "source",
                "href": f"./{sample.name}.json",
                "type": "application/json",
                "label:assets": ["image"],
            }
        )
        return item

    def _counts(self, sample: Sample) -> list[dict[str, Any]]:
        pixels = np.bincount(sample.mask.ravel(), minlength=256)
        return [
            {"name": entry.name, "count": int(pixels[entry.value])}
            for entry in self._context.plan.classes
            if pixels[entry.value]
        ]

    def _item(self, sample: Sample, name: str, moment: str, assets: dict[str, Any]) -> dict[str, Any]:
        footprint, projected = footprint_of(sample)
        epsg = sample.grid.crs.to_epsg() if sample.grid.crs else None
        properties: dict[str, Any] = {
            "datetime": moment,
            "proj:shape": list(sample.grid.shape),
            "proj:transform": list(sample.grid.transform)[:6],
            "proj:bbox": list(projected),
            "ocsge:split": sample.split,
        }
        if epsg:
            properties["proj:code"] = f"EPSG:{epsg}"
        elif sample.grid.crs:
            properties["proj:wkt2"] = sample.grid.crs.to_wkt()
        up = "../../collection.json"
        return {
            "type": "Feature",
            "stac_version": VERSION,
            "stac_extensions": [EXTENSIONS["projection"]],
            "id": name,
            "geometry": mapping(footprint),
            "bbox": [round(value, 9) for value in footprint.bounds],
            "properties": properties,
            "collection": self._collection,
            "links": [
                {"rel": "root", "href": "../../catalog.json", "type": "application/json"},
                {"rel": "parent", "href": up, "type": "application/json"},
                {"rel": "collection", "href": up, "type": "application/json"},
            ],
            "assets": assets,
        }

    def finish(self) -> None:
        """Write the catalogue and the collection."""
        folder, name = self._context.folder, self._context.campaign.name
        boxes = np.array(self._boxes)
        extent = [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()]
        items = [{"rel": "item", "href": f"./{path}", "type": "application/geo+json"} for path in self._items]
        collection = {
            "type": "Collection",
            "stac_version": VERSION,
            "id": self._collection,
            "description": name,
            "license": "other",
            "extent": {
                "spatial": {"bbox": [extent]},
                "temporal": {"interval": [[min(self._times), max(self._times)]]},
            },
            "links": [
                {"rel": "root", "href": "./catalog.json", "type": "application/json"},
                {"rel": "parent", "href": "./catalog.json", "type": "application/json"},
                *items,
            ],
        }
        write_json(folder / "collection.json", collection)
        links = [
            {"rel": "root", "href": "./catalog.json", "type": "application/json"},
            {"rel": "child", "href": "./collection.json", "type": "application/json"},
        ]
        catalog = {
            "type": "Catalog",
            "stac_version": VERSION,
            "id": f"{self._collection}-catalog",
            "description": name,
            "links": links,
        }
        write_json(folder / "catalog.json", catalog)


def footprint_of(sample: Sample) -> tuple[shapely.Geometry, tuple[float, float, float, float]]:
    """The patch in longitude and latitude, and its bounds in its own CRS."""
    bounds = sample.grid.bounds
    outline = shapely.segmentize(box(*bounds), (bounds[2] - bounds[0]) / LONGEST_STEP)
    if sample.grid.crs is None:
        return outline, bounds
    source = pyproj.CRS.from_user_input(sample.grid.crs.to_wkt())
    turn = pyproj.Transformer.from_crs(source, "OGC:CRS84", always_xy=True)
    turned = shapely.transform(
        outline, lambda points: np.column_stack(turn.transform(points[:, 0], points[:, 1]))
    )
    return turned, bounds


def _moment(text: str) -> str:
    """A moment of the campaign as RFC 3339; now where it was never written.

    GeoPackage writes `2026-01-02T03:04:05.000Z`, older drivers `2026-01-02 03:04:05+00`.
    """
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        moment = datetime.now(UTC)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

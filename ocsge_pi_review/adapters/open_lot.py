# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening and closing a lot: store, layers and review, in the order that keeps work safe."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QLockFile

from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.item_overlay import ItemOverlay
from ocsge_pi_review.adapters.lot_layers import LotLayers, load_layers
from ocsge_pi_review.adapters.lot_lock import lock_lot
from ocsge_pi_review.adapters.lot_profile import profile_of
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.adapters.lot_warnings import warnings_about
from ocsge_pi_review.adapters.review import Review


@dataclass
class OpenLot:
    """Everything that belongs to one lot under review.

    Attributes:
        name: of the lot.
        store: the only writer.
        warnings: what the operator should know, in the user's language.
        on_close: called once the store is closed.
    """

    name: str
    store: LotStore
    layers: LotLayers
    review: Review
    overlay: ItemOverlay
    profile: Profile
    warnings: list[str] = field(default_factory=list)
    on_close: Callable[[], None] | None = None

    @property
    def path(self) -> Path | None:
        """The GeoPackage; None for a lot on a server."""
        return self.store.path if isinstance(self.store, GpkgStore) else None

    def close(self, project: QgsProject) -> bool:
        """Remove the layers and close; False if a GeoPackage could not become one plain file."""
        self.layers.remove(project)
        return self.release()

    def release(self) -> bool:
        """Leave the layers, which are going anyway, and close."""
        try:
            return self.store.close()
        finally:
            if self.on_close is not None:
                self.on_close()


def open_lot(path: Path, operator: str, project: QgsProject) -> OpenLot:
    """Open a lot in a GeoPackage; one of an earlier schema is brought up to date first.

    Raises:
        LotError: not a lot, it cannot be written, or it is open elsewhere.
        ProfileError: the lot's profile is neither inside nor installed.
    """
    with ExitStack() as on_failure:
        lock: QLockFile = lock_lot(path)
        on_failure.callback(lock.unlock)
        store = GpkgStore(path, operator)
        on_failure.callback(store.close)
        opened = open_store(store, project, path.stem)
        opened.on_close = lock.unlock
        on_failure.pop_all()
    return opened


def open_store(store: LotStore, project: QgsProject, name: str = "") -> OpenLot:
    """Open a lot for review, wherever it is kept; the store stays open where this fails.

    Raises:
        LotError: QGIS cannot read a layer.
        DamagedLotError: its journal cannot be read.
        ProfileError: the lot's profile is neither inside nor installed.
    """
    profile = profile_of(store.metadata)
    title = store.metadata.get(LotKey.NAME.value) or name or store.label
    layers = load_layers(store, title, profile.nomenclature, project)
    with ExitStack() as on_failure:
        on_failure.callback(layers.remove, project)
        opened = _on_layers(store, title, layers, profile)
        on_failure.pop_all()
    return opened


def _on_layers(store: LotStore, title: str, layers: LotLayers, profile: Profile) -> OpenLot:
    overlay = ItemOverlay(layers.items, store)
    review = Review(store, profile)
    review.item_changed.connect(overlay.refresh)
    review.polygons_changed.connect(overlay.refresh_polygons)
    review.polygons_changed.connect(lambda _ids: layers.repaint())
    return OpenLot(title, store, layers, review, overlay, profile, warnings_about(store))

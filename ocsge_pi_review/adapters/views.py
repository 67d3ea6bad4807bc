# SPDX-License-Identifier: GPL-2.0-or-later
"""What the place in front can be looked at as: images of the lot, or layers of the project chosen instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QCoreApplication

from inference_backend.contracts.lot import ImageryRole
from ocsge_common.tasks import BaseTask, TaskProgress, start_task
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.imagery import (
    INFRARED_BANDS,
    ImageryEntry,
    dress,
    entries_of,
    imagery_entries,
    lot_folder,
    make_image,
)
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain.imagery_errors import ImageryError, NoImageError

Receiver = Callable[[QgsRasterLayer], object]
Refused = Callable[[BaseException], object]


class ViewSources:
    """The source of each kind of view.

    Args:
        store: the lot.
        project: whose raster layers may be chosen instead.
    """

    def __init__(self, store: LotStore, project: QgsProject) -> None:
        self._project, self._folder = project, lot_folder(store)
        self.entries = imagery_entries(store)
        self._layers: dict[ImageryRole, str] = {}
        self._chosen: dict[ImageryRole, ImageryEntry] = {}

    def of(self, role: ImageryRole) -> tuple[ImageryEntry, ...]:
        """Images of the lot that can be looked at as that; infrared may be a band of the ortho-image."""
        found = entries_of(self.entries, role)
        if found or role is not ImageryRole.INFRARED:
            return found
        images = entries_of(self.entries, ImageryRole.ORTHO)
        return tuple(
            replace(entry, role=role, bands=INFRARED_BANDS)
            for entry in images
            if not entry.is_remote and self._bands(entry) >= max(INFRARED_BANDS)
        )

    def choose(self, role: ImageryRole, source: ImageryEntry | str) -> None:
        """Look at an image of the lot, or at a layer of the project by its id."""
        self._layers.pop(role, None)
        self._chosen.pop(role, None)
        if isinstance(source, str):
            self._layers[role] = source
        else:
            self._chosen[role] = source

    def chosen(self, role: ImageryRole) -> ImageryEntry | str | None:
        """What a kind of view shows: the first image of the lot unless another was chosen."""
        layer_id = self._layers.get(role)
        if layer_id is not None and self._project.mapLayer(layer_id) is not None:
            return layer_id
        return self._chosen.get(role) or next(iter(self.of(role)), None)

    def title(self, role: ImageryRole, name: str) -> str:
        """The kind of view with what tells its source from another."""
        source = self.chosen(role)
        if isinstance(source, str):
            return f"{name} – {self._project.mapLayer(source).name()}"
        if source is None:
            return name
        year = "" if source.millesime in source.title else source.millesime
        told = " ".join(part for part in (source.title, year) if part)
        return f"{name} – {told}" if told else name

    def make(self, role: ImageryRole, name: str, receive: Receiver, refuse: Refused) -> BaseTask | None:
        """Make the layer of a view; one from a map service is made in the background.

        Args:
            role: the kind of view.
            name: of the layer.
            receive: takes the layer, on the main thread.
            refuse: takes the error.

        Returns:
            The task of a map service, None where all is done.
        """
        source = self.chosen(role)
        if isinstance(source, ImageryEntry) and source.is_remote:
            task = _RemoteImage(source, name)
            task.succeeded.connect(receive)
            task.failed.connect(refuse)
            return start_task(task)
        try:
            receive(self._local(role, source, name))
        except ImageryError as error:
            refuse(error)
        return None

    def _local(self, role: ImageryRole, source: ImageryEntry | str | None, name: str) -> QgsRasterLayer:
        if source is None:
            raise NoImageError(kind_en=role.value.replace("_", " "), kind_fr=_FRENCH[role])
        if isinstance(source, ImageryEntry):
            return make_image(source, self._folder, name)
        layer: QgsRasterLayer = self._project.mapLayer(source).clone()
        if role in (ImageryRole.INFRARED, ImageryRole.HEIGHT):
            dress(layer, ImageryEntry(role, layer.source(), layer.providerType()))
        return layer

    def _bands(self, entry: ImageryEntry) -> int:
        try:
            return int(make_image(replace(entry, bands=()), self._folder, "").bandCount())
        except ImageryError:
            return 0


_FRENCH = {
    ImageryRole.ORTHO: "ortho-image",
    ImageryRole.INFRARED: "infrarouge",
    ImageryRole.HEIGHT: "hauteurs",
    ImageryRole.OTHER_DATE: "autre date",
    ImageryRole.PREDICTION: "prédiction",
}


class _RemoteImage(BaseTask):
    """Asks a map service what it has; QGIS does so as the layer is made."""

    def __init__(self, entry: ImageryEntry, name: str) -> None:
        super().__init__(tr("Map service: {}").format(name))
        self._make = partial(make_image, entry, None, name)

    def work(self, progress: TaskProgress) -> QgsRasterLayer:
        """The layer, moved to the main thread."""
        layer: QgsRasterLayer = self._make()
        layer.moveToThread(QCoreApplication.instance().thread())
        return layer

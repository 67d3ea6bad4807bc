# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening and closing a control file: store and session, and what of the project would betray the codes."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsNullSymbolRenderer, QgsProject, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QLockFile

from ocsge_common.translation import tr
from ocsge_pi_review.adapters.control_session import ControlSession
from ocsge_pi_review.adapters.control_store import ControlStore
from ocsge_pi_review.adapters.lot_lock import lock_lot
from ocsge_pi_review.adapters.lot_profile import profile_of
from ocsge_pi_review.adapters.references import remove_layers

GROUP_PROPERTY = "ocsge_review_control"
TELLING_FIELDS = ("code_cs", "code_us", "couverture", "usage")
"""Fields, in lower case, of layers that show what was delivered."""


@dataclass
class OpenControl:
    """Everything that belongs to one control file.

    Attributes:
        store: the only writer.
        session: what is in front.
        layer: empty and in no project: it gives drawings their CRS.
        group: of images and references in the project, and of an empty layer, without which QGIS shows
            its welcome page instead of the map.
        lock: of the file.
        warnings: what the controller should know, in the user's language.
    """

    store: ControlStore
    session: ControlSession
    layer: QgsVectorLayer
    group: QgsLayerTreeGroup
    lock: QLockFile
    warnings: list[str] = field(default_factory=list)

    def close(self, project: QgsProject) -> None:
        """Take the group and its layers out of the project, and close."""
        try:
            if not sip.isdeleted(self.group) and self.group.parent() is not None:
                ids = self.group.findLayerIds()
                self.group.parent().removeChildNode(self.group)
                remove_layers(project, ids)
            self.store.close()
        finally:
            self.lock.unlock()


def open_control(path: Path, operator: str, project: QgsProject) -> OpenControl:
    """Open a control file.

    Args:
        path: the GeoPackage.
        operator: who works, where the file names nobody.
        project: gets an empty group for images and references.

    Raises:
        ControlFileError: no control file, or it cannot be written.
        LotError: it is open elsewhere.
        ProfileError: its profile is neither inside nor installed.
    """
    with ExitStack() as on_failure:
        lock = lock_lot(path)
        on_failure.callback(lock.unlock)
        store = ControlStore(path, operator)
        on_failure.callback(store.close)
        session = ControlSession(store, profile_of(store.metadata))
        # One of the file would keep it open, and it could not be sent as one plain file.
        layer = QgsVectorLayer("Polygon", store.name, "memory")
        layer.setCrs(store.crs)
        group = project.layerTreeRoot().insertGroup(0, store.name)
        group.setCustomProperty(GROUP_PROPERTY, store.label)
        place = layer.clone()
        place.setName(tr("Blind control: no layer of the lot"))
        place.setRenderer(QgsNullSymbolRenderer())
        # Nothing in it is lost when QGIS ends.
        place.setCustomProperty("skipMemoryLayersCheck", 1)
        group.addLayer(project.addMapLayer(place, False))
        on_failure.pop_all()
    return OpenControl(store, session, layer, group, lock, _warnings(store, operator, project))


def telling_text(store: ControlStore, layers: Iterable[QgsMapLayer]) -> str:
    """What to say of layers that show codes; empty where none does, references of the file apart."""
    found = (layer for layer in layers if _tells(layer) and not layer.source().startswith(store.label))
    telling = ", ".join(layer.name() for layer in found)
    if not telling:
        return ""
    text = tr("These layers of the project show codes: {}. Remove them, or the control will not be blind.")
    return text.format(telling)


def _warnings(store: ControlStore, operator: str, project: QgsProject) -> list[str]:
    found = []
    telling = telling_text(store, project.mapLayers().values())
    if telling:
        found.append(telling)
    if store.controller != operator:
        found.append(tr("This file is {}'s: the answers will carry that name.").format(store.controller))
    return found


def _tells(layer: object) -> bool:
    if not isinstance(layer, QgsVectorLayer):
        return False
    return any(field.name().lower() in TELLING_FIELDS for field in layer.fields())

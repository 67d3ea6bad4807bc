# SPDX-License-Identifier: GPL-2.0-or-later
"""Bringing remarks into a lot without opening it on the screen: from a file, or from the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
    QgsProject,
)

from inference_backend.contracts.lot import OCCUPATION_SOL
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.lot_lock import lock_lot
from ocsge_pi_review.adapters.lot_profile import profile_of
from ocsge_pi_review.adapters.settings import review_settings
from ocsge_pi_review.adapters.signalement_client import EspaceClient, LongLat
from ocsge_pi_review.adapters.signalement_files import read_signalements
from ocsge_pi_review.adapters.signalement_import import DEGREES, Brought, bring_in
from ocsge_pi_review.adapters.signalement_settings import signalement_settings
from ocsge_pi_review.domain.signalement import Signalement
from ocsge_pi_review.domain.signalement_report import from_report
from ocsge_pi_review.processing.lot_algorithm import LotAlgorithm, processing_errors

COUNTS = ("NEW", "UPDATED", "SAME", "OUTSIDE", "CLOSED")


class ImportSignalements(LotAlgorithm):
    """Makes rows and items of remarks."""

    FILE, URL, AUTHCFG = "FILE", "URL", "AUTHCFG"
    COMMUNITIES, SINCE = "COMMUNITIES", "SINCE"

    def name(self) -> str:
        """Fixed."""
        return "importsignalements"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Import remarks of the territory")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Each open remark inside the lot becomes an item at the top of its queue; one that is there "
            "already is brought up to date. Without a file, the reports of the collaborative service in the "
            "box of the lot are read. Remarks outside the lot are counted and kept without item."
        )

    def flags(self) -> Any:
        """On the main thread: credentials may ask for the master password."""
        return super().flags() | self.Flag.FlagNoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs."""
        self.add_lot_parameter()
        settings = signalement_settings().load()
        for parameter in (
            QgsProcessingParameterFile(self.FILE, tr("File of remarks"), optional=True),
            QgsProcessingParameterString(self.URL, tr("Service"), defaultValue=settings.url, optional=True),
            QgsProcessingParameterAuthConfig(
                self.AUTHCFG, tr("Credentials (OAuth2)"), defaultValue=settings.authcfg, optional=True
            ),
            QgsProcessingParameterString(
                self.COMMUNITIES, tr("Numbers of communities (none: all)"), optional=True
            ),
            QgsProcessingParameterString(self.SINCE, tr("Opened since"), optional=True),
        ):
            if not self.addParameter(parameter):
                raise QgsProcessingException(parameter.name())
        for name in COUNTS:
            self.addOutput(QgsProcessingOutputNumber(name, name.capitalize()))

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Bring them in."""
        path = self.lot_path(parameters, context)
        with processing_errors():
            lock = lock_lot(path)
            try:
                store = GpkgStore(path, review_settings().load().operator_name)
                try:
                    remarks = self._remarks(parameters, context, feedback, store)
                    done = bring_in(store, profile_of(store.metadata), remarks)
                finally:
                    store.close()
            finally:
                lock.unlock()
        _tell(done, feedback)
        lists = (done.new, done.updated, done.same, done.outside, done.closed)
        return {name: len(numbers) for name, numbers in zip(COUNTS, lists)}

    def _remarks(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        store: GpkgStore,
    ) -> list[Signalement]:
        file = self.parameterAsFile(parameters, self.FILE, context)
        if file:
            return read_signalements(Path(file))
        url = self.parameterAsString(parameters, self.URL, context)
        client = EspaceClient(url, self.parameterAsString(parameters, self.AUTHCFG, context))
        feedback.canceled.connect(client.feedback.cancel)
        words = self.parameterAsString(parameters, self.COMMUNITIES, context).replace(",", " ").split()
        since = self.parameterAsString(parameters, self.SINCE, context)
        communities = [int(word) for word in words if word.isdigit()]
        reports = client.reports(_box(store), communities, since)
        return [from_report(report, client.url) for report in reports if report.get("id") not in (None, "")]


def _box(store: GpkgStore) -> LongLat:
    """The lot in degrees."""
    degrees = QgsCoordinateReferenceSystem(DEGREES)
    way = QgsCoordinateTransform(store.crs, degrees, QgsProject.instance())
    extent = store.layer(OCCUPATION_SOL.name, OCCUPATION_SOL.name).extent()
    box = way.transformBoundingBox(extent)
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()


def _tell(done: Brought, feedback: QgsProcessingFeedback) -> None:
    for title, numbers in (
        (tr("New"), done.new),
        (tr("Updated"), done.updated),
        (tr("Outside the lot"), done.outside),
        (tr("Without a place"), done.nowhere),
        (tr("Closed or trials, left out"), done.closed),
        (tr("Changed while their answer waited"), done.held_back),
    ):
        if numbers:
            feedback.pushInfo(f"{title}: {len(numbers)} ({', '.join(numbers)})")

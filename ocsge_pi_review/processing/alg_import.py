# SPDX-License-Identifier: GPL-2.0-or-later
"""From an existing layer to a lot, with a report of every repair, on the backend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputHtml,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorLayer,
    QgsVectorLayer,
)

from inference_backend.contracts.lot import OCCUPATION_SOL
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.crs_text import crs_text
from ocsge_pi_review.adapters.layer_copy import LayerCopy, copy_of, temporary_file
from ocsge_pi_review.adapters.layer_files import layer_names, plain_file, table_name
from ocsge_pi_review.adapters.lot_group import load_lot
from ocsge_pi_review.processing.backend_algorithm import BackendAlgorithm, explained, is_year

OVERLAPS = ("small", "large", "first", "last")
"""Who keeps what several polygons claim, as the backend names it."""


class ImportLayer(BackendAlgorithm):
    """Repairs an existing layer into a lot."""

    INPUT = "INPUT"
    NAME = "NAME"
    MILLESIME = "MILLESIME"
    MAPPING = "MAPPING"
    ZONE = "ZONE"
    OUTPUT = "OUTPUT"
    LOAD = "LOAD"
    LAYER = "LAYER"
    CS_COLUMN = "CS_COLUMN"
    US_COLUMN = "US_COLUMN"
    ID_COLUMN = "ID_COLUMN"
    DATE = "DATE"
    DEFAULT_CS = "DEFAULT_CS"
    DEFAULT_US = "DEFAULT_US"
    CRS = "CRS"
    OVERLAPS = "OVERLAPS"
    FILL_GAPS = "FILL_GAPS"
    KEEP_SLIVERS = "KEEP_SLIVERS"
    PARTITION = "PARTITION"
    COVERAGE = "COVERAGE"
    PAGE = "PAGE"
    REPORT = "REPORT"

    def name(self) -> str:
        """Fixed."""
        return "importlayer"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Import an existing layer as a lot")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Repairs a layer into a valid coverage and says what became of every polygon.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Makes a lot of a published OCS GE, a change layer, blocks of CoSIA or any other land-cover "
            "layer. Overlaps, holes, slivers, invalid rings, duplicates and unknown codes are repaired into "
            "a valid coverage. Nothing disappears silently: a report accounts for every square metre, "
            "polygon by polygon.\n\n"
            "Another nomenclature than OCS GE and CoSIA needs a file that says what its values mean (JSON or "
            "TOML).\n\n"
            "The backend does the work: the one that Settings > Options > OCS GE review names."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        polygons = QgsProcessing.SourceType.TypeVectorPolygon
        self.add(
            QgsProcessingParameterMultipleLayers(self.INPUT, tr("Layers, or blocks of one layer"), polygons),
            explained(
                QgsProcessingParameterString(self.NAME, tr("Name of the lot"), optional=True),
                tr("Without one, the name of the file."),
            ),
            explained(
                QgsProcessingParameterString(
                    self.MILLESIME, tr("Year of the ortho-image (millésime)"), optional=True
                ),
                tr("Four digits; needed where the layer does not say it."),
            ),
            QgsProcessingParameterFile(
                self.MAPPING,
                tr("What the values of another nomenclature mean"),
                fileFilter="JSON, TOML (*.json *.toml)",
                optional=True,
            ),
            explained(
                QgsProcessingParameterVectorLayer(self.ZONE, tr("Built-up zone"), [polygons], optional=True),
                tr("Where the file of the layer has none."),
            ),
        )
        self.add_profile()
        self.add(
            QgsProcessingParameterFileDestination(self.OUTPUT, tr("Lot"), "GeoPackage (*.gpkg)"),
            QgsProcessingParameterBoolean(
                self.LOAD, tr("Show the lot as a group of layers when it ends"), defaultValue=True
            ),
            QgsProcessingOutputVectorLayer(self.COVERAGE, tr("Coverage (occupation_sol)"), polygons),
            QgsProcessingOutputHtml(self.PAGE, tr("Report of the repairs")),
            QgsProcessingOutputFile(self.REPORT, tr("Report of the repairs (JSON)")),
        )
        self._declare_reading()
        self._declare_repair()

    def _declare_reading(self) -> None:
        for name, text, help_text in (
            (self.LAYER, tr("Layer of the files, where files were chosen"), ""),
            (self.CS_COLUMN, tr("Cover column, if unusual"), ""),
            (self.US_COLUMN, tr("Use column, if unusual"), ""),
            (self.ID_COLUMN, tr("Identifier column, if unusual"), ""),
            (self.DATE, tr("Date of a change layer"), tr("2018, avant, apres, …; without one, the last.")),
            (self.DEFAULT_CS, tr("Cover where the layer does not tell"), tr("A code, for instance CS2.2.1.")),
            (self.DEFAULT_US, tr("Use where the layer does not tell"), tr("A code, for instance US6.6.")),
        ):
            self.advanced(QgsProcessingParameterString(name, text, optional=True), help_text)
        self.advanced(QgsProcessingParameterCrs(self.CRS, tr("Coordinate system of the lot"), optional=True))

    def _declare_repair(self) -> None:
        self.advanced(
            QgsProcessingParameterEnum(
                self.OVERLAPS,
                tr("Who keeps what several polygons claim"),
                [tr("The smaller"), tr("The larger"), tr("The first"), tr("The last")],
                defaultValue=0,
            )
        )
        self.advanced(
            QgsProcessingParameterNumber(
                self.FILL_GAPS,
                tr("Fill gaps up to (m²)"),
                Qgis.ProcessingNumberParameterType.Double,
                optional=True,
                minValue=0.0,
            ),
            tr("Without a value, that of the profile."),
        )
        self.advanced(
            QgsProcessingParameterBoolean(self.KEEP_SLIVERS, tr("Leave slivers as they are"), False)
        )
        self.advanced(
            QgsProcessingParameterEnum(
                self.PARTITION,
                tr("The layer should cover its whole extent"),
                [tr("As its kind says"), tr("Yes"), tr("No")],
                defaultValue=0,
            )
        )

    def checkParameterValues(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """Whether the values can be worked with, and what is wrong where they cannot."""
        year = self.text(parameters, self.MILLESIME, context)
        if year and not is_year(year):
            return False, tr("Year of the ortho-image: four digits are wanted, for instance 2022.")
        return super().checkParameterValues(parameters, context)

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read layers and values."""
        chosen = self.chosen_layers(parameters, self.INPUT, context)
        if not chosen:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.INPUT))
        self._files, layer = _files_and_layer(chosen)
        zone = self.parameterAsVectorLayer(parameters, self.ZONE, context)
        self._zone = None if zone is None else _as_file(zone)
        crs = self.parameterAsCrs(parameters, self.CRS, context)
        mapping = self.parameterAsFile(parameters, self.MAPPING, context)
        partition = self.parameterAsEnum(parameters, self.PARTITION, context)
        has_limit = parameters.get(self.FILL_GAPS) is not None
        texts = {
            name: self.text(parameters, name.upper(), context)
            for name in (
                "cs_column",
                "us_column",
                "id_column",
                "date",
                "default_cs",
                "default_us",
                "millesime",
            )
        }
        self._inputs = {
            **texts,
            "layer": self.text(parameters, self.LAYER, context) or layer,
            "mapping": Path(mapping) if mapping else None,
            "crs": crs_text(crs),
            "profile": self.profile(parameters, context),
            "overlaps": OVERLAPS[self.parameterAsEnum(parameters, self.OVERLAPS, context)],
            "fill_gaps_m2": (
                self.parameterAsDouble(parameters, self.FILL_GAPS, context) if has_limit else None
            ),
            "keep_slivers": self.parameterAsBool(parameters, self.KEEP_SLIVERS, context),
            "partition": (None, True, False)[partition],
            "language": "fr" if user_language() == "fr" else "en",
        }

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Import."""
        lot = Path(self.parameterAsFileOutput(parameters, self.OUTPUT, context))
        name = self.text(parameters, self.NAME, context) or lot.stem
        files = [_written(entry, feedback) for entry in self._files]
        zone = None if self._zone is None else _written(self._zone, feedback)
        outputs = {
            "lot": lot,
            "report": lot.with_name(f"{lot.stem}-import.json"),
            "page": lot.with_name(f"{lot.stem}-import.html"),
        }
        inputs = {**self._inputs, "files": files, "zone": zone, "name": name}
        found = self.run_process("import", inputs, outputs, feedback)
        if self.parameterAsBool(parameters, self.LOAD, context):
            load_lot(lot, name, context)
        return {
            self.OUTPUT: str(lot),
            self.COVERAGE: f"{lot}|layername={OCCUPATION_SOL.name}",
            self.PAGE: found.get("page"),
            self.REPORT: found.get("report"),
        }


def _files_and_layer(chosen: Sequence[QgsVectorLayer | Path]) -> tuple[list[Path | LayerCopy], str | None]:
    """Files, copies to be made, and the layer to read where the one file chosen has several."""
    if len(chosen) == 1 and isinstance(chosen[0], QgsVectorLayer):
        place = plain_file(chosen[0])
        if place is not None:
            return [place[0]], place[1] if len(layer_names(place[0])) > 1 else None
    return [entry if isinstance(entry, Path) else _as_file(entry) for entry in chosen], None


def _as_file(layer: QgsVectorLayer) -> Path | LayerCopy:
    place = plain_file(layer)
    alone = place is not None and len(layer_names(place[0])) == 1
    return place[0] if place is not None and alone else copy_of(layer, table_name(layer))


def _written(entry: Path | LayerCopy, feedback: QgsProcessingFeedback) -> Path:
    if isinstance(entry, LayerCopy):
        return entry.write(temporary_file(f"{entry.name}.gpkg"), feedback)
    return entry

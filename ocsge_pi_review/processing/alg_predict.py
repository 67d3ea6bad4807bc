# SPDX-License-Identifier: GPL-2.0-or-later
"""From an ortho-image to a prediction, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterFile,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ocsge_common.backend.files import Band
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.crs_text import crs_text
from ocsge_pi_review.adapters.on_completion import after_loading
from ocsge_pi_review.adapters.prediction_style import style_prediction
from ocsge_pi_review.adapters.raster_source import raster_source
from ocsge_pi_review.processing.area_algorithm import AreaAlgorithm
from ocsge_pi_review.processing.backend_algorithm import explained

LARGEST_OVERLAP_PX = 4096


class Predict(AreaAlgorithm):
    """Classifies every pixel of rasters that share a grid."""

    RASTERS = "RASTERS"
    MODEL = "MODEL"
    OUTPUT = "OUTPUT"
    BANDS = "BANDS"
    FILL = "FILL"
    RESAMPLE = "RESAMPLE"
    CRS = "CRS"
    ENGINE = "ENGINE"
    OVERLAP = "OVERLAP"
    BLEND = "BLEND"
    PROBABILITIES = "PROBABILITIES"
    SCHEDULER = "SCHEDULER"
    RESTART = "RESTART"
    PROBABILITIES_OUTPUT = "PROBABILITIES_OUTPUT"

    def name(self) -> str:
        """Fixed."""
        return "predict"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("1. Predict: image to classes")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Classifies every pixel of an ortho-image with a model.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Classifies every pixel of rasters that together hold the model's bands (ortho-image, height, …) "
            "and writes the class, its confidence, the runner-up class and the margin between both.\n\n"
            "Rasters: files or WMS and WMTS layers, in any order. Bands are known by their description "
            "(red, nir, height, …); where it is missing, name them in the advanced parameters, and give a "
            "constant for a band that you do not have.\n\n"
            "Area and extent keep to a part of the image; with both, to what they share.\n\n"
            "The backend does the work: the one that Settings > Options > OCS GE review names. A run that "
            "was stopped goes on from its last finished block when it is started again with the same output."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.RASTERS, tr("Rasters (ortho-image, height, …)"), QgsProcessing.SourceType.TypeRaster
            ),
            explained(
                QgsProcessingParameterFile(self.MODEL, tr("Model (ONNX)"), extension="onnx", optional=True),
                tr("Without one, the model that comes with the backend, made to try the tools."),
            ),
            self.area_parameter(),
            self.extent_parameter(),
            QgsProcessingParameterRasterDestination(self.OUTPUT, tr("Prediction")),
            QgsProcessingOutputRasterLayer(self.PROBABILITIES_OUTPUT, tr("Probability of every class")),
        )
        self._declare_bands()
        self._declare_computation()

    def _declare_bands(self) -> None:
        self.advanced(
            QgsProcessingParameterMatrix(
                self.BANDS,
                tr("Bands"),
                numberRows=0,
                headers=[tr("Band of the model"), tr("Raster (1: first of the list)"), tr("Its band")],
                optional=True,
            ),
            tr("Which band is which, where descriptions do not tell: for instance nir, 2, 1."),
        )
        self.advanced(
            QgsProcessingParameterMatrix(
                self.FILL,
                tr("Missing bands"),
                numberRows=0,
                headers=[tr("Band of the model"), tr("Constant")],
                optional=True,
            ),
            tr("A constant that stands for a band that you do not have: for instance height, 0."),
        )
        self.advanced(
            QgsProcessingParameterBoolean(
                self.RESAMPLE, tr("Bring rasters to the model's resolution"), defaultValue=False
            ),
            tr("Needed where the rasters differ in resolution, origin or coordinate system."),
        )
        self.advanced(
            QgsProcessingParameterCrs(
                self.CRS, tr("Coordinate system, for rasters without one"), optional=True
            )
        )

    def _declare_computation(self) -> None:
        integer = Qgis.ProcessingNumberParameterType.Integer
        self.advanced(
            QgsProcessingParameterString(self.ENGINE, tr("Inference engine"), "auto", optional=True),
            tr("auto, openvino, onnxruntime, or v2:ADDRESS of a KServe V2 server."),
        )
        self.advanced(
            QgsProcessingParameterNumber(
                self.OVERLAP,
                tr("Margin of a tile on each side (px)"),
                integer,
                optional=True,
                minValue=0,
                maxValue=LARGEST_OVERLAP_PX,
            ),
            tr("Without a value, that of the model."),
        )
        self.advanced(
            QgsProcessingParameterBoolean(self.BLEND, tr("Mix the scores of neighbouring tiles"), False)
        )
        self.advanced(
            QgsProcessingParameterBoolean(
                self.PROBABILITIES, tr("Also write the probability of every class"), False
            )
        )
        self.advanced(
            QgsProcessingParameterString(self.SCHEDULER, tr("Dask scheduler"), optional=True),
            tr("Spreads the work over a cluster: for instance tcp://host:8786."),
        )
        self.advanced(
            QgsProcessingParameterBoolean(self.RESTART, tr("Start over"), False),
            tr("Without it, the finished blocks of an earlier run with the same inputs are kept."),
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read layers and values."""
        layers = self.chosen_layers(parameters, self.RASTERS, context)
        rasters = [entry if isinstance(entry, Path) else raster_source(entry) for entry in layers]
        crs = self.parameterAsCrs(parameters, self.CRS, context)
        self._inputs = {
            "rasters": rasters,
            "model": _path(self.parameterAsFile(parameters, self.MODEL, context)),
            "bands": self._bands(parameters, rasters, context) or None,
            "fill": self._fill(parameters, context) or None,
            "resample": self.parameterAsBool(parameters, self.RESAMPLE, context),
            "crs": crs_text(crs),
            "engine": self.text(parameters, self.ENGINE, context),
            "overlap_px": self.whole_number(parameters, self.OVERLAP, context),
            "blend": self.parameterAsBool(parameters, self.BLEND, context),
            "probabilities": self.parameterAsBool(parameters, self.PROBABILITIES, context),
            "scheduler": self.text(parameters, self.SCHEDULER, context),
            "restart": self.parameterAsBool(parameters, self.RESTART, context),
        }
        first = next((entry for entry in layers if not isinstance(entry, Path)), None)
        self.collect_area(parameters, context, crs if crs.isValid() else _crs_of(first, rasters))

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Predict."""
        output = Path(self.parameterAsOutputLayer(parameters, self.OUTPUT, context))
        inputs = {**self._inputs, "aoi": self.area_file(parameters, context)}
        files = {"prediction": output}
        if inputs["probabilities"]:
            files["probabilities"] = output.with_name(f"{output.stem}_probabilities{output.suffix}")
        found = self.run_process("predict", inputs, files, feedback)
        after_loading(found["prediction"], context, style_prediction)
        results = {self.OUTPUT: found["prediction"]}
        if "probabilities" in found:
            results[self.PROBABILITIES_OUTPUT] = found["probabilities"]
        return results

    def _bands(
        self, parameters: dict[str, Any], rasters: list[Path | str], context: QgsProcessingContext
    ) -> dict[str, Band]:
        cells = [str(cell).strip() for cell in self.parameterAsMatrix(parameters, self.BANDS, context)]
        bands = {}
        for name, raster, band in zip(cells[0::3], cells[1::3], cells[2::3]):
            if not name:
                continue
            if not (raster.isdigit() and 1 <= int(raster) <= len(rasters) and band.isdigit() and int(band)):
                raise QgsProcessingException(
                    tr("Bands, {}: give a raster from 1 to {} and a band from 1.").format(name, len(rasters))
                )
            bands[name] = Band(rasters[int(raster) - 1], int(band))
        return bands

    def _fill(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, float]:
        cells = [str(cell).strip() for cell in self.parameterAsMatrix(parameters, self.FILL, context)]
        fill = {}
        for name, constant in zip(cells[0::2], cells[1::2]):
            if not name:
                continue
            try:
                fill[name] = float(constant.replace(",", "."))
            except ValueError as error:
                raise QgsProcessingException(
                    tr("Missing bands, {}: “{}” is no number.").format(name, constant)
                ) from error
        return fill


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _crs_of(layer: QgsRasterLayer | None, rasters: list[Path | str]) -> QgsCoordinateReferenceSystem:
    if layer is None and isinstance(rasters[0], Path):
        layer = QgsRasterLayer(str(rasters[0]))
    return layer.crs() if layer is not None else QgsCoordinateReferenceSystem()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Drawing the sample of a control, on the backend: blind files for the controllers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from inference_backend.contracts.control import Allocation, ControlDesign, Draw, StrataBy, Unit
from ocsge_common.translation import tr
from ocsge_pi_review.processing.backend_algorithm import explained
from ocsge_pi_review.processing.control_algorithm import ControlAlgorithm

_PLAN = ControlDesign()
_UNITS, _DRAWS, _STRATA, _WAYS = tuple(Unit), tuple(Draw), tuple(StrataBy), tuple(Allocation)
_SURFACES = ("", "projected", "ellipsoid")


class SampleControl(ControlAlgorithm):
    """Draws units of delivered lots."""

    LOTS = "LOTS"
    CONTROLLERS = "CONTROLLERS"
    SIZE = "SIZE"
    PRECISION = "PRECISION"
    SHARE = "SHARE"
    UNIT = "UNIT"
    DRAW = "DRAW"
    STRATA = "STRATA"
    SECOND = "SECOND"
    SEED = "SEED"
    OUTPUT = "OUTPUT"
    DRAWN = "DRAWN"

    def name(self) -> str:
        """Fixed."""
        return "controlsample"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Draw the sample of a control")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Draws polygons or points of delivered lots and writes blind files for the controllers.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "Give one of the three: a number of units, a precision of the overall accuracy, or a share of "
            "every class. The lots are then in control; their polygons stay as they are.\n\n"
            "Each controller gets a file (.control.gpkg) to open in the review window. It holds the units in "
            "random order, their surroundings as lines and the images, but no delivered code: nobody can "
            "know what was delivered. The first controller answers every unit, the others give second "
            "opinions.\n\n"
            "The same seed draws the same sample. For a decision by ISO 2859-1, draw polygons at random "
            "without strata.\n\n"
            "The backend does the work and must see these files; a lot kept in a database is sampled with "
            "the command ocsge control sample."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        self._declare_who()
        self._declare_size()
        self._declare_draw()
        self._declare_strata()
        self._declare_left_out()
        self.add(
            QgsProcessingParameterFolderDestination(self.OUTPUT, tr("Folder of the control files")),
            QgsProcessingOutputNumber(self.DRAWN, tr("Units drawn")),
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read the parameters."""
        self.same_disk = True
        self._lots = self.files(parameters, self.LOTS, context)
        names = self.parameterAsString(parameters, self.CONTROLLERS, context)
        self._controllers = [name.strip() for name in names.split(",") if name.strip()]
        if not self._lots or not self._controllers:
            raise QgsProcessingException(tr("Choose a lot and name a controller."))
        communes = self.parameterAsFile(parameters, "COMMUNES", context)
        self._communes = Path(communes) if communes else None
        self._design = self._read_design(parameters, context)
        self._flags = {
            name: self.parameterAsBool(parameters, parameter, context)
            for name, parameter in (
                ("divide", "DIVIDE"),
                ("copy_images", "COPY_IMAGES"),
                ("references", "WITH_REFERENCES"),
                ("replace", "REPLACE"),
            )
        }

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Draw."""
        folder = Path(self.parameterAsString(parameters, self.OUTPUT, context))
        inputs = {
            "lots": self._lots,
            "controllers": self._controllers,
            "design": self._design,
            "communes": self._communes,
            "output": folder,
            "by": self.operator(),
            **self._flags,
        }
        done = self.run_process("control_sample", inputs, {}, feedback)
        for control in done["controls"]:
            drawn = tr("{}: {} units, {} of them answered twice").format(
                control["lot"], control["units"], control["second"]
            )
            feedback.pushInfo(drawn)
            for stratum in control["strata"]:
                feedback.pushInfo(f"  {stratum['name']}: {stratum['drawn']} / {stratum['units']}")
            for path in control["files"]:
                feedback.pushInfo(tr("Control file: {}").format(path))
        return {self.OUTPUT: str(folder), self.DRAWN: done["units"]}

    def _declare_who(self) -> None:
        kind = QgsProcessing.SourceType.TypeFile
        self.add(
            QgsProcessingParameterMultipleLayers(self.LOTS, tr("Delivered lots (GeoPackage)"), kind),
            explained(
                QgsProcessingParameterString(self.CONTROLLERS, tr("Controllers, separated by commas")),
                tr("The first answers every unit, the others give second opinions."),
            ),
        )

    def _declare_size(self) -> None:
        double = Qgis.ProcessingNumberParameterType.Double
        self.add(
            QgsProcessingParameterNumber(self.SIZE, tr("Units to draw"), optional=True, minValue=1),
            explained(
                QgsProcessingParameterNumber(
                    self.PRECISION, tr("Or precision (points)"), double, optional=True, minValue=0.1
                ),
                tr("Half the width of the 95 % interval of the overall accuracy: 3 for plus or minus 3 %."),
            ),
            QgsProcessingParameterNumber(
                self.SHARE, tr("Or share of every stratum (%)"), double, optional=True, minValue=0.1
            ),
        )

    def _declare_draw(self) -> None:
        double = Qgis.ProcessingNumberParameterType.Double
        draws = [tr("At random"), tr("At equal steps"), tr("By area")]
        self.add(
            QgsProcessingParameterEnum(
                self.UNIT, tr("Units"), [tr("Polygons"), tr("Points")], defaultValue=0
            ),
            QgsProcessingParameterEnum(self.DRAW, tr("Drawn"), draws, defaultValue=0),
            QgsProcessingParameterEnum(self.STRATA, tr("Strata"), _strata_names(), defaultValue=1),
            explained(
                QgsProcessingParameterNumber(
                    self.SECOND, tr("Second opinions (%)"), double, defaultValue=10, minValue=0, maxValue=100
                ),
                tr("Share of the units that two controllers answer, where there are two."),
            ),
            QgsProcessingParameterNumber(self.SEED, tr("Seed"), optional=True, minValue=0),
        )
        self.advanced(
            QgsProcessingParameterNumber(
                "DISTANCE", tr("Least distance between units (m)"), double, defaultValue=0, minValue=0
            )
        )
        surfaces = [tr("The faithful one"), tr("Projection"), tr("Ellipsoid")]
        self.advanced(
            QgsProcessingParameterEnum("SURFACE", tr("Areas are measured on"), surfaces, defaultValue=0)
        )

    def _declare_strata(self) -> None:
        ways = [tr("In proportion"), tr("Equally"), tr("Neyman"), tr("The same share")]
        self.advanced(
            QgsProcessingParameterEnum("ALLOCATION", tr("Shared out among strata"), ways, optional=True)
        )
        self.advanced(
            QgsProcessingParameterNumber(
                "LEVEL", tr("Level of the codes (0: leaves)"), defaultValue=0, minValue=0, maxValue=4
            )
        )
        for name, text, value in (
            ("FULL_BELOW", tr("Strata with fewer units are taken whole"), _PLAN.full_below),
            ("LEAST", tr("Units of a stratum, at least"), _PLAN.least),
        ):
            self.advanced(QgsProcessingParameterNumber(name, text, defaultValue=value, minValue=0))
        self.advanced(
            QgsProcessingParameterNumber("MOST", tr("Units of a stratum, at most"), optional=True, minValue=1)
        )
        self.advanced(
            QgsProcessingParameterFile("COMMUNES", tr("Limits of communes"), optional=True),
            tr("Where communes are strata."),
        )

    def _declare_left_out(self) -> None:
        double = Qgis.ProcessingNumberParameterType.Double
        self.advanced(QgsProcessingParameterBoolean("SKELETON", tr("Draw the skeleton too"), False))
        self.advanced(
            QgsProcessingParameterNumber(
                "ABOVE", tr("Leave out larger polygons (m²)"), double, optional=True, minValue=1
            )
        )
        self.advanced(QgsProcessingParameterString("WITHOUT", tr("Leave out covers (codes)"), optional=True))
        for name, text, value in (
            ("DIVIDE", tr("Share the units out among all controllers"), False),
            ("COPY_IMAGES", tr("Copy the images along"), False),
            ("WITH_REFERENCES", tr("Take the reference layers along"), True),
            ("REPLACE", tr("Cancel a control that runs already"), False),
        ):
            self.advanced(QgsProcessingParameterBoolean(name, text, value))

    def _read_design(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        size = self.whole_number(parameters, self.SIZE, context)
        precision = self.double(parameters, self.PRECISION, context)
        share = self.double(parameters, self.SHARE, context)
        if sum(value is not None for value in (size, precision, share)) != 1:
            raise QgsProcessingException(tr("Give either a number of units, a precision or a share."))
        way = self.whole_number(parameters, "ALLOCATION", context)
        usual = Allocation.PROPORTIONAL if share is None else Allocation.SHARE
        above = self.double(parameters, "ABOVE", context)
        found = {
            "unit": _UNITS[self.parameterAsEnum(parameters, self.UNIT, context)].value,
            "draw": _DRAWS[self.parameterAsEnum(parameters, self.DRAW, context)].value,
            "strata_by": _STRATA[self.parameterAsEnum(parameters, self.STRATA, context)].value,
            "allocation": (usual if way is None else _WAYS[way]).value,
            "level": self.parameterAsInt(parameters, "LEVEL", context),
            "size": size,
            "precision": None if precision is None else precision / 100,
            "share": None if share is None else share / 100,
            "full_below": self.parameterAsInt(parameters, "FULL_BELOW", context),
            "least": self.parameterAsInt(parameters, "LEAST", context),
            "most": self.whole_number(parameters, "MOST", context),
            "distance_m": self.parameterAsDouble(parameters, "DISTANCE", context),
            "exclude_skeleton": not self.parameterAsBool(parameters, "SKELETON", context),
            "exclude_above_m2": above,
            "exclude_covers": self.parameterAsString(parameters, "WITHOUT", context)
            .replace(",", " ")
            .split(),
            "second_share": self.parameterAsDouble(parameters, self.SECOND, context) / 100
            if len(self._controllers) > 1
            else 0.0,
            "seed": self.whole_number(parameters, self.SEED, context),
            "surface": _SURFACES[self.parameterAsEnum(parameters, "SURFACE", context)],
        }
        return {name: value for name, value in found.items() if value is not None}


def _strata_names() -> list[str]:
    names = {
        StrataBy.NONE: tr("None"),
        StrataBy.COVER: tr("Cover"),
        StrataBy.USE: tr("Use"),
        StrataBy.COVER_AND_USE: tr("Cover and use"),
        StrataBy.LOT: tr("Lot"),
        StrataBy.OPERATOR: tr("Interpreter"),
        StrataBy.CONFIDENCE: tr("Confidence"),
        StrataBy.COMMUNE: tr("Commune"),
    }
    return [names[kind] for kind in _STRATA]

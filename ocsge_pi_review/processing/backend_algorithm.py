# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms that work on the backend have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingUtils,
    QgsProperty,
)

from inference_backend.contracts.locate import resources_dir
from inference_backend.contracts.profile import DEFAULT_PROFILE
from ocsge_common.backend.processing_run import ProcessingRun, get_ready
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.reviewed_lot import require_replaceable
from ocsge_pi_review.processing.lot_algorithm import processing_errors

YEAR = re.compile(r"(19|20)\d\d")
PROFILE, PROFILE_FOLDER, SAME_DISK = "PROFILE", "PROFILE_FOLDER", "SAME_DISK"


class BackendAlgorithm(QgsProcessingAlgorithm):
    """An algorithm whose work the backend does, on this computer or elsewhere.

    A subclass declares its parameters in `declare`, reads them in `collect` (on the main thread, where
    layers live) and runs the process in `work` (in any thread).
    """

    def createInstance(self) -> QgsProcessingAlgorithm:
        """A fresh one of the same class."""
        return type(self)()

    def group(self) -> str:
        """Shown in the toolbox."""
        return tr("Production of a lot")

    def groupId(self) -> str:
        """Fixed."""
        return "production"

    def tags(self) -> list[str]:
        """Words that find it."""
        return ["ocsge", "ocs ge", "land cover", "occupation du sol", "ign"]

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Parameters and outputs; the last one of every algorithm says where a remote backend looks."""
        self.declare()
        self.advanced(
            QgsProcessingParameterBoolean(
                SAME_DISK, tr("A remote backend sees the same files (shared disk)"), defaultValue=False
            ),
            tr("Otherwise files are sent to a remote backend, and results are fetched from it."),
        )

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Read the parameters."""
        self.same_disk = self.parameterAsBool(parameters, SAME_DISK, context)
        with processing_errors():
            get_ready()
            self.collect(parameters, context)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Have the work done."""
        with processing_errors():
            return self.work(parameters, context, feedback)

    def declare(self) -> None:
        """Add parameters and outputs."""
        raise NotImplementedError

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read layers and values; nothing that takes long."""
        raise NotImplementedError

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Run the process and return the outputs."""
        raise NotImplementedError

    def run_process(
        self,
        process_id: str,
        inputs: dict[str, Any],
        outputs: dict[str, Path],
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """See `ProcessingRun.results`; inputs that are None are left to the backend."""
        given = {name: value for name, value in inputs.items() if value is not None}
        run = ProcessingRun(feedback, same_disk=self.same_disk, may_replace=require_replaceable)
        return run.results(process_id, given, outputs)

    def add(self, *definitions: QgsProcessingParameterDefinition | QgsProcessingOutputDefinition) -> None:
        """Add parameters and outputs, in order.

        Raises:
            QgsProcessingException: QGIS refuses one.
        """
        for definition in definitions:
            is_output = isinstance(definition, QgsProcessingOutputDefinition)
            added = self.addOutput(definition) if is_output else self.addParameter(definition)
            if not added:
                raise QgsProcessingException(definition.name())

    def advanced(self, definition: QgsProcessingParameterDefinition, help_text: str = "") -> None:
        """Add a parameter that most users leave alone."""
        flags = definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced
        definition.setFlags(flags)
        self.add(explained(definition, help_text))

    def add_profile(self) -> None:
        """Add the choice of a profile."""
        names = profile_names()
        self.add(
            QgsProcessingParameterEnum(
                PROFILE,
                tr("Profile (nomenclature, thresholds, rules)"),
                options=names,
                defaultValue=DEFAULT_PROFILE,
                usesStaticStrings=True,
            )
        )
        self.advanced(
            QgsProcessingParameterFile(
                PROFILE_FOLDER,
                tr("Folder of a profile of your own"),
                QgsProcessingParameterFile.Behavior.Folder,
                optional=True,
            ),
            tr("Instead of the one above. A remote backend must have it under the same path."),
        )

    def profile(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Name or folder of the chosen profile."""
        folder = self.parameterAsFile(parameters, PROFILE_FOLDER, context)
        return folder or self.parameterAsEnumString(parameters, PROFILE, context)

    def text(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str | None:
        """A text, None where it is empty."""
        return self.parameterAsString(parameters, name, context).strip() or None

    def whole_number(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> int | None:
        """A number, None where none was given."""
        return None if parameters.get(name) is None else self.parameterAsInt(parameters, name, context)

    def chosen_layers(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> list[QgsMapLayer | Path]:
        """The entries of a list of layers; one given as a file or folder stays that.

        Raises:
            QgsProcessingException: an entry that is neither.
        """
        found: list[QgsMapLayer | Path] = []
        for entry in self._entries(parameters.get(name), context):
            if isinstance(entry, str) and entry and Path(entry).exists():
                found.append(Path(entry))
                continue
            layer = entry if isinstance(entry, QgsMapLayer) else None
            layer = layer or QgsProcessingUtils.mapLayerFromString(str(entry), context)
            if layer is None:
                raise QgsProcessingException(tr("{}: no such layer or file.").format(entry))
            found.append(layer)
        return found

    def _entries(self, value: Any, context: QgsProcessingContext) -> Iterator[Any]:
        if isinstance(value, QgsProperty):
            value = value.valueAsVariant(context.expressionContext())
        if isinstance(value, (list, tuple)):
            for entry in value:
                yield from self._entries(entry, context)
        elif value:
            yield value


def explained(
    definition: QgsProcessingParameterDefinition, help_text: str
) -> QgsProcessingParameterDefinition:
    """A parameter with the text that its label shows under the mouse."""
    definition.setHelp(help_text)
    return definition


def is_year(text: str) -> bool:
    """Whether a text is the year of an ortho-image, four digits."""
    return YEAR.fullmatch(text) is not None


def profile_names() -> list[str]:
    """The profiles that come with the plugin."""
    return sorted(path.parent.name for path in (resources_dir() / "profiles").glob("*/profile.json"))

# SPDX-License-Identifier: GPL-2.0-or-later
"""Accepting or rejecting a lot from what its control found, on the backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from inference_backend.contracts.control_report import Verdict
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.domain.decision_words import condition_text
from ocsge_pi_review.processing.backend_algorithm import explained
from ocsge_pi_review.processing.control_algorithm import ControlAlgorithm

RULES = ("contract", "iso2859")
REDOS = ("errors", "classes")
MEASURES = ("count", "area")
ENDS = ("low", "estimate", "high", "both")
SEVERITIES = ("normal", "tightened", "reduced")
VERDICTS = ("accepted", "rejected")


class DecideControl(ControlAlgorithm):
    """Decides of a lot."""

    LOT = "LOT"
    RULE = "RULE"
    SIGN = "SIGN"
    COMMENT = "COMMENT"
    REDO = "REDO"
    OUTPUT = "OUTPUT"
    VERDICT = "VERDICT"
    ERRORS = "ERRORS"

    def name(self) -> str:
        """Fixed."""
        return "controldecide"

    def displayName(self) -> str:
        """Shown in the toolbox."""
        return tr("Accept or reject a lot")

    def shortDescription(self) -> str:
        """Shown under the mouse."""
        return tr("Decides by the contract or ISO 2859-1 from the answers of the controllers.")

    def shortHelpString(self) -> str:
        """Shown beside the parameters."""
        return tr(
            "The whole lot is checked first: one that does not conform is rejected. Then the accuracy of "
            "cover and use is estimated from the answers, and the lot is decided by the rule: the "
            "thresholds of the contract (least shares that are right, by their 95 % interval), or a plan "
            "of ISO 2859-1, normal, tightened or reduced by the history of the subcontractor.\n\n"
            "Without a signature nothing is written: look at the outcome first. Signed, the lot is accepted, "
            "or rejected with the items to redo at the top of its queue, each with the controller's words. "
            "Polygons stay as they are.\n\n"
            "The backend does the work and must see these files; a lot kept in a database is decided with "
            "the command ocsge control decide."
        )

    def declare(self) -> None:
        """Add parameters and outputs."""
        self.add(
            QgsProcessingParameterFile(self.LOT, tr("Lot in control (GeoPackage)"), extension="gpkg"),
            QgsProcessingParameterEnum(
                self.RULE, tr("Rule"), [tr("Contract"), tr("ISO 2859-1")], defaultValue=0
            ),
            explained(
                QgsProcessingParameterString(self.SIGN, tr("Signed by"), optional=True),
                tr("Empty: nothing is written, the outcome is shown."),
            ),
            QgsProcessingParameterString(self.COMMENT, tr("Comment on the decision"), optional=True),
            QgsProcessingParameterEnum(
                self.REDO,
                tr("If rejected, to redo"),
                [tr("The errors found"), tr("All of the classes that failed, too")],
                defaultValue=0,
            ),
        )
        self._declare_contract()
        self._declare_iso()
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT, tr("Report (JSON)"), "JSON (*.json)", optional=True, createByDefault=False
            ),
            QgsProcessingOutputString(self.VERDICT, tr("Decision")),
            QgsProcessingOutputNumber(self.ERRORS, tr("Units found wrong")),
        )

    def collect(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        """Read the parameters."""
        self.same_disk = True
        self._inputs = {
            "lot": Path(self.parameterAsFile(parameters, self.LOT, context)),
            "rule": RULES[self.parameterAsEnum(parameters, self.RULE, context)],
            "sign": self.text(parameters, self.SIGN, context),
            "comment": self.text(parameters, self.COMMENT, context),
            "redo": REDOS[self.parameterAsEnum(parameters, self.REDO, context)],
            "by": self._chosen(parameters, "BY", MEASURES, context),
            "decided_on": self._chosen(parameters, "DECIDED_ON", ENDS, context),
            "severity": self._chosen(parameters, "SEVERITY", SEVERITIES, context),
            "verdict": self._chosen(parameters, "AGAINST", VERDICTS, context),
            "inspection_level": self.text(parameters, "INSPECTION_LEVEL", context),
            "overall": self._pair(parameters, "OVERALL", context, 100.0),
            "each_class": self._pair(parameters, "CLASS", context, 100.0),
            "aql_percent": self._pair(parameters, "AQL", context, 1.0),
            "history": self.files(parameters, "HISTORY", context) or None,
            "language": "fr" if user_language() == "fr" else "en",
        }

    def work(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Decide."""
        path = self.parameterAsFileOutput(parameters, self.OUTPUT, context)
        inputs = {**self._inputs, "output": Path(path) if path else None}
        done = self.run_process("control_decide", inputs, {}, feedback)
        decision = done["decision"]
        names = verdict_names()
        feedback.pushInfo(tr("Decision: {}").format(names[done["verdict"]]))
        for test in decision["tests"]:
            said = condition_text(test, self._inputs["language"])
            (feedback.pushWarning if test["passed"] is False else feedback.pushInfo)(said)
        if not decision["signed_by"]:
            feedback.pushInfo(tr("Not signed: nothing was written."))
        results: dict[str, Any] = {self.VERDICT: done["verdict"], self.ERRORS: done["errors"]}
        return {**results, self.OUTPUT: path} if path else results

    def _declare_contract(self) -> None:
        double = Qgis.ProcessingNumberParameterType.Double
        for prefix, texts in (
            ("OVERALL", (tr("Cover right, overall (%)"), tr("Use right, overall (%)"))),
            ("CLASS", (tr("Cover right, each class (%)"), tr("Use right, each class (%)"))),
        ):
            for name, text in zip(("CS", "US"), texts, strict=True):
                self.advanced(
                    QgsProcessingParameterNumber(
                        f"{prefix}_{name}", text, double, optional=True, minValue=0, maxValue=100
                    ),
                    tr("As the profile says where nothing is given."),
                )
        counts = [tr("Polygons"), tr("Area")]
        self.advanced(QgsProcessingParameterEnum("BY", tr("Shares of"), counts, optional=True))
        ends = [tr("Lower end"), tr("Estimate"), tr("Upper end"), tr("Both ends")]
        self.advanced(
            QgsProcessingParameterEnum(
                "DECIDED_ON", tr("What has to reach the threshold"), ends, optional=True
            ),
            tr(
                "Lower end: the buyer is sure. Upper end: the supplier is sure. Both: undecided between them."
            ),
        )

    def _declare_iso(self) -> None:
        double = Qgis.ProcessingNumberParameterType.Double
        for name, text in (("CS", tr("AQL of the cover (%)")), ("US", tr("AQL of the use (%)"))):
            self.advanced(
                QgsProcessingParameterNumber(f"AQL_{name}", text, double, optional=True, minValue=0)
            )
        self.advanced(
            QgsProcessingParameterString(
                "INSPECTION_LEVEL", tr("Inspection level (S-1 to S-4, I to III)"), optional=True
            )
        )
        names = [tr("Normal"), tr("Tightened"), tr("Reduced")]
        self.advanced(
            QgsProcessingParameterEnum("SEVERITY", tr("Severity"), names, optional=True),
            tr("Instead of what the history says."),
        )
        kind = QgsProcessing.SourceType.TypeFile
        self.advanced(
            QgsProcessingParameterMultipleLayers("HISTORY", tr("Earlier lots"), kind, optional=True),
            tr("Lots, or folders of lots, whose decisions are the history of the subcontractor."),
        )
        against = [tr("Accept"), tr("Reject")]
        self.advanced(
            QgsProcessingParameterEnum("AGAINST", tr("Decide against the rules"), against, optional=True),
            tr("Needs a comment that says why."),
        )

    def _chosen(
        self, parameters: dict[str, Any], name: str, values: tuple[str, ...], context: QgsProcessingContext
    ) -> str | None:
        number = self.whole_number(parameters, name, context)
        return None if number is None else values[number]

    def _pair(
        self, parameters: dict[str, Any], prefix: str, context: QgsProcessingContext, divisor: float
    ) -> dict[str, float] | None:
        pairs = {name: self.double(parameters, f"{prefix}_{name.upper()}", context) for name in ("cs", "us")}
        return {name: value / divisor for name, value in pairs.items() if value is not None} or None


def verdict_names() -> dict[str, str]:
    """Verdicts in the user's language."""
    return {
        Verdict.ACCEPTED.value: tr("accepted"),
        Verdict.REJECTED.value: tr("rejected"),
        Verdict.UNDECIDED.value: tr("undecided"),
    }

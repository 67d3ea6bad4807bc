# SPDX-License-Identifier: GPL-2.0-or-later
"""Controlling a lot, as processes; they know nothing of HTTP, jobs or terminals.

Lots are files here: a service opens no database whose address a client names.
"""

from __future__ import annotations

import getpass
from pathlib import Path

from inference_backend.contracts.control import ControlDesign
from inference_backend.contracts.control_report import Verdict
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Progress
from inference_backend.service import control_schemas
from inference_backend.service.plain_files import require_plain
from inference_backend.service.process_types import Inputs, Output, Process, Results


def _sample(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.control.control_file import Handout
    from inference_backend.control.draw import draw_controls
    from inference_backend.quality.sampling.numbers import fresh_seed

    lots = [Path(path) for path in inputs["lots"]]
    communes = Path(inputs["communes"]) if inputs.get("communes") else None
    require_plain(policy, vectors=[*lots, *([communes] if communes else [])])
    handout = Handout(
        tuple(inputs["controllers"]),
        Path(inputs["output"]),
        inputs.get("divide", False),
        (),
        inputs.get("copy_images", False),
        inputs.get("references", True),
    )
    drawn = draw_controls(
        lots,
        ControlDesign.from_dict({"seed": fresh_seed(), **inputs["design"]}),
        handout,
        by=inputs.get("by") or getpass.getuser(),
        communes=communes,
        replace_running=inputs.get("replace", False),
        progress=progress,
    )
    told = [
        {
            "lot": control.label,
            "control_id": control.control_id,
            "units": control.units,
            "second": control.second,
            "short": control.short,
            "strata": [vars(stratum) for stratum in control.strata],
            "files": [str(path) for path in control.files],
        }
        for control in drawn
    ]
    return {"controls": told, "units": sum(control.units for control in drawn)}


def _collect(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.control.arbiter import write_arbiter_file
    from inference_backend.control.collect import collect

    lot, files = Path(inputs["lot"]), [Path(path) for path in inputs.get("files", ())]
    require_plain(policy, vectors=[lot, *files])
    done = collect(lot, files)
    arbiter = inputs.get("arbiter")
    sheet = write_arbiter_file(lot, arbiter, Path(inputs["output"])) if arbiter else None
    progress.update(1.0)
    return {
        "new": done.new,
        "answered": done.answered,
        "units": len(done.control.units),
        "lacking_second": done.lacking_second,
        "differing": done.differing,
        "arbiter_file": None if sheet is None else str(sheet),
    }


def _decide(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.control.decide import decide_control
    from inference_backend.control.decide_options import DecideOptions, Redo, Rule
    from inference_backend.control.report_file import write_report
    from inference_backend.quality.acceptance.plans import Severity

    lot = Path(inputs["lot"])
    require_plain(policy, vectors=[lot])
    report = decide_control(
        lot,
        Rule(inputs.get("rule", Rule.CONTRACT.value)),
        inputs.get("sign", ""),
        options=DecideOptions(
            by=inputs.get("by"),
            level=inputs.get("level"),
            overall=inputs.get("overall", {}),
            each_class=inputs.get("each_class", {}),
            decided_on=inputs.get("decided_on"),
            aql_percent=inputs.get("aql_percent", {}),
            inspection_level=inputs.get("inspection_level"),
            severity=Severity(inputs["severity"]) if inputs.get("severity") else None,
            history=tuple(Path(path) for path in inputs.get("history", ())),
            redo=Redo(inputs.get("redo", Redo.ERRORS.value)),
            verdict=Verdict(inputs["verdict"]) if inputs.get("verdict") else None,
            comment=inputs.get("comment", ""),
            language=inputs.get("language", "fr"),
        ),
        control_id=inputs.get("control"),
        progress=progress,
    )
    if inputs.get("output"):
        write_report(report, Path(inputs["output"]))
    values = report.to_dict()
    decision = {**values["decision"], "curve": []}
    return {
        "verdict": report.decision.verdict.value,
        "decision": decision,
        "errors": len(report.errors),
        "report": inputs.get("output"),
    }


def _report(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.control.report_source import load_report
    from inference_backend.control.report_write import write_report_files

    source = Path(inputs["source"])
    require_plain(policy, vectors=[source])
    found = load_report(source, control_id=inputs.get("control"), progress=progress)
    files = write_report_files(found, Path(inputs["output"]), inputs.get("language", "fr"))
    progress.update(1.0)
    return {"page": str(files[0]), "files": [str(path) for path in files]}


def _lot(inputs: Inputs) -> list[Path]:
    return [Path(inputs["lot"]), *([Path(inputs["output"])] if inputs.get("output") else [])]


def _lots(inputs: Inputs) -> list[Path]:
    return [Path(path) for path in inputs["lots"]]


def _folder(inputs: Inputs) -> list[Path]:
    return [Path(inputs["output"])]


_TEXT, _LIST = {"type": "string"}, {"type": "array", "items": {"type": "object"}}
_NUMBER, _NAMES = {"type": "integer"}, {"type": "array", "items": {"type": "string"}}

CONTROL_PROCESSES = (
    Process(
        "control_sample",
        {"en": "Draw the sample of a control", "fr": "Tirer l'échantillon d'un contrôle"},
        {
            "en": "Draws units of delivered lots and writes blind control files for the controllers.",
            "fr": "Tire des unités de lots livrés et écrit des fichiers de contrôle à l'aveugle.",
        },
        control_schemas.SAMPLE,
        {
            "controls": Output({"en": "what was drawn of each lot", "fr": "tirage de chaque lot"}, _LIST),
            "units": Output({"en": "units drawn", "fr": "unités tirées"}, _NUMBER),
        },
        _sample,
        _lots,
        default_output="control",
    ),
    Process(
        "control_collect",
        {"en": "Bring answers of a control back", "fr": "Rassembler les réponses d'un contrôle"},
        {
            "en": "Brings what controllers answered into the lot; twice changes nothing.",
            "fr": "Ramène dans le lot les réponses des contrôleurs ; recommencer ne change rien.",
        },
        control_schemas.COLLECT,
        {
            "new": Output({"en": "answers that came in", "fr": "réponses arrivées"}, _NUMBER),
            "answered": Output({"en": "units answered", "fr": "unités renseignées"}, _NUMBER),
            "units": Output({"en": "units drawn", "fr": "unités tirées"}, _NUMBER),
            "lacking_second": Output(
                {"en": "second opinions missing", "fr": "seconds avis manquants"}, _NUMBER
            ),
            "differing": Output(
                {"en": "units where two differ, unsettled", "fr": "avis divergents non arbitrés"}, _NUMBER
            ),
            "arbiter_file": Output(
                {
                    "en": "the arbiter's file, where there is something to settle",
                    "fr": "le fichier d'arbitrage, s'il y a lieu",
                },
                {"type": "string", "nullable": True},
            ),
        },
        _collect,
        _lot,
        default_output="arbiter",
    ),
    Process(
        "control_decide",
        {"en": "Decide of a lot", "fr": "Décider d'un lot"},
        {
            "en": "Checks the lot, estimates its accuracy, decides by the contract or ISO 2859-1.",
            "fr": "Vérifie le lot, estime son exactitude, décide selon le contrat ou l'ISO 2859-1.",
        },
        control_schemas.DECIDE,
        {
            "verdict": Output({"en": "what is decided", "fr": "ce qui est décidé"}, _TEXT),
            "decision": Output(
                {"en": "with every condition", "fr": "avec chaque condition"}, {"type": "object"}
            ),
            "errors": Output({"en": "units found wrong", "fr": "unités trouvées fausses"}, _NUMBER),
            "report": Output(
                {"en": "the report, where one was asked for", "fr": "le rapport, s'il a été demandé"},
                {"type": "string", "nullable": True},
            ),
        },
        _decide,
        _lot,
    ),
    Process(
        "control_report",
        {"en": "Report of a control", "fr": "Rapport d'un contrôle"},
        {
            "en": "Writes a page that stands alone, its tables and the document.",
            "fr": "Écrit une page autonome, ses tableaux et le document.",
        },
        control_schemas.REPORT,
        {
            "page": Output({"en": "the page (HTML)", "fr": "la page (HTML)"}, _TEXT),
            "files": Output({"en": "all files", "fr": "tous les fichiers"}, _NAMES),
        },
        _report,
        _folder,
        default_output="control-report",
    ),
)

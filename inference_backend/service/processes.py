# SPDX-License-Identifier: GPL-2.0-or-later
"""The processes on offer, by name; they know nothing of HTTP, jobs or terminals.

Steps are imported when they run, so that listing the processes costs nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from inference_backend.contracts.profile import DEFAULT_PROFILE, Profile
from inference_backend.predict.inputs.source_policy import SourcePolicy
from inference_backend.progress import Progress, Span
from inference_backend.service import input_schemas
from inference_backend.service.chain import run_chain, texts_of
from inference_backend.service.control_processes import CONTROL_PROCESSES
from inference_backend.service.lot_processes import LOT_PROCESSES
from inference_backend.service.plain_files import require_plain
from inference_backend.service.process_types import GEOPACKAGE, GEOTIFF, Inputs, Output, Process, Results
from inference_backend.service.report_process import REPORT_PROCESSES
from inference_backend.service.run_config import RunConfig, parse_bands


def _predict(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.models.reader import default_model_path
    from inference_backend.predict.blocks.block_work import PROBABILITIES
    from inference_backend.predict.blocks.products import product_path
    from inference_backend.predict.inputs.band_sources import BandChoice
    from inference_backend.predict.options import PredictOptions
    from inference_backend.predict.predict import predict

    output = predict(
        inputs["rasters"],
        Path(inputs["model"]) if inputs.get("model") else default_model_path(),
        Path(inputs["output"]),
        PredictOptions(
            engine=inputs.get("engine", "auto"),
            choice=BandChoice(parse_bands(inputs.get("bands", {})), inputs.get("fill", {})),
            resample=inputs.get("resample", False),
            crs=inputs.get("crs"),
            aoi=Path(inputs["aoi"]) if inputs.get("aoi") else None,
            overlap_px=inputs.get("overlap_px"),
            blend=inputs.get("blend", False),
            probabilities=inputs.get("probabilities", False),
            scheduler=inputs.get("scheduler", ""),
            restart=inputs.get("restart", False),
            policy=policy,
        ),
        progress=Span(progress, 0.0, 1.0, "predict"),
    )
    results = {"prediction": str(output)}
    if inputs.get("probabilities", False):
        results["probabilities"] = str(product_path(PROBABILITIES, output))
    return results


def _postprocess(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.postprocess.pipeline import postprocess

    aoi = Path(inputs["aoi"]) if inputs.get("aoi") else None
    require_plain(
        policy,
        vectors=[Path(path) for path in inputs.get("references", ())]
        + ([Path(str(aoi).partition("|")[0])] if aoi else []),
        rasters=[Path(inputs["prediction"])],
    )
    summary = postprocess(
        Path(inputs["prediction"]),
        [Path(path) for path in inputs.get("references", ())],
        Path(inputs["output"]),
        profile=Profile.load(inputs.get("profile", DEFAULT_PROFILE)),
        millesime=str(inputs["millesime"]),
        name=inputs.get("name", ""),
        class_table=inputs.get("class_table"),
        crs=inputs.get("crs"),
        pixel_m=inputs.get("pixel_m"),
        aoi=aoi,
        workers=inputs.get("workers"),
        scheduler=inputs.get("scheduler", ""),
        block_px=inputs.get("block_px"),
        restart=inputs.get("restart", False),
        progress=progress,
    )
    figures = {**asdict(summary), "notices": texts_of(summary.notices)}
    return {"lot": inputs["output"], "summary": figures}


def _import(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.ingest.pipeline import ImportOptions, import_layers
    from inference_backend.ingest.repair import RepairOptions

    files, (lot, report, page) = [Path(path) for path in inputs["files"]], _import_files(inputs)
    zone = Path(inputs["zone"]) if inputs.get("zone") else None
    require_plain(policy, vectors=[*files, *([zone] if zone else [])])
    columns = {role: inputs.get(f"{role}_column") for role in ("cs", "us", "id")}
    done = import_layers(
        files,
        lot,
        [report, page],
        profile=Profile.load(inputs.get("profile", DEFAULT_PROFILE)),
        options=ImportOptions(
            layer=inputs.get("layer"),
            columns={role: name for role, name in columns.items() if name},
            date=inputs.get("date"),
            mapping=Path(inputs["mapping"]) if inputs.get("mapping") else None,
            default_cs=inputs.get("default_cs"),
            default_us=inputs.get("default_us"),
            crs=inputs.get("crs"),
            zone=zone,
            millesime=str(inputs["millesime"]) if inputs.get("millesime") else None,
            name=inputs.get("name", ""),
            partition=inputs.get("partition"),
            repair=RepairOptions(
                inputs.get("overlaps", "small"),
                inputs.get("fill_gaps_m2"),
                inputs.get("keep_slivers", False),
            ),
            language=inputs.get("language", "fr"),
        ),
        progress=progress,
    )
    figures = {**done.summary, "balance": done.content["balance"]}
    return {"lot": str(lot), "report": str(report), "page": str(page), "summary": figures}


def _import_files(inputs: Inputs) -> list[Path]:
    """The lot, its report and its page."""
    lot = Path(inputs["output"])
    return [lot, *(lot.with_name(f"{lot.stem}-import{suffix}") for suffix in (".json", ".html"))]


def _check(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    from inference_backend.quality.conformity import CheckOptions, check_layer

    require_plain(policy, vectors=[Path(inputs[name]) for name in ("path", "zone") if inputs.get(name)])
    report = check_layer(
        Path(inputs["path"]),
        layer=inputs.get("layer"),
        profile=Profile.load(inputs.get("profile", DEFAULT_PROFILE)),
        options=CheckOptions(
            cs_column=inputs.get("cs_column"),
            us_column=inputs.get("us_column"),
            partial=inputs.get("partial", False),
            zone=Path(inputs["zone"]) if inputs.get("zone") else None,
        ),
        progress=progress,
    )
    return {"conforms": report.is_conform, "conformity": report.to_dict()}


def _output_file(inputs: Inputs) -> list[Path]:
    return [Path(inputs["output"])]


def _discard_output(inputs: Inputs) -> None:
    from inference_backend.work.work_folder import discard_unfinished

    discard_unfinished(Path(inputs["output"]))


def _discard_chain(inputs: Inputs) -> None:
    from inference_backend.work.work_folder import discard_unfinished

    config = RunConfig.from_inputs(inputs)
    discard_unfinished(config.prediction)
    discard_unfinished(config.lot)


def _nothing(inputs: Inputs) -> list[Path]:
    return []


def _chain_files(inputs: Inputs) -> list[Path]:
    config = RunConfig.from_inputs(inputs)
    return [config.prediction, config.lot]


def _run(inputs: Inputs, progress: Progress, policy: SourcePolicy) -> Results:
    config = RunConfig.from_inputs(inputs)
    require_plain(policy, vectors=config.references)
    return run_chain(config, policy=policy, progress=progress).to_dict()


_LOT = Output({"en": "the lot (GeoPackage)", "fr": "le lot (GeoPackage)"}, file_type=GEOPACKAGE)
_PREDICTION = Output({"en": "the prediction (COG)", "fr": "la prédiction (COG)"}, file_type=GEOTIFF)
_PROBABILITIES = Output(
    {
        "en": "the probability of every class (COG), where the input probabilities asks for it",
        "fr": "la probabilité de chaque classe (COG), si l'entrée probabilities la demande",
    },
    file_type=GEOTIFF,
)
_FIGURES = Output(
    {"en": "figures of the conformity check", "fr": "chiffres du contrôle de conformité"},
    {"type": "object", "nullable": True},
)
_CONFORMS = Output(
    {"en": "whether the layer conforms", "fr": "si la couche est conforme"}, {"type": "boolean"}
)

PROCESSES: dict[str, Process] = {
    process.process_id: process
    for process in (
        Process(
            "predict",
            {"en": "Rasters to prediction", "fr": "Rasters vers prédiction"},
            {
                "en": "Classifies every pixel of rasters that share a grid.",
                "fr": "Classe chaque pixel de rasters de même grille.",
            },
            input_schemas.PREDICT,
            {"prediction": _PREDICTION, "probabilities": _PROBABILITIES},
            _predict,
            _output_file,
            _discard_output,
            default_output="prediction.tif",
        ),
        Process(
            "postprocess",
            {"en": "Prediction to OCS GE lot", "fr": "Prédiction vers lot OCS GE"},
            {
                "en": "Makes a coverage of polygons with cover, use and review queue.",
                "fr": "Produit une partition de polygones avec couverture, usage et file de reprise.",
            },
            input_schemas.POSTPROCESS,
            {
                "lot": _LOT,
                "summary": Output(
                    {"en": "figures of the work", "fr": "chiffres du traitement"}, {"type": "object"}
                ),
            },
            _postprocess,
            _output_file,
            _discard_output,
            default_output="lot.gpkg",
        ),
        Process(
            "import",
            {"en": "Existing layer to OCS GE lot", "fr": "Couche existante vers lot OCS GE"},
            {
                "en": "Repairs a layer into a valid coverage and accounts for every square metre.",
                "fr": "Répare une couche en une couverture valide et justifie chaque mètre carré.",
            },
            input_schemas.IMPORT,
            {
                "lot": _LOT,
                "report": Output(
                    {"en": "the repair report (JSON)", "fr": "le bilan des réparations (JSON)"},
                    file_type="application/json",
                ),
                "page": Output(
                    {"en": "the repair report as a page (HTML)", "fr": "le bilan en page (HTML)"},
                    file_type="text/html",
                ),
                "summary": Output(
                    {"en": "figures of the repair", "fr": "chiffres de la réparation"}, {"type": "object"}
                ),
            },
            _import,
            _import_files,
            default_output="lot.gpkg",
        ),
        Process(
            "check",
            {"en": "Conformity of an OCS GE layer", "fr": "Conformité d'une couche OCS GE"},
            {
                "en": "Counts gaps, overlaps, invalid and too small polygons, unknown codes.",
                "fr": "Compte trous, recouvrements, polygones invalides ou trop petits, codes inconnus.",
            },
            input_schemas.CHECK,
            {"conforms": _CONFORMS, "conformity": _FIGURES},
            _check,
            _nothing,
            is_short=True,
        ),
        Process(
            "run",
            {"en": "The whole chain", "fr": "Toute la chaîne"},
            {
                "en": "Prediction, post-processing and check; finished steps are not done again.",
                "fr": "Prédiction, post-traitement et contrôle ; les étapes finies ne sont pas refaites.",
            },
            input_schemas.RUN,
            {
                "prediction": _PREDICTION,
                "lot": _LOT,
                "conformity": _FIGURES,
                "passes": _CONFORMS,
                "steps": Output(
                    {"en": "seconds per step", "fr": "secondes par étape"},
                    {"type": "array", "items": {"type": "object"}},
                ),
                "notices": Output(
                    {"en": "what to know of the references", "fr": "ce qu'il faut savoir des références"},
                    {"type": "array", "items": {"type": "object"}},
                ),
            },
            _run,
            _chain_files,
            _discard_chain,
            default_output="result",
        ),
        *LOT_PROCESSES,
        *CONTROL_PROCESSES,
        *REPORT_PROCESSES,
    )
}

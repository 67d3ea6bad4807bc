# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge engines`: what can run a model here, how fast, and which one `auto` takes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from inference_backend.cli.language import choose, language

MEASURING_S = 9.0
"""With loading, about ten seconds, s."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "engines",
        help=choose("engines of this machine and their speed", "moteurs de cette machine et leur vitesse"),
        description=choose(
            "Lists the engines, measures those that work here on a model for about ten seconds, and says "
            "which one --engine auto takes for it.",
            "Liste les moteurs, mesure sur un modèle ceux qui fonctionnent ici pendant une dizaine de "
            "secondes, et dit lequel --engine auto prend pour lui.",
        ),
    )
    parser.add_argument(
        "--model",
        "-m",
        type=Path,
        help=choose("ONNX file (default: the project's)", "fichier ONNX (par défaut : celui du projet)"),
    )
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="URL",
        help=choose("also measure a KServe V2 server", "mesurer aussi un serveur KServe V2"),
    )
    parser.add_argument("--json", action="store_true", help=choose("for programs", "pour les programmes"))
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    import json

    from inference_backend.cli.console import console_progress
    from inference_backend.models.reader import default_model_path, read_model
    from inference_backend.runtime.catalogue import REMOTE_PREFIX
    from inference_backend.runtime.survey import survey

    model = read_model(args.model or default_model_path())
    progress = console_progress(choose("engines", "moteurs"))
    found = survey(model, MEASURING_S, progress, [REMOTE_PREFIX + url for url in args.server])
    report: dict[str, Any] = {
        "model": model.label,
        "processor": found.processor,
        "threads": found.threads,
        "auto": found.best,
        "engines": [line.to_dict(language()) for line in found.lines],
    }
    if args.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return 0 if found.best else 1
    threads = choose("threads", "fils d'exécution")
    print(f"{found.processor}, {found.threads} {threads}; {model.label}")
    _print_lines(report["engines"], found.best)
    return 0 if found.best else 1


def _print_lines(engines: list[dict[str, Any]], best: str) -> None:
    head = (
        choose("engine", "moteur"),
        "version",
        choose("arithmetic", "calcul"),
        choose("device", "matériel"),
        choose("MPx/s", "Mpx/s"),
        "",
    )
    rows: list[tuple[str, ...]] = [head]
    for one in engines:
        speed = "-" if one["mpx_s"] is None else f"{one['mpx_s']:.2f}"
        devices = ", ".join(one["devices"]) or "-"
        note = "<- auto" if one["name"] == best else ""
        rows.append((one["name"], one["version"] or "-", one["precision"], devices, speed, note))
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        print("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
    for one in engines:
        if one["problem"]:
            print(one["problem"])

# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model check`: does the model do what its card says? One tile tells."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "check", help=choose("run one tile and judge it", "passer une tuile et la juger")
    )
    parser.add_argument("file", nargs="?", type=Path, help="ONNX")
    parser.add_argument("--engine", default="auto", help=choose("inference engine", "moteur d'inférence"))
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found; 1 where the model does not do what its card says."""
    from inference_backend.cli.cmd_model_describe import card_text
    from inference_backend.models.reader import default_model_path, read_model
    from inference_backend.runtime.choose import open_engine
    from inference_backend.runtime.trial import try_model

    model = read_model(args.file or default_model_path())
    print(card_text(model))
    engine = open_engine(args.engine, model)
    try:
        findings = try_model(model, engine)
    finally:
        engine.close()
    for finding in findings:
        mark = choose("FAULT", "FAUTE") if finding.is_fault else "?" if finding.is_doubt else "ok"
        print(f"{mark:5}  {choose(finding.text_en, finding.text_fr)}")
    if any(finding.is_fault for finding in findings):
        print(
            choose(
                f"Correct the card with `ocsge model describe {model.path} --ask`.",
                f"Corrigez la fiche avec `ocsge model describe {model.path} --ask`.",
            )
        )
        return 1
    return 0

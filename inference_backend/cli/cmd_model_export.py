# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model export`: one ONNX file that carries its card, and the STAC item that describes it."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose
from inference_backend.cli.model_options import add_card_options, draft_from_options


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "export",
        help=choose(
            "write a model with its card, and a STAC item", "écrire un modèle avec sa fiche, un élément STAC"
        ),
    )
    parser.add_argument("file", type=Path, help="ONNX")
    parser.add_argument(
        "--output", type=Path, metavar="ONNX", help=choose("file to write", "fichier à écrire")
    )
    parser.add_argument(
        "--sidecar",
        action="store_true",
        help=choose("write the STAC MLM item beside it", "écrire l'élément STAC MLM à côté"),
    )
    parser.add_argument(
        "--enlarge",
        action="store_true",
        help=choose(
            "bring scores that are coarser than the image to its size",
            "amener à la taille de l'image des scores plus grossiers qu'elle",
        ),
    )
    add_card_options(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write what was asked for and print the paths."""
    from inference_backend.errors import InputError
    from inference_backend.models.draft import merge
    from inference_backend.models.export import export_model, open_for_export
    from inference_backend.models.reader import finish, known_draft
    from inference_backend.models.sidecars import write_sidecar

    if args.output is None and (args.enlarge or not args.sidecar):
        raise InputError(
            path=args.file,
            problem_en="nothing to write",
            problem_fr="rien à écrire",
            remedy_en="Give --output FILE.onnx, --sidecar, or both.",
            remedy_fr="Donnez --output FICHIER.onnx, --sidecar, ou les deux.",
        )
    network, graph = open_for_export(args.file, enlarge=args.enlarge)
    known = known_draft(args.file, graph)
    draft = merge(draft_from_options(args, graph, known), known)
    if args.output is None:
        model = finish(args.file, graph, draft)
    else:
        model = export_model(args.file, network, graph, draft, args.output)
        print(args.output)
    if args.sidecar:
        print(write_sidecar(model.card, model.graph, model.path))
    return 0

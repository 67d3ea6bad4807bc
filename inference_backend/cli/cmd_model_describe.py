# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model describe`: what a model expects and gives; what it does not say is asked and kept."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose
from inference_backend.cli.model_options import add_card_options, draft_from_options, is_given

if TYPE_CHECKING:
    from inference_backend.models.reader import ModelFile


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser("describe", help=choose("what goes in and out", "ce qui entre et sort"))
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        help=choose("ONNX file, or the STAC item of a model", "fichier ONNX, ou élément STAC d'un modèle"),
    )
    parser.add_argument("--json", action="store_true", help=choose("the whole card", "la fiche entière"))
    parser.add_argument(
        "--ask",
        action="store_true",
        help=choose(
            "ask what is missing and write it beside the model",
            "poser les questions utiles et écrire les réponses à côté du modèle",
        ),
    )
    add_card_options(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Print the card; write the answers beside the model where something was said or asked."""
    import json

    from inference_backend.models.reader import default_model_path, read_model
    from inference_backend.models.sidecars import write_sidecar

    args.file = args.file or default_model_path()
    written = None
    if args.ask or is_given(args):
        model = _described(args)
        written = write_sidecar(model.card, model.graph, model.path)
    else:
        model = read_model(args.file)
    if args.json:
        print(json.dumps(model.card.to_dict(), ensure_ascii=False, indent=1))
    else:
        print(card_text(model))
    if written:
        print(choose(f"Written: {written}", f"Écrit : {written}"), file=sys.stderr)
    return 0


def _described(args: argparse.Namespace) -> ModelFile:
    from inference_backend.cli.model_questions import ask_for_card
    from inference_backend.errors import InputError
    from inference_backend.models.draft import facts_of_graph, merge
    from inference_backend.models.graph import read_graph
    from inference_backend.models.reader import finish, known_draft

    graph = read_graph(args.file)
    known = known_draft(args.file, graph, to_be_replaced=True)
    draft = merge(draft_from_options(args, graph, known), known)
    if args.ask:
        if not sys.stdin.isatty():
            raise InputError(
                path=args.file,
                problem_en="--ask needs a terminal",
                problem_fr="--ask demande un terminal",
                remedy_en="Give the answers as options: `ocsge model describe --help`.",
                remedy_fr="Donnez les réponses en options : `ocsge model describe --help`.",
            )
        draft = ask_for_card(graph, merge(draft, facts_of_graph(args.file, graph, draft)), _ask, print)
    return finish(args.file, graph, draft)


def _ask(question: str) -> str:
    """An answer from the terminal; closing it there is the same as Ctrl+C."""
    try:
        return input(question)
    except EOFError:
        raise KeyboardInterrupt from None


def _reach(reach_px: int | None) -> tuple[tuple[str, str], ...]:
    if reach_px is None:
        return ()
    return (
        (
            choose("looks around", "regarde autour"),
            choose(
                f"{reach_px} px; a larger margin is not needed",
                f"{reach_px} px ; une marge plus large est inutile",
            ),
        ),
    )


def card_text(model: ModelFile) -> str:
    """The card for people."""
    from inference_backend.cli.console import table

    card, graph = model.card, model.graph
    tile = f"{card.tile_px} px"
    if card.any_size:
        tile += choose(" or any multiple", " ou tout multiple")
    rows = (
        (choose("bands", "bandes"), "; ".join(_band(b.name, b.scale, b.mean, b.std) for b in card.bands)),
        (choose("resolution", "résolution"), f"{card.resolution_m:g} m"),
        (
            choose("tile", "tuile"),
            choose(f"{tile}, margin {card.overlap_px} px", f"{tile}, marge {card.overlap_px} px"),
        ),
        *_reach(graph.reach_px),
        (choose("input", "entrée"), f"{graph.input_name} {graph.input_dtype}, {_batch(graph.batch)}"),
        (choose("output", "sortie"), f"{' + '.join(model.output_names)}: {card.output}"),
        (choose("undecided under", "indécis sous"), f"{card.min_confidence:g}"),
        (choose("classes", "classes"), ", ".join(card.classes)),
    )
    unread = [output.name for output in graph.outputs if output.name not in model.output_names]
    note = ((choose("not read", "non lu"), ", ".join(unread)),) if unread else ()
    head = [f"{card.name} {card.version}".strip(), *((card.description,) if card.description else ())]
    return "\n".join([*head, table((*rows, *note))])


def _band(name: str, scale: float, mean: float, std: float) -> str:
    return f"{name} (x · {scale:.4g} − {mean:.4g}) / {std:.4g}"


def _batch(batch: int | None) -> str:
    if batch is None:
        return choose("any number of tiles at once", "autant de tuiles à la fois qu'on veut")
    return choose(f"{batch} at once", f"{batch} à la fois")

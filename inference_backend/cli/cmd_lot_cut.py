# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge lot cut`: one lot into several that can be handed over."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inference_backend.cli.language import choose

WAYS = ("work", "grid", "commune", "cells")


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "cut",
        help=choose("one lot into several, whole polygons", "un lot en plusieurs, polygones entiers"),
    )
    parser.add_argument("lot", type=Path, help="lot.gpkg")
    parser.add_argument(
        "--output", "-o", type=Path, required=True, help=choose("folder of the lots", "dossier des lots")
    )
    parser.add_argument(
        "--by",
        choices=WAYS,
        default=WAYS[0],
        help=choose(
            "equal work, squares, communes, or cells of the skeleton",
            "travail égal, carrés, communes, ou mailles de l'ossature",
        ),
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--count", type=_positive_int, help=choose("number of lots", "nombre de lots"))
    size.add_argument(
        "--hours",
        type=_positive,
        help=choose("expected work of a lot, h", "travail attendu d'un lot, h"),
    )
    parser.add_argument(
        "--size",
        type=_positive,
        metavar="M",
        help=choose("side of a square, m (--by grid)", "côté d'un carré, m (--by grid)"),
    )
    _register_company(parser)
    parser.set_defaults(func=run)


def _register_company(parser: argparse.ArgumentParser) -> None:
    """What goes along with the lots."""
    parser.add_argument(
        "--communes",
        type=Path,
        metavar="FILE",
        help=choose(
            "limits of the communes: to cut by, and for the filter of the queue",
            "limites des communes : pour découper, et pour le filtre de la file",
        ),
    )
    parser.add_argument(
        "--commune-column",
        default="",
        metavar="NAME",
        help=choose("their column of the INSEE code", "leur colonne du code INSEE"),
    )
    parser.add_argument(
        "--reference",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help=choose(
            "reference vectors to clip into each lot", "vecteurs de référence à découper dans chaque lot"
        ),
    )
    form = "ROLE[:BANDS][@YEAR]=SOURCE"
    parser.add_argument(
        "--imagery",
        action="append",
        default=[],
        metavar=form,
        help=choose(
            "image to clip beside each lot; roles: ortho, infrared, height, other_date, prediction",
            "image à découper à côté de chaque lot ; rôles : ortho, infrared, height, other_date, prediction",
        ),
    )
    parser.add_argument(
        "--imagery-link",
        action="append",
        default=[],
        metavar=form,
        help=choose(
            "image or map service that the lot points to",
            "image ou service de cartes vers lequel le lot pointe",
        ),
    )


def run(args: argparse.Namespace) -> int:
    """Cut; prints a line per lot."""
    from inference_backend.cli.console import console_progress, table
    from inference_backend.lots.cut import cut_lot
    from inference_backend.lots.cut_options import CutOptions, Way
    from inference_backend.lots.imagery import Image

    images = [Image.parse(text) for text in args.imagery]
    images += [Image.parse(text, is_linked=True) for text in args.imagery_link]
    made = cut_lot(
        args.lot,
        args.output,
        CutOptions(
            Way(args.by),
            args.count,
            args.size,
            args.hours,
            args.communes,
            args.commune_column,
            args.reference,
            images,
        ),
        console_progress(choose("cut", "découpage")),
    )
    _say_what_is_out(args.lot, {some.lot_id for some in made})
    margin, hours = choose("margin", "marge"), choose("expected", "attendu")
    rows = [
        (
            some.name,
            f"{some.polygons} {choose('polygons', 'polygones')}, {margin} {some.margin}, "
            f"{some.items} {choose('to review', 'à revoir')}, {hours} {some.work_s / 3600:.2f} h",
        )
        for some in made
    ]
    print(table([*rows, (choose("folder", "dossier"), str(args.output))]))
    return 0


def _say_what_is_out(lot: Path, new: set[str]) -> None:
    """Polygons in two lots end in conflicts when both come back."""
    from inference_backend.lots.handover import lot_status

    out = [
        str(child["name"])
        for child in lot_status(lot).lots
        if not child.get("merged_utc") and child["lot_uuid"] not in new
    ]
    if out:
        listed = ", ".join(out[:10]) + (", …" if len(out) > 10 else "")
        print(
            choose(
                f"Cut before and not merged yet: {listed}. What is done in both is a conflict.",
                f"Déjà découpés, pas encore fusionnés : {listed}. Ce qui se fait deux fois est un conflit.",
            ),
            file=sys.stderr,
        )


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError(choose(f"{text}: must be over 0", f"{text} : doit dépasser 0"))
    return value


def _positive_int(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(
            choose(f"{text}: expected a whole number over 0", f"{text} : il faut un entier supérieur à 0")
        )
    return int(text)

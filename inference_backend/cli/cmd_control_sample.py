# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control sample`: draw the sample of a control and hand out control files."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.control_design_options import add_design_options, design_of, iso_size_of
from inference_backend.cli.language import choose

if TYPE_CHECKING:
    from inference_backend.control.draw import DrawnControl


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    text = choose("draw the sample of a control", "tirer l'échantillon d'un contrôle")
    parser = actions.add_parser("sample", help=text, description=text)
    parser.add_argument(
        "lots",
        nargs="+",
        metavar="LOT",
        help=choose("lot.gpkg, or SERVICE/SCHEMA of PostGIS", "lot.gpkg, ou SERVICE/SCHÉMA de PostGIS"),
    )
    _add_handout(parser)
    add_design_options(parser)
    parser.set_defaults(func=run)


def _add_handout(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("who controls", "qui contrôle"))
    add = group.add_argument
    add(
        "--controllers",
        nargs="+",
        required=True,
        metavar="NAME",
        help=choose(
            "the first answers all units, the others give second opinions",
            "le premier répond à toutes les unités, les autres donnent les seconds avis",
        ),
    )
    add(
        "--divide",
        action="store_true",
        help=choose(
            "share the units out among all controllers", "répartir les unités entre tous les contrôleurs"
        ),
    )
    add(
        "--second",
        type=float,
        default=0.1,
        metavar="SHARE",
        help=choose(
            "share of units that two controllers answer (0.1)",
            "part des unités vues par deux contrôleurs (0.1)",
        ),
    )
    add(
        "--output",
        "-o",
        type=Path,
        required=True,
        metavar="DIR",
        help=choose("folder of the control files", "dossier des fichiers de contrôle"),
    )
    add("--by", default="", metavar="NAME", help=choose("who draws (you)", "qui tire (vous)"))
    add(
        "--imagery-link",
        action="append",
        default=[],
        metavar="ROLE[:BANDS][@YEAR]=SOURCE",
        help=choose("image to link besides those of the lot", "image à lier en plus de celles du lot"),
    )
    add(
        "--copy-images",
        action="store_true",
        help=choose(
            "clip images into files beside, for people elsewhere",
            "découper les images à côté, pour des personnes ailleurs",
        ),
    )
    add(
        "--no-references",
        action="store_true",
        help=choose("leave reference layers out", "sans les couches de référence"),
    )
    add(
        "--replace",
        action="store_true",
        help=choose("cancel the control that runs", "annuler le contrôle en cours"),
    )


def run(args: argparse.Namespace) -> int:
    """Draw; prints strata, units and files of each lot."""
    from inference_backend.cli.console import console_progress
    from inference_backend.control.control_file import Handout
    from inference_backend.control.draw import draw_controls
    from inference_backend.lots.imagery import Image

    handout = Handout(
        tuple(args.controllers),
        args.output,
        args.divide,
        tuple(Image.parse(text, is_linked=True) for text in args.imagery_link),
        args.copy_images,
        not args.no_references,
    )
    drawn = draw_controls(
        args.lots,
        design_of(args),
        handout,
        by=args.by or getpass.getuser(),
        communes=args.communes,
        replace_running=args.replace,
        iso=iso_size_of(args),
        progress=console_progress(choose("sample", "échantillon")),
    )
    for control in drawn:
        _say(control)
    return 0


def _say(control: DrawnControl) -> None:
    from inference_backend.cli.console import table

    units, polygons = choose("drawn", "tirés"), choose("polygons", "polygones")
    rows = [
        (s.name, f"{s.drawn} {units} / {s.units} {polygons}, {s.area_m2 / 1e6:.3f} km2")
        for s in control.strata
    ]
    drawn = choose(
        f"{control.units} units, {control.second} of them twice",
        f"{control.units} unités, dont {control.second} vues deux fois",
    )
    surface = choose(f"areas: {control.design.surface}", f"surfaces : {control.design.surface}")
    seed = choose(f"seed {control.design.seed}", f"graine {control.design.seed}")
    rows.append((choose("sample", "échantillon"), f"{drawn}; {seed}; {surface}"))
    rows += [(choose("control file", "fichier de contrôle"), str(path)) for path in control.files]
    print(control.label)
    print(table(rows))
    if control.short:
        print(
            choose(
                f"{control.short} units found no room at that distance.",
                f"{control.short} unités n'ont pas trouvé de place à cette distance.",
            ),
            file=sys.stderr,
        )

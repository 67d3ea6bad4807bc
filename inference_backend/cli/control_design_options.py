# SPDX-License-Identifier: GPL-2.0-or-later
"""Options of a command line that describe how a sample is drawn, and the design that they make."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose
from inference_backend.contracts.control import Allocation, ControlDesign, Draw, StrataBy, Unit

if TYPE_CHECKING:
    from inference_backend.control.sample_sizes import IsoSize

_PLAN = ControlDesign()
"""Where the choices of a design start."""


def add_design_options(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    _add_size(parser)
    _add_draw(parser)
    _add_strata(parser)
    _add_exclusions(parser)


def _add_size(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("how many", "combien"))
    size = group.add_mutually_exclusive_group(required=True)
    size.add_argument("--size", type=int, metavar="N", help=choose("units to draw", "unités à tirer"))
    size.add_argument(
        "--precision",
        type=float,
        metavar="P",
        help=choose(
            "half-width of the 95 %% interval: 0.03 for 3 points",
            "demi-largeur de l'intervalle à 95 %% : 0.03 pour 3 points",
        ),
    )
    size.add_argument(
        "--share",
        type=float,
        metavar="P",
        help=choose(
            "share of each stratum: 0.1 for 10 %% of each class",
            "part de chaque strate : 0.1 pour 10 %% de chaque classe",
        ),
    )
    size.add_argument(
        "--aql",
        type=float,
        metavar="PERCENT",
        help=choose(
            "size of the plan of ISO 2859-1 for this quality limit",
            "taille du plan ISO 2859-1 pour ce niveau de qualité",
        ),
    )
    group.add_argument(
        "--inspection-level", default="II", metavar="L", help=choose("of ISO 2859-1 (II)", "ISO 2859-1 (II)")
    )
    group.add_argument(
        "--severity",
        choices=("normal", "tightened", "reduced"),
        default="normal",
        help=choose("of ISO 2859-1 (normal)", "ISO 2859-1 (normal)"),
    )
    group.add_argument(
        "--expected",
        nargs="+",
        default=[],
        metavar="[STRATUM=]P",
        help=choose(
            "accuracy that is expected, for the size (0.9)", "exactitude attendue, pour la taille (0.9)"
        ),
    )


def _add_draw(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("how", "comment"))
    add = group.add_argument
    add(
        "--unit",
        choices=[u.value for u in Unit],
        default=_PLAN.unit.value,
        help=choose("what is judged (polygon)", "ce qui est jugé (polygon)"),
    )
    add(
        "--draw",
        choices=[d.value for d in Draw],
        default=_PLAN.draw.value,
        help=choose("at random, at equal steps, or by area", "au hasard, à pas égaux, ou selon la surface"),
    )
    add(
        "--distance",
        type=float,
        default=0.0,
        metavar="M",
        help=choose("least distance between units, m", "distance minimale entre unités, m"),
    )
    add(
        "--seed",
        type=int,
        metavar="N",
        help=choose(
            "same seed, same sample (one that nobody can guess)",
            "même graine, même échantillon (par défaut, imprévisible)",
        ),
    )
    add(
        "--surface",
        choices=("auto", "projected", "ellipsoid"),
        default="auto",
        help=choose(
            "what areas are measured on (the projection where it is faithful)",
            "sur quoi se mesurent les surfaces (la projection si elle est fidèle)",
        ),
    )


def _add_strata(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("strata", "strates"))
    add = group.add_argument
    add(
        "--strata",
        choices=[s.value for s in StrataBy],
        help=choose("what makes strata (cover; none with --aql)", "les strates (cover ; none avec --aql)"),
    )
    add(
        "--level",
        type=int,
        default=0,
        choices=range(5),
        metavar="0-4",
        help=choose(
            "level of the codes that make strata, 0 for leaves",
            "niveau des codes qui font les strates, 0 pour les feuilles",
        ),
    )
    add(
        "--communes", type=Path, metavar="FILE", help=choose("limits of the communes", "limites des communes")
    )
    add(
        "--allocation",
        choices=[a.value for a in Allocation],
        metavar="HOW",
        help=choose(
            "proportional (usual), equal, neyman, share", "proportional (par défaut), equal, neyman, share"
        ),
    )
    add(
        "--full-below",
        type=int,
        default=_PLAN.full_below,
        metavar="N",
        help=choose(
            "strata with fewer units are taken whole (12)",
            "les strates de moins d'unités sont prises entières (12)",
        ),
    )
    add(
        "--least",
        type=int,
        default=_PLAN.least,
        metavar="N",
        help=choose("least units of a stratum (5)", "unités par strate au moins (5)"),
    )
    add("--most", type=int, metavar="N", help=choose("most units of a stratum", "unités par strate au plus"))
    add(
        "--more",
        nargs="+",
        default=[],
        metavar="STRATUM=TIMES",
        help=choose(
            "difficult strata, drawn so many times more", "strates difficiles, tirées tant de fois plus"
        ),
    )


def _add_exclusions(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("left out", "hors tirage"))
    add = group.add_argument
    add(
        "--with-skeleton",
        action="store_true",
        help=choose("draw polygons of the skeleton too", "tirer aussi les polygones de l'ossature"),
    )
    add(
        "--above",
        type=float,
        metavar="M2",
        help=choose("leave out larger polygons, m2", "exclure les polygones plus grands, m2"),
    )
    add(
        "--without",
        nargs="+",
        default=[],
        metavar="CODE",
        help=choose("leave out covers and what is below them", "exclure des couvertures et leurs branches"),
    )


def design_of(args: argparse.Namespace) -> ControlDesign:
    """The design that the options describe."""
    from inference_backend.quality.sampling.numbers import fresh_seed

    how = args.allocation or (Allocation.SHARE.value if args.share else Allocation.PROPORTIONAL.value)
    return ControlDesign(
        unit=Unit(args.unit),
        draw=Draw(args.draw),
        strata_by=StrataBy(args.strata or (StrataBy.NONE if args.aql else StrataBy.COVER)),
        level=args.level,
        allocation=Allocation(how),
        size=args.size,
        precision=args.precision,
        expected_accuracy=_expected(args.expected),
        share=args.share,
        full_below=args.full_below,
        least=args.least,
        most=args.most,
        oversampled={name: value for name, value in map(_named, args.more) if name},
        distance_m=args.distance,
        exclude_skeleton=not args.with_skeleton,
        exclude_above_m2=args.above,
        exclude_covers=tuple(args.without),
        second_share=args.second if len(args.controllers) > 1 else 0.0,
        seed=fresh_seed() if args.seed is None else args.seed,
        surface="" if args.surface == "auto" else args.surface,
    )


def iso_size_of(args: argparse.Namespace) -> IsoSize | None:
    """The plan of ISO 2859-1 that the options ask for, None without one."""
    from inference_backend.control.sample_sizes import IsoSize
    from inference_backend.quality.acceptance.plans import Severity

    if args.aql is None:
        return None
    return IsoSize(args.aql, args.inspection_level, Severity(args.severity))


def _expected(texts: list[str]) -> float | dict[str, float]:
    pairs = [_named(text) for text in texts]
    if not any(name for name, _ in pairs):
        return pairs[0][1] if pairs else 0.9
    return {name or "*": value for name, value in pairs}


def _named(text: str) -> tuple[str, float]:
    name, _, value = text.rpartition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise _not_a_number(text) from error


def _not_a_number(text: str) -> Exception:
    from inference_backend.control.errors import ControlDesignError

    return ControlDesignError(
        path=text,
        problem_en="not a number, or NAME=NUMBER",
        problem_fr="ce n'est ni un nombre, ni NOM=NOMBRE",
        remedy_en="For instance: CS1.1.1.2=0.8",
        remedy_fr="Par exemple : CS1.1.1.2=0.8",
    )

# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control decide`: accept or reject a lot, signed, from what its control found."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from inference_backend.cli.language import choose, language
from inference_backend.contracts.control_report import Verdict

if TYPE_CHECKING:
    from inference_backend.control.decide_options import DecideOptions

EXITS = {Verdict.ACCEPTED: 0, Verdict.REJECTED: 1, Verdict.UNDECIDED: 3}


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "decide",
        help=choose("accept or reject a lot", "accepter ou refuser un lot"),
        description=choose(
            "Checks the whole lot, estimates what is right from the answers, decides by a rule and, with "
            "--sign, writes it into the lot: accepted, or rejected with items to redo. Exit status: 0 "
            "accepted, 1 rejected, 2 unusable input, 3 undecided.",
            "Vérifie le lot entier, estime ce qui est juste d'après les réponses, décide selon une règle et, "
            "avec --sign, l'inscrit dans le lot : accepté, ou refusé avec des éléments à reprendre. Code de "
            "sortie : 0 accepté, 1 refusé, 2 entrée inutilisable, 3 sans décision.",
        ),
    )
    parser.add_argument(
        "lot",
        metavar="LOT",
        help=choose("lot.gpkg, or SERVICE/SCHEMA of PostGIS", "lot.gpkg, ou SERVICE/SCHÉMA dans PostGIS"),
    )
    parser.add_argument(
        "--rule",
        choices=("contract", "iso2859"),
        default="contract",
        help=choose("by what to decide (%(default)s)", "selon quoi décider (%(default)s)"),
    )
    parser.add_argument(
        "--sign",
        default="",
        metavar=choose("NAME", "NOM"),
        help=choose("who decides; without it nothing is written", "qui décide ; sans cela rien n'est écrit"),
    )
    parser.add_argument("--comment", default="", help=choose("the signatory's words", "mots du signataire"))
    parser.add_argument(
        "--verdict",
        choices=("accepted", "rejected"),
        help=choose(
            "decide against the rules, with a comment", "décider contre les règles, avec un commentaire"
        ),
    )
    parser.add_argument(
        "--redo",
        choices=("errors", "classes"),
        default="errors",
        help=choose(
            "what a rejection sends back: the errors found, or all of the classes that failed too",
            "ce qu'un refus renvoie : les erreurs trouvées, ou aussi toutes les classes non acceptées",
        ),
    )
    parser.add_argument(
        "--output", type=Path, metavar="F", help=choose("write the report, JSON", "écrire le rapport, JSON")
    )
    parser.add_argument(
        "--control", metavar="ID", help=choose("which control (the latest)", "quel contrôle (le dernier)")
    )
    parser.add_argument(
        "--json", action="store_true", help=choose("print the report as JSON", "écrire le rapport en JSON")
    )
    _contract_options(parser.add_argument_group(choose("contract", "contrat")))
    _iso_options(parser.add_argument_group("ISO 2859-1"))
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Decide and print; the exit status tells the verdict."""
    from inference_backend.cli.console import console_progress
    from inference_backend.cli.decision_text import decision_text
    from inference_backend.control.decide import decide_control
    from inference_backend.control.decide_options import Rule
    from inference_backend.control.report_file import write_report

    report = decide_control(
        args.lot,
        Rule(args.rule),
        args.sign,
        options=options_of(args),
        control_id=args.control,
        progress=console_progress(choose("control", "contrôle")),
    )
    if args.output:
        write_report(report, args.output)
    if args.json:
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
    else:
        print(decision_text(report))
    return EXITS[report.decision.verdict]


def options_of(args: argparse.Namespace) -> DecideOptions:
    """The choices of a command line."""
    from inference_backend.control.decide_options import DecideOptions, Redo
    from inference_backend.quality.acceptance.plans import Severity

    return DecideOptions(
        by=args.by,
        level=args.level,
        overall=_pair(args.overall_cs, args.overall_us),
        each_class=_pair(args.class_cs, args.class_us),
        decided_on=args.decided_on,
        aql_percent=_pair(args.aql_cs, args.aql_us),
        inspection_level=args.inspection_level,
        severity=Severity(args.severity) if args.severity else None,
        history=tuple(args.history),
        redo=Redo(args.redo),
        verdict=Verdict(args.verdict) if args.verdict else None,
        comment=args.comment,
        language=language(),
    )


def _pair(cs: float | None, us: float | None) -> dict[str, float]:
    return {name: value for name, value in (("cs", cs), ("us", us)) if value is not None}


def _contract_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--by",
        choices=("count", "area"),
        help=choose("share of polygons or of the area", "part des polygones ou de la surface"),
    )
    group.add_argument(
        "--level",
        type=int,
        metavar="N",
        help=choose("level of the nomenclature, 0: leaves", "niveau de la nomenclature, 0 : feuilles"),
    )
    for name, of in (("cs", choose("cover", "la couverture")), ("us", choose("use", "l'usage"))):
        whole = choose(f"least share of {of} that is right, 0..1", f"part juste minimale de {of}, 0..1")
        each = choose(f"the same of each class of {of}", f"la même pour chaque classe de {of}")
        group.add_argument(f"--overall-{name}", type=float, metavar="P", help=whole)
        group.add_argument(f"--class-{name}", type=float, metavar="P", help=each)
    group.add_argument(
        "--decided-on",
        choices=("low", "estimate", "high", "both"),
        help=choose("end of the 95%% interval that counts", "borne de l'intervalle à 95 %% qui compte"),
    )


def _iso_options(group: argparse._ArgumentGroup) -> None:
    for name, of in (("cs", choose("cover", "la couverture")), ("us", choose("use", "l'usage"))):
        text = choose(f"AQL of {of}, percent of wrong units", f"NQA de {of}, pour cent d'unités fausses")
        group.add_argument(f"--aql-{name}", type=float, metavar="P", help=text)
    group.add_argument("--inspection-level", metavar="L", help="S-1…S-4, I, II, III")
    group.add_argument(
        "--severity",
        choices=("normal", "tightened", "reduced"),
        help=choose("instead of what the history says", "au lieu de ce que dit l'historique"),
    )
    group.add_argument(
        "--history",
        nargs="+",
        default=[],
        metavar=choose("PLACE", "LIEU"),
        help=choose(
            "folders of lots, lots, SERVICE/SCHEMA or SERVICE/* with earlier decisions",
            "dossiers de lots, lots, SERVICE/SCHÉMA ou SERVICE/* où sont les décisions passées",
        ),
    )

# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge lot publish`: a lot from its GeoPackage into a database that a team shares."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose

ADDRESS = "SERVICE/SCHEMA"


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    text = choose("put a lot into PostGIS for a team", "mettre un lot dans PostGIS pour une équipe")
    parser = actions.add_parser("publish", help=text, description=text)
    add = parser.add_argument
    add("lot", type=Path, metavar="LOT.gpkg")
    add("--to", required=True, metavar=ADDRESS, help=address_help())
    add(
        "--interpreters",
        metavar="ROLE",
        help=choose("group of accounts that review (ocsge_interpreter)",
            "groupe des comptes qui interprètent (ocsge_interpreter)"),
    )  # fmt: skip
    add(
        "--controllers",
        metavar="ROLE",
        help=choose("group of accounts that control (ocsge_controller)",
            "groupe des comptes qui contrôlent (ocsge_controller)"),
    )  # fmt: skip
    parser.set_defaults(func=run)


def address_help() -> str:
    """What an address may be."""
    return choose(
        "service of pg_service.conf or connection text of libpq, then a schema: ocsge/lot_12",
        "service de pg_service.conf ou connexion libpq, puis un schéma : ocsge/lot_12",
    )


def run(args: argparse.Namespace) -> int:
    """Publish and say what was copied."""
    from inference_backend.cli.console import console_progress
    from inference_backend.postgis.address import LotAddress
    from inference_backend.postgis.publish import publish
    from inference_backend.postgis.rights import CONTROLLERS, INTERPRETERS

    address = LotAddress.parse(args.to)
    interpreters, controllers = args.interpreters or INTERPRETERS, args.controllers or CONTROLLERS
    progress = console_progress(choose("publish", "publication"))
    done = publish(args.lot, address, interpreters, controllers, progress)
    print(
        choose(
            f"{args.lot} -> {address.label}: {done.polygons} polygons, {done.items} items, "
            f"{done.gestures} gestures. Accounts of {interpreters} review it, those of {controllers} also "
            "control it: GRANT … TO account.",
            f"{args.lot} -> {address.label} : {done.polygons} polygones, {done.items} éléments, "
            f"{done.gestures} gestes. Les comptes de {interpreters} l'interprètent, ceux de {controllers} le "
            "contrôlent aussi : GRANT … TO compte.",
        )
    )
    return 0

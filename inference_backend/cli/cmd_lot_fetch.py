# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge lot fetch`: a lot from the database of a team into a GeoPackage, ready to be merged or kept."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.cmd_lot_publish import ADDRESS, address_help
from inference_backend.cli.language import choose


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    text = choose("bring a lot back from PostGIS", "rapatrier un lot depuis PostGIS")
    parser = actions.add_parser("fetch", help=text, description=text)
    add = parser.add_argument
    add("--from", dest="source", required=True, metavar=ADDRESS, help=address_help())
    add("--output", "-o", type=Path, required=True, metavar="LOT.gpkg")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Fetch and say what was copied."""
    from inference_backend.cli.console import console_progress
    from inference_backend.postgis.address import LotAddress
    from inference_backend.postgis.fetch import fetch

    address = LotAddress.parse(args.source)
    done = fetch(address, args.output, console_progress(choose("fetch", "rapatriement")))
    print(
        choose(
            f"{address.label} -> {args.output}: {done.polygons} polygons, {done.items} items, "
            f"{done.gestures} gestures.",
            f"{address.label} -> {args.output} : {done.polygons} polygones, {done.items} éléments, "
            f"{done.gestures} gestes.",
        )
    )
    return 0

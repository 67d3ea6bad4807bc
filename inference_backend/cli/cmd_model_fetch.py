# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge model fetch`: the description of a model that stays on its server."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action and its options."""
    parser = actions.add_parser(
        "fetch",
        help=choose("describe a model that a server has", "décrire un modèle qu'un serveur possède"),
        description=choose(
            "Writes the description of a model of another `ocsge serve`, to predict with it and no model "
            "file: ocsge predict --model FILE.json --engine v2:URL. The server's token is read from "
            "OCSGE_V2_TOKEN.",
            "Écrit la description d'un modèle d'un autre `ocsge serve`, pour prédire avec lui sans fichier "
            "de modèle : ocsge predict --model FICHIER.json --engine v2:URL. Le jeton du serveur est lu dans "
            "OCSGE_V2_TOKEN.",
        ),
    )
    parser.add_argument("url", metavar="URL", help="http://host:port/v2/models/NAME")
    parser.add_argument("output", metavar="FILE.json", type=Path)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the description and say what it is."""
    from inference_backend.cli.cmd_model_describe import card_text
    from inference_backend.models.reader import read_model
    from inference_backend.models.sidecars import write_sidecar
    from inference_backend.runtime.kserve.card import fetch_card

    card, graph = fetch_card(args.url)
    written = write_sidecar(card, graph, args.url, args.output)
    print(card_text(read_model(written)))
    return 0

# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge serve`: the processes over HTTP, on this computer only."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "serve",
        help=choose("answer the plugins over HTTP", "répondre aux extensions par HTTP"),
        description=choose(
            "OGC API Processes on 127.0.0.1. The access token is taken from OCSGE_TOKEN, never from the "
            "command line; whoever holds it acts with your rights on your files. The first line on standard "
            "output is a JSON object with the port.",
            "OGC API Processes sur 127.0.0.1. Le jeton d'accès vient de OCSGE_TOKEN, jamais de la ligne de "
            "commande ; qui le détient agit avec vos droits sur vos fichiers. La première ligne de la sortie "
            "standard est un objet JSON contenant le port.",
        ),
    )
    parser.add_argument("--port", type=int, default=0, help=choose("0: a free one", "0 : un port libre"))
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help=choose("where jobs are kept", "où les travaux sont conservés"),
    )
    parser.add_argument(
        "--workers", type=int, default=1, help=choose("jobs at the same time", "travaux simultanés")
    )
    parser.add_argument(
        "--models",
        type=Path,
        metavar="FOLDER",
        help=choose(
            "ONNX models offered over KServe V2 beside the embedded one",
            "modèles ONNX proposés par KServe V2, en plus du modèle intégré",
        ),
    )
    parser.add_argument(
        "--stop-with-stdin",
        action="store_true",
        help=choose(
            "end when standard input closes: for a parent process",
            "s'arrêter quand l'entrée standard se ferme : pour un processus parent",
        ),
    )
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from inference_backend.service.server import default_folder, serve

    serve(
        port=args.port,
        folder=args.data or default_folder(),
        workers=max(1, args.workers),
        stop_with_stdin=args.stop_with_stdin,
        models=args.models,
    )
    return 0

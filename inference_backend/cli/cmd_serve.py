# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge serve`: the processes and the models over HTTP, by default on this computer only."""

from __future__ import annotations

import argparse
from pathlib import Path

from inference_backend.cli.language import choose

NO_FOLDER = "none"
INTERACTIVE_FOLDER = "interactive"


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = subparsers.add_parser(
        "serve",
        help=choose("answer the plugins over HTTP", "répondre aux extensions par HTTP"),
        description=choose(
            "OGC API Processes and KServe V2 on 127.0.0.1. The access token is taken from OCSGE_TOKEN, never "
            "from the command line; whoever holds it acts with your rights on your files. The first line on "
            "standard output is a JSON object with the port.",
            "OGC API Processes et KServe V2 sur 127.0.0.1. Le jeton d'accès vient de OCSGE_TOKEN, jamais de "
            "la ligne de commande ; qui le détient agit avec vos droits sur vos fichiers. La première ligne "
            "de la sortie standard est un objet JSON contenant le port.",
        ),
    )
    parser.add_argument("--port", type=int, default=0, help=choose("0: a free one", "0 : un port libre"))
    parser.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help=choose("where jobs and files sent here are kept", "où sont gardés travaux et fichiers reçus"),
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
        "--interactive",
        type=Path,
        metavar="FOLDER",
        help=choose(
            "interactive models for annotators: encoders and decoders of SAM or SAM 2 (without it, the "
            "folder interactive of --data)",
            "modèles interactifs pour l'annotation : encodeurs et décodeurs de SAM ou SAM 2 (à défaut, le "
            "dossier interactive de --data)",
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
    _add_shared(parser)
    parser.set_defaults(func=run)


def _add_shared(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(choose("shared service", "service partagé"))
    group.add_argument(
        "--host",
        default="127.0.0.1",
        help=choose(
            "address to listen on; another than loopback needs --tokens and --allow",
            "adresse d'écoute ; hors de la boucle locale, exige --tokens et --allow",
        ),
    )
    group.add_argument(
        "--url",
        default="",
        help=choose(
            "address that clients use, behind a reverse proxy",
            "adresse qu'emploient les clients, derrière un mandataire inverse",
        ),
    )
    group.add_argument(
        "--tokens",
        type=Path,
        metavar="FILE",
        help=choose("named tokens with their limits (TOML)", "jetons nommés et leurs limites (TOML)"),
    )
    group.add_argument(
        "--allow",
        action="append",
        metavar="FOLDER",
        help=choose(
            "folder that inputs and outputs may lie in; repeat, or none",
            "dossier où peuvent se trouver entrées et sorties ; à répéter, ou none",
        ),
    )
    group.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help=choose(
            "server that rasters, engines and schedulers may name; repeat, or * for all",
            "serveur que rasters, moteurs et ordonnanceurs peuvent nommer ; à répéter, ou * pour tous",
        ),
    )
    for name, meaning_en, meaning_fr in (("cert", "certificate", "certificat"), ("key", "key", "clé")):
        group.add_argument(
            f"--tls-{name}",
            type=Path,
            metavar="FILE",
            help=choose(f"{meaning_en} for https (PEM)", f"{meaning_fr} pour https (PEM)"),
        )


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from inference_backend.service.server import default_folder, serve
    from inference_backend.service.service_settings import ServiceSettings

    data = (args.data or default_folder()).absolute()
    folders = None if args.allow is None else tuple(Path(f) for f in args.allow if f != NO_FOLDER)
    serve(
        ServiceSettings(
            folder=data,
            host=args.host,
            port=args.port,
            url=args.url.rstrip("/"),
            workers=max(1, args.workers),
            stop_with_stdin=args.stop_with_stdin,
            models=args.models,
            interactive=args.interactive or data / INTERACTIVE_FOLDER,
            tokens=args.tokens,
            allow=folders,
            allow_hosts=tuple(args.allow_host),
            tls_cert=args.tls_cert,
            tls_key=args.tls_key,
        )
    )
    return 0

# SPDX-License-Identifier: GPL-2.0-or-later
"""Entry point of the command `ocsge`, and its border: what leaves a command as an exception ends here.

Exit codes: 0 done, 1 a check that falls short, 2 wrong use or input, 70 our fault, 130 interrupted.
Only the module of the wanted command is imported, so that help is fast and one broken command leaves the
others usable.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from inference_backend import __version__
from inference_backend.cli.crash_log import write_crash_log
from inference_backend.cli.language import LANGUAGES, choose, detect_language, language, use_language
from inference_backend.contracts.errors import OcsgeError

EXIT_USE = 2
EXIT_FAULT = 70
EXIT_INTERRUPTED = 130

SUMMARIES = {
    "scene": ("make a synthetic commune with its truth", "fabriquer une commune synthétique et sa vérité"),
    "engines": ("engines of this machine and their speed", "moteurs de cette machine et leur vitesse"),
    "predict": ("raster(s) to prediction", "raster(s) vers prédiction"),
    "postprocess": ("prediction and references to lot", "prédiction et références vers lot"),
    "import": (
        "existing layer to lot, with a repair report",
        "couche existante vers lot, avec bilan des réparations",
    ),
    "run": ("predict, postprocess and check from one file", "toute la chaîne à partir d'un fichier"),
    "lot": ("cut a lot, hand it over, merge it back", "découper un lot, le confier, le fusionner"),
    "report": ("dashboard of a production", "tableau de bord d'une production"),
    "control": (
        "sample a lot, collect answers, decide",
        "échantillonner un lot, collecter les réponses, décider",
    ),
    "check": ("conformity of an OCS GE layer", "conformité d'une couche OCS GE"),
    "dataset": (
        "training data of a campaign, out and in",
        "données d'apprentissage d'une campagne, sortie et entrée",
    ),
    "model": ("what a model expects and gives", "ce qu'un modèle attend et donne"),
    "serve": (
        "answer the plugins and other clients over HTTP",
        "répondre aux extensions et clients par HTTP",
    ),
    "warmup": ("compile for this machine, once", "compiler pour cette machine, une fois"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    use_language(detect_language(os.environ, _explicit_language(arguments)))
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        args = _parser(_wanted_command(arguments)).parse_args(arguments)
        return int(args.func(args))
    except OcsgeError as error:
        return _say(error.text(language()), EXIT_USE)
    except KeyboardInterrupt:
        return _say(choose("Interrupted.", "Interrompu."), EXIT_INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # border: a person gets a sentence and the place of the traceback
        return _say(_fault_text(error), EXIT_FAULT)


def command_names() -> list[str]:
    """Commands that this installation has, the known ones in the order of work."""
    found = {path.stem[4:] for path in Path(__file__).parent.glob("cmd_*.py")}
    # `cmd_model_check` is an action of `cmd_model`.
    present = {name for name in found if name.rpartition("_")[0] not in found}
    return [name for name in SUMMARIES if name in present] + sorted(present - set(SUMMARIES))


def _parser(wanted: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ocsge", description=choose(*_DESCRIPTION))
    parser.add_argument("--version", action="version", version=f"ocsge {__version__}")
    parser.add_argument(
        "--lang", choices=LANGUAGES, help=choose("language of messages", "langue des messages")
    )
    subparsers = parser.add_subparsers(dest="command", metavar=choose("COMMAND", "COMMANDE"), required=True)
    for name in command_names():
        if name == wanted:
            importlib.import_module(f"inference_backend.cli.cmd_{name}").register(subparsers)
        else:
            subparsers.add_parser(name, help=choose(*SUMMARIES.get(name, ("", ""))))
    return parser


_DESCRIPTION = (
    "From an aerial photograph to an OCS GE layer.",
    "D'une photographie aérienne à une couche OCS GE.",
)


def _wanted_command(arguments: Sequence[str]) -> str | None:
    names = command_names()
    return next((word for word in arguments if word in names), None)


def _explicit_language(arguments: Sequence[str]) -> str | None:
    for position, word in enumerate(arguments):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and position + 1 < len(arguments):
            return arguments[position + 1]
    return None


def _fault_text(error: Exception) -> str:
    path = write_crash_log(error)
    return choose(
        f"Unexpected error ({type(error).__name__}). Its details are in {path}; "
        "send that file with your report.",
        f"Erreur inattendue ({type(error).__name__}). Les détails sont dans {path} ; "
        "joignez ce fichier à votre signalement.",
    )


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def _interrupt(signum: int, frame: FrameType | None) -> None:
    # So that unfinished files are removed on their way out.
    raise KeyboardInterrupt

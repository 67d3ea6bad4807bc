# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge warmup`: compile for this machine what would otherwise be compiled in the first run."""

from __future__ import annotations

import argparse

from inference_backend.cli.language import choose


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "warmup",
        help=choose("compile for this machine, once", "compiler pour cette machine, une fois"),
        description=choose(
            "Compiles the fast parts of the program for this machine, some minutes, once after an "
            "installation or an update. Without it the first prediction and the first lot take that much "
            "longer.",
            "Compile pour cette machine les parties rapides du programme, quelques minutes, une fois après "
            "une installation ou une mise à jour. Sinon, la première prédiction et le premier lot durent "
            "d'autant plus.",
        ),
    )
    parser.set_defaults(func=run)


def run(_args: argparse.Namespace) -> int:
    """Compile what is not compiled yet, and say how much that was."""
    import time

    from inference_backend.cli.console import console_progress
    from inference_backend.cli.kernel_warmup import warm_up

    started_s = time.monotonic()
    kernels = warm_up(console_progress(choose("compilation", "compilation")))
    compiled = sum(kernel.compiled for kernel in kernels.values())
    taken_s = time.monotonic() - started_s
    print(
        choose(
            f"{len(kernels)} kernels are ready, {compiled} of them compiled now ({taken_s:.0f} s).",
            f"{len(kernels)} noyaux de calcul sont prêts, dont {compiled} compilés maintenant "
            f"({taken_s:.0f} s).",
        )
    )
    return 0

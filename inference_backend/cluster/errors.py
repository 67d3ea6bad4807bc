# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of work on a Dask cluster.

BackendError
└── ClusterError
    ├── ClusterNotInstalledError    Dask is not there
    ├── BadSchedulerError           an address that is none
    ├── SchedulerUnreachableError   nobody answers there
    ├── SchedulerLostError          it went away half-way
    ├── NoWorkersError              a scheduler without workers
    ├── OtherSoftwareError          a worker or scheduler with other versions than ours
    ├── WorkerInputError            a worker that cannot use what can be used here
    └── WorkersDiedError            one block took several workers with it
"""

from __future__ import annotations

from inference_backend.errors import BackendError

EXTRA = "ocsge-backend[cluster]"


class ClusterError(BackendError):
    """Work that a cluster cannot do."""


class ClusterNotInstalledError(ClusterError):
    """Dask is not there: `reason`."""

    templates = {
        "en": "--scheduler needs Dask, which is not installed ({reason}). Install it beside the backend: "
        f"pip install '{EXTRA}'",
        "fr": "--scheduler a besoin de Dask, qui n'est pas installé ({reason}). Installez-le : "
        f"pip install '{EXTRA}'",
    }


class BadSchedulerError(ClusterError):
    """An address that is none: `value`."""

    templates = {
        "en": "--scheduler {value}: no address of a scheduler. Write tcp://host:8786, tls://host:8786, or "
        "local:2 for two processes of this machine (local:2x1: of one thread each).",
        "fr": "--scheduler {value} : ce n'est pas l'adresse d'un ordonnanceur. Écrivez tcp://hote:8786, "
        "tls://hote:8786, ou local:2 pour deux processus de cette machine (local:2x1 : d'un fil chacun).",
    }


class SchedulerUnreachableError(ClusterError):
    """Nobody answers there: `address`, `reason`."""

    templates = {
        "en": "{address}: no Dask scheduler answers ({reason}). Start one (dask scheduler), or check the "
        "address and the firewall.",
        "fr": "{address} : aucun ordonnanceur Dask ne répond ({reason}). Lancez-en un (dask scheduler), ou "
        "vérifiez l'adresse et le pare-feu.",
    }


class SchedulerLostError(ClusterError):
    """It went away half-way: `address`, `reason`."""

    templates = {
        "en": "{address}: the scheduler went away ({reason}). Finished blocks are kept: give the same "
        "command again and it goes on from them.",
        "fr": "{address} : l'ordonnanceur a disparu ({reason}). Les blocs finis sont gardés : relancez la "
        "même commande, elle reprend à partir d'eux.",
    }


class NoWorkersError(ClusterError):
    """A scheduler without workers: `address`, `waited_s`."""

    templates = {
        "en": "{address}: no worker joined within {waited_s:.0f} s. Start some: dask worker {address}",
        "fr": "{address} : aucun exécutant en {waited_s:.0f} s. Lancez-en : dask worker {address}",
    }


class OtherSoftwareError(ClusterError):
    """Other versions than ours: `where`, `what`, `found`, `expected`."""

    templates = {
        "en": "{where}: has {what} {found}, here it is {expected}. Other versions may give another result: "
        "install the same ones on both sides.",
        "fr": "{where} : a {what} {found}, ici c'est {expected}. D'autres versions peuvent donner un autre "
        "résultat : installez les mêmes des deux côtés.",
    }


class WorkerInputError(ClusterError):
    """A worker that cannot use what can be used here: `where`, `reason_en`, `reason_fr`."""

    templates = {
        "en": "Worker {where}: {reason_en} Every worker must see the rasters under the same name as this "
        "machine. Finished blocks are kept: the same command goes on from them.",
        "fr": "Exécutant {where} : {reason_fr} Chaque exécutant doit voir les rasters sous le même nom que "
        "cette machine. Les blocs finis sont gardés : la même commande reprend à partir d'eux.",
    }


class WorkersDiedError(ClusterError):
    """One block took several workers with it: `row`, `col`, `times`."""

    templates = {
        "en": "Block {row}, {col}: {times} workers in a row died while they computed it, most often for lack "
        "of memory. Give workers more memory or fewer threads, then give the same command again: finished "
        "blocks are kept.",
        "fr": "Bloc {row}, {col} : {times} exécutants de suite sont morts en le calculant, le plus souvent "
        "faute de mémoire. Donnez-leur plus de mémoire ou moins de fils, puis relancez la même commande : "
        "les blocs finis sont gardés.",
    }

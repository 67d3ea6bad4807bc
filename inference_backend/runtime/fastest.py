# SPDX-License-Identifier: GPL-2.0-or-later
"""Which engine is the fastest for a model on this machine: measured once, then remembered.

What is remembered belongs to the model's content, the libraries' versions, the processor and the number of
threads; with another of these, it is measured again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inference_backend.atomic import replace_when_done
from inference_backend.models.reader import ModelFile
from inference_backend.runtime.catalogue import EngineFacts, usable_engines
from inference_backend.runtime.loading import loaded_engines
from inference_backend.runtime.measurement import measure
from inference_backend.runtime.threads import usable_threads

MEASURING_S = 3.0
"""Time for choosing, loading left aside; the order of the table decides for a model that needs more, s."""
_CLEAR_RATIO = 1.2
"""A lead over which measuring longer would not change the choice."""
_WORTH_LEAVING = 1.1
"""A lead below which the order of the table decides: a few turns on a busy machine do not tell."""
_KEPT_CHOICES = 100
_FILE = "engines.json"


def fastest_engine(model: ModelFile, folder: Path | None = None) -> str:
    """Name of the engine to take.

    Args:
        model: to be run.
        folder: where choices are remembered; the user's cache folder where None.

    Raises:
        EngineError: no engine can load the model; the error of the best one.
    """
    usable = usable_engines()
    if len(usable) == 1:
        return usable[0].name
    file, key = (folder or cache_folder()) / _FILE, key_of(model, usable)
    known = _read(file).get(key)
    if isinstance(known, dict) and known.get("engine") in [one.name for one in usable]:
        return str(known["engine"])
    with loaded_engines(model, [one.name for one in usable]) as engines:
        if not engines.working:
            raise next(iter(engines.problems.values()))
        several = len(engines.working) > 1
        speeds = (
            measure(engines.working, model.card, MEASURING_S, stop_at_ratio=_CLEAR_RATIO) if several else {}
        )
        best = _best(list(engines.working), speeds)
    remember(model, best, speeds, folder)
    return best


def _best(names: Sequence[str], speeds: Mapping[str, float]) -> str:
    """The first of the table, unless another one is clearly faster."""
    best = max(names, key=lambda name: speeds.get(name, 0.0))
    return best if speeds.get(best, 0.0) > _WORTH_LEAVING * speeds.get(names[0], 0.0) else names[0]


def remember(model: ModelFile, best: str, speeds: dict[str, float], folder: Path | None = None) -> None:
    """Keep what was measured; where the folder cannot be written, it is measured again next time.

    Args:
        model: that was measured.
        best: name of the engine to take.
        speeds: engine name to MPx/s.
        folder: as for `fastest_engine`.
    """
    file = (folder or cache_folder()) / _FILE
    choices = _read(file)
    key = key_of(model, usable_engines())
    choices.pop(key, None)
    choices[key] = {"engine": best, "mpx_s": {name: round(speed, 3) for name, speed in speeds.items()}}
    kept = dict(list(choices.items())[-_KEPT_CHOICES:])
    try:
        with replace_when_done(file) as temporary:
            temporary.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    except OSError:
        return


def key_of(model: ModelFile, usable: Sequence[EngineFacts]) -> str:
    """What a choice depends on, as one hexadecimal number."""
    digest = hashlib.sha256(model.path.read_bytes())
    facts = [(one.name, one.version, one.precision) for one in usable]
    about = (facts, processor_name(), usable_threads(), model.card.tile_px)
    digest.update(repr(about).encode())
    return digest.hexdigest()


def cache_folder() -> Path:
    """The user's cache folder for this project; `OCSGE_CACHE` replaces it."""
    chosen = os.environ.get("OCSGE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ocsge"


def processor_name() -> str:
    """As the system calls it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _read(file: Path) -> dict[str, Any]:
    try:
        choices = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return choices if isinstance(choices, dict) else {}

# SPDX-License-Identifier: GPL-2.0-or-later
"""All engines of this machine, side by side on one model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inference_backend.errors import BackendError
from inference_backend.models.reader import ModelFile
from inference_backend.progress import Progress
from inference_backend.runtime.catalogue import LOCAL_ENGINES, EngineFacts, usable_engines
from inference_backend.runtime.fastest import processor_name, remember
from inference_backend.runtime.loading import loaded_engines
from inference_backend.runtime.measurement import measure
from inference_backend.runtime.threads import usable_threads


@dataclass(frozen=True)
class SurveyLine:
    """One engine.

    Attributes:
        facts: what it is here.
        precision: arithmetic with this model.
        mpx_s: throughput, None where it was not measured.
        problem: why it cannot run the model; None where it can.
    """

    facts: EngineFacts
    precision: str
    mpx_s: float | None
    problem: BackendError | None

    def to_dict(self, language: str) -> dict[str, Any]:
        """For JSON, `problem` in the language asked for."""
        return {
            "name": self.facts.name,
            "version": self.facts.version,
            "precision": self.precision,
            "devices": list(self.facts.devices),
            "usable": self.problem is None,
            "mpx_s": None if self.mpx_s is None else round(self.mpx_s, 2),
            "problem": None if self.problem is None else self.problem.text(language),
        }


@dataclass(frozen=True)
class Survey:
    """Every engine, and the one that `auto` takes; empty where none can run the model."""

    lines: tuple[SurveyLine, ...]
    best: str
    processor: str
    threads: int


def survey(
    model: ModelFile, budget_s: float, progress: Progress | None = None, servers: Sequence[str] = ()
) -> Survey:
    """Measure every engine that can run `model`; `auto` goes by it from now on.

    Args:
        model: to be run.
        budget_s: time to measure, loading left aside.
        progress: told as it goes on.
        servers: `v2:URL` of servers to measure as well; `auto` never takes one.

    Raises:
        Cancelled: the user stopped.
    """
    facts = {one.name: one for one in usable_engines()}
    facts.update({name: one for name, e in LOCAL_ENGINES.items() if (one := e.facts()).problem})
    facts.update({name: EngineFacts(name, "", "?", ("server",)) for name in servers})
    order = (*LOCAL_ENGINES, *servers)
    with loaded_engines(model, [name for name, one in facts.items() if one.problem is None]) as engines:
        working = {name: engines.working[name] for name in order if name in engines.working}
        speeds = measure(working, model.card, budget_s, progress) if working else {}
        precisions = {name: engine.precision for name, engine in working.items()}
    local = [name for name in working if name in LOCAL_ENGINES]
    best = max(local, key=lambda name: speeds.get(name, 0.0), default="")
    if best:
        remember(model, best, {name: speeds[name] for name in local if name in speeds})
    if progress is not None:
        progress.update(1.0)
    lines = tuple(
        SurveyLine(
            facts[name],
            precisions.get(name, facts[name].precision),
            speeds.get(name),
            facts[name].problem or engines.problems.get(name),
        )
        for name in order
        if name in facts
    )
    return Survey(lines, best, processor_name(), usable_threads())

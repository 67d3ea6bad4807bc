# SPDX-License-Identifier: GPL-2.0-or-later
"""predict, postprocess, check: the steps in order, each skipped where its result still stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.lot.reviewed_lot import count_gestures, require_replaceable, set_aside
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy
from inference_backend.progress import Progress, Span
from inference_backend.service.run_config import RunConfig
from inference_backend.service.step_state import StepState, fingerprint

if TYPE_CHECKING:
    from inference_backend.quality.conformity import ConformityReport

PREDICT_SHARE = 0.6
POSTPROCESS_SHARE = 0.95


@dataclass(frozen=True)
class StepRun:
    """One step as it went.

    Attributes:
        name: `predict`, `postprocess`, `check`.
        seconds: how long it took, s.
        skipped: its result still stood.
        output: its file, empty for the check.
    """

    name: str
    seconds: float
    skipped: bool
    output: str = ""


@dataclass
class ChainSummary:
    """What the chain did, in JSON values.

    Attributes:
        steps: in order.
        prediction: path of the prediction.
        lot: path of the lot.
        conformity: figures of the check, None where it was not asked for.
        passes: whether the lot conforms; True where it was not checked.
        notices: what the reader of the result must know about the references, per language.
    """

    prediction: str
    lot: str
    steps: list[StepRun] = field(default_factory=list)
    conformity: dict[str, Any] | None = None
    passes: bool = True
    notices: list[dict[str, str]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)


def run_chain(
    config: RunConfig, *, force: bool = False, policy: SourcePolicy = EVERYTHING, progress: Progress
) -> ChainSummary:
    """Run every step that is due.

    Args:
        config: settings.
        force: run every step; a reviewed lot is then kept under another name.
        policy: what the rasters may refer to.
        progress: told along the way; raises to cancel.

    Raises:
        InputError: a file or value that cannot be used.
        ReviewedLotError: the lot holds review work and would be replaced.
        LotInUseError: the lot is open in another program and would be replaced.
        OutputError: a result cannot be written.
        Cancelled: the user stopped; finished steps stay.
    """
    profile = Profile.load(config.profile)
    chain = _Chain(config, profile, force, StepState(config.output), policy)
    chain.protect_reviewed_lot()
    summary = ChainSummary(str(config.prediction), str(config.lot))
    summary.steps.append(chain.predict(Span(progress, 0.0, PREDICT_SHARE, "predict")))
    summary.steps.append(chain.postprocess(Span(progress, PREDICT_SHARE, POSTPROCESS_SHARE)))
    if config.check:
        started = time.monotonic()
        report = chain.check(Span(progress, POSTPROCESS_SHARE, 1.0, "check"))
        summary.conformity, summary.passes = report.to_dict(), report.is_conform
        summary.steps.append(StepRun("check", time.monotonic() - started, skipped=False))
    summary.notices = chain.notices
    progress.update(1.0, "done")
    return summary


@dataclass(frozen=True)
class _Chain:
    config: RunConfig
    profile: Profile
    force: bool
    state: StepState
    policy: SourcePolicy
    notices: list[dict[str, str]] = field(default_factory=list)

    @property
    def model(self) -> Path:
        return self.config.model or _default_model()

    def predict(self, progress: Progress) -> StepRun:
        from inference_backend.predict.predict import predict

        config = self.config

        def work() -> None:
            predict(
                config.rasters,
                self.model,
                config.prediction,
                config.predict_options(self.policy),
                progress=progress,
            )

        return self._step("predict", config.prediction, self._predict_digest(), work)

    def postprocess(self, progress: Progress) -> StepRun:
        from inference_backend.postprocess.pipeline import postprocess

        config = self.config

        def work() -> None:
            self._set_reviewed_lot_aside()
            done = postprocess(
                config.prediction,
                config.references,
                config.lot,
                profile=self.profile,
                millesime=config.millesime,
                name=config.name,
                scheduler=config.scheduler,
                progress=progress,
            )
            self.notices.extend(texts_of(done.notices))

        return self._step("postprocess", config.lot, self._postprocess_digest(), work)

    def check(self, progress: Progress) -> ConformityReport:
        from inference_backend.quality.conformity import check_layer

        return check_layer(self.config.lot, profile=self.profile, progress=progress)

    def protect_reviewed_lot(self) -> None:
        """Refuse at once, not after an hour of prediction."""
        due = self._is_due("predict", self.config.prediction, self._predict_digest()) or self._is_due(
            "postprocess", self.config.lot, self._postprocess_digest()
        )
        if due and not self.force:
            require_replaceable(self.config.lot)

    def _predict_digest(self) -> str:
        config = self.config
        settings = {
            "engine": config.engine,
            "bands": config.bands,
            "fill": config.fill,
            "resample": config.resample,
            "crs": config.crs,
            "rasters": config.rasters,
            "overlap_px": config.overlap_px,
            "blend": config.blend,
            "probabilities": config.probabilities,
        }
        rasters = [*config.rasters, *(path for path, _ in config.bands.values())]
        area = [config.aoi] if config.aoi else []
        return fingerprint(settings, [*map(Path, rasters), *area, self.model])

    def _postprocess_digest(self) -> str:
        config = self.config
        settings = {
            "millesime": config.millesime,
            "name": config.name,
            "profile": self.profile.name,
            "references": config.references,
        }
        return fingerprint(settings, [config.prediction, *config.references, self.profile.path.parent])

    def _is_due(self, name: str, output: Path, digest: str) -> bool:
        return self.force or not self.state.is_done(name, digest, output)

    def _step(self, name: str, output: Path, digest: str, work: Callable[[], None]) -> StepRun:
        started = time.monotonic()
        if not self._is_due(name, output, digest):
            return StepRun(name, 0.0, skipped=True, output=str(output))
        work()
        self.state.record(name, digest)
        return StepRun(name, time.monotonic() - started, skipped=False, output=str(output))

    def _set_reviewed_lot_aside(self) -> None:
        if count_gestures(self.config.lot):
            set_aside(self.config.lot)


class Bilingual(Protocol):
    """Something that has a text in each language."""

    def text(self, language: str = "en") -> str:
        """The text."""


def texts_of(notices: Iterable[Bilingual]) -> list[dict[str, str]]:
    """Notices as JSON values, language to text."""
    return [{language: notice.text(language) for language in ("en", "fr")} for notice in notices]


def _default_model() -> Path:
    from inference_backend.models.reader import default_model_path

    return default_model_path()

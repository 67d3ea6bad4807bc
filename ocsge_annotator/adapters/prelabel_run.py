# SPDX-License-Identifier: GPL-2.0-or-later
"""Predict the campaign's image on the backend, then pre-label its patches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.prelabel import PreLabeller
from ocsge_annotator.domain.campaign import Campaign
from ocsge_common.backend.client import BackendClient
from ocsge_common.backend.job_task import BackendJobTask
from ocsge_common.backend.local import LocalBackend
from ocsge_common.settings import backend_settings
from ocsge_common.slots import guarded
from ocsge_common.tasks import BaseTask, TaskProgress, start_task
from ocsge_common.translation import tr


@dataclass(frozen=True)
class PreLabelChoice:
    """What the operator chose.

    Attributes:
        rasters: besides the image, for instance the height.
        flat: take a height of 0 everywhere, for want of a height raster.
        floor: score below which a pixel stays unlabelled, 0..1.
        replace: whether a proposal overwrites a label.
        model: ONNX file, None for the embedded one.
        label: whether patches are labelled at once; else the prediction is only there to be proposed.
    """

    rasters: tuple[Path, ...]
    flat: bool
    floor: float
    replace: bool
    model: Path | None = None
    label: bool = True


class PreLabelTask(BaseTask):
    """Pre-labels the open patches of a campaign; its result is that of `PreLabeller.apply_to_all`.

    Args:
        campaign: its GeoPackage.
        prediction: the raster.
        choice: of the operator.
    """

    def __init__(self, campaign: Path, prediction: Path, choice: PreLabelChoice) -> None:
        super().__init__(tr("Pre-labelling"))
        self._campaign, self._prediction, self._choice = campaign, prediction, choice

    def work(self, progress: TaskProgress) -> tuple[int, float]:
        """Called in a thread."""
        labeller = PreLabeller.prepare(
            read_campaign(self._campaign),
            self._prediction,
            floor=self._choice.floor,
            replace=self._choice.replace,
        )
        return labeller.apply_to_all(progress.update)


class PreLabelRun(QObject):
    """One run: backend, prediction, pre-labels.

    Signals:
        step(str): what is being done.
        following(BaseTask): a task begins, whose progress and end can be shown.
        labelling(): patches are about to be written; whoever holds one lets go of it.
        done(int, float): patches changed, mean labelled share.
        failed(object): the error.
        ended(): in any case.

    Args:
        campaign: whose image is predicted.
        choice: of the operator.
        parent: owner.
    """

    step = pyqtSignal(str)
    following = pyqtSignal(object)
    labelling = pyqtSignal()
    done = pyqtSignal(int, float)
    failed = pyqtSignal(object)
    ended = pyqtSignal()

    def __init__(self, campaign: Campaign, choice: PreLabelChoice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._campaign, self._choice = campaign, choice
        self._backend: LocalBackend | None = None
        self._task: BaseTask | None = None
        self._is_over = False

    @property
    def labels(self) -> bool:
        """Whether patches are labelled at once."""
        return self._choice.label

    @property
    def prediction(self) -> Path:
        """Where the prediction is written, beside the campaign."""
        return self._campaign.path.with_name(f"{self._campaign.path.stem}_prediction.tif")

    def start(self) -> None:
        """Start the backend, local unless an address is set.

        Raises:
            BackendNotFoundError: there is none.
        """
        settings = backend_settings().load()
        if settings.url:
            self._predict(BackendClient(settings.url, authcfg=settings.authcfg))
            return
        self.step.emit(tr("Starting the backend…"))
        self._backend = LocalBackend(settings, self)
        self._backend.ready.connect(self._predict)
        self._backend.failed.connect(self._fail)
        self._backend.start()

    def cancel(self) -> None:
        """Stop what is running."""
        if self._task is not None:
            self._task.cancel()
        else:
            self._end()

    @guarded
    def _predict(self, client: BackendClient) -> None:
        self.step.emit(tr("Predicting…"))
        rasters = [self._campaign.image, *self._choice.rasters]
        inputs = {"rasters": rasters, "resample": True}
        if self._choice.flat:
            inputs["fill"] = {"height": 0}
        if self._choice.model is not None:
            inputs["model"] = self._choice.model
        outputs = {"prediction": self.prediction}
        self._follow(BackendJobTask(tr("Prediction"), client, "predict", inputs, outputs), self._prelabel)

    @guarded
    def _prelabel(self, _results: object) -> None:
        if self._is_over:
            return
        self._stop_backend()
        if not self._choice.label:
            self._finish((0, 0.0))
            return
        self.step.emit(tr("Pre-labelling…"))
        self.labelling.emit()
        self._follow(PreLabelTask(self._campaign.path, self.prediction, self._choice), self._finish)

    def _follow(self, task: BaseTask, then: object) -> None:
        self._task = task
        task.succeeded.connect(then)
        task.failed.connect(self._fail)
        task.cancelled.connect(self._end)
        self.following.emit(task)
        start_task(task)

    @guarded
    def _finish(self, result: tuple[int, float]) -> None:
        self.done.emit(*result)
        self._end()

    @guarded
    def _fail(self, error: BaseException) -> None:
        # A backend that dies fails by itself and by its task; the second comes when another run may be on.
        if not self._is_over:
            self.failed.emit(error)
            self._end()

    @guarded
    def _end(self) -> None:
        if self._is_over:
            return
        self._is_over, self._task = True, None
        self._stop_backend()
        self.ended.emit()

    def _stop_backend(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            backend.stop()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Interactive models: embeddings of the patch in hand and of the next ones, and masks for points and boxes.

Nothing is computed before somebody takes the tool in hand: an embedding may cost seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ocsge_annotator.adapters.embedding_store import Arrays, embedding_file, read_embedding, write_embedding
from ocsge_annotator.adapters.machine_material import Material, Materials
from ocsge_annotator.adapters.machine_segments import coming_patches
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.prompts import Prompts
from ocsge_common.backend.live_client import LiveClient
from ocsge_common.backend.live_reply import LiveReply
from ocsge_common.slots import guarded
from ocsge_common.tasks import BaseTask, TaskProgress, start_task
from ocsge_common.translation import tr


class KeepEmbeddingTask(BaseTask):
    """Writes an embedding beside the campaign."""

    def __init__(self, write: Callable[[], None]) -> None:
        super().__init__(tr("Keeping an embedding"))
        self._write = write

    def work(self, progress: TaskProgress) -> None:
        """Called in a thread."""
        self._write()


class InteractiveDesk(QObject):
    """Asks interactive models.

    Signals:
        changed(): models, the chosen one, or whether the patch in hand is ready.
        masked(object, object): (M, H, W) bool, best first, and the `Prompts` that they answer.
        failed(object): why there is none.

    Args:
        session: the work.
        materials: the patches as the machine sees them.
        live: client of the live service.
        parent: owner.
    """

    changed = pyqtSignal()
    masked = pyqtSignal(object, object)
    failed = pyqtSignal(object)

    def __init__(
        self,
        session: AnnotationSession,
        materials: Materials,
        live: LiveClient,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._materials, self._live = session, materials, live
        self.models: list[str] = []
        self._digests: dict[str, str] = {}
        self.model = ""
        self._is_wanted = False
        self._known: set[str] = set()
        self._computing: tuple[Material, LiveReply] | None = None
        self._mask: tuple[Prompts, LiveReply] | None = None
        self._next: Prompts | None = None
        materials.ready.connect(self._on_material)

    @property
    def is_ready(self) -> bool:
        """Whether the backend holds the embedding of the patch in hand: masks come at once."""
        material = self._material()
        return material is not None and self._mark(material) in self._known

    @property
    def is_waiting(self) -> bool:
        """Whether an embedding is being computed for the patch in hand."""
        return self._computing is not None and self._computing[0] is self._material()

    def want(self) -> None:
        """Somebody took the tool in hand: ask for the models, make embeddings ready from now on."""
        self._is_wanted = True
        if self.models:
            self._work()
            return
        reply = self._live.models()
        reply.done.connect(self._on_models)
        reply.failed.connect(self.failed)

    def choose(self, model: str) -> None:
        """Work with another model."""
        if model != self.model:
            self.model = model
            self._stop_computing()
            self._work()
            self.changed.emit()

    def take_patch(self) -> None:
        """Another patch is in hand."""
        self._next = None
        if self._mask is not None:
            self._mask[1].cancel()
            self._mask = None
        self._work()

    def stop(self) -> None:
        """Wait for nothing any more."""
        self._is_wanted = False
        self._stop_computing()
        self.take_patch()

    def ask(self, prompts: Prompts) -> None:
        """Ask for the masks of some prompts; while one question is on its way the newest waits for it."""
        if self._mask is not None:
            self._next = prompts
            return
        material = self._material()
        if material is None or not self.model or prompts.is_empty:
            return
        self._next = None
        reply = self._live.mask(material.pixels, self.model, *prompts.arrays())
        self._mask = (prompts, reply)
        reply.done.connect(lambda answer: self._on_masks(reply, answer))
        reply.failed.connect(lambda error: self._on_no_mask(reply, error))

    # Models and embeddings

    @guarded
    def _on_models(self, models: list[dict[str, object]]) -> None:
        self.models = [str(entry["name"]) for entry in models]
        self._digests = {str(entry["name"]): str(entry.get("digest") or "") for entry in models}
        if self.model not in self.models:
            self.model = self.models[0] if self.models else ""
        self._work()
        self.changed.emit()

    @guarded
    def _on_material(self, material: Material) -> None:
        self._work()

    def _work(self) -> None:
        """Make the next embedding ready, that of the patch in hand first."""
        if not self._is_wanted or not self.model or self._session.campaign is None:
            return
        for patch in coming_patches(self._session):
            material = self._materials.find(patch.patch_id)
            if material is None:
                return
            if self._mark(material) not in self._known:
                self._make_ready(material)
                return

    def _make_ready(self, material: Material) -> None:
        if self._computing is not None:
            if self._computing[0] is material or material is not self._material():
                return
            self._stop_computing()
        path = embedding_file(self._session.campaign, self.model, material.patch)
        kept = read_embedding(path, self._mark(material))
        if kept is None:
            reply = self._live.embedding(material.pixels, self.model)
            reply.done.connect(lambda arrays: self._on_embedding(reply, arrays))
        else:
            reply = self._live.give_embedding(material.pixels.key, self.model, kept)
            reply.done.connect(lambda _nothing: self._on_there(reply))
        reply.failed.connect(lambda error: self._on_no_embedding(reply, error))
        self._computing = (material, reply)
        self.changed.emit()

    @guarded
    def _on_embedding(self, reply: LiveReply, arrays: Arrays) -> None:
        if self._computing is None or self._computing[1] is not reply or self._session.campaign is None:
            return
        material = self._computing[0]
        path, mark = embedding_file(self._session.campaign, self.model, material.patch), self._mark(material)
        task = KeepEmbeddingTask(lambda: write_embedding(path, mark, arrays))
        task.failed.connect(self.failed)
        start_task(task)
        self._on_there(reply)

    @guarded
    def _on_there(self, reply: LiveReply) -> None:
        if self._computing is None or self._computing[1] is not reply:
            return
        material, self._computing = self._computing[0], None
        self._known.add(self._mark(material))
        self.changed.emit()
        self._work()

    @guarded
    def _on_no_embedding(self, reply: LiveReply, error: BaseException) -> None:
        if self._computing is not None and self._computing[1] is reply:
            self._computing, self._is_wanted = None, False  # until the tool is taken in hand again
            self.failed.emit(error)
            self.changed.emit()

    def _stop_computing(self) -> None:
        if self._computing is not None:
            self._computing[1].cancel()
            self._computing = None

    # Masks

    @guarded
    def _on_masks(self, reply: LiveReply, answer: tuple[np.ndarray, np.ndarray]) -> None:
        if self._mask is None or self._mask[1] is not reply:
            return
        prompts, self._mask = self._mask[0], None
        material = self._material()
        if material is not None:
            self._known.add(self._mark(material))
        self.masked.emit(answer[0], prompts)
        if self._next is not None:
            self.ask(self._next)

    @guarded
    def _on_no_mask(self, reply: LiveReply, error: BaseException) -> None:
        if self._mask is not None and self._mask[1] is reply:
            self._mask, self._next = None, None
            self.failed.emit(error)

    def _mark(self, material: Material) -> str:
        """What an embedding is of: these pixels, this file of this model."""
        return f"{material.pixels.key} {self.model} {self._digests.get(self.model, '')}"

    def _material(self) -> Material | None:
        patch = self._session.patch
        return self._materials.find(patch.patch_id) if patch is not None else None

# SPDX-License-Identifier: GPL-2.0-or-later
"""From finished blocks to the files that the user asked for: all of them appear, or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inference_backend.contracts.prediction import (
    BAND_NAMES,
    SCHEMA_VERSION,
    TAG_CLASSES,
    TAG_MODEL,
    TAG_SCHEMA,
    PredictedClass,
    encode_classes,
)
from inference_backend.models.reader import ModelFile
from inference_backend.predict.block_store import BlockStore
from inference_backend.predict.block_work import PLANES, BlockWork
from inference_backend.predict.cog_file import CogMaker, CogText
from inference_backend.progress import Progress, Span


def output_paths(work: BlockWork, output: Path) -> list[Path]:
    """The files that the work makes, in the order of `work.products`."""
    return [product_path(product, output) for product in work.products]


def product_path(product: str, output: Path) -> Path:
    """`P.tif` for the planes, `P_<product>.tif` for others."""
    return output if product == PLANES else output.with_name(f"{output.stem}_{product}{output.suffix}")


def make_products(
    work: BlockWork, model: ModelFile, store: BlockStore, output: Path, progress: Progress
) -> None:
    """Write every product beside the blocks, then move all of them into place and drop the blocks.

    Raises:
        OSError: the disk is full or gone.
        Cancelled: the user stopped; the blocks stay.
    """
    written = []
    for number, product in enumerate(work.products):
        target = product_path(product, output)
        unfinished = store.unfinished(target)
        maker = CogMaker(work.grid, work.lattice, _text(product, model), store.files(product))
        span = Span(progress, number / len(work.products), (number + 1) / len(work.products))
        maker.write(unfinished, store.spool(), span.update)
        written.append((unfinished, target))
    for unfinished, target in written:
        unfinished.replace(target)
        # Statistics that QGIS or GDAL wrote beside an earlier result are not those of this one.
        target.with_name(f"{target.name}.aux.xml").unlink(missing_ok=True)
    store.remove()


def _text(product: str, model: ModelFile) -> CogText:
    names: Sequence[str] = BAND_NAMES if product == PLANES else model.card.classes
    tags = {TAG_MODEL: model.label}
    if product == PLANES:
        classes = tuple(PredictedClass(i, name) for i, name in enumerate(model.card.classes))
        tags |= {TAG_CLASSES: encode_classes(classes), TAG_SCHEMA: SCHEMA_VERSION}
    return CogText(names, tags)

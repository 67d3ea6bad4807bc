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
from inference_backend.predict.blocks.blended_file import finished_results
from inference_backend.predict.blocks.block_store import BlockStore
from inference_backend.predict.blocks.block_work import BLENDED, PLANES, BlockWork, encode_products
from inference_backend.predict.cog.cog_file import CogMaker, CogText
from inference_backend.progress import Progress, Span
from inference_backend.runtime.threads import usable_threads

_BLEND_SHARE = 0.7  # of what is done after the network


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
    if work.options.blend:
        _blend(work, model, store, Span(progress, 0.0, _BLEND_SHARE, "blending"))
        progress = Span(progress, _BLEND_SHARE, 1.0)
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


def _blend(work: BlockWork, model: ModelFile, store: BlockStore, progress: Progress) -> None:
    """Make the products of every block from its own file and its neighbours'."""
    files = store.files(BLENDED)
    for number, result in enumerate(finished_results(work.lattice, model.card, store, files)):
        progress.update(number / len(work.lattice))
        store.write(result.block, work.products, encode_products(work, result, usable_threads()))


def _text(product: str, model: ModelFile) -> CogText:
    names: Sequence[str] = BAND_NAMES if product == PLANES else model.card.classes
    tags = {TAG_MODEL: model.label}
    if product == PLANES:
        classes = tuple(PredictedClass(i, name) for i, name in enumerate(model.card.classes))
        tags |= {TAG_CLASSES: encode_classes(classes), TAG_SCHEMA: SCHEMA_VERSION}
    return CogText(names, tags)

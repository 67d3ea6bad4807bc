# SPDX-License-Identifier: GPL-2.0-or-later
from inference_backend.models.reader import default_model_path, read_model
from training.table import DOCUMENT, renewed


def test_the_document_gives_the_embedded_models_figures():
    """Renew them with `python -m training.table`."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert renewed(text, read_model(default_model_path()).card) == text

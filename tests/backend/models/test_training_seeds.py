# SPDX-License-Identifier: GPL-2.0-or-later
import re

import pytest

from training.seeds import DEMO_SEED, FIRST_SEEDS, check_seeds, seeds_of


def test_training_validation_and_test_scenes_are_not_the_same():
    seeds = seeds_of([900, 900, 900])
    assert not set(seeds["train"]) & set(seeds["validation"])
    assert not set(seeds["validation"]) & set(seeds["test"])
    assert DEMO_SEED not in [seed for part in seeds.values() for seed in part]


def test_parts_that_would_share_a_scene_are_refused():
    with pytest.raises(ValueError, match="share"):
        seeds_of([1001, 1, 1])


def test_the_demo_commune_is_refused(monkeypatch):
    with pytest.raises(ValueError, match="demo"):
        check_seeds([1000, DEMO_SEED])
    monkeypatch.setitem(FIRST_SEEDS, "train", DEMO_SEED - 2)
    with pytest.raises(ValueError, match="demo"):
        seeds_of([5, 1, 1])


def test_scenes_are_rendered_only_after_their_seed_was_checked(repository):
    """The loader needs PyTorch, which the tests do without: its text is looked at."""
    text = (repository / "training" / "samples.py").read_text(encoding="utf-8")
    loader = text[text.index("def load_scene") :]
    assert re.search(r"check_seeds\(\[seed\]\).*render_arrays\(seed", loader, re.DOTALL)

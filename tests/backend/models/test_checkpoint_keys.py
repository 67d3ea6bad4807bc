# SPDX-License-Identifier: GPL-2.0-or-later
import pytest

from training.checkpoint_keys import CheckpointError, plain_names

PLAIN = ("encoder.conv1.weight", "encoder.model.decoder.x", "decoder.blocks.0.w", "segmentation_head.0.bias")


@pytest.mark.parametrize("prefix", ["", "model.", "module.model.", "model.seg_model.", "_orig_mod.net."])
def test_wrappers_of_a_network_are_taken_off(prefix):
    names = [prefix + name for name in PLAIN]
    found = plain_names([*names, "criterion.weight", "train_metrics.confmat"])
    assert found == dict(zip(names, PLAIN, strict=True))


def hub(modalities=("AERIAL_RGBI",), tasks=("AERIAL_LABEL-COSIA",)):
    return [
        *(f"model.encoders.{modality}.seg_model.conv1.weight" for modality in modalities),
        *(f"model.main_decoders.{task}.seg_model.segmentation_head.0.bias" for task in tasks),
        "model.aux_decoders.AERIAL_RGBI__AERIAL_LABEL-COSIA.seg_model.decoder.w",
        "model.fusion_handler.conv_f.0.weight",
    ]


def test_flair_hub_s_encoder_and_decoder_become_one_network():
    names = hub()
    assert plain_names(names) == {names[0]: "encoder.conv1.weight", names[1]: "segmentation_head.0.bias"}


def test_a_task_is_chosen_where_there_are_several():
    names = hub(tasks=("AERIAL_LABEL-COSIA", "ALL_LABEL-LPIS"))
    with pytest.raises(CheckpointError, match="--task"):
        plain_names(names)
    found = plain_names(names, "ALL_LABEL-LPIS")
    assert list(found) == [names[0], names[2]]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (hub(modalities=("AERIAL_RGBI", "DEM_ELEV")), "fuses several inputs"),
        (["layer1.weight", "fc.bias"], "expected one network"),
        ([f"{net}.{name}" for net in ("student", "teacher") for name in PLAIN], "student., teacher."),
        ([], "expected one network"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_the_reason(names, reason):
    with pytest.raises(CheckpointError, match=reason):
        plain_names(names)

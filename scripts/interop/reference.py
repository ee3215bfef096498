"""Saves an unCLIP model with random weights as diffusers does: `reference.py FOLDER TOKENIZER`."""

import json
import pathlib
import sys

import torch
from diffusers import PriorTransformer, UnCLIPPipeline, UnCLIPScheduler, UNet2DConditionModel, UNet2DModel
from diffusers.pipelines.deprecated.unclip.text_proj import UnCLIPTextProjModel
from transformers import (
    CLIPImageProcessor, CLIPTextConfig, CLIPTextModelWithProjection, CLIPTokenizer, CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

WIDTH, CONTEXT = 48, 40


def unet(kind, down, mid, up, **options):
    return kind(
        block_out_channels=(12, 24, 36, 48), layers_per_block=1, norm_num_groups=6, down_block_types=down,
        mid_block_type=mid, up_block_types=up, act_fn="silu", **options)


def upsampler():
    return unet(
        UNet2DModel, ("ResnetDownsampleBlock2D",) * 4, "UNetMidBlock2D", ("ResnetUpsampleBlock2D",) * 4,
        sample_size=120, in_channels=6, out_channels=3, resnet_time_scale_shift="default", add_attention=False)


def scheduler(prediction, variance, limit=1.0):
    return UnCLIPScheduler(variance_type=variance, prediction_type=prediction, clip_sample_range=limit)


def components(tokenizer):
    # The context's tokens must not be as many as a level's pixels: diffusers 0.42 then forgets to widen its mask.
    decoder = unet(
        UNet2DConditionModel, ("ResnetDownsampleBlock2D",) + ("SimpleCrossAttnDownBlock2D",) * 3,
        "UNetMidBlock2DSimpleCrossAttn", ("SimpleCrossAttnUpBlock2D",) * 3 + ("ResnetUpsampleBlock2D",),
        sample_size=40, in_channels=3, out_channels=6, class_embed_type="identity", attention_head_dim=12,
        cross_attention_dim=CONTEXT, resnet_time_scale_shift="scale_shift")
    length = tokenizer.model_max_length
    parts = dict(
        prior=PriorTransformer(
            num_attention_heads=3, attention_head_dim=16, num_layers=2, embedding_dim=WIDTH, num_embeddings=length),
        decoder=decoder,
        text_encoder=CLIPTextModelWithProjection(CLIPTextConfig(
            vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=96, projection_dim=WIDTH,
            num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=length,
            bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id)),
        text_proj=UnCLIPTextProjModel(
            clip_embeddings_dim=WIDTH, time_embed_dim=4 * 12, cross_attention_dim=CONTEXT),
        super_res_first=upsampler(), super_res_last=upsampler())
    # What diffusers starts at zero would hide a mistake.
    for part in (parts["prior"], parts["text_proj"]):
        for parameter in part.parameters():
            if not parameter.any():
                torch.nn.init.normal_(parameter, std=0.5)
    return parts


def main(folder, tokenizer_folder):
    torch.manual_seed(0)
    tokenizer = CLIPTokenizer.from_pretrained(tokenizer_folder)
    parts = components(tokenizer)
    UnCLIPPipeline(
        **parts, tokenizer=tokenizer, prior_scheduler=scheduler("sample", "fixed_small_log", 5.0),
        decoder_scheduler=scheduler("epsilon", "learned_range"),
        super_res_scheduler=scheduler("epsilon", "fixed_small_log")).save_pretrained(folder)
    CLIPVisionModelWithProjection(CLIPVisionConfig(
        hidden_size=40, intermediate_size=80, projection_dim=WIDTH, num_hidden_layers=2, num_attention_heads=4,
        image_size=32, patch_size=8)).save_pretrained(folder / "image_encoder")
    CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(
        folder / "feature_extractor")
    index = folder / "model_index.json"
    entries = json.loads(index.read_text())
    # diffusers 0.42 cannot open the name that it writes for its own class.
    entries["text_proj"] = [UnCLIPTextProjModel.__module__, "UnCLIPTextProjModel"]
    # One folder for both pipelines.
    entries["image_encoder"] = ["transformers", "CLIPVisionModelWithProjection"]
    entries["feature_extractor"] = ["transformers", "CLIPImageProcessor"]
    index.write_text(json.dumps(entries, indent=2))


main(pathlib.Path(sys.argv[1]), sys.argv[2])

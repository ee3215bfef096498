"""Karlo and Kandinsky 2.2 as they are published: the classes, sizes and types of their networks, and where
their files lie. What is not said is the classes' default."""

from dataclasses import dataclass, field

CLIP_L = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12, projection_dim=768)
BLOCKS = dict(
    down_block_types=["ResnetDownsampleBlock2D"] + ["SimpleCrossAttnDownBlock2D"] * 3,
    mid_block_type="UNetMidBlock2DSimpleCrossAttn",
    up_block_types=["SimpleCrossAttnUpBlock2D"] * 3 + ["ResnetUpsampleBlock2D"],
    resnet_time_scale_shift="scale_shift", attention_head_dim=64, layers_per_block=3, sample_size=64)
SUPER_RES = dict(
    sample_size=256, in_channels=6, out_channels=3, block_out_channels=[320, 640, 960, 1280], layers_per_block=3,
    down_block_types=["ResnetDownsampleBlock2D"] * 4, up_block_types=["ResnetUpsampleBlock2D"] * 4, add_attention=False)
UNCLIP = dict(beta_schedule="squaredcos_cap_v2", clip_sample=True, num_train_timesteps=1000)
PRIOR_SCHEDULER = UNCLIP | dict(prediction_type="sample", variance_type="fixed_small_log")


def text(**sizes):
    return dict(vocab_size=49408, max_position_embeddings=77, eos_token_id=2) | sizes


@dataclass
class Network:
    library: str
    class_name: str
    config: dict
    dtype: str = "float32"


@dataclass
class Model:
    """Networks and schedulers by their folders; the pipelines by theirs."""
    networks: dict
    schedulers: dict
    tokenizers: list
    processors: list = field(default_factory=list)
    pipelines: dict = field(default_factory=dict)
    # As on the card.
    parameters: float = 0


KARLO = Model(
    networks={
        "prior": Network("diffusers", "PriorTransformer", dict(num_attention_heads=32, attention_head_dim=64, num_layers=20, embedding_dim=768)),
        "decoder": Network("diffusers", "UNet2DConditionModel", BLOCKS | dict(in_channels=3, out_channels=6, block_out_channels=[320, 640, 960, 1280], cross_attention_dim=1536, class_embed_type="identity")),
        "text_proj": Network("unclip", "UnCLIPTextProjModel", dict(clip_embeddings_dim=768, time_embed_dim=1280, cross_attention_dim=1536)),
        "text_encoder": Network("transformers", "CLIPTextModelWithProjection", text(**CLIP_L)),
        "super_res_first": Network("diffusers", "UNet2DModel", SUPER_RES),
        "super_res_last": Network("diffusers", "UNet2DModel", SUPER_RES),
    },
    schedulers={
        "prior_scheduler": ("UnCLIPScheduler", PRIOR_SCHEDULER | dict(clip_sample_range=5.0)),
        "decoder_scheduler": ("UnCLIPScheduler", UNCLIP | dict(variance_type="learned_range")),
        "super_res_scheduler": ("UnCLIPScheduler", UNCLIP | dict(variance_type="fixed_small_log")),
    },
    tokenizers=["tokenizer"], pipelines={".": "UnCLIPPipeline"}, parameters=3.42e9)

KANDINSKY = Model(
    networks={
        "prior/prior": Network("diffusers", "PriorTransformer", dict(num_attention_heads=32, attention_head_dim=64, num_layers=20, embedding_dim=1280)),
        "prior/text_encoder": Network("transformers", "CLIPTextModelWithProjection", text(hidden_size=1280, intermediate_size=5120, num_hidden_layers=32, num_attention_heads=20, projection_dim=1280, hidden_act="gelu")),
        "prior/image_encoder": Network("transformers", "CLIPVisionModelWithProjection", dict(hidden_size=1664, intermediate_size=8192, num_hidden_layers=48, num_attention_heads=16, projection_dim=1280, patch_size=14, image_size=224, hidden_act="gelu"), "float16"),
        "decoder/unet": Network("diffusers", "UNet2DConditionModel", BLOCKS | dict(in_channels=4, out_channels=8, block_out_channels=[384, 768, 1152, 1536], cross_attention_dim=768, encoder_hid_dim=1280, encoder_hid_dim_type="image_proj", addition_embed_type="image")),
        "decoder/movq": Network("diffusers", "VQModel", dict(block_out_channels=[128, 256, 256, 512], layers_per_block=2, latent_channels=4, vq_embed_dim=4, num_vq_embeddings=16384, norm_type="spatial", down_block_types=["DownEncoderBlock2D"] * 3 + ["AttnDownEncoderBlock2D"], up_block_types=["AttnUpDecoderBlock2D"] + ["UpDecoderBlock2D"] * 3)),
    },
    schedulers={
        "prior/scheduler": ("UnCLIPScheduler", PRIOR_SCHEDULER | dict(clip_sample_range=10.0)),
        "decoder/scheduler": ("DDPMScheduler", dict(beta_start=0.00085, beta_end=0.012, clip_sample=False, steps_offset=1, variance_type="learned_range")),
    },
    tokenizers=["prior/tokenizer"], processors=["prior/image_processor"],
    pipelines={"prior": "KandinskyV22PriorPipeline", "decoder": "KandinskyV22Pipeline"}, parameters=4.89e9)

MODELS = {"karlo": KARLO, "kandinsky22": KANDINSKY}

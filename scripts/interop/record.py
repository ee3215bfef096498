"""Draws with diffusers' unCLIP pipelines and records each normal draw, each step and the pictures, as
`golden.json` and `golden.safetensors` in the model's folder: what `limn conform` replays."""

import json
import pathlib
import sys
from contextlib import ExitStack
from unittest import mock

import torch
from diffusers import UnCLIPImageVariationPipeline, UnCLIPPipeline
from diffusers.schedulers import scheduling_unclip
from PIL import Image
from safetensors.torch import save_file

PROMPT = "a big red circle"
RUNS = {
    "a_text": (UnCLIPPipeline, dict(prompt=PROMPT)),
    "b_two_texts": (UnCLIPPipeline, dict(
        prompt=[PROMPT, "three small green stars in a \u201cblue\u201d box"], num_images_per_prompt=2,
        prior_num_inference_steps=5, decoder_num_inference_steps=8, super_res_num_inference_steps=4)),
    "c_no_guidance": (UnCLIPPipeline, dict(
        prompt=PROMPT, prior_guidance_scale=1.0, decoder_guidance_scale=1.0, decoder_num_inference_steps=10)),
    "d_variation": (UnCLIPImageVariationPipeline, dict(image="picture.png", decoder_num_inference_steps=10)),
}


class Recorder:
    """What happens in one run, by name."""

    def __init__(self, name):
        self.name = name
        self.tensors = {}
        self.draws = 0

    def keep(self, name, tensor):
        # A copy: the pipeline goes on with the original.
        self.tensors[f"{self.name}/{name}"] = tensor.detach().clone().contiguous()

    def draw(self, original):
        def randn_tensor(*args, **kwargs):
            noise = original(*args, **kwargs)
            self.keep(f"noise/{self.draws:03}/normal", noise)
            self.draws += 1
            return noise

        return randn_tensor

    def step(self, stage, original):
        index = 0

        def step(model_output, timestep, sample, **kwargs):
            nonlocal index
            result = original(model_output, timestep, sample, **kwargs)
            place = f"{stage}/step{index:02}"
            self.keep(f"{place}/sample_in", sample)
            self.keep(f"{place}/guided", model_output)
            self.keep(f"{place}/sample_out", result.prev_sample)
            index += 1
            return result

        return step


def record(name, pipeline, arguments, seed):
    recorder = Recorder(name)
    with ExitStack() as stack:
        for module in (scheduling_unclip, sys.modules[type(pipeline).__module__]):
            stack.enter_context(mock.patch.object(module, "randn_tensor", recorder.draw(module.randn_tensor)))
        for stage in ("prior", "decoder", "super_res"):
            scheduler = getattr(pipeline, f"{stage}_scheduler", None)
            if scheduler is not None:
                stack.enter_context(mock.patch.object(scheduler, "step", recorder.step(stage, scheduler.step)))
        images = pipeline(**arguments, generator=torch.Generator().manual_seed(seed), output_type="np").images
    recorder.keep("image", torch.from_numpy(images))
    return recorder.tensors


def main(folder, picture):
    # On white: dropping transparency, as pipelines do, is not what Limn does with it.
    drawn = Image.open(picture).convert("RGBA")
    Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB").save(folder / "picture.png")
    calls, tensors = {}, {}
    for seed, (name, (kind, arguments)) in enumerate(RUNS.items()):
        # As a user opens it: nothing but the folder is given.
        pipeline = kind.from_pretrained(folder)
        pipeline.set_progress_bar_config(disable=True)
        given = dict(arguments)
        if "image" in given:
            given["image"] = Image.open(folder / given["image"])
        tensors |= record(name, pipeline, given, seed)
        calls[name] = {"pipeline": kind.__name__, **arguments}
    descriptions = {
        name: {"shape": list(tensor.shape), "dtype": str(tensor.dtype).removeprefix("torch."), "what": ""}
        for name, tensor in tensors.items()
    }
    save_file(tensors, folder / "golden.safetensors")
    recording = {"title": f"diffusers with the model “{folder.name}”", "notes": [], "calls": calls, "tensors": descriptions}
    (folder / "golden.json").write_text(json.dumps(recording))


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))

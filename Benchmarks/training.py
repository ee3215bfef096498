"""Times training steps of Limn and of the same networks in PyTorch eager (diffusers, transformers), in turns.

Both do in a step: noise and targets, forward and backward under autocast in bfloat16, clipping of the gradients' norm,
AdamW, and the averaged weights. The data are made up and stay in memory. PyTorch runs twice: as it is usually written
(its default memory format and optimiser), and tuned (channels last, fused AdamW)."""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import time
import warnings

import torch
import torch.nn.functional as F
from diffusers import DDPMScheduler, UNet2DConditionModel
from diffusers.pipelines.deprecated.unclip.text_proj import UnCLIPTextProjModel
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, CLIPVisionConfig, CLIPVisionModelWithProjection

CONFIG = pathlib.Path(__file__).with_suffix(".json")


class Decoder(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        network = dict(config["network"])
        self.patch = network.pop("patch_size", 1)
        network.pop("inpainting_channels", None)
        # The reference has no folding: it is done around it.
        self.network = UNet2DConditionModel(**{k: v for k, v in network.items() if not k.startswith("_")})
        self.projection = UnCLIPTextProjModel(
            clip_embeddings_dim=config["width"], time_embed_dim=4 * network["block_out_channels"][0],
            cross_attention_dim=network["cross_attention_dim"])
        self.scheduler = DDPMScheduler(
            beta_schedule=config["scheduler"]["beta_schedule"], prediction_type=config["scheduler"]["prediction_type"])
        batch, size = config["batch"], config["size"]
        known = network["in_channels"] // self.patch**2 - 3
        self.pictures = torch.randn(batch, 3, size, size).clamp(-1, 1)
        self.known = torch.zeros(batch, known, size, size)
        self.image = torch.randn(batch, config["width"])
        self.text = torch.randn(batch, config["width"])
        self.states = torch.randn(batch, config["tokens"], config["width"])
        self.mask = torch.ones(batch, config["tokens"], dtype=torch.bool)
        snr = self.scheduler.alphas_cumprod / (1 - self.scheduler.alphas_cumprod)
        self.weights = snr.clamp(max=config["gamma"]) / (snr + 1)

    def loss(self, channels_last):
        noise = torch.randn_like(self.pictures)
        times = torch.randint(0, len(self.weights), self.pictures.shape[:1])
        noisy = self.scheduler.add_noise(self.pictures, noise, times)
        target = self.scheduler.get_velocity(self.pictures, noise, times)
        with torch.autocast("cpu", torch.bfloat16):
            context, time = self.projection(
                image_embeddings=self.image, prompt_embeds=self.text, text_encoder_hidden_states=self.states,
                do_classifier_free_guidance=False)
            folded = F.pixel_unshuffle(torch.cat([noisy, self.known], dim=1), self.patch)
            if channels_last:
                folded = folded.contiguous(memory_format=torch.channels_last)
            mask = F.pad(self.mask, (self.projection.clip_extra_context_tokens, 0), value=True)
            output = self.network(
                folded, times, encoder_hidden_states=context, class_labels=time, attention_mask=mask).sample
        prediction = F.pixel_shuffle(output.float(), self.patch)
        error = (prediction - target).square().mean(dim=(1, 2, 3))
        return (error * self.weights[times]).mean()


class CLIP(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.text = CLIPTextModelWithProjection(CLIPTextConfig(**config["text"]))
        self.vision = CLIPVisionModelWithProjection(CLIPVisionConfig(**config["vision"]))
        self.scale = torch.nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        side, length = config["vision"]["image_size"], config["text"]["max_position_embeddings"]
        self.pictures = torch.randn(config["batch"], 3, side, side)
        self.ids = torch.randint(0, config["text"]["vocab_size"] - 2, (config["batch"], length))
        self.ids[:, -1] = config["text"]["eos_token_id"]
        self.own = torch.arange(config["batch"])

    def loss(self, channels_last):
        with torch.autocast("cpu", torch.bfloat16):
            images = self.vision(self.pictures).image_embeds
            captions = self.text(self.ids).text_embeds
        images, captions = F.normalize(images.float(), dim=-1), F.normalize(captions.float(), dim=-1)
        logits = images @ captions.T * self.scale.clamp(max=math.log(100)).exp()
        return (F.cross_entropy(logits, self.own) + F.cross_entropy(logits.T, self.own)) / 2


class Eager:
    """A model with what its step needs."""

    def __init__(self, model, training, tuned):
        self.model, self.clip, self.tuned = model, training["clip"], tuned
        if tuned:
            model.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(
            model.parameters(), lr=training["rate"], betas=training["betas"], weight_decay=training["decay"],
            fused=True if tuned else None)
        self.average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(training["ema"]))

    def step(self):
        self.optimizer.zero_grad()
        loss = self.model.loss(self.tuned)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
        self.optimizer.step()
        self.average.update_parameters(self.model)
        return loss.item()

    def seconds(self, steps, warmup=2):
        times = []
        for _ in range(warmup + steps):
            start = time.perf_counter()
            self.step()
            times.append(time.perf_counter() - start)
        return times[warmup:]


def limn(program, part, threads):
    def seconds(steps):
        command = [program, "train", "bench", part, "--config", CONFIG, "--steps", str(steps), "--threads", str(threads)]
        return [float(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]

    return seconds


def compare(part, options, config):
    kind = {"decoder": Decoder, "clip": CLIP}[part]
    count = {name: sum(p.numel() for p in Eager(kind(config[part]), config["training"], False).model.parameters()) for name in [part]}
    runners = {
        "Limn": limn(options.limn, part, options.threads),
        "PyTorch": Eager(kind(config[part]), config["training"], tuned=False).seconds,
        "PyTorch, tuned": Eager(kind(config[part]), config["training"], tuned=True).seconds,
    }
    times = {name: [] for name in runners}
    for _ in range(options.rounds):
        for name, seconds in runners.items():
            times[name] += seconds(options.steps)
    batch = config[part]["batch"]
    rates = {name: batch / statistics.median(values) for name, values in times.items()}
    print(f"{part}: {count[part] / 1e6:.2f} M parameters, batch {batch}, {options.threads} thread(s), torch {torch.__version__}")
    for name, rate in rates.items():
        steps = sorted(times[name])
        spread = f"{steps[len(steps) // 4] * 1e3:.0f}–{steps[len(steps) * 3 // 4] * 1e3:.0f} ms"
        ratio = "" if name == "Limn" else f"   Limn ÷ it: {rates['Limn'] / rate:.2f}"
        print(f"  {name:<16} {statistics.median(steps) * 1e3:7.1f} ms a step ({spread}) {rate:7.1f} samples/s{ratio}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limn", required=True)
    parser.add_argument("--part", choices=["decoder", "clip"], action="append")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--steps", type=int, default=6)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(options.threads)
    config = json.loads(CONFIG.read_text())
    for part in options.part or ["decoder", "clip"]:
        compare(part, options, config)


main()

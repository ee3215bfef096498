#!/usr/bin/env python3
"""Records runs of the reference schedulers with a synthetic model, for the options that real models rarely use.

    pip install torch diffusers safetensors
    scripts/goldens/schedulers.py Tests/Goldens/schedulers

Writes golden.json (what each run is) and golden.safetensors. A run NAME/STEPS has `timesteps`, `x` (samples, the
initial one first), `model_out`, and where they apply `sigmas`, `model_in` and `noise`.
"""

import json
import math
import sys
import warnings
from pathlib import Path

import diffusers
import torch
from diffusers.utils.torch_utils import randn_tensor
from safetensors.torch import save_file

warnings.filterwarnings("ignore")
diffusers.logging.set_verbosity_error()

SHAPE = (2, 3, 2, 3)
SD = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
COSINE = {"beta_schedule": "squaredcos_cap_v2"}
V = {"prediction_type": "v_prediction"}
X0 = {"prediction_type": "sample"}
TRAINED = {"trained_betas": [round(0.001 + 0.0004 * i, 6) for i in range(100)], "num_train_timesteps": 100}

UNCLIP, DDPM, DDIM = "UnCLIPScheduler", "DDPMScheduler", "DDIMScheduler"
DPM, EULER, UNIPC = "DPMSolverMultistepScheduler", "EulerDiscreteScheduler", "UniPCMultistepScheduler"

# (class, options, steps, how the run is made)
RUNS = [
    (UNCLIP, {}, 2, {}),
    (UNCLIP, {"variance_type": "learned_range"}, 7, {"learned": True}),
    (UNCLIP, {"num_train_timesteps": 12, "clip_sample": False}, 12, {}),
    (DDPM, {"timestep_spacing": "linspace", "variance_type": "fixed_large", **SD}, 8, {}),
    (DDPM, {"beta_schedule": "sigmoid", "thresholding": True, "sample_max_value": 1.5}, 6, {}),
    (DDPM, {"beta_schedule": "laplace", **X0}, 5, {}),
    (DDPM, {**COSINE, **V, "variance_type": "learned_range", "timestep_spacing": "trailing"}, 7, {"learned": True}),
    (DDPM, {**TRAINED, "steps_offset": 3, "variance_type": "fixed_small_log"}, 9, {}),
    (DDPM, {"rescale_betas_zero_snr": True, **X0, "timestep_spacing": "linspace"}, 4, {}),
    (DDIM, {**SD, "timestep_spacing": "linspace"}, 7, {"eta": 0.5}),
    (DDIM, {**COSINE, "thresholding": True, "sample_max_value": 2.0, "steps_offset": 1}, 6, {"eta": 0.3}),
    (DDIM, {**SD, **V, "rescale_betas_zero_snr": True, "timestep_spacing": "trailing", "clip_sample": False}, 5, {}),
    (DDIM, {**COSINE, "set_alpha_to_one": False, "dynamic_thresholding_ratio": 0.9}, 8, {"rederives_noise": True}),
    (DDIM, TRAINED, 10, {"eta": 1.0}),
    (DPM, {**SD, "solver_order": 1}, 5, {}),
    (DPM, {**SD, "solver_order": 3}, 6, {}),
    (DPM, {**SD, "solver_order": 3, "timestep_spacing": "trailing"}, 17, {}),
    (DPM, {**SD, "solver_type": "heun", "timestep_spacing": "leading", "steps_offset": 1}, 8, {}),
    (DPM, {**SD, "algorithm_type": "sde-dpmsolver++"}, 7, {"noise": True}),
    (DPM, {**SD, "algorithm_type": "sde-dpmsolver++", "solver_type": "heun", **V}, 6, {"noise": True}),
    (DPM, {**SD, "algorithm_type": "sde-dpmsolver++", "solver_order": 3, "final_sigmas_type": "sigma_min"}, 8, {"noise": True}),
    (DPM, {**SD, "algorithm_type": "dpmsolver", "final_sigmas_type": "sigma_min"}, 6, {}),
    (DPM, {**SD, "algorithm_type": "dpmsolver", "final_sigmas_type": "sigma_min", "solver_order": 3, **V}, 16, {}),
    (DPM, {**SD, "algorithm_type": "dpmsolver", "final_sigmas_type": "sigma_min", "solver_type": "heun", **X0, "thresholding": True, "sample_max_value": 1.5}, 6, {}),
    (DPM, {**SD, "algorithm_type": "sde-dpmsolver", "final_sigmas_type": "sigma_min"}, 5, {"noise": True}),
    (DPM, {**SD, "algorithm_type": "sde-dpmsolver", "final_sigmas_type": "sigma_min", "solver_type": "heun"}, 5, {"noise": True}),
    (DPM, {**SD, "use_lu_lambdas": True}, 7, {}),
    (DPM, {**SD, "use_exponential_sigmas": True}, 7, {}),
    (DPM, {**COSINE, "use_karras_sigmas": True, "lambda_min_clipped": -5.1}, 8, {"tables_only": True}),
    (DPM, {**COSINE, "lambda_min_clipped": -5.1, "thresholding": True, "sample_max_value": 2.0}, 8, {}),
    (DPM, {**COSINE, "lambda_min_clipped": -5.1, "timestep_spacing": "trailing"}, 9, {}),
    (DPM, {**SD, "euler_at_final": True, "lower_order_final": False, "final_sigmas_type": "sigma_min"}, 6, {}),
    (DPM, {**SD, **V, "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}, 6, {}),
    (DPM, {**SD, "algorithm_type": "deis", "solver_type": "logrho", "final_sigmas_type": "sigma_min", "variance_type": "learned_range"}, 4, {"learned": True}),
    (EULER, {**SD, "timestep_spacing": "trailing"}, 7, {}),
    (EULER, {**SD, "use_exponential_sigmas": True}, 6, {}),
    (EULER, {**SD, "interpolation_type": "log_linear"}, 6, {}),
    (EULER, {**SD, **V, "timestep_type": "continuous", "use_karras_sigmas": True, "sigma_min": 0.05, "sigma_max": 20.0}, 6, {}),
    (EULER, {**SD, "final_sigmas_type": "sigma_min", **X0}, 5, {}),
    (EULER, {**SD, **V, "rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}, 5, {}),
    (UNIPC, {**SD, "solver_order": 1}, 5, {}),
    (UNIPC, {**SD, "solver_order": 3, "timestep_spacing": "trailing"}, 9, {}),
    (UNIPC, {**SD, "solver_order": 4, "final_sigmas_type": "sigma_min"}, 8, {}),
    (UNIPC, {**SD, "predict_x0": False, "final_sigmas_type": "sigma_min"}, 6, {}),
    (UNIPC, {**SD, "predict_x0": False, "final_sigmas_type": "sigma_min", "solver_type": "bh1", **V}, 6, {}),
    (UNIPC, {**SD, "use_karras_sigmas": True}, 8, {}),
    (UNIPC, {**SD, "use_karras_sigmas": True, "final_sigmas_type": "sigma_min", "sigma_max": 10.0}, 6, {}),
    (UNIPC, {**SD, "use_exponential_sigmas": True, "disable_corrector": [0, 2]}, 7, {}),
    (UNIPC, {**SD, "lower_order_final": False, "final_sigmas_type": "sigma_min", "solver_type": "bh1"}, 6, {}),
    (UNIPC, {**COSINE, "thresholding": True, "sample_max_value": 1.5, **X0, "timestep_spacing": "leading"}, 8, {}),
    (UNIPC, {**SD, **V, "rescale_betas_zero_snr": True, "timestep_spacing": "trailing", "solver_order": 3}, 6, {}),
    (DDPM, {**SD, "timestep_spacing": "trailing"}, 61, {"tables_only": True}),
    (EULER, COSINE, 1, {"tables_only": True}),
    (DPM, SD, 1, {"tables_only": True}),
    (DPM, {**SD, "use_karras_sigmas": True}, 40, {"tables_only": True}),
    (UNIPC, {**COSINE, "use_karras_sigmas": True}, 30, {"tables_only": True}),
]


def model(x, t, learned):
    mean = 0.1 * x + math.sin(float(t) / 100)
    if not learned:
        return mean
    return torch.cat([mean, torch.tanh(0.5 * x) * math.cos(float(t) / 150)], dim=1)


def record(kind, options, steps, how, prefix, tensors):
    scheduler = getattr(diffusers, kind)(**options)
    scheduler.set_timesteps(steps)
    call = {"scheduler": kind, "config": options, "eta": how.get("eta", 0.0), "model_gain": 1.0,
            "learned_variance_channels": how.get("learned", False),
            "rederives_noise": how.get("rederives_noise", False),
            "init_noise_sigma": float(scheduler.init_noise_sigma)}
    timesteps = scheduler.timesteps
    if how.get("tables_only"):
        # The reference's rounding can add a point below zero, which is no timestep.
        timesteps = timesteps[timesteps >= 0]
    tensors[f"{prefix}/timesteps"] = timesteps
    if hasattr(scheduler, "sigmas"):
        tensors[f"{prefix}/sigmas"] = scheduler.sigmas
    if how.get("tables_only"):
        return call

    generator = torch.Generator().manual_seed(steps)
    x = torch.randn(SHAPE, generator=generator) * scheduler.init_noise_sigma
    xs, outs, inputs, draws = [x], [], [], []
    for i, t in enumerate(timesteps):
        seen = scheduler.scale_model_input(x, t)
        out = model(seen, t, how.get("learned", False))
        kwargs = {"generator": generator} if kind in (UNCLIP, DDPM, DDIM, DPM) else {}
        if kind == UNCLIP:
            kwargs["prev_timestep"] = None if i + 1 == len(timesteps) else timesteps[i + 1]
        if kind == DDIM:
            kwargs["eta"] = how.get("eta", 0.0)
            kwargs["use_clipped_model_output"] = how.get("rederives_noise", False)
        before = generator.get_state()
        x = scheduler.step(out, t, x, **kwargs).prev_sample
        drew = not torch.equal(before, generator.get_state())
        again = torch.Generator()
        again.set_state(before)
        draws.append(randn_tensor(SHAPE, generator=again) if drew else torch.zeros(SHAPE))
        if drew and how.get("learned") and kind in (UNCLIP, DDPM):
            # The reference draws for the model's output after the split: the sample's shape.
            assert out.shape[1] == 2 * SHAPE[1]
        xs.append(x)
        outs.append(out)
        inputs.append(seen)
    assert all(torch.isfinite(s).all() for s in xs), (kind, options)
    tensors[f"{prefix}/x"] = torch.stack(xs)
    tensors[f"{prefix}/model_out"] = torch.stack(outs)
    if kind == EULER:
        tensors[f"{prefix}/model_in"] = torch.stack(inputs)
    if any(d.abs().sum() > 0 for d in draws):
        tensors[f"{prefix}/noise"] = torch.stack(draws)
    return call


def main(folder):
    tensors, calls = {}, {}
    for index, (kind, options, steps, how) in enumerate(RUNS):
        name = f"{index:02d}_{kind.removesuffix('Scheduler').lower()}"
        calls[f"{name}/{steps}"] = record(kind, options, steps, how, f"{name}/{steps}", tensors)
        if index in (4, 5, 7, 8):
            scheduler = getattr(diffusers, kind)(**options)
            tensors[f"{name}/betas"] = scheduler.betas
            tensors[f"{name}/alphas_cumprod"] = scheduler.alphas_cumprod
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "golden.safetensors")
    facts = {
        "title": "Scheduler trajectories, rarer options",
        "reference": {"torch": torch.__version__, "diffusers": diffusers.__version__},
        "calls": calls,
        "tensors": {k: {"shape": list(v.shape), "dtype": str(v.dtype).removeprefix("torch.")} for k, v in tensors.items()},
    }
    (folder / "golden.safetensors").chmod(0o644)
    (folder / "golden.json").write_text(json.dumps(facts, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

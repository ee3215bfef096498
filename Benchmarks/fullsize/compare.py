"""Draws with Limn and with diffusers from the same folder, in turns, at equal steps, and compares time and memory.

The peak is the most memory that the process held, without what it had mapped of files (RssAnon), seen every 20 ms.
Seconds of a stage are those from the end of the one before to the end of its last step."""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

# The stages with the option for their steps in Limn.
STAGES = {"karlo": ["prior", "decoder", "super_res"], "kandinsky22": ["prior", "decoder"]}


def watch(command, environment=None):
    """The command's output, its seconds and its peak in GiB."""
    peak, start = 0, time.monotonic()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, env=environment)
        while process.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                peak = max([peak] + [int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")])
            except (FileNotFoundError, ProcessLookupError):
                pass
            time.sleep(0.02)
        seconds = time.monotonic() - start
        if process.returncode != 0:
            sys.exit(f"{command[0]} ended with {process.returncode}")
        output.seek(0)
        return output.read(), seconds, peak / 2**20


def ours(limn, model, folder, steps, low_memory):
    options = [item for stage, count in steps.items() for item in ("--steps", f"{stage}={count}")]
    with tempfile.TemporaryDirectory() as out:
        text, seconds, peak = watch(
            [limn, "draw", "a red fox in the snow", "--model", str(folder), "--dtype", "bfloat16", "-n", "1", "--seed", "1",
             "--out", out, "--json", "--quiet", *options, *(["--low-memory"] if low_memory else [])])
    stages = {stage["name"]: stage["seconds"] for stage in json.loads(text)["summary"]["stages"]}
    return dict(stages=stages, seconds=seconds, peak=peak)


def theirs(model, folder, steps):
    text, seconds, peak = watch([sys.executable, __file__, model, str(folder), "--reference", json.dumps(steps)])
    return dict(stages=json.loads(text.splitlines()[-1]), seconds=seconds, peak=peak)


def reference(model, folder, steps):
    """diffusers, as it is usually called. Prints the seconds of each stage."""
    import diffusers
    import torch
    from diffusers.pipelines.deprecated.unclip import text_proj
    from diffusers.pipelines.deprecated.unclip.text_proj import UnCLIPTextProjModel

    # The library that Karlo's index names for this part, which diffusers asks to be there.
    sys.modules["unclip"] = text_proj
    # PyTorch resizes no bfloat16 on a CPU as the pipeline asks for.
    resize = torch.nn.functional.interpolate
    torch.nn.functional.interpolate = lambda x, *options, **named: resize(x.float(), *options, **named).to(x.dtype)

    ends = {}

    def timed(stage, scheduler):
        inner = scheduler.step

        def step(*arguments, **options):
            result = inner(*arguments, **options)
            ends[stage] = time.monotonic()
            return result

        scheduler.step = step

    bfloat16 = dict(torch_dtype=torch.bfloat16)
    prompt = "a red fox in the snow"
    with torch.inference_mode():
        if model == "karlo":
            projection = UnCLIPTextProjModel.from_pretrained(folder, subfolder="text_proj", **bfloat16)
            pipe = diffusers.UnCLIPPipeline.from_pretrained(folder, text_proj=projection, **bfloat16)
            for stage, scheduler in zip(STAGES[model], [pipe.prior_scheduler, pipe.decoder_scheduler, pipe.super_res_scheduler]):
                timed(stage, scheduler)
            pipe.set_progress_bar_config(disable=True)
            start = time.monotonic()
            pipe(prompt, prior_num_inference_steps=steps["prior"], decoder_num_inference_steps=steps["decoder"],
                 super_res_num_inference_steps=steps["super_res"])
        else:
            prior = diffusers.KandinskyV22PriorPipeline.from_pretrained(folder / "prior", **bfloat16)
            pipe = diffusers.KandinskyV22Pipeline.from_pretrained(folder / "decoder", **bfloat16)
            timed("prior", prior.scheduler)
            timed("decoder", pipe.scheduler)
            for each in [prior, pipe]:
                each.set_progress_bar_config(disable=True)
            start = time.monotonic()
            embeds = prior(prompt, num_inference_steps=steps["prior"])
            pipe(**embeds, num_inference_steps=steps["decoder"])
    result = {}
    for stage in STAGES[model]:
        result[stage], start = ends[stage] - start, ends[stage]
    print(json.dumps(result))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=STAGES)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--limn", help="the program")
    parser.add_argument("--steps", type=int, nargs="+", default=[3, 3, 2], help="of the stages, in their order")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--reference", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.reference:
        return reference(arguments.model, arguments.folder, json.loads(arguments.reference))
    steps = dict(zip(STAGES[arguments.model], arguments.steps))
    runs = {"limn": [], "limn --low-memory": [], "diffusers": []}
    for _ in range(arguments.rounds):
        runs["limn"].append(ours(arguments.limn, arguments.model, arguments.folder, steps, False))
        runs["diffusers"].append(theirs(arguments.model, arguments.folder, steps))
        runs["limn --low-memory"].append(ours(arguments.limn, arguments.model, arguments.folder, steps, True))
    median = lambda name, value: statistics.median(value(run) for run in runs[name])
    for name in runs:
        stages = {stage: median(name, lambda run: run["stages"][stage]) for stage in steps}
        print(f"{name}: {median(name, lambda run: run['seconds']):.1f} s with loading, peak "
              f"{median(name, lambda run: run['peak']):.2f} GiB; a step: "
              + ", ".join(f"{stage} {seconds / steps[stage]:.2f} s" for stage, seconds in stages.items()))
    for stage in steps:
        ratio = median("diffusers", lambda run: run["stages"][stage]) / median("limn", lambda run: run["stages"][stage])
        print(f"{stage}: Limn is {ratio:.2f} times as fast")


if __name__ == "__main__":
    main()

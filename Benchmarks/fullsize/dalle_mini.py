"""DALL·E mini or mega at full size with random weights: Limn beside min-dalle, in one run.

    pip install min-dalle
    python3 Benchmarks/fullsize/dalle_mini.py FOLDER              # mini: about 1 GB is written into FOLDER
    python3 Benchmarks/fullsize/dalle_mini.py FOLDER --mega       # about 6 GB

Names, shapes and files are those of the published checkpoints in float16; no weight is read from anywhere, so the pictures
are noise. LIMN names the binary.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

import torch

from compare import watch

ROOT = pathlib.Path(__file__).resolve().parents[2]
MINI = dict(
    d_model=1024, encoder_layers=12, decoder_layers=12, encoder_attention_heads=16, decoder_attention_heads=16,
    encoder_ffn_dim=2730, decoder_ffn_dim=2730, encoder_vocab_size=50264, image_vocab_size=16384, image_length=256,
    max_text_length=64, decoder_start_token_id=16384)
MEGA = dict(
    MINI, d_model=2048, encoder_layers=24, decoder_layers=24, encoder_attention_heads=32, decoder_attention_heads=32,
    encoder_ffn_dim=4096, decoder_ffn_dim=4096, encoder_vocab_size=50272, image_vocab_size=16415)
PROMPT = "a fox in the snow"
# Normalisations whose scale is in the layer after them, and so is 1 and not in the published files.
UNSCALED = (
    "pre_self_attn_layer_norm.weight", "pre_encoder_attn_layer_norm.weight", "glu.ln0.weight", "glu.ln1.weight")

THEIRS = """
import json, resource, sys, time, torch
torch.set_num_threads(int(sys.argv[3]))
load = torch.load
torch.load = lambda path: load(path, map_location="cpu", mmap=True)
import min_dalle.min_dalle as program
torch.set_num_threads(int(sys.argv[3]))
program.requests.get = lambda *_: None
start = time.perf_counter()
model = program.MinDalle(sys.argv[1], dtype=getattr(torch, sys.argv[5]), device="cpu", is_mega=sys.argv[2] == "mega", is_verbose=False)
loaded = time.perf_counter()
model.detokenizer = model.detokenizer.float()
model.generate_image(sys.argv[6], seed=1, grid_size=int(sys.argv[4]), top_k=256, supercondition_factor=16)
print(json.dumps({"load": loaded - start, "draw": time.perf_counter() - loaded, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}))
"""


def tensors(model, scale=0.02):
    generator = torch.Generator().manual_seed(1)
    return {
        name: (torch.ones(value.shape) if value.ndim == 1 and name.endswith("weight") else torch.zeros(value.shape)
               if value.ndim == 1 else torch.randn(value.shape, generator=generator) * scale).half()
        for name, value in model.state_dict().items() if not name.endswith(UNSCALED)
    }


def write(folder, kind, config):
    from min_dalle.models import DalleBartDecoder, DalleBartEncoder, VQGanDetokenizer

    theirs, codes = folder / f"dalle_bart_{kind}", folder / "vqgan"
    if (folder / "done").exists():
        return theirs
    for place in (theirs, codes):
        place.mkdir(parents=True, exist_ok=True)
    words = ["<s>", "<pad>", "</s>", "<unk>"] + [chr(code) for code in range(33, 127)] + [chr(ord(" ") + 256)]
    (theirs / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (theirs / "merges.txt").write_text("#version: 0.2\n")
    (theirs / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 64}))
    (theirs / "config.json").write_text(json.dumps(config))
    shape = dict(
        attention_head_count=config["encoder_attention_heads"], embed_count=config["d_model"],
        glu_embed_count=config["encoder_ffn_dim"], layer_count=config["encoder_layers"], device="cpu")
    encoder = DalleBartEncoder(text_token_count=64, text_vocab_count=config["encoder_vocab_size"], **shape)
    torch.save(tensors(encoder), theirs / "encoder.pt")
    del encoder
    decoder = DalleBartDecoder(image_vocab_count=config["image_vocab_size"], **shape)
    torch.save(tensors(decoder), theirs / "decoder.pt")
    del decoder
    torch.save(tensors(VQGanDetokenizer(), 0.05), codes / "detoker.pt")
    if not (theirs / "detoker.pt").exists():
        (theirs / "detoker.pt").symlink_to(codes / "detoker.pt")
    (folder / "done").touch()
    return theirs


def ours(model, pictures, dtype, threads):
    library = ROOT / ".deps/libtorch/lib"
    limn = os.environ.get("LIMN", str(ROOT / ".build/release/limn"))
    environment = {**os.environ, "LD_LIBRARY_PATH": str(library), "OMP_NUM_THREADS": str(threads)}
    command = [
        limn, "draw", PROMPT, "--model", str(model), "-n", str(pictures), "--seed", "1", "--dtype", dtype, "--json",
        "--quiet", "--out", str(model.parent / "out")]
    text, seconds, peak = watch(command, environment)
    drawn = json.loads(text)["summary"]["seconds"]
    return {"load": seconds - drawn, "draw": drawn, "peak": peak}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--mega", action="store_true")
    options.add_argument("--side", type=int, default=1, help="pictures in a row of the grid: 1 to 3")
    options.add_argument("--threads", type=int, default=os.cpu_count())
    options.add_argument("--ours", action="store_true", help="leave min-dalle out")
    options = options.parse_args()
    kind, config = ("mega", MEGA) if options.mega else ("mini", MINI)
    folder = options.folder / kind
    model = write(folder, kind, config)
    weights = sum(file.stat().st_size for file in [*model.glob("*.pt")]) / 2**30
    print(f"DALL·E {kind}: {weights:.2f} GiB of weights in 16 bits, {options.side ** 2} pictures, {options.threads} threads")
    figures = {}
    for dtype in ("bfloat16", "float32"):
        figures[f"limn {dtype}"] = ours(model, options.side ** 2, dtype, options.threads)
    for dtype in () if options.ours else ("bfloat16", "float32"):
        arguments = [str(folder), kind, str(options.threads), str(options.side), dtype, PROMPT]
        done = subprocess.run([sys.executable, "-c", THEIRS, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            print(f"min-dalle {dtype} failed: {done.stderr.splitlines()[-1]}")
            continue
        figures[f"min-dalle {dtype}"] = json.loads(done.stdout.splitlines()[-1])
    for name, each in figures.items():
        print(f"{name:18} load {each['load']:6.1f} s  draw {each['draw']:6.1f} s  peak {each['peak']:5.2f} GiB")
    theirs = [each["draw"] for name, each in figures.items() if name.startswith("min-dalle")]
    for dtype in ("bfloat16", "float32") if theirs else ():
        print(f"min-dalle at its fastest ÷ limn {dtype}: {min(theirs) / figures[f'limn {dtype}']['draw']:.2f}")


if __name__ == "__main__":
    main()

"""Writes a model of its real size with random weights: the real names, shapes, types and files.

Networks are built without memory; each tensor is drawn and written by itself."""

import argparse
import importlib
import json
import math
import pathlib
import struct

import numpy
import torch
from models import MODELS

SAFETENSORS = {"float32": "F32", "float16": "F16"}
TEXT_PROJECTION = "diffusers.pipelines.deprecated.unclip.text_proj"
# Random numbers of one tensor after the other are cut out of these.
POOL = numpy.random.default_rng(0).standard_normal(1 << 22, dtype=numpy.float32)


def build(network):
    module = importlib.import_module(TEXT_PROJECTION if network.library == "unclip" else network.library)
    kind = getattr(module, network.class_name)
    with torch.device("meta"):
        if network.library != "transformers":
            return kind(**network.config)
        return kind(kind.config_class(**network.config))


def scale(name, shape):
    """(offset, factor): norms are one, biases zero, and everything else keeps its input's size about as it is."""
    if len(shape) == 1 or name == "clip_std":
        return (1 if name.endswith("weight") or name == "clip_std" else 0), 0
    return 0, 0.5 / math.sqrt(math.prod(shape[1:]))


def write_weights(module, path, dtype):
    tensors = sorted((key, list(value.shape)) for key, value in module.state_dict().items() if value.is_floating_point())
    size = numpy.dtype(dtype).itemsize
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for key, shape in tensors:
        start, end = end, end + math.prod(shape) * size
        header[key] = dict(dtype=SAFETENSORS[dtype], shape=shape, data_offsets=[start, end])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for number, (key, shape) in enumerate(tensors):
            offset, factor = scale(key, shape)
            block = (numpy.roll(POOL, 7919 * number) * numpy.float32(factor) + numpy.float32(offset)).astype(dtype)
            left = math.prod(shape)
            while left > 0:
                file.write(block[:left].data)
                left -= block.size
    return sum(math.prod(shape) for _, shape in tensors)


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2))


def write_tokenizer(folder):
    """CLIP's, with its bytes and without what it merges them to."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = [chr(b) for b in printable] + [chr(256 + n) for n in range(256 - len(printable))]
    words = letters + [letter + "</w>" for letter in letters] + ["<|startoftext|>", "<|endoftext|>"]
    write_json(folder / "vocab.json", {word: number for number, word in enumerate(words)})
    (folder / "merges.txt").write_text("#version: 0.2\n")
    special = dict(bos_token="<|startoftext|>", eos_token="<|endoftext|>", unk_token="<|endoftext|>", pad_token="<|endoftext|>")
    write_json(folder / "special_tokens_map.json", special)
    write_json(folder / "tokenizer_config.json", special | dict(model_max_length=77, tokenizer_class="CLIPTokenizer", do_lower_case=True))


def make(name, folder):
    model = MODELS[name]
    total = 0
    indices = {place: {"_class_name": pipeline} for place, pipeline in model.pipelines.items()}

    def enter(path, library, class_name):
        place, _, component = path.rpartition("/")
        indices[place or "."][component] = [library, class_name]

    for path, network in model.networks.items():
        module = build(network)
        (folder / path).mkdir(parents=True, exist_ok=True)
        if network.library == "transformers":
            module.config.architectures = [network.class_name]
            module.config.save_pretrained(folder / path)
        else:
            module.save_config(folder / path)
        file = "model" if network.library == "transformers" else "diffusion_pytorch_model"
        count = write_weights(module, folder / path / f"{file}.safetensors", network.dtype)
        print(f"{path}: {count / 1e6:.0f} M parameters, {network.dtype}", flush=True)
        total += count
        enter(path, network.library, network.class_name)
    for path, (class_name, config) in model.schedulers.items():
        write_json(folder / path / "scheduler_config.json", {"_class_name": class_name} | config)
        enter(path, "diffusers", class_name)
    for path in model.tokenizers:
        write_tokenizer(folder / path)
        enter(path, "transformers", "CLIPTokenizer")
    for path in model.processors:
        importlib.import_module("transformers").CLIPImageProcessor().save_pretrained(folder / path)
        enter(path, "transformers", "CLIPImageProcessor")
    for place, index in indices.items():
        write_json(folder / place / "model_index.json", index)
    print(f"{name}: {total / 1e9:.2f} B parameters; published: {model.parameters / 1e9:.2f} B")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=MODELS)
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    make(arguments.model, arguments.folder)

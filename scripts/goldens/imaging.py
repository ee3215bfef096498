#!/usr/bin/env python3
"""Writes the goldens of Tests/ImagingTests, from Pillow 13 and transformers 5:

Samples.generated.swift: small encoded pictures made by hand and by Pillow, with the pixels that Pillow reads.
ResizeGoldens.generated.swift: noise at other sizes, and what CLIP's image processor makes of it.
"""
import base64
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

W, H = 6, 4
rgb = [(40 * x, 60 * y, 255 - 20 * x - 30 * y) for y in range(H) for x in range(W)]
alpha = [(37 * i) % 256 for i in range(W * H)]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, rows, extra=b"", interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    raw = b"".join(b"\0" + row for row in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))


def rows(pixels, fmt):
    return [b"".join(struct.pack(fmt, *p) for p in pixels[y * W:(y + 1) * W]) for y in range(H)]


def flat(pixels):
    return bytes(v for p in pixels for v in p)


def adam7(pixels):
    out = []
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        for y in range(y0, H, dy):
            row = b"".join(bytes(pixels[y * W + x]) for x in range(x0, W, dx))
            if row:
                out.append(row)
    return out


def save(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def picture(mode="RGB", pixels=rgb):
    image = Image.new(mode, (W, H))
    image.putdata([p if len(p) > 1 else p[0] for p in pixels])
    return image


def read(data, mode):
    return Image.open(io.BytesIO(data)).convert(mode).tobytes()


def swapped_profile():
    """sRGB with the colorants of red and green exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile[:24] + struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + profile[36:]  # the day it was made
    return profile.replace(b"rXYZ", b"#", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"#", b"gXYZ", 1)


grey = [(p[0] // 2 + p[1] // 2,) for p in rgb]
rgba = [p + (a,) for p, a in zip(rgb, alpha)]
grey_alpha = [p + (a,) for p, a in zip(grey, alpha)]
wide = lambda pixels: [tuple(v * 256 + (255 - v) for v in p) for p in pixels]
palette = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (9, 8, 7)]
indices = [(i * 7 // 3) % 4 for i in range(W * H)]
packed2 = [bytes(sum(indices[y * W + x + k] << (6 - 2 * k) for k in range(4) if x + k < W) for x in range(0, W, 4)) for y in range(H)]
bits = [(i * 5 // 3) % 2 for i in range(W * H)]
packed1 = [bytes([sum(bits[y * W + x] << (7 - x) for x in range(W))]) for y in range(H)]
plte = chunk(b"PLTE", flat(palette))

samples = []  # name, channels, tolerance, bytes, pixels, width, height


def add(name, channels, tolerance, data, pixels, width=W, height=H):
    samples.append((name, channels, tolerance, data, pixels, width, height))


add("PNG grey", 1, 0, png(W, H, 8, 0, rows(grey, ">B")), flat(grey))
add("PNG grey, alpha", 2, 0, png(W, H, 8, 4, rows(grey_alpha, ">2B")), flat(grey_alpha))
add("PNG RGB", 3, 0, png(W, H, 8, 2, rows(rgb, ">3B")), flat(rgb))
add("PNG RGBA", 4, 0, png(W, H, 8, 6, rows(rgba, ">4B")), flat(rgba))
add("PNG RGB, interlaced", 3, 0, png(W, H, 8, 2, adam7(rgb), interlace=1), flat(rgb))
add("PNG grey, 16 bits", 1, 0, png(W, H, 16, 0, rows(wide(grey), ">H")), flat(grey))
add("PNG grey, alpha, 16 bits", 2, 0, png(W, H, 16, 4, rows(wide(grey_alpha), ">2H")), flat(grey_alpha))
add("PNG RGB, 16 bits", 3, 0, png(W, H, 16, 2, rows(wide(rgb), ">3H")), flat(rgb))
add("PNG RGBA, 16 bits", 4, 0, png(W, H, 16, 6, rows(wide(rgba), ">4H")), flat(rgba))
add("PNG palette, 2 bits", 3, 0, png(W, H, 2, 3, packed2, plte), flat([palette[i] for i in indices]))
add("PNG palette, alpha", 4, 0, png(W, H, 2, 3, packed2, plte + chunk(b"tRNS", bytes([255, 128, 0]))),
    flat([palette[i] + ([255, 128, 0, 255][i],) for i in indices]))
add("PNG grey, 1 bit", 1, 0, png(W, H, 1, 0, packed1), bytes(255 * b for b in bits))
add("PNG RGB, red and green exchanged by a profile", 3, 2,
    png(W, H, 8, 2, rows(rgb, ">3B"), chunk(b"iCCP", b"swap\0\0" + zlib.compress(swapped_profile()))),
    flat([(g, r, b) for r, g, b in rgb]))

smooth = Image.new("RGB", (8, 6))
smooth.putdata([(20 * x + 40, 25 * y + 30, 200 - 16 * x) for y in range(6) for x in range(8)])
for name, channels, image, options in [
    ("JPEG RGB", 3, smooth, {}),
    ("JPEG RGB, progressive", 3, smooth, {"progressive": True}),
    ("JPEG grey", 1, smooth.convert("L"), {}),
]:
    data = save(image, format="JPEG", optimize=True, quality=90, **options)
    add(name, channels, 2, data, read(data, image.mode), 8, 6)
# Flat colours: what CMYK means depends on the profile, but cyan, magenta, yellow and black paper stay what they are.
cmyk = Image.new("CMYK", (16, 8), (0, 0, 0, 0))
cmyk.paste((0, 0, 0, 255), (8, 0, 16, 8))
add("JPEG CMYK", 3, 60, save(cmyk, format="JPEG", optimize=True, quality=95), bytes(([255] * 24 + [0] * 24) * 8), 16, 8)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[274] = orientation
    data = save(smooth, format="JPEG", optimize=True, quality=90, exif=exif)
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data)).convert("RGB"))
    add(f"JPEG orientation {orientation}", 3, 2, data, image.tobytes(), *image.size)
add("WebP RGB", 3, 2, data := save(smooth, format="WEBP", quality=90), read(data, "RGB"), 8, 6)
add("WebP RGBA, lossless", 4, 0, save(picture("RGBA", rgba), format="WEBP", lossless=True, exact=True), flat(rgba))
add("WebP animated: the first picture", 3, 0,
    save(picture(), format="WEBP", lossless=True, save_all=True, append_images=[picture(pixels=rgb[::-1])]), flat(rgb))


def text(data):
    return base64.b64encode(data).decode()


folder = Path(__file__).resolve().parents[2] / "Tests/ImagingTests"
NOTE = "// Written by scripts/goldens/imaging.py.\n\n"
with (folder / "Samples.generated.swift").open("w") as file:
    file.write(NOTE + "extension Sample {\n    static let all: [Sample] = [\n")
    for name, channels, tolerance, data, pixels, width, height in samples:
        file.write(
            f'        Sample("{name}", {width}, {height}, {channels}, tolerance: {tolerance},\n'
            f'            file: "{text(data)}",\n'
            f'            pixels: "{text(pixels)}"),\n')
    file.write("    ]\n}\n")


def noise(width, height, channels, seed=1):
    """The same as `ImageBuffer.noise` in the tests."""
    values = []
    for _ in range(width * height * channels):
        seed = (seed * 1664525 + 1013904223) % 2**32
        values.append(seed >> 24)
    image = np.array(values, dtype=np.uint8).reshape(height, width, channels)
    return Image.fromarray(image[..., 0] if channels == 1 else image, {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels])


FILTERS = {"nearest": 0, "lanczos3": 1, "bilinear": 2, "bicubic": 3, "box": 4}
RESIZES = [
    (5, 4, 3, 8, 7, "bicubic"), (23, 17, 3, 7, 5, "bicubic"), (64, 64, 1, 9, 9, "bicubic"), (9, 31, 2, 6, 10, "bicubic"),
    (31, 9, 4, 10, 4, "bicubic"), (12, 40, 3, 10, 5, "bicubic"), (1, 1, 3, 4, 3, "bicubic"), (40, 3, 1, 2, 30, "bicubic"),
    (23, 17, 3, 23, 3, "bicubic"), (23, 17, 3, 5, 17, "bicubic"), (200, 150, 3, 6, 5, "bicubic"),
    (13, 11, 3, 6, 5, "lanczos3"), (4, 5, 4, 7, 6, "lanczos3"), (13, 11, 3, 6, 5, "bilinear"), (5, 4, 2, 9, 7, "bilinear"),
    (13, 11, 3, 6, 5, "box"), (5, 4, 3, 7, 8, "box"), (13, 11, 4, 6, 5, "nearest"), (5, 4, 3, 11, 7, "nearest"),
]
CLIP = [
    (19, 11, 3, {"size": {"shortest_edge": 8}, "crop_size": {"height": 8, "width": 8}}),
    (11, 30, 3, {"size": {"shortest_edge": 9}, "crop_size": {"height": 6, "width": 7}}),
    (20, 20, 4, {"size": {"shortest_edge": 5}, "crop_size": {"height": 8, "width": 4}}),
    (20, 14, 1, {"size": {"height": 6, "width": 7}, "crop_size": {"height": 5, "width": 5}, "resample": 2}),
    (6, 5, 3, {"do_resize": False, "crop_size": {"height": 9, "width": 8}, "do_normalize": False}),
    (6, 5, 3, {"size": {"shortest_edge": 4}, "do_center_crop": False, "do_rescale": False,
               "image_mean": [1.0, 2.0, 3.0], "image_std": [2.0, 3.0, 7.0]}),
]
with (folder / "ResizeGoldens.generated.swift").open("w") as file:
    file.write(NOTE + "extension ResizeGolden {\n    static let all: [ResizeGolden] = [\n")
    for width, height, channels, new_width, new_height, name in RESIZES:
        resized = noise(width, height, channels).resize((new_width, new_height), FILTERS[name])
        file.write(
            f'        ResizeGolden({width}, {height}, {channels}, {new_width}, {new_height}, .{name},\n'
            f'            "{text(resized.tobytes())}"),\n')
    file.write("    ]\n}\n\nextension CLIPGolden {\n    static let all: [CLIPGolden] = [\n")
    for width, height, channels, config in CLIP:
        image = noise(width, height, channels)
        values = CLIPImageProcessorPil(**config)(image, return_tensors="np")["pixel_values"][0]
        file.write(
            f'        CLIPGolden({width}, {height}, {channels}, shape: {list(values.shape)},\n'
            f'            config: #"{json.dumps(config)}"#,\n'
            f'            values: "{text(values.astype("<f4").tobytes())}"),\n')
    file.write("    ]\n}\n")

#!/usr/bin/env python3
"""Writes Tests/ImagingTests/Samples.swift: small pictures made by hand and by Pillow, with the pixels Pillow reads."""
import base64
import io
import struct
import sys
import zlib
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

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


out = Path(sys.argv[1] if len(sys.argv) > 1 else "Tests/ImagingTests/Samples.swift")
with out.open("w") as file:
    file.write("// Written by scripts/goldens/imaging.py.\n\nextension Sample {\n    static let all: [Sample] = [\n")
    for name, channels, tolerance, data, pixels, width, height in samples:
        file.write(
            f'        Sample("{name}", {width}, {height}, {channels}, tolerance: {tolerance},\n'
            f'            file: "{text(data)}",\n'
            f'            pixels: "{text(pixels)}"),\n')
    file.write("    ]\n}\n")

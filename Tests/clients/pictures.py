"""Pictures to send, and what came back."""

import base64
import io
import urllib.request

from PIL import Image


def png(width=256, height=256, mode="RGBA", alpha=255, color=None):
    """A PNG file with a gradient; `alpha` is a number or a function of x and y."""
    picture = Image.new("RGBA", (width, height))
    picture.putdata([
        (*(color or (x % 256, y % 256, (x * 7 + y * 3) % 256)), alpha(x, y) if callable(alpha) else alpha)
        for y in range(height) for x in range(width)
    ])
    return encoded(picture.convert(mode), "PNG")


def encoded(picture, kind):
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def jpeg(side=256):
    return encoded(Image.open(io.BytesIO(png(side, side))).convert("RGB"), "JPEG")


def hole(side=256):
    """A mask whose middle is to be repainted."""
    return png(side, side, alpha=lambda x, y: 0 if side // 4 <= x < side * 3 // 4 and side // 4 <= y < side * 3 // 4 else 255)


def decoded(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def from_base64(text):
    return decoded(base64.b64decode(text, validate=True))


def download(url):
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.headers, response.read()


def kept_pixels_differ(before, mask, after):
    """How many of the pixels that the mask keeps (alpha 255) are others in `after`."""
    one, two = decoded(before).convert("RGB"), after.convert("RGB")
    assert one.size == two.size, f"{one.size} became {two.size}"
    kept = decoded(mask).getchannel("A").tobytes()
    pairs = zip(kept, chunks(one.tobytes()), chunks(two.tobytes()))
    return sum(1 for alpha, a, b in pairs if alpha == 255 and a != b)


def chunks(samples):
    return [samples[place:place + 3] for place in range(0, len(samples), 3)]

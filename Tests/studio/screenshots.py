"""Takes the pictures of docs/images: pages light and dark, on a desk and on a phone, four in one file.

    .build/studio-tests/bin/python Tests/studio/screenshots.py [--engine local|fake] [--every FOLDER] [--language de]

With --every, all that the studio can look like goes into a folder, to be looked at.
"""

import argparse
import io
import pathlib
import shutil

from PIL import Image
from playwright.sync_api import expect, sync_playwright

import conftest
from states import STATES
from studio import Studio

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True, "device_scale_factor": 1.5}
OUT = conftest.ROOT / "docs/images"
PROMPTS = [
    "a smiling face with sunglasses", "a red apple with a green leaf", "a yellow star",
    "two red apples and a green pear, on a blue background",
]


IN_DOCS = ["create", "history", "picture", "edit", "extend", "grow", "blend", "account", "admin", "policy", "missing", "sign-in"]


def prepare(browser, server):
    """An account with pictures, a favourite, a collection and a link: what the addresses of the states name."""
    context = browser.new_context(**DESK)
    context.set_default_timeout(240_000)
    expect.set_options(timeout=240_000)
    studio = Studio(context.new_page(), server.url)
    studio.sign_up(server.first_run, "mara@example.org")
    pictures = [picture for prompt in PROMPTS for picture in studio.draw(prompt)]
    studio.post("/api/pictures/bulk", data={"ids": pictures[:2], "action": "favourite"})
    studio.post("/api/collections", data={"name": "Fruit and faces"})
    studio.post("/api/keys", data={"name": "notebook"})
    share = studio.post(f"/api/pictures/{pictures[0]}/share")["url"].rsplit("/", 1)[1]
    return context.storage_state(), {"picture": pictures[0], "other": pictures[4], "share": share}


def take(browser, server, account, shown, state, look, scheme, language):
    context = browser.new_context(storage_state=account if state.signed_in else None, color_scheme=scheme, locale=language, **look)
    studio = Studio(context.new_page(), server.url)
    state.show(studio, **shown)
    image = Image.open(io.BytesIO(studio.page.screenshot())).convert("RGB")
    context.close()
    return image


def sheet(images):
    """Four pictures of one height, side by side."""
    height, gap = 440, 10
    scaled = [image.resize((round(image.width * height / image.height), height), Image.LANCZOS) for image in images]
    out = Image.new("RGB", (sum(each.width for each in scaled) + gap * (len(scaled) - 1), height), "#8d8579")
    left = 0
    for each in scaled:
        out.paste(each, (left, 0))
        left += each.width + gap
    return out


def small(image, path, most=60_000):
    """The best quality that keeps a file small."""
    for quality in range(82, 30, -6):
        image.save(path, quality=quality, method=6)
        if path.stat().st_size <= most:
            return


def main(engine, every, language):
    out = every or OUT
    out.mkdir(parents=True, exist_ok=True)
    server = conftest.Server(engine=engine).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            account, shown = prepare(browser, server)
            views = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]
            for name in STATES if every else IN_DOCS:
                images = [take(browser, server, account, shown, STATES[name], *view, language) for view in views]
                small(sheet(images), out / f"studio-{name}.webp")
                if name == "create":
                    small(images[0], out / "studio.webp")
            browser.close()
    finally:
        server.remove()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--engine", default="local")
    options.add_argument("--every", type=pathlib.Path)
    options.add_argument("--language", default="en")
    main(**vars(options.parse_args()))

"""Takes the pictures of docs/images: every page, light and dark, on a desk and on a phone, four in one file.

    .build/studio-tests/bin/python Tests/studio/screenshots.py [local|fake]
"""

import io
import shutil
import sys

from PIL import Image
from playwright.sync_api import expect, sync_playwright

import conftest
from studio import Studio

DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True, "device_scale_factor": 1.5}
OUT = conftest.ROOT / "docs/images"
PROMPTS = ["a smiling face with sunglasses", "a red apple with a green leaf", "a yellow star", "a blue house with a red roof"]


def prepare(browser, server):
    """An account with pictures, a collection and a key."""
    context = browser.new_context(**DESK)
    context.set_default_timeout(240_000)
    expect.set_options(timeout=240_000)
    studio = Studio(context.new_page(), server.url)
    studio.sign_up(server.first_run, "mara@example.org")
    pictures = [picture for prompt in PROMPTS for picture in studio.draw(prompt)]
    page = studio.page
    studio.go(f"/pictures/{pictures[0]}")
    page.get_by_role("button", name="Favourite").click()
    studio.go("/account")
    page.get_by_role("button", name="Create a key").click()
    page.get_by_role("textbox", name="Name").fill("notebook")
    page.get_by_role("dialog").get_by_role("button", name="Create a key").click()
    page.get_by_role("button", name="I have kept it").click()
    return context.storage_state(), pictures


def edit(studio):
    expect(studio.canvas).to_be_visible()
    studio.page.wait_for_timeout(400)
    studio.stroke((-60, -70), (0, -90), (60, -70))


def nothing(studio):
    pass


def pages(pictures):
    one = pictures[0]
    return {
        "create": ("/", ".job .tile", nothing),
        "history": ("/history", ".tile", nothing),
        "picture": (f"/pictures/{one}", ".recipe", nothing),
        "edit": (f"/edit/{one}", "canvas", edit),
        "extend": (f"/extend#{pictures[4]}", "canvas", nothing),
        "blend": (f"/blend#vary={one}", ".source img", nothing),
        "account": ("/account", ".card", nothing),
        "admin": ("/admin", ".card", nothing),
        "policy": ("/policy", ".rules", nothing),
    }


def take(browser, server, state, path, sign, act, look, scheme):
    context = browser.new_context(storage_state=state, color_scheme=scheme, **look)
    studio = Studio(context.new_page(), server.url)
    studio.go(path)
    expect(studio.page.locator(sign).first).to_be_visible()
    act(studio)
    studio.page.wait_for_timeout(700)
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


def main(engine):
    OUT.mkdir(parents=True, exist_ok=True)
    server = conftest.Server(engine=engine).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            state, pictures = prepare(browser, server)
            views = [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")]
            for name, (path, sign, act) in pages(pictures).items():
                images = [take(browser, server, state, path, sign, act, *view) for view in views]
                sheet(images).save(OUT / f"studio-{name}.webp", quality=80, method=6)
                if name == "create":
                    images[0].save(OUT / "studio.webp", quality=82, method=6)
            for name, path in {"sign-in": "/sign-in"}.items():
                images = [take(browser, server, None, path, "h1", nothing, *view) for view in views]
                sheet(images).save(OUT / f"studio-{name}.webp", quality=80, method=6)
            browser.close()
    finally:
        server.remove()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "local")

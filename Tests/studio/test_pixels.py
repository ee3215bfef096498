"""What is not under the mask stays as it is, bit for bit, from the page through the server and back."""

import io

from PIL import Image, ImageChops
from playwright.sync_api import expect


def test_accepted_edits_change_no_pixel_outside_the_mask(studio):
    page = studio.page
    original = studio.draw("a mask's keeper")[0]
    for tool, offsets in [("Brush", [(-90, -60), (40, 10), (90, 80)]), ("Rectangle", [(-50, 40), (70, 90)]), ("Lasso", [(0, -90), (80, 0), (-60, 20)])]:
        studio.go(f"/edit/{original}")
        page.get_by_role("button", name=tool).first.click()
        studio.stroke(*offsets)
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the mask").click()
        mask = Image.open(download.value.path()).getchannel("A")
        # 255 is kept; a mask that keeps all, or nothing, would prove nothing.
        assert mask.getextrema() == (0, 255)
        studio.generate("something else")
        page.get_by_role("button", name="Accept").click()
        page.wait_for_url(lambda url: original not in url)
        accepted = studio.picture_in_address
        before, after = studio.file(original), studio.file(accepted)
        changed = ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value else 0)
        outside = mask.point(lambda alpha: 255 if alpha == 255 else 0)
        assert changed.getbbox() is not None
        assert ImageChops.multiply(changed, outside).getbbox() is None, tool
        original = accepted


def test_an_extended_canvas_keeps_the_picture(studio):
    page = studio.page
    picture = studio.draw("a canvas's keeper")[0]
    studio.go(f"/extend#{picture}")
    expect(page.get_by_text("50% of the frame is there already")).to_be_visible()
    studio.generate("what lies beside it")
    page.get_by_role("button", name="Next candidate").click()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("the frame is full")).to_be_visible()
    # What was accepted is kept, however soon one leaves.
    page.reload()
    expect(page.get_by_text("the frame is full")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save everything as PNG").click()
    canvas = Image.open(download.value.path())
    before = studio.file(picture)
    assert canvas.size == (before.width * 3 // 2, before.height)
    assert canvas.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    assert canvas.convert("RGB").crop((0, 0, before.width, before.height)).tobytes() == before.tobytes()


def test_a_picture_that_grows_keeps_itself(studio):
    page = studio.page
    picture = studio.draw("a picture to grow")[0]
    studio.go(f"/extend#{picture}")
    page.get_by_role("button", name="Grow to a shape").click()
    page.get_by_role("button", name="16 : 9").click()
    expect(studio.overlap).to_contain_text("The picture grows to 455 × 256")
    studio.generate("the whole of it")
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Save everything as PNG").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save everything as PNG").click()
    canvas = Image.open(download.value.path())
    before = studio.file(picture)
    assert canvas.size == (455, 256)
    assert canvas.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    assert canvas.convert("RGB").crop((99, 0, 99 + 256, 256)).tobytes() == before.tobytes()


def test_what_was_erased_stays_erased(studio):
    """A long stroke, seen frame by frame, is kept as a whole."""
    page = studio.page
    picture = studio.draw("a picture with a hole")[0]
    studio.go(f"/extend#{picture}")
    page.get_by_role("button", name="Eraser").click()
    studio.stroke((-260, -100), (-200, 0), (-260, 100), (-100, 120))
    studio.prompt.fill("a hole")

    def canvas():
        with page.expect_download() as download:
            page.get_by_role("button", name="Save everything as PNG").click()
        return download.value.path().read_bytes()

    first = canvas()
    assert Image.open(io.BytesIO(first)).getchannel("A").getextrema() == (0, 255)
    studio.kept("each.prompt === 'a hole'")
    page.reload()
    expect(studio.canvas).to_be_visible()
    expect(studio.prompt).to_have_value("a hole")
    assert canvas() == first


def test_the_mask_outlives_a_reload_and_a_try(studio):
    page = studio.page
    picture = studio.draw("a mask that stays")[0]
    studio.go(f"/edit/{picture}")
    studio.stroke((-40, 0), (40, 0))
    studio.generate("first try")
    page.get_by_role("button", name="Take none").click()

    def mask():
        with page.expect_download() as download:
            page.get_by_role("button", name="Save the mask").click()
        return download.value.path().read_bytes()

    first = mask()
    studio.kept("each.prompt === 'first try' && each.tiles.length && !each.job")
    page.reload()
    expect(studio.canvas).to_be_visible()
    expect(studio.prompt).to_have_value("first try")
    assert mask() == first
    page.get_by_role("button", name="Invert the mask").click()
    alpha = Image.open(io.BytesIO(mask())).getchannel("A")
    old = Image.open(io.BytesIO(first)).getchannel("A")
    assert alpha.tobytes() == old.point(lambda value: 255 - value).tobytes()

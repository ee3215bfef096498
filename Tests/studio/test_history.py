"""The history: collections, many at once, archives, links, files with what made them."""

import io
import zipfile

from PIL import Image
from playwright.sync_api import expect


def test_collections_and_many_at_once(studio):
    page = studio.page
    studio.draw("to be collected")
    studio.go("/history")
    page.get_by_role("searchbox").fill("to be collected")
    expect(page.locator(".grid .tile")).to_have_count(4)
    page.get_by_role("button", name="Select").click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Collect", exact=True).click()
    page.get_by_role("button", name="New collection").last.click()
    page.get_by_role("textbox", name="Name").fill("Boats")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Added to Boats.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("toolbar").get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 4
        assert Image.open(io.BytesIO(archive.read(archive.namelist()[0]))).format == "PNG"
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", name="Boats")).to_be_visible()
    expect(page.locator(".grid .tile")).to_have_count(4)
    page.get_by_role("button", name="Select").click()
    page.locator(".selectable").first.click()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".grid .tile")).to_have_count(3)


def test_the_history_goes_on_while_one_scrolls(own_server):
    _, studio = own_server(step=1)
    page = studio.page
    for number in range(18):
        studio.post("/api/jobs", data={"task": "text_to_image", "prompt": f"picture {number}", "count": 8, "size": "64x64"})
    studio.until(
        "fetch('/api/jobs').then((response) => response.json()).then(({ jobs }) => jobs.length === 18 && jobs.every(({ state }) => state === 'succeeded'))"
    )
    studio.go("/history")
    tiles = page.locator(".grid .tile")
    expect(tiles).to_have_count(60)
    for count in [120, 144]:
        tiles.last.scroll_into_view_if_needed()
        expect(tiles).to_have_count(count)
    # What is chosen stays chosen over all that was loaded.
    page.get_by_role("button", name="Select").click()
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.get_by_text("144 chosen")).to_be_visible()


def test_a_shared_link_and_its_end(studio, browser):
    page = studio.page
    picture = studio.draw("to be shared")[0]
    studio.go(f"/pictures/{picture}")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("textbox", name="Link").input_value()
    stranger = browser.new_context().new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("img", name="to be shared")).to_be_visible()
    assert stranger.request.get(f"{studio.url}/api/pictures/{picture}/file").status == 401
    page.get_by_role("button", name="Take the link back").click()
    expect(page.get_by_role("button", name="Make a link")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", name="Nothing here")).to_be_visible()
    stranger.context.close()


def test_files_carry_what_made_them(studio):
    picture = studio.draw("a file with a memory")[0]
    studio.go(f"/pictures/{picture}")
    formats = {"PNG": "png", "JPEG": "jpeg", "WebP": "webp"}
    for name, kind in formats.items():
        studio.page.get_by_role("button", name="Download").click()
        with studio.page.expect_download() as download:
            studio.page.get_by_role("menuitem", name=name).click()
        data = download.value.path().read_bytes()
        assert Image.open(io.BytesIO(data)).format.lower() == kind
        assert b"a file with a memory" in data


def test_drawing_again(studio):
    page = studio.page
    picture = studio.draw("the same once more")[1]
    studio.go(f"/pictures/{picture}")
    page.get_by_role("button", name="Draw again").click()
    expect(studio.prompt).to_have_value("the same once more")
    page.get_by_role("button", name="Generate").click()
    job = page.get_by_role("article", name="the same once more").first
    expect(job.locator(".tile")).to_have_count(1)
    again = job.locator(".tile").get_attribute("data-picture")
    assert studio.file(again).tobytes() == studio.file(picture).tobytes()


def test_a_picture_of_another_account_is_not_found(studio, server, browser):
    picture = studio.draw("mine alone")[0]
    studio.go("/admin")
    studio.page.get_by_role("button", name="Invite someone").click()
    link = studio.page.get_by_role("textbox", name="Invitation").input_value()
    from studio import Studio

    context = browser.new_context()
    other = Studio(context.new_page(), server.url)
    other.sign_up(link[len(studio.url):], f"guest-{picture[-6:]}@example.org")
    for path in ["", "/file", "/share"]:
        assert other.page.request.get(f"{studio.url}/api/pictures/{picture}{path}").status == 404
    other.go(f"/pictures/{picture}")
    expect(other.page.get_by_role("heading", name="Nothing here")).to_be_visible()
    other.go("/admin")
    expect(other.page.get_by_role("heading", level=1)).to_be_visible()
    assert other.page.request.get(f"{studio.url}/api/admin/users").status == 403
    context.close()

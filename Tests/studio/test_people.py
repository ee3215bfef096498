"""For everyone: axe's rules on every page, the main way by keyboard alone, a phone, fingers, languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def serious(page):
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:140]}" for each in found if each["impact"] in ("serious", "critical")
    ]


@pytest.fixture(scope="module")
def picture(server, browser, account):
    from studio import Studio

    context = browser.new_context(storage_state=account["state"])
    pictures = Studio(context.new_page(), server.url).draw("a picture for every page")
    context.close()
    return pictures[0]


@pytest.mark.parametrize("studio", [{"color_scheme": "light"}, {"color_scheme": "dark"}, PHONE], indirect=True, ids=["light", "dark", "phone"])
def test_axe_finds_nothing_serious(studio, picture):
    page = studio.page
    pages = {
        "/": ".job",
        "/history": ".tile",
        f"/pictures/{picture}": ".recipe",
        f"/edit/{picture}": "canvas",
        f"/extend#{picture}": "canvas",
        f"/blend#vary={picture}": ".source",
        "/account": ".card",
        "/admin": ".card",
        "/policy": ".rules",
        "/pictures/none": "main h1",
    }
    for path, sign in pages.items():
        studio.go(path)
        expect(page.locator(sign).first).to_be_visible()
        assert serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    studio.go("/account")
    page.get_by_role("button", name="Create a key").click()
    assert serious(page) == [], "dialog"


def test_axe_on_pages_without_an_account(server, browser):
    context = browser.new_context(bypass_csp=False)
    page = context.new_page()
    for path in ["/sign-in", "/sign-up", "/policy"]:
        page.goto(server.url + path)
        expect(page.locator("h1")).to_be_visible()
        assert serious(page) == [], path
    context.close()


def press_until(page, name, key="Tab", most=60):
    """Walks with the keyboard until the focus is on something of this name."""
    for _ in range(most):
        focused = page.evaluate(
            "() => { const e = document.activeElement; return e.getAttribute('aria-label') || e.innerText || e.name || '' }"
        )
        if name in focused:
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_main_flow_by_keyboard_alone(studio):
    page, keyboard = studio.page, studio.page.keyboard
    studio.go("/")
    expect(studio.prompt).to_be_visible()
    press_until(page, "What the pictures shall show")
    keyboard.press("ControlOrMeta+a")
    keyboard.type("drawn by keys alone")
    keyboard.press("Enter")
    job = page.get_by_role("article", name="drawn by keys alone")
    expect(job.locator(".tile")).to_have_count(4)
    press_until(page, "Favourite", most=90)
    keyboard.press("Enter")
    expect(page.locator(".tile [aria-pressed=true]").first).to_be_visible()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    page.wait_for_url("**/pictures/*")
    press_until(page, "Edit")
    keyboard.press("Enter")
    page.wait_for_url("**/edit/*")
    first = studio.picture_in_address

    # Paint with the keyboard: the cross in the middle, two dabs, then a rectangle.
    expect(studio.canvas).to_be_focused()
    keyboard.press("b")
    keyboard.press("]")
    keyboard.press("Enter")
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    keyboard.press("r")
    keyboard.press("Enter")
    keyboard.press("Shift+ArrowDown")
    keyboard.press("Enter")
    press_until(page, "What the pictures shall show")
    keyboard.type("a paper boat")
    keyboard.press("ControlOrMeta+Enter")
    studio.candidates()
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Candidate 2")).to_have_attribute("aria-pressed", "true")
    keyboard.press("Enter")
    page.wait_for_url(lambda url: first not in url)

    # The keys that work here are told.
    keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    keyboard.press("Escape")
    studio.go(f"/extend#{studio.picture_in_address}")
    expect(page.get_by_text("50% of the frame")).to_be_visible()
    page.wait_for_timeout(300)
    keyboard.press("ArrowLeft")
    expect(page.get_by_text("75% of the frame")).to_be_visible()
    keyboard.press("ControlOrMeta+z")


@pytest.mark.parametrize("studio", [PHONE], indirect=True, ids=["phone"])
def test_fingers_on_a_phone(studio):
    page = studio.page
    studio.go("/")
    studio.prompt.fill("drawn on a phone")
    page.get_by_role("button", name="Generate").tap()
    job = page.get_by_role("article", name="drawn on a phone")
    expect(job.locator(".tile")).to_have_count(4)
    job.locator(".tile a").first.tap()
    page.get_by_role("link", name="Edit").tap()
    expect(studio.canvas).to_be_visible()
    page.wait_for_timeout(300)
    touch = page.context.new_cdp_session(page)
    x, y = studio.center()

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b, "id": i} for i, (a, b) in enumerate(points)]})

    # One finger paints.
    send("touchStart", (x - 50, y - 30))
    for step in range(8):
        send("touchMove", (x - 50 + step * 12, y - 30 + step * 6))
    send("touchEnd")
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.wait_for_timeout(400)
    # Two fingers pinch, and paint nothing.
    page.get_by_role("button", name="Undo").tap()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    send("touchStart", (x - 20, y), (x + 20, y))
    for step in range(6):
        send("touchMove", (x - 20 - step * 8, y), (x + 20 + step * 8, y))
    send("touchEnd")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.get_by_role("button", name="Redo").tap()
    studio.generate("a kite")
    page.get_by_role("button", name="Accept").tap()


@pytest.mark.parametrize("language", ["de", "fr", "es", "ja", "ar"])
def test_languages(server, browser, account, language):
    context = browser.new_context(storage_state=account["state"], locale=language)
    page = context.new_page()
    page.goto(server.url + "/")
    expect(page.locator("#generate")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    assert page.locator("#generate").inner_text() not in ("Generate", "create.generate")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


@pytest.mark.parametrize("studio", [{"reduced_motion": "reduce", "forced_colors": "active"}], indirect=True, ids=["calm"])
def test_less_motion_and_forced_colours(studio):
    studio.draw("without motion")
    moving = studio.page.evaluate("document.getAnimations().filter((each) => each.effect.getTiming().duration > 1).length")
    assert moving == 0

"""For everyone: axe's rules on every page, the main way by keyboard alone, a phone, fingers, languages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from states import STATES
from studio import Studio

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def serious(page):
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:140]}" for each in found if each["impact"] in ("serious", "critical")
    ]


@pytest.fixture(scope="module")
def shown(server, browser, account):
    """What the addresses of the states name: two pictures, and the token of a link."""
    context = browser.new_context(storage_state=account["state"])
    studio = Studio(context.new_page(), server.url)
    pictures = studio.draw("a picture for every page")
    share = studio.post(f"/api/pictures/{pictures[0]}/share")["url"].rsplit("/", 1)[1]
    context.close()
    return {"picture": pictures[0], "other": pictures[1], "share": share}


LOOKS = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}, "phone": PHONE, "phone-dark": {**PHONE, "color_scheme": "dark"}}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_serious(server, browser, account, shown, look):
    found = []
    options = {"viewport": {"width": 1280, "height": 860}, **LOOKS[look], "reduced_motion": "reduce"}
    for signed_in in [True, False]:
        context = browser.new_context(storage_state=account["state"] if signed_in else None, **options)
        context.set_default_timeout(15_000)
        studio = Studio(context.new_page(), server.url)
        for name, state in STATES.items():
            if state.signed_in is not signed_in:
                continue
            state.show(studio, **shown)
            found += [(name, fault) for fault in serious(studio.page)]
            if not studio.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                found.append((name, "scrolls sideways"))
        context.close()
        assert studio.faults == []
    assert found == []


def press_until(page, name, key="Tab", most=90):
    """Walks with the keyboard until the focus is on something of this name."""
    for _ in range(most):
        focused = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (!e.matches("a, button, input, textarea, canvas")) return "";
                return [e.getAttribute("aria-label"), e.labels?.[0]?.innerText, e.innerText, e.name].find(Boolean) ?? "";
            }"""
        )
        if name in focused:
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {name!r}")


def press_on(page, name, key="Tab"):
    press_until(page, name, key)
    page.keyboard.press("Enter")


def test_main_flow_by_keyboard_alone(own_server):
    """From the prompt to signing out, without a mouse."""
    _, studio = own_server()
    draw_by_keyboard(studio)
    edit_by_keyboard(studio)
    extend_by_keyboard(studio)
    blend_by_keyboard(studio)
    make_a_key_by_keyboard(studio)
    page = studio.page
    press_on(page, "Account: host@example.org", key="Shift+Tab")
    expect(page.get_by_role("menuitem", name="Account")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert studio.faults == []


def draw_by_keyboard(studio):
    page, keyboard = studio.page, studio.page.keyboard
    press_until(page, "What the pictures shall show")
    keyboard.type("drawn by keys alone")
    keyboard.press("Enter")
    expect(page.get_by_role("article", name="drawn by keys alone").locator(".tile")).to_have_count(4)
    press_on(page, "Favourite")
    expect(page.locator(".tile [aria-pressed=true]").first).to_be_visible()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="drawn by keys alone")).to_be_focused()


def edit_by_keyboard(studio):
    page, keyboard = studio.page, studio.page.keyboard
    press_on(page, "Edit")
    page.wait_for_url("**/edit/*")
    first = studio.picture_in_address
    # Paint with the keyboard: the cross in the middle, two dabs, then a rectangle.
    expect(studio.canvas).to_be_focused()
    for key in ["b", "]", "Enter", "ArrowRight", "Enter", "r", "Enter", "Shift+ArrowDown", "Enter"]:
        keyboard.press(key)
    press_until(page, "What the pictures shall show")
    keyboard.type("a paper boat")
    keyboard.press("ControlOrMeta+Enter")
    studio.candidates()
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    press_on(page, "Candidate 2", key="Shift+Tab")
    expect(page.get_by_role("button", name="Candidate 2")).to_have_attribute("aria-pressed", "true")
    press_on(page, "Accept")
    page.wait_for_url(lambda url: first not in url)
    expect(studio.canvas).to_be_focused()
    # The keys that work here are told.
    keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    keyboard.press("Escape")
    press_on(page, "Back to the picture")
    expect(page.get_by_role("heading", name="a paper boat")).to_be_focused()


def extend_by_keyboard(studio):
    page, keyboard = studio.page, studio.page.keyboard
    press_on(page, "Extend")
    page.wait_for_url("**/extend")
    expect(studio.overlap).to_contain_text("50% of the frame")
    expect(studio.canvas).to_be_focused()
    keyboard.press("ArrowLeft")
    expect(studio.overlap).to_contain_text("75% of the frame")
    keyboard.press("ArrowRight")
    press_until(page, "What the pictures shall show")
    keyboard.type("more water")
    keyboard.press("Enter")
    studio.candidates()
    expect(page.get_by_role("button", name="Accept")).to_be_focused()
    keyboard.press("Enter")
    expect(studio.overlap).to_contain_text("the frame is full")
    # The next frame is an arrow away, and so is undoing.
    expect(studio.canvas).to_be_focused()
    keyboard.press("Shift+ArrowRight")
    expect(studio.overlap).to_contain_text("50% of the frame")
    keyboard.press("ControlOrMeta+z")
    expect(studio.overlap).to_contain_text("The frame touches nothing")
    keyboard.press("ControlOrMeta+Shift+z")
    expect(studio.overlap).to_contain_text("50% of the frame")
    keyboard.press("g")
    expect(page.get_by_role("dialog", name="Grow the picture")).to_be_visible()
    press_on(page, "Square")
    expect(studio.overlap).to_contain_text("The picture grows to 384 × 384")
    expect(studio.prompt).to_be_focused()
    keyboard.press("Escape")
    expect(studio.canvas).to_be_focused()


def blend_by_keyboard(studio):
    page, keyboard = studio.page, studio.page.keyboard
    press_on(page, "Blend", key="Shift+Tab")
    expect(page.get_by_role("heading", name="Vary and blend")).to_be_focused()
    done = page.locator('.job[data-state="succeeded"] .tile')
    choose_by_keyboard(page, "Picture", "a paper boat")
    press_until(page, "Strength")
    keyboard.press("ArrowRight")
    press_on(page, "Generate")
    expect(done).to_have_count(4)
    press_until(page, "Variations", key="Shift+Tab")
    keyboard.press("ArrowRight")
    choose_by_keyboard(page, "Picture 2", "drawn by keys alone")
    press_on(page, "Generate")
    slider = page.get_by_role("slider", name="Slide between them")
    expect(slider).to_be_visible()
    expect(done).to_have_count(5)
    press_until(page, "Slide between them")
    keyboard.press("End")
    expect(slider).to_have_value("1")


def choose_by_keyboard(page, slot, picture):
    press_on(page, slot)
    expect(page.get_by_role("dialog", name=slot)).to_be_visible()
    press_on(page, picture)
    expect(page.get_by_role("button", name=f"{slot}: {picture}")).to_be_focused()


def make_a_key_by_keyboard(studio):
    page, keyboard = studio.page, studio.page.keyboard
    press_on(page, "Account: host@example.org", key="Shift+Tab")
    expect(page.get_by_role("menuitem", name="Account")).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_focused()
    press_on(page, "Create a key")
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    keyboard.type("notebook")
    keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Key")).to_be_visible()
    press_on(page, "I have kept it")
    expect(page.get_by_text("Never used")).to_be_visible()
    press_on(page, "Revoke notebook", key="Shift+Tab")
    expect(page.get_by_role("dialog").get_by_role("button", name="Revoke")).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_text("No keys yet.")).to_be_visible()


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
    studio.settled()
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
    # Two fingers pinch, and paint nothing.
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    send("touchStart", (x - 20, y), (x + 20, y))
    for step in range(6):
        send("touchMove", (x - 20 - step * 8, y), (x + 20 + step * 8, y))
    send("touchEnd")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.get_by_role("button", name="Redo").click()
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

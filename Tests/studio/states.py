"""What the studio can look like: every page, and every dialog, menu and drawer over it. The audit and the pictures of the
documentation go through this table."""

from dataclasses import dataclass
from typing import Callable

from playwright.sync_api import expect


def nothing(studio):
    pass


@dataclass
class State:
    """A page at `path` is there when `sign` is seen; `act` brings it into the state."""

    path: str
    sign: str
    act: Callable = nothing
    signed_in: bool = True

    def show(self, studio, **values):
        # A page of its own, even where only what comes after # differs from the last.
        studio.page.goto("about:blank")
        studio.go(self.path.format(**values))
        expect(studio.page.locator(self.sign).first).to_be_visible()
        self.act(studio)
        studio.settled()


def click(selector):
    return lambda studio: studio.page.locator(selector).first.click()


def both(*acts):
    def run(studio):
        for act in acts:
            act(studio)

    return run


def ask(prompt):
    def run(studio):
        studio.prompt.fill(prompt)
        studio.page.get_by_role("button", name="Generate").click()
        expect(studio.page.locator(".prompt-form [role=alert]")).to_be_visible()

    return run


def search(studio):
    studio.page.get_by_role("searchbox").fill("there is no such prompt")
    expect(studio.page.locator(".grid .tile")).to_have_count(0)


def select(studio):
    studio.page.get_by_role("button", name="Select").click()
    studio.page.locator(".selectable").first.click()


def paint(studio):
    studio.stroke((-60, -70), (0, -90), (60, -70))
    expect(studio.page.get_by_role("button", name="Undo")).to_be_enabled()


def choose(studio):
    paint(studio)
    studio.generate("a red roof")


def keys(studio):
    studio.page.evaluate("document.activeElement.blur()")
    studio.page.keyboard.press("?")


def new_key(studio):
    studio.page.get_by_role("button", name="Create a key").click()
    studio.page.get_by_role("textbox", name="Name").fill("notebook")
    studio.page.get_by_role("dialog").get_by_role("button", name="Create a key").click()
    expect(studio.page.get_by_role("textbox", name="Key")).to_be_visible()


grow = click(".toolbar button:has(.icon-grow)")

STATES = {
    "create": State("/", ".job .tile"),
    "create-advanced": State("/", ".options summary", click(".options summary")),
    "create-refused": State("/", "#prompt", ask("an extremely graphic dismembered corpse, gore")),
    "account-menu": State("/", ".avatar", click(".avatar")),
    "tile-menu": State("/", ".job .tile", both(lambda studio: studio.page.locator(".tile").first.hover(), click(".tile .icon-button[aria-haspopup]"))),
    "keys": State("/", "#prompt", keys),
    "history": State("/history", ".tile"),
    "history-selecting": State("/history", ".tile", select),
    "history-none": State("/history", ".tile", search),
    "picture": State("/pictures/{picture}", ".recipe"),
    "share": State("/pictures/{picture}", ".recipe", click("button:has(.icon-share)")),
    "collect": State("/pictures/{picture}", ".recipe", click("button:has(.icon-collection)")),
    "delete": State("/pictures/{picture}", ".recipe", click("button:has(.icon-trash)")),
    "edit": State("/edit/{picture}", "canvas", paint),
    "edit-choosing": State("/edit/{picture}", "canvas", choose),
    "extend": State("/extend#{other}", "canvas"),
    "extend-empty": State("/extend", "canvas"),
    "grow": State("/extend#{other}", "canvas", grow),
    "grown": State("/extend#{other}", "canvas", both(grow, click(".shape:nth-child(2)"))),
    "frame": State("/extend#{other}", "canvas", click(".toolbar button:has(.icon-tune)")),
    "vary": State("/blend#vary={picture}", ".source img"),
    "blend": State("/blend#blend={picture}", ".source img"),
    "difference": State("/blend#difference={picture}", ".source img"),
    "picker": State("/blend", ".source", click(".source")),
    "account": State("/account", ".card"),
    "new-key": State("/account", ".card", new_key),
    "admin": State("/admin", ".card"),
    "admin-account": State("/admin", ".card", click("td button")),
    "policy": State("/policy", ".rules"),
    "missing": State("/nowhere", ".empty-frame"),
    "shared": State("/s/{share}", ".shared img", signed_in=False),
    "shared-gone": State("/s/nothing", ".empty-frame", signed_in=False),
    "sign-in": State("/sign-in", "h1", signed_in=False),
    "sign-up": State("/sign-up", "h1", signed_in=False),
    "policy-signed-out": State("/policy", ".rules", signed_in=False),
    "missing-signed-out": State("/nowhere", ".empty-frame", signed_in=False),
}

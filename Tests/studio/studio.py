"""The studio as a person uses it: what is on the page, by the names that people see or hear."""

import io

from PIL import Image
from playwright.sync_api import expect

PASSWORD = "correct horse battery staple"

KEPT = """() => new Promise((resolve) => {
    const opening = indexedDB.open("limn", 1);
    opening.onerror = () => resolve(false);
    opening.onsuccess = () => {
        const request = opening.result.transaction("kept").objectStore("kept").getAll();
        request.onsuccess = () => {
            opening.result.close();
            resolve(request.result.some((each) => CONDITION));
        };
    };
})"""


class Studio:
    def __init__(self, page, url):
        self.page, self.url, self.faults = page, url, []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, path):
        self.page.goto(self.url + path)

    def until(self, condition):
        """Waits until an expression is true. The page's policy lets no text be run in it, so the asking is done from here."""
        for _ in range(150):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never came true: {condition}")

    def settled(self):
        """Waits until the page is drawn and nothing moves any more."""
        self.until("!document.querySelector('main[aria-busy]')")
        self.until("""[...document.images].every((each) => {
            const { width, top, bottom } = each.getBoundingClientRect();
            return each.complete || width === 0 || bottom < 0 || top > innerHeight;
        })""")
        self.page.evaluate("""() => Promise.allSettled(document.getAnimations()
            .filter((each) => each.effect.getComputedTiming().endTime !== Infinity).map((each) => each.finished))""")

    def kept(self, condition):
        """Waits until the browser's own database holds something (`each`) of which a condition in JavaScript is true."""
        self.until(KEPT.replace("CONDITION", condition))

    @property
    def overlap(self):
        """What the page says of the frame."""
        return self.page.locator(".stage-status")

    def sign_up(self, path, email):
        self.go(path)
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign up").click()
        expect(self.prompt).to_be_visible()

    def sign_in(self, email):
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    @property
    def prompt(self):
        return self.page.get_by_role("textbox", name="What the pictures shall show")

    @property
    def newest(self):
        return self.page.locator("article.job").first

    def post(self, path, **options):
        """A call to the server in the person's name."""
        csrf = self.page.request.get(self.url + "/api/session").json()["csrf"]
        headers = {"X-Limn-CSRF": csrf, **options.pop("headers", {})}
        response = self.page.request.post(self.url + path, headers=headers, **options)
        assert response.ok, response.status
        return response.json()

    def draw(self, prompt, count=4):
        """Four pictures from a prompt; their ids."""
        self.go("/")
        self.prompt.fill(prompt)
        self.page.get_by_role("button", name="Generate").click()
        job = self.page.get_by_role("article", name=prompt).first
        expect(job.locator(".tile")).to_have_count(count)
        return [tile.get_attribute("data-picture") for tile in job.locator(".tile").all()]

    @property
    def canvas(self):
        return self.page.locator("canvas")

    def center(self):
        box = self.canvas.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def stroke(self, *offsets):
        """A drag over points around the canvas's middle."""
        x, y = self.center()
        for index, (dx, dy) in enumerate(offsets):
            self.page.mouse.move(x + dx, y + dy, steps=6 if index else 1)
            if index == 0:
                self.page.mouse.down()
        self.page.mouse.up()

    def generate(self, prompt):
        """From the dock below a canvas, until there are candidates."""
        self.prompt.fill(prompt)
        self.page.keyboard.press("Enter")
        self.candidates()

    def candidates(self):
        expect(self.page.get_by_role("button", name="Accept")).to_be_visible()
        expect(self.page.get_by_role("group", name="Candidates").get_by_role("button")).to_have_count(4)

    def file(self, picture):
        """The pixels of a picture, as its owner downloads them."""
        response = self.page.request.get(f"{self.url}/api/pictures/{picture}/file?format=png")
        assert response.ok, response.status
        return Image.open(io.BytesIO(response.body())).convert("RGB")

    @property
    def picture_in_address(self):
        return self.page.url.rsplit("/", 1)[1].split("#")[0]

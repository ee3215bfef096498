"""Measures the page: its weight, how soon one can type, frames per second while painting on 4096 × 4096 and while
scrolling through 500 pictures, and the memory that 100 edits take.

    .build/studio-tests/bin/python Tests/studio/measure.py
"""

import contextlib
import io
import random
import shutil
import statistics

from PIL import Image
from playwright.sync_api import expect, sync_playwright

import conftest
from studio import Studio

FRAMES = """() => new Promise((resolve) => {
  const times = [];
  const tick = (time) => { times.push(time); if (!window.stopFrames) requestAnimationFrame(tick); else resolve(times); };
  requestAnimationFrame(tick);
})"""

# When the box that takes the prompt is there: milliseconds from the navigation's start.
READY = """new MutationObserver((_, observer) => {
  if (!document.getElementById("prompt")) return;
  window.typeable = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });"""


def weight_and_start(browser, server, state):
    sizes, times = [], []
    for _ in range(5):
        context = browser.new_context(storage_state=state)
        context.add_init_script(READY)
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        received = []
        network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        page.goto(server.url + "/")
        page.wait_for_selector("#prompt")
        times.append(page.evaluate("window.typeable"))
        page.wait_for_timeout(500)
        sizes.append(sum(received))
        context.close()
    print(f"first page: {statistics.median(sizes) / 1000:.0f} kB over the wire, {statistics.median(times):.0f} ms until one can type (of {len(times)}: {min(times):.0f} to {max(times):.0f})")


@contextlib.contextmanager
def frames(page, what):
    """Prints how many frames a second the page draws meanwhile."""
    page.evaluate(f"() => {{ window.stopFrames = false; window.frames_ = ({FRAMES})(); }}")
    yield
    times = page.evaluate("() => { window.stopFrames = true; return window.frames_; }")
    gaps = sorted(b - a for a, b in zip(times, times[1:]))
    print(
        f"{what}: {1000 / statistics.mean(gaps):.0f} frames per second; of {len(gaps)} frames, 95 in 100 within "
        f"{gaps[len(gaps) * 95 // 100]:.0f} ms, the slowest {gaps[-1]:.0f} ms"
    )


def scrolling(browser, server, state):
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 860})
    studio = Studio(context.new_page(), server.url)
    page = studio.page
    studio.go("/history")
    for number in range(63):
        studio.post("/api/jobs", data={"task": "text_to_image", "prompt": f"picture {number}", "count": 8, "size": "256x256"})
        studio.until("fetch('/api/jobs').then((response) => response.json()).then(({ jobs }) => jobs[0].state === 'succeeded')")
    studio.go("/history")
    expect(page.locator(".grid .tile").first).to_be_visible()
    for _ in range(40):
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(100)
    count = page.locator(".grid .tile").count()
    page.evaluate("scrollTo(0, 0)")
    page.mouse.move(640, 500)
    with frames(page, f"scrolling through {count} pictures"):
        for step in range(200):
            page.mouse.wheel(0, 120)
            page.wait_for_timeout(16)
    context.close()


def painting(browser, server, state):
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 860})
    studio = Studio(context.new_page(), server.url)
    page = studio.page
    large = Image.effect_noise((512, 512), 60).convert("RGB").resize((4096, 4096), Image.BICUBIC)
    data = io.BytesIO()
    large.save(data, "PNG", compress_level=1)
    studio.go("/history")
    csrf = page.request.get(server.url + "/api/session").json()["csrf"]
    picture = page.request.post(
        server.url + "/api/pictures?purpose=upload", data=data.getvalue(),
        headers={"X-Limn-CSRF": csrf, "Content-Type": "image/png"},
    ).json()["id"]
    studio.go(f"/edit/{picture}")
    expect(studio.canvas).to_be_visible(timeout=90_000)
    page.wait_for_timeout(1500)
    x, y = studio.center()
    page.mouse.move(x - 250, y - 250)
    page.mouse.down()
    with frames(page, "painting on 4096 × 4096"):
        for step in range(240):
            page.mouse.move(x - 250 + (step % 60) * 8, y - 250 + step * 2)
    page.mouse.up()

    with heap(page, "100 strokes"):
        for _ in range(100):
            points = [(random.randint(-250, 250), random.randint(-250, 250)) for _ in range(3)]
            studio.stroke(*points)
    context.close()


def editing(browser, server, state):
    """Edits as people make them, each of the picture that the last one left, without leaving the page."""
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 860})
    studio = Studio(context.new_page(), server.url)
    page = studio.page
    picture = studio.draw("a lighthouse")[0]
    studio.go(f"/edit/{picture}")
    expect(studio.canvas).to_be_visible()

    def edit():
        before = page.url
        expect(studio.canvas).to_be_visible()
        studio.settled()
        studio.stroke(*[(random.randint(-150, 150), random.randint(-150, 150)) for _ in range(3)])
        studio.generate("a red roof")
        page.get_by_role("button", name="Accept").click()
        page.wait_for_url(lambda url: "/edit/" in url and url != before)

    for _ in range(5):
        edit()
    with heap(page, "100 edits"):
        for _ in range(100):
            edit()
    context.close()


@contextlib.contextmanager
def heap(page, what):
    """Prints how the page's heap, and what it holds outside of it, grow meanwhile."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def sizes():
        session.send("HeapProfiler.collectGarbage")
        metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        return metrics["JSHeapUsedSize"] / 1e6, metrics["Nodes"], metrics["JSEventListeners"]

    before = sizes()
    yield
    after = sizes()
    print(
        f"{what}: the page's heap went from {before[0]:.1f} to {after[0]:.1f} MB, its nodes from {before[1]:.0f} to "
        f"{after[1]:.0f}, its listeners from {before[2]:.0f} to {after[2]:.0f} (undo keeps at most 128 MB of tiles beside it)"
    )


def main():
    server = conftest.Server(step=5).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            context = browser.new_context()
            Studio(context.new_page(), server.url).sign_up(server.first_run, "host@example.org")
            state = context.storage_state()
            context.close()
            weight_and_start(browser, server, state)
            painting(browser, server, state)
            editing(browser, server, state)
            scrolling(browser, server, state)
            browser.close()
    finally:
        server.remove()


if __name__ == "__main__":
    main()

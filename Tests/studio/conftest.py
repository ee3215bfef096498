"""A real `limn serve` with the fake engine, and a real browser."""

import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

import pytest
from playwright.sync_api import expect, sync_playwright

from studio import PASSWORD, Studio

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMN = os.environ.get("LIMN", str(ROOT / ".build/debug/limn"))
# `local` draws with the model that comes with Limn: slower, and the very thing that people use.
ENGINE = os.environ.get("LIMN_TEST_ENGINE", "fake")
expect.set_options(timeout=15_000 if ENGINE == "fake" else 180_000)


class Server:
    """The program under test. It can be stopped and started again on the same data."""

    def __init__(self, engine=ENGINE, step=20):
        self.folder = tempfile.mkdtemp(prefix="limn-studio-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(os.environ.get("LIMN_TEST_PORT", 0)) or free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.engine, self.step, self.process, self.first_run = engine, step, None, None

    def start(self):
        library = ROOT / ".deps/libtorch/lib"
        self.process = subprocess.Popen(
            [
                LIMN, "serve", "--engine", self.engine, "--fake-step", str(self.step), "--port", str(self.port),
                "--data", self.folder, "--images-per-minute", "2000",
            ],
            stdout=subprocess.PIPE, text=True,
            env={"LIMN_MODELS": str(ROOT / "Models"), **os.environ, "LD_LIBRARY_PATH": str(library)},
        )
        assert "Limn is at" in self.process.stdout.readline()
        for _ in range(100):
            try:
                urllib.request.urlopen(self.url + "/healthz").read()
                break
            except OSError:
                time.sleep(0.1)
        if self.first_run is None:
            line = self.process.stdout.readline()
            self.first_run = re.search(r"(/sign-up\S+)", line).group(1)
        return self

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.kill()

    def remove(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server():
    server = Server().start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def account(server, browser):
    """The first account, and the cookies that it is signed in by."""
    context = browser.new_context()
    studio = Studio(context.new_page(), server.url)
    studio.sign_up(server.first_run, "host@example.org")
    state = context.storage_state()
    context.close()
    return {"email": "host@example.org", "password": PASSWORD, "state": state}


@pytest.fixture
def studio(server, browser, account, request):
    """A page that is signed in. What its console says of errors fails the test."""
    options = getattr(request, "param", {})
    context = browser.new_context(storage_state=account["state"], **{"viewport": {"width": 1280, "height": 860}, **options})
    context.set_default_timeout(15_000)
    studio = Studio(context.new_page(), server.url)
    yield studio
    context.close()
    assert studio.faults == []


@pytest.fixture
def own_server(browser):
    """A server that a test may stop, with a page that is signed in."""
    servers = []

    def make(**options):
        server = Server(**options).start()
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        context.set_default_timeout(20_000)
        studio = Studio(context.new_page(), server.url)
        studio.sign_up(server.first_run, "host@example.org")
        servers.append((server, context))
        return server, studio

    yield make
    for server, context in servers:
        context.close()
        server.remove()

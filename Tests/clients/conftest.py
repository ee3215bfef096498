import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import openai  # noqa: E402

from server import Server  # noqa: E402

VERSION = tuple(int(part) for part in getattr(openai, "__version__", openai.version.VERSION).split(".")[:2])

# Each environment has one client; it runs the cases that are written for it.
collect_ignore = []
if VERSION < (1, 0):
    collect_ignore += ["test_modern.py", "test_async.py", "test_streaming.py", "test_wire.py"]
else:
    collect_ignore += ["test_legacy.py"]
if (1, 0) <= VERSION < (1, 80):
    collect_ignore += ["test_streaming.py", "test_wire.py"]


def pytest_report_header():
    return f"openai {'.'.join(map(str, VERSION))}"


@pytest.fixture(scope="session")
def server():
    """A server that draws with the fake engine, at once."""
    with Server("--fake-step", "0") as server:
        yield server


@pytest.fixture(scope="session")
def slow_server():
    """A server whose pictures take about two seconds."""
    with Server("--fake-step", "125") as server:
        yield server


@pytest.fixture(scope="session")
def mini_server():
    """A server that draws with a model."""
    model = os.environ.get("LIMN_TEST_MODEL", "limn-mini")
    with Server("--model", model, engine="local") as server:
        yield server


@pytest.fixture(scope="session")
def key(server):
    """The key of an account without much of a limit."""
    return server.key()

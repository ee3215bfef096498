"""A `limn serve` of our own: started on a free port with a folder that is thrown away."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary():
    """The program under test: $LIMN, or the newest build."""
    named = os.environ.get("LIMN")
    paths = [pathlib.Path(named)] if named else [ROOT / ".build" / kind / "limn" for kind in ("release", "debug")]
    builds = sorted((path for path in paths if path.exists()), key=lambda path: path.stat().st_mtime)
    if builds:
        return builds[-1]
    raise SystemExit("there is no limn to test: run 'make build', or name one in LIMN")


def environment():
    libraries = ROOT / ".deps/libtorch/lib"
    paths = [str(libraries), os.environ.get("LD_LIBRARY_PATH", "")]
    return {
        **os.environ,
        "LD_LIBRARY_PATH": ":".join(path for path in paths if path),
        "LIMN_MODELS": os.environ.get("LIMN_MODELS", str(ROOT / "Models")),
    }


def free_port():
    """A port that nobody listens on; LIMN_TEST_PORTS=9300-9399 keeps to a range."""
    first, last = (int(end) for end in os.environ.get("LIMN_TEST_PORTS", "0-0").split("-"))
    for port in range(first, last + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise SystemExit("no port is free")


class Server:
    """One server. `url` is its address; `key()` makes an account and a key."""

    def __init__(self, *options, engine="fake", environ=None):
        self.folder = tempfile.TemporaryDirectory(prefix="limn-clients-")
        self.data = pathlib.Path(self.folder.name) / "data"
        self.log_path = pathlib.Path(self.folder.name) / "log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.options = options
        self.engine = engine
        self.environ = {**environment(), **(environ or {})}
        self.accounts = 0
        self.process = None

    def start(self, patience=60):
        self.log = open(self.log_path, "ab")
        command = [binary(), "serve", "--data", self.data, "--port", str(self.port), "--engine", self.engine]
        self.process = subprocess.Popen(
            [*map(str, command), *self.options], env=self.environ, stdout=self.log, stderr=subprocess.STDOUT)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"limn serve ended at once:\n{self.text_of_log()}")
            try:
                urllib.request.urlopen(self.url + "/readyz", timeout=5).close()
                return self
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"limn serve was not ready in {patience} s:\n{self.text_of_log()}")

    def stop(self, number=signal.SIGTERM, patience=20):
        """Ends it, and returns its exit code."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process = None
        self.log.close()
        return code

    def text_of_log(self):
        return self.log_path.read_text(errors="replace")

    def limn(self, *arguments):
        """What a `limn` command on this server's data prints."""
        command = [str(binary()), *map(str, arguments), "--data", str(self.data)]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} failed: {done.stderr}")
        return done.stdout.strip()

    def key(self, images_per_minute=10_000, images_per_month=None, scopes=None):
        """A key of a new account."""
        self.accounts += 1
        email = f"client{self.accounts}@example.org"
        key = self.limn("keys", "create", "--user", email, *(["--scopes", scopes] if scopes else []))
        limits = ["--images-per-minute", images_per_minute]
        if images_per_month is not None:
            limits += ["--images-per-month", images_per_month]
        self.limn("users", "limits", email, *limits)
        return key

    def request(self, method, path, body=None, key=None, headers=None, timeout=60):
        """A bare request: the status, the headers and the body as bytes."""
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if isinstance(body, (dict, list)):
            request.add_header("Content-Type", "application/json")
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        self.folder.cleanup()

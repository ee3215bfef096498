"""Runs Schemathesis on a server of its own; called by ./schemathesis with the number of cases."""

import json
import os
import pathlib
import re
import subprocess
import sys

from server import Server

# The first three are what must hold; the others find answers that are no more than untidy.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def main():
    cases, arguments = int(sys.argv[1]), sys.argv[2:]
    with Server("--fake-step", "0") as server:
        key = server.key(images_per_minute=10_000_000)
        document = json.loads(server.request("GET", "/openapi.json")[2])
        operations = sum(
            1 for path in document["paths"].values() for name in path if name in ("get", "post", "put", "patch", "delete"))
        command = [
            pathlib.Path(sys.executable).parent / "schemathesis", "run", server.url + "/openapi.json",
            "--header", f"Authorization: Bearer {key}", "--checks", CHECKS, "--phases", "coverage,fuzzing",
            "--max-examples", str(max(1, -(-cases // operations))), "--seed", "1", "--no-shrink",
            "--suppress-health-check", "all", "--request-timeout", "30", "--warnings", "off", "--continue-on-failure",
            *arguments,
        ]
        # It keeps notes in the folder that it runs in.
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"},
            cwd=server.folder.name)
    print(done.stdout[-12_000:].replace(key, "KEY"), done.stderr[-2_000:])
    generated = re.search(r"([\d,]+) generated", done.stdout)
    count = int(generated[1].replace(",", "")) if generated else 0
    good = done.returncode == 0 and count > 0
    print(f"schemathesis: {count} cases")
    print("1 passed, 0 failed" if good else "0 passed, 1 failed")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

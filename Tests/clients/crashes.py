"""Kills a server under load with SIGKILL, again and again, by HTTP alone, and looks at what it left.

    python3 Tests/clients/crashes.py --kills 200

Every job that was accepted (202 and its id) must be there at the end, and each of its pictures once; `limn doctor` must
find nothing after any of the kills. A job that was being drawn in three kills ends as failed, and says so.
"""

import argparse
import http.client
import json
import random
import signal
import threading
import time

from server import Server

CLIENTS = 4


def submit(server, key, accepted, lock, stopped):
    """Asks for jobs until the server has gone, and notes those that it took in."""
    number = 0
    while not stopped.is_set():
        number += 1
        body = {"prompt": f"picture {number}", "size": "256x256", "n": 1 + number % 2}
        try:
            status, _, data = server.request(
                "POST", "/v1/images/generations", body, key, {"Prefer": "respond-async"}, timeout=10)
            job = json.loads(data)
        except (OSError, ValueError, http.client.HTTPException):
            # It was not told that the job is taken: the job may be there or not.
            continue
        if status == 202:
            with lock:
                accepted[job["id"]] = job["n"]
        else:
            # Enough waits already.
            time.sleep(0.05)


def crash(server, key, accepted, seconds):
    """Runs a server under load for a while, and kills it."""
    server.start()
    lock, stopped = threading.Lock(), threading.Event()
    clients = [threading.Thread(target=submit, args=(server, key, accepted, lock, stopped)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(seconds)
    server.stop(signal.SIGKILL)
    stopped.set()
    for client in clients:
        client.join()
    server.limn("doctor")


def ended(server, key, job, patience=300):
    """The job as it ended."""
    limit = time.monotonic() + patience
    while time.monotonic() < limit:
        status, _, data = server.request("GET", f"/v1/jobs/{job}", key=key)
        if status != 200:
            raise SystemExit(f"an accepted job is lost: {status}")
        found = json.loads(data)
        if found["status"] not in ("queued", "running"):
            return found
        time.sleep(0.05)
    raise SystemExit("a job does not come to its end")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=5)
    options = options.parse_args()
    server = Server("--fake-step", "2")
    key = server.key(images_per_minute=10_000_000)
    server.limn("users", "limits", "client1@example.org", "--active-jobs", 40)
    accepted = {}
    for _ in range(options.kills):
        crash(server, key, accepted, random.uniform(0.05, 0.7))
    server.start()
    pictures = given_up = 0
    for job, count in accepted.items():
        found = ended(server, key, job)
        if found["status"] == "failed":
            assert found["error"]["type"] == "server_error", found
            given_up += 1
            continue
        assert found["status"] == "succeeded", found
        assert [picture["index"] for picture in found["data"]] == list(range(count)), found
        pictures += count
    assert server.stop() == 0
    server.limn("doctor")
    server.folder.cleanup()
    good = len(accepted) > 0
    print(f"{options.kills} kills: {len(accepted)} jobs accepted, {pictures} pictures, {given_up} given up, none lost")
    print("1 passed, 0 failed" if good else "0 passed, 1 failed")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()

"""64 clients of one account at once: how many images they get in any 60 seconds.

    python3 Tests/clients/limits.py --seconds 125

The server admits an image at some moment between the request and its answer. So images of which both lie inside a window
were certainly admitted in it: they must never be more than the limit. And since the clients never stop asking, the first
window must be full to the last image.
"""

import argparse
import json
import threading
import time

from server import Server

WINDOW = 60


def ask(server, key, count, timeline, lock, end):
    """Asks for `count` images again and again, and notes those that came: (asked, answered, images)."""
    body = {"prompt": "a cat", "n": count, "size": "256x256", "response_format": "url"}
    while time.monotonic() < end:
        asked = time.monotonic()
        status, headers, data = server.request("POST", "/v1/images/generations", body, key)
        answered = time.monotonic()
        if status == 200:
            with lock:
                timeline.append((asked, answered, len(json.loads(data)["data"])))
        elif status == 429:
            assert 1 <= int(headers["Retry-After"]) <= 60, headers["Retry-After"]
            time.sleep(0.25)
        else:
            raise SystemExit(f"unexpected {status}: {data[:200]}")


def fullest_window(timeline):
    """The most images that were certainly admitted within one window."""
    return max(
        sum(count for asked, answered, count in timeline if asked >= start and answered <= start + WINDOW)
        for start, _, _ in timeline)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--clients", type=int, default=64)
    options.add_argument("--limit", type=int, default=50)
    options = options.parse_args()
    with Server("--images-per-minute", str(options.limit)) as server:
        key = server.limn("keys", "create", "--user", "limits@example.org")
        timeline, lock = [], threading.Lock()
        start = time.monotonic()
        clients = [
            threading.Thread(target=ask, args=(server, key, 1 + number % 3, timeline, lock, start + options.seconds))
            for number in range(options.clients)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    first = sum(count for _, answered, count in timeline if answered <= start + WINDOW - 1)
    most = fullest_window(timeline)
    total = sum(count for _, _, count in timeline)
    print(f"{options.clients} clients, {options.seconds:.0f} s: {total} images, {first} in the first window, "
          f"{most} in the fullest")
    good = first == options.limit and most <= options.limit
    print("1 passed, 0 failed" if good else "0 passed, 1 failed")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()

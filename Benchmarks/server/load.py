"""Load on a server of its own with the fake engine: what a request costs beside drawing.

    python3 Benchmarks/server/load.py requests --clients 64 --requests 2000
    python3 Benchmarks/server/load.py paced --clients 64 --requests 2000 --rate 40
    python3 Benchmarks/server/load.py streams --clients 2000
    python3 Benchmarks/server/load.py memory --requests 100000

Everything stays on this machine: the client takes its share of the cores, and its own time is in the figures.
"""

import argparse
import asyncio
import json
import pathlib
import random
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests/clients"))

from server import Server  # noqa: E402


class Connection:
    """HTTP/1.1 over one kept connection, with as little client as possible."""

    def __init__(self, port, key):
        self.port, self.key = port, key

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)

    async def send(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else b""
        head = (f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n")
        self.writer.write(head.encode() + data)
        await self.writer.drain()
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        return int(head.split(" ", 2)[1]), head

    async def request(self, method, path, body=None):
        status, head = await self.send(method, path, body)
        if "content-length:" in head:
            data = await self.reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
        else:
            data = b""
            while size := int((await self.reader.readline()).strip(), 16):
                data += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readline()
        return status, head, data

    def close(self):
        self.writer.close()


def memory_of(process):
    """Resident MiB."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


async def closed_loop(server, keys, clients, requests, each, pause=0):
    """So many clients, each asking again when it was answered and a pause of this mean (seconds) is over; the seconds
    that each answer took."""
    times, left = [], [requests]

    async def client(key):
        connection = Connection(server.port, key)
        await connection.open()
        while left[0] > 0:
            left[0] -= 1
            await asyncio.sleep(random.uniform(0, 2 * pause))
            start = time.perf_counter()
            await each(connection)
            times.append(time.perf_counter() - start)
        connection.close()

    await asyncio.gather(*[client(keys[number % len(keys)]) for number in range(clients)])
    return times


async def generation(connection):
    body = {"prompt": "a cat", "size": "256x256", "response_format": "b64_json"}
    status, _, data = await connection.request("POST", "/v1/images/generations", body)
    assert status == 200, (status, data[:200])


def tell(name, times):
    print(f"{name}: p50 {share(times, .5) * 1e3:.1f} ms, p99 {share(times, .99) * 1e3:.1f} ms")


async def requests(options, server, keys):
    """As many as the machine can."""
    await closed_loop(server, keys, 4, 40, generation)
    tell("1 client", await closed_loop(server, keys, 1, 100, generation))
    start = time.perf_counter()
    together = await closed_loop(server, keys, options.clients, options.requests, generation)
    seconds = time.perf_counter() - start
    tell(f"{options.clients} clients", together)
    print(f"{len(together) / seconds:.0f} generations a second")


async def paced(options, server, keys):
    """Clients that look at their pictures before they ask again, so that none waits for work that is not its own."""
    await closed_loop(server, keys, 4, 40, generation)
    times = await closed_loop(
        server, keys, options.clients, options.requests, generation, pause=options.clients / options.rate)
    tell(f"{options.clients} clients, {options.rate} generations a second", times)


async def streams(options, server, keys):
    key = keys[0]
    before = memory_of(server.process)
    opener = Connection(server.port, key)
    await opener.open()
    status, _, data = await opener_job(opener)
    job = json.loads(data)["id"]
    connections = []
    for _ in range(options.clients):
        connection = Connection(server.port, key)
        await connection.open()
        status, _ = await connection.send("GET", f"/v1/jobs/{job}/events")
        assert status == 200, status
        connections.append(connection)
    print(f"{len(connections)} streams open, {memory_of(server.process) - before:.0f} MiB more")
    start = time.perf_counter()
    ended = await asyncio.gather(*[until(connection, b"succeeded") for connection in connections])
    print(f"{sum(ended)} saw the end, {time.perf_counter() - start:.1f} s after the last one opened")
    for connection in connections:
        connection.close()


async def opener_job(connection):
    data = json.dumps({"prompt": "a cat", "size": "256x256"}).encode()
    head = (f"POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {connection.key}\r\n"
            f"Prefer: respond-async\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n")
    connection.writer.write(head.encode() + data)
    head = (await connection.reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.split("content-length:")[1].split("\r\n")[0])
    return int(head.split(" ", 2)[1]), head, await connection.reader.readexactly(length)


async def until(connection, word):
    """Whether the stream says this word before it ends, within two minutes."""
    seen = b""
    try:
        async with asyncio.timeout(120):
            while word not in seen:
                piece = await connection.reader.read(1 << 16)
                if not piece:
                    return False
                seen = seen[-64:] + piece
    except TimeoutError:
        return False
    return True


async def memory(options, server, keys):
    await closed_loop(server, keys, 16, 200, generation)
    figures = []
    for tenth in range(10):
        await closed_loop(server, keys, 16, options.requests // 10, generation)
        figures.append(memory_of(server.process))
        print(f"{(tenth + 1) * options.requests // 10} requests: {figures[-1]:.0f} MiB", flush=True)
    print(f"from the second tenth to the last: {figures[-1] - figures[1]:+.0f} MiB")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["requests", "paced", "streams", "memory"])
    options.add_argument("--clients", type=int, default=64)
    options.add_argument("--requests", type=int, default=2000)
    options.add_argument("--rate", type=int, default=40, help="paced: generations a second of all clients")
    options.add_argument("--step", help="milliseconds of the fake engine's step; streams: 3000, others: 0")
    options = options.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    step = options.step or ("3000" if options.what == "streams" else "0")
    with Server("--fake-step", step) as server:
        accounts = 1 if options.what == "streams" else min(options.clients, 64)
        keys = [server.key(images_per_minute=10_000_000) for _ in range(accounts)]
        asyncio.run(globals()[options.what](options, server, keys))


if __name__ == "__main__":
    main()

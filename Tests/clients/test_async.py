"""The asynchronous client."""

import asyncio

import openai

from pictures import from_base64, hole, png


def run(server, key, work):
    async def main():
        async with openai.AsyncOpenAI(api_key=key, base_url=server.url + "/v1", max_retries=0) as client:
            return await work(client)

    return asyncio.run(main())


def test_generate(server, key):
    async def work(client):
        return await client.images.generate(prompt="a cat", size="256x256", response_format="b64_json")

    assert from_base64(run(server, key, work).data[0].b64_json).size == (256, 256)


def test_many_at_once(server, key):
    async def work(client):
        return await asyncio.gather(*[
            client.images.generate(
                prompt=f"cat {number}", size="256x256", response_format="b64_json", extra_body={"seed": number})
            for number in range(20)
        ])

    responses = run(server, key, work)
    assert [response.data[0].seed for response in responses] == list(range(20))


def test_edit_and_variation(server, key):
    async def work(client):
        edit = client.images.edit(image=png(), mask=hole(), prompt="a pool", size="256x256")
        variation = client.images.create_variation(image=png(), size="256x256")
        return await asyncio.gather(edit, variation)

    assert all(response.data[0].url for response in run(server, key, work))


def test_a_cancelled_call(slow_server):
    async def work(client):
        call = asyncio.create_task(client.images.generate(prompt="a cat", size="256x256"))
        await asyncio.sleep(0.3)
        call.cancel()
        try:
            await call
        except asyncio.CancelledError:
            pass
        return await client.models.list()

    assert run(slow_server, slow_server.key(), work).data

"""Streams, with the newest client."""

import openai
import pytest

from pictures import from_base64, hole, kept_pixels_differ, png


@pytest.fixture
def client(server, key):
    with openai.OpenAI(api_key=key, base_url=server.url + "/v1", max_retries=0) as client:
        yield client


def test_a_stream_without_partial_pictures(client):
    events = list(client.images.generate(prompt="a cat", size="256x256", stream=True))
    assert [event.type for event in events] == ["image_generation.completed"]
    event = events[0]
    assert from_base64(event.b64_json).size == (256, 256)
    assert event.size == "256x256" and event.quality == "auto" and event.background == "opaque"
    assert event.output_format == "png" and event.created_at > 1_700_000_000
    assert event.usage.total_tokens == event.usage.input_tokens + event.usage.output_tokens
    assert event.usage.input_tokens_details.text_tokens + event.usage.input_tokens_details.image_tokens \
        == event.usage.input_tokens


@pytest.mark.parametrize("count", [1, 2, 3])
def test_partial_pictures(client, count):
    events = list(client.images.generate(prompt="a cat", size="256x256", stream=True, partial_images=count))
    partials = [event for event in events if event.type == "image_generation.partial_image"]
    assert 1 <= len(partials) <= count
    assert [event.partial_image_index for event in partials] == list(range(len(partials)))
    assert events[-1].type == "image_generation.completed"
    for event in partials:
        assert from_base64(event.b64_json).width > 0


def test_one_completed_event_for_each_picture(client):
    events = list(client.images.generate(prompt="a cat", n=3, size="256x256", stream=True))
    assert [event.type for event in events] == ["image_generation.completed"] * 3
    assert len({event.b64_json for event in events}) == 3


def test_a_streamed_edit(client):
    image, mask = png(), hole()
    events = list(client.images.edit(
        image=image, mask=mask, prompt="a pool", size="256x256", stream=True, partial_images=1))
    assert {event.type for event in events} <= {"image_edit.partial_image", "image_edit.completed"}
    assert kept_pixels_differ(image, mask, from_base64(events[-1].b64_json)) == 0


def test_the_async_client_streams(server, key):
    import asyncio

    async def work():
        async with openai.AsyncOpenAI(api_key=key, base_url=server.url + "/v1", max_retries=0) as client:
            stream = await client.images.generate(prompt="a cat", size="256x256", stream=True, partial_images=2)
            return [event.type async for event in stream]

    assert asyncio.run(work())[-1] == "image_generation.completed"


@pytest.mark.parametrize("arguments, error", [
    ({"prompt": "a decapitated man"}, openai.BadRequestError),
    ({"prompt": "a cat", "n": 11}, openai.BadRequestError),
    ({"prompt": "a cat", "model": "no-such-model"}, openai.NotFoundError),
    ({"prompt": "a cat", "partial_images": 4}, openai.BadRequestError),
])
def test_what_is_refused_before_the_stream_begins(client, arguments, error):
    with pytest.raises(error):
        client.images.generate(stream=True, **arguments)


def test_a_failure_in_mid_stream(client):
    with pytest.raises(openai.APIError) as caught:
        list(client.images.generate(prompt="fail please", size="256x256", stream=True))
    assert caught.value.message


def test_a_stream_that_is_left(slow_server):
    with openai.OpenAI(api_key=slow_server.key(), base_url=slow_server.url + "/v1", max_retries=0) as client:
        with client.images.generate(prompt="a cat", size="256x256", stream=True, partial_images=3) as stream:
            next(iter(stream))
        assert client.models.list().data


def test_other_formats(client):
    for kind, name in [("jpeg", "JPEG"), ("webp", "WEBP"), ("png", "PNG")]:
        response = client.images.generate(
            prompt="a cat", size="256x256", response_format="b64_json", output_format=kind,
            **({} if kind == "png" else {"output_compression": 60}))
        assert from_base64(response.data[0].b64_json).format == name

"""openai from 1.0 on: a client is an object."""

import inspect
import io
import time

import openai
import pytest

from pictures import decoded, download, from_base64, hole, jpeg, kept_pixels_differ, png


# What the oldest clients lack.
PARAMETERS = inspect.signature(openai.resources.Images.generate).parameters
COUNTS_RETRIES = "stream" in PARAMETERS


def model(name):
    """The argument that names a model, in each client's way."""
    return {"model": name} if "model" in PARAMETERS else {"extra_body": {"model": name}}


def told(caught):
    """The error as the server sent it; not every client keeps all of it."""
    error = caught.value.response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


@pytest.fixture
def client(server, key):
    with openai.OpenAI(api_key=key, base_url=server.url + "/v1", max_retries=0) as client:
        yield client


def test_generate(client):
    response = client.images.generate(prompt="a white siamese cat", n=1, size="1024x1024", **model("dall-e-2"))
    headers, data = download(response.data[0].url)
    assert headers["Content-Type"] == "image/png" and decoded(data).size == (1024, 1024)
    assert abs(response.created - time.time()) < 120


def test_generate_by_default(client):
    response = client.images.generate(prompt="a cat")
    assert len(response.data) == 1 and response.data[0].b64_json is None
    assert decoded(download(response.data[0].url)[1]).size == (1024, 1024)


@pytest.mark.parametrize("side", [256, 512, 1024])
def test_sizes(client, side):
    response = client.images.generate(prompt="a cat", size=f"{side}x{side}", response_format="b64_json")
    assert from_base64(response.data[0].b64_json).size == (side, side)


@pytest.mark.parametrize("count", [1, 2, 10])
def test_counts(client, count):
    response = client.images.generate(prompt="a cat", n=count, size="256x256", response_format="b64_json")
    assert len({entry.b64_json for entry in response.data}) == count


def test_everything_that_may_be_null(client):
    response = client.images.generate(
        prompt="a cat", n=None, response_format=None, size=None, user="somebody", **model(None))
    assert response.data[0].url


def test_our_additions(client):
    def draw(seed):
        return client.images.generate(
            prompt="a cat", size="256x256", response_format="b64_json",
            extra_body={"seed": seed, "negative_prompt": "a dog", "guidance_scale": 5, "steps": 3}).data[0]

    first, again, other = draw(7), draw(7), draw(8)
    assert first.b64_json == again.b64_json != other.b64_json
    assert first.seed == 7


def test_headers(client):
    response = client.images.with_raw_response.generate(prompt="a cat", size="256x256")
    headers = response.headers
    assert headers["x-request-id"] and headers["openai-version"] == "2020-10-01"
    assert int(headers["openai-processing-ms"]) >= 0
    for name in ("limit", "remaining", "reset"):
        assert headers[f"x-ratelimit-{name}-requests"] and headers[f"x-ratelimit-{name}-images"]
    assert response.parse().data[0].url


def test_edit(client):
    image, mask = png(), hole()
    response = client.images.edit(
        image=io.BytesIO(image), mask=io.BytesIO(mask), prompt="a pool", size="256x256", response_format="b64_json")
    assert kept_pixels_differ(image, mask, from_base64(response.data[0].b64_json)) == 0


def test_edit_repaints_what_is_transparent(client):
    image, mask = png(color=(255, 0, 255)), hole()
    response = client.images.edit(
        image=image, mask=mask, prompt="a pool", size="256x256", response_format="b64_json")
    middle = from_base64(response.data[0].b64_json).convert("RGB").getpixel((128, 128))
    assert middle != (255, 0, 255)


def test_edit_at_another_size(client):
    response = client.images.edit(image=png(), mask=hole(), prompt="a pool", size="512x512")
    assert decoded(download(response.data[0].url)[1]).size == (512, 512)


@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_edit_converts_pictures_that_come_with_a_mask(client, mode):
    response = client.images.edit(image=png(mode=mode), mask=hole(), prompt="a pool", size="256x256")
    assert response.data[0].url


def test_edit_without_mask_and_without_alpha(client):
    with pytest.raises(openai.BadRequestError, match="format must be in .*, got RGB"):
        client.images.edit(image=png(mode="RGB"), prompt="a pool", size="256x256")


def test_edit_with_a_mask_of_another_size(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.edit(image=png(), mask=hole(128), prompt="a pool", size="256x256")
    assert told(caught)["code"] == "invalid_mask_image_format"
    assert told(caught)["type"] == "image_generation_user_error"


def test_edit_with_a_mask_without_alpha(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.edit(image=png(), mask=png(mode="RGB"), prompt="a pool", size="256x256")
    assert told(caught)["code"] == "invalid_mask_image_format"


def test_variation(client):
    response = client.images.create_variation(image=png(), n=2, size="256x256", response_format="b64_json")
    assert len({entry.b64_json for entry in response.data}) == 2


@pytest.mark.parametrize("file", [
    png, lambda: io.BytesIO(png()), lambda: ("a.png", png()), lambda: ("image", png(), "application/octet-stream"),
])
def test_files_in_each_way_to_give_them(client, file):
    assert client.images.create_variation(image=file(), size="256x256").data[0].url


def test_a_path(client, tmp_path):
    (tmp_path / "a picture.png").write_bytes(png())
    assert client.images.create_variation(image=tmp_path / "a picture.png", size="256x256").data[0].url


def test_a_jpeg(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.create_variation(image=jpeg(), size="256x256")
    assert told(caught)["code"] == "invalid_image_format"
    assert told(caught)["message"] == "Uploaded image must be a PNG and less than 4 MB."


def test_a_picture_that_is_not_square(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.create_variation(image=png(200, 100), size="256x256")
    assert told(caught)["message"] == (
        "Invalid input image - expected an image with equal width and height, got 200x100 instead.")


def test_a_picture_over_4_megabytes(client):
    with pytest.raises(openai.APIStatusError) as caught:
        client.images.create_variation(image=png() + b"\0" * (4 << 20), size="256x256")
    assert caught.value.status_code in (400, 413)


@pytest.mark.parametrize("arguments, message, param", [
    ({"size": "64x64"}, "'64x64' is not one of ['256x256', '512x512', '1024x1024'] - 'size'", "size"),
    ({"n": 11}, "11 is greater than the maximum of 10 - 'n'", "n"),
    ({"n": 0}, "0 is less than the minimum of 1 - 'n'", "n"),
    ({"response_format": "gif"}, "'gif' is not one of ['url', 'b64_json'] - 'response_format'", "response_format"),
    ({"extra_body": {"x": 1}}, "Additional properties are not allowed ('x' was unexpected)", None),
])
def test_bad_values(client, arguments, message, param):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="a cat", **arguments)
    assert told(caught)["message"] == message
    assert told(caught)["type"] == "invalid_request_error" and told(caught)["code"] is None
    assert told(caught)["param"] == param


def test_a_prompt_that_is_too_long(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="zanzibar " * 120)
    assert "zanzibar" not in caught.value.message


def test_an_empty_prompt(client):
    with pytest.raises(openai.BadRequestError):
        client.images.generate(prompt="")


def test_a_refused_prompt(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.generate(prompt="a d3cap1tated man", size="256x256")
    assert told(caught)["code"] == "content_policy_violation"
    assert "d3cap1tated" not in caught.value.message


def test_a_refused_edit(client):
    with pytest.raises(openai.BadRequestError) as caught:
        client.images.edit(image=png(), mask=hole(), prompt="a severed head", size="256x256")
    assert told(caught)["code"] == "content_policy_violation"


def test_a_wrong_key(client):
    with pytest.raises(openai.AuthenticationError) as caught:
        client.with_options(api_key="li-abcdefghijklmnopqrstuvwxyz").images.generate(prompt="a cat")
    assert told(caught)["code"] == "invalid_api_key" and caught.value.status_code == 401
    assert told(caught)["message"].startswith("Incorrect API key provided: li-ab")
    assert "fghij" not in caught.value.message


def test_an_unknown_model(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.images.generate(prompt="a cat", **model("no-such-model"))
    assert told(caught)["code"] == "model_not_found"


def test_an_unknown_address(client):
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="dall-e-2", messages=[])


def test_models(client):
    assert "dall-e-2" in {model.id for model in client.models.list()}
    assert client.models.retrieve("dall-e-2").id == "dall-e-2"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("no-such-model")


def test_moderations(client):
    result = client.moderations.create(input="a decapitated man").results[0]
    assert result.flagged and result.category_scores.violence_graphic > 0.5
    results = client.moderations.create(input=["a corgi", "a nude woman"]).results
    assert [result.flagged for result in results] == [False, True]


def test_the_limit_of_images_a_minute(server):
    client = openai.OpenAI(api_key=server.key(images_per_minute=3), base_url=server.url + "/v1", max_retries=0)
    client.images.generate(prompt="a cat", n=2, size="256x256")
    # More than what remains: refused, and nothing is charged.
    with pytest.raises(openai.RateLimitError) as caught:
        client.images.generate(prompt="a cat", n=2, size="256x256")
    assert told(caught)["code"] == "rate_limit_exceeded" and told(caught)["type"] == "requests"
    assert 1 <= int(caught.value.response.headers["retry-after"]) <= 60
    client.images.generate(prompt="a cat", n=1, size="256x256")
    with pytest.raises(openai.RateLimitError):
        client.images.generate(prompt="a cat", n=1, size="256x256")


def test_a_refused_prompt_counts(server):
    client = openai.OpenAI(api_key=server.key(images_per_minute=1), base_url=server.url + "/v1", max_retries=0)
    with pytest.raises(openai.BadRequestError):
        client.images.generate(prompt="a decapitated man", size="256x256")
    with pytest.raises(openai.RateLimitError):
        client.images.generate(prompt="a cat", size="256x256")


def test_the_quota_of_a_month(server):
    quota = server.key(images_per_month=1)
    client = openai.OpenAI(api_key=quota, base_url=server.url + "/v1", max_retries=2)
    client.images.generate(prompt="a cat", size="256x256")
    start = time.monotonic()
    with pytest.raises(openai.RateLimitError) as caught:
        client.images.generate(prompt="a cat", size="256x256")
    assert told(caught)["code"] == "insufficient_quota" and told(caught)["type"] == "insufficient_quota"
    assert caught.value.response.headers["x-should-retry"] == "false"
    assert time.monotonic() - start < 5


def test_a_client_that_waits_for_no_answer(slow_server):
    client = openai.OpenAI(api_key=slow_server.key(), base_url=slow_server.url + "/v1", max_retries=0, timeout=0.5)
    with pytest.raises(openai.APITimeoutError):
        client.images.generate(prompt="a cat", size="256x256")
    # The server goes on serving.
    client = openai.OpenAI(api_key=slow_server.key(), base_url=slow_server.url + "/v1", max_retries=0, timeout=60)
    assert client.images.generate(prompt="a dog", size="256x256").data[0].url


@pytest.mark.skipif(not COUNTS_RETRIES, reason="this client does not say that it asks again")
def test_a_retry_joins_the_job(slow_server):
    """The first try gives up after a second; the client's own retry gets the picture of the same job."""
    key = slow_server.key(images_per_minute=5)
    client = openai.OpenAI(api_key=key, base_url=slow_server.url + "/v1", max_retries=2, timeout=1.2)
    response = client.images.with_raw_response.generate(prompt="a cat in a hat", size="256x256")
    assert response.parse().data[0].url
    assert response.headers["x-ratelimit-remaining-images"] == "4"


def test_a_model_draws(mini_server):
    client = openai.OpenAI(api_key=mini_server.key(), base_url=mini_server.url + "/v1", max_retries=0, timeout=120)
    response = client.images.generate(
        prompt="a red apple", size="256x256", response_format="b64_json", extra_body={"seed": 1})
    assert from_base64(response.data[0].b64_json).size == (256, 256)

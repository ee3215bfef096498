"""openai 0.28: the module itself is the client."""

import io

import openai
import pytest

from pictures import decoded, download, from_base64, hole, kept_pixels_differ, png


@pytest.fixture(autouse=True)
def client(server, key):
    openai.api_base = server.url + "/v1"
    openai.api_key = key
    openai.organization = None


def test_the_classic_example():
    response = openai.Image.create(prompt="a white siamese cat", n=1, size="1024x1024")
    image_url = response['data'][0]['url']
    headers, data = download(image_url)
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert decoded(data).size == (1024, 1024)


def test_the_defaults_are_one_picture_of_1024():
    response = openai.Image.create(prompt="a cat")
    assert len(response["data"]) == 1 and isinstance(response["created"], int)
    assert decoded(download(response["data"][0]["url"])[1]).size == (1024, 1024)


@pytest.mark.parametrize("side", [256, 512])
def test_sizes(side):
    response = openai.Image.create(prompt="a cat", size=f"{side}x{side}")
    assert decoded(download(response["data"][0]["url"])[1]).size == (side, side)


def test_several_pictures_differ():
    response = openai.Image.create(prompt="a cat", n=3, size="256x256", response_format="b64_json")
    assert len({entry["b64_json"] for entry in response["data"]}) == 3


def test_base64():
    response = openai.Image.create(prompt="a cat", size="256x256", response_format="b64_json")
    assert from_base64(response["data"][0]["b64_json"]).size == (256, 256)


def test_create_edit():
    image, mask = png(), hole()
    response = openai.Image.create_edit(
        image=io.BytesIO(image), mask=io.BytesIO(mask), prompt="a sunlit lounge", n=1, size="256x256")
    after = decoded(download(response['data'][0]['url'])[1])
    assert kept_pixels_differ(image, mask, after) == 0


def test_create_edit_from_files(tmp_path):
    (tmp_path / "image.png").write_bytes(png())
    (tmp_path / "mask.png").write_bytes(hole())
    with open(tmp_path / "image.png", "rb") as image, open(tmp_path / "mask.png", "rb") as mask:
        response = openai.Image.create_edit(image=image, mask=mask, prompt="a lounge", n=2, size="256x256")
    assert len(response["data"]) == 2


def test_create_edit_by_its_own_alpha():
    response = openai.Image.create_edit(image=io.BytesIO(hole()), prompt="a lounge", size="256x256")
    assert decoded(download(response['data'][0]['url'])[1]).size == (256, 256)


def test_create_variation():
    response = openai.Image.create_variation(image=io.BytesIO(png()), n=2, size="256x256")
    assert len(response["data"]) == 2
    assert decoded(download(response['data'][1]['url'])[1]).size == (256, 256)


def test_async_methods(server, key):
    import asyncio

    response = asyncio.run(openai.Image.acreate(prompt="a cat", size="256x256", response_format="b64_json"))
    assert from_base64(response["data"][0]["b64_json"]).size == (256, 256)


def test_a_wrong_key():
    with pytest.raises(openai.error.AuthenticationError) as caught:
        openai.Image.create(prompt="a cat", api_key="li-not-a-key-of-this-server-at-all")
    assert str(caught.value).startswith("Incorrect API key provided: li-no")
    assert "not-a-key-of-this" not in str(caught.value)


@pytest.mark.parametrize("arguments, message", [
    ({"size": "300x300"}, "'300x300' is not one of ['256x256', '512x512', '1024x1024'] - 'size'"),
    ({"n": 15}, "15 is greater than the maximum of 10 - 'n'"),
    ({"n": 0}, "0 is less than the minimum of 1 - 'n'"),
    ({"colour": "red"}, "Additional properties are not allowed ('colour' was unexpected)"),
])
def test_bad_values(arguments, message):
    with pytest.raises(openai.error.InvalidRequestError) as caught:
        openai.Image.create(prompt="a cat", **arguments)
    assert str(caught.value) == message


def test_a_refused_prompt():
    with pytest.raises(openai.error.InvalidRequestError) as caught:
        openai.Image.create(prompt="a decapitated man", size="256x256")
    assert str(caught.value).startswith("Your request was rejected as a result of our safety system")
    assert caught.value.code == "content_policy_violation"


def test_a_picture_that_is_none():
    with pytest.raises(openai.error.InvalidRequestError) as caught:
        openai.Image.create_variation(image=io.BytesIO(b"not a picture"), size="256x256")
    assert str(caught.value) == "Uploaded image must be a PNG and less than 4 MB."


def test_the_limit_of_images_a_minute(server):
    limited = server.key(images_per_minute=2)
    openai.Image.create(prompt="a cat", n=2, size="256x256", api_key=limited)
    with pytest.raises(openai.error.RateLimitError) as caught:
        openai.Image.create(prompt="a cat", size="256x256", api_key=limited)
    assert 1 <= int(caught.value.headers["Retry-After"]) <= 60


def test_models():
    models = openai.Model.list()
    assert "dall-e-2" in {model["id"] for model in models["data"]}
    assert openai.Model.retrieve("dall-e-2")["object"] == "model"


def test_an_unknown_model():
    with pytest.raises(openai.error.InvalidRequestError) as caught:
        openai.Model.retrieve("no-such-model")
    assert caught.value.code == "model_not_found"


def test_moderation():
    result = openai.Moderation.create(input="a decapitated man")["results"][0]
    assert result["flagged"] and result["categories"]["violence/graphic"]
    assert not openai.Moderation.create(input="a corgi")["results"][0]["flagged"]

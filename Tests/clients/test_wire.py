"""What no client would send, or would hide: byte for byte."""

import http.client
import json
import time
import uuid

import pytest

from pictures import decoded, download, hole, kept_pixels_differ, png, from_base64

GENERATIONS = "/v1/images/generations"
SMALL = {"prompt": "a cat", "size": "256x256"}


def multipart(*parts, boundary="a-boundary"):
    """A body of (name, value) or (name, value, extra disposition, content type)."""
    body = b""
    for name, value, *rest in parts:
        disposition = rest[0] if rest else ""
        kind = f"Content-Type: {rest[1]}\r\n" if len(rest) > 1 else ""
        data = value if isinstance(value, bytes) else str(value).encode()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{disposition}\r\n{kind}\r\n'
        body += head.encode() + data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def error_of(answer, status):
    """The error of an answer, whose shape is always the same."""
    assert answer[0] == status, answer[2][:300]
    assert answer[1]["Content-Type"].startswith("application/json")
    error = json.loads(answer[2])["error"]
    assert {"message", "type", "param", "code"} <= set(error)
    assert error["message"]
    return error


def result_of(answer, status=200):
    assert answer[0] == status, answer[2][:300]
    return json.loads(answer[2])


# Requests as they should not be


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"{\"prompt\": \"\xff\"}", b'{"prompt": 1}', b"{}"])
def test_bodies_that_are_no_request(server, key, body):
    error_of(server.request("POST", GENERATIONS, body, key, {"Content-Type": "application/json"}), 400)


def test_a_body_of_another_kind(server, key):
    error_of(server.request("POST", GENERATIONS, b"prompt=a", key, {"Content-Type": "text/plain"}), 415)


def test_json_for_an_edit(server, key):
    error_of(server.request("POST", "/v1/images/edits", SMALL, key), 415)


def test_a_method_that_is_not_there(server, key):
    error = error_of(server.request("GET", GENERATIONS, None, key), 405)
    assert "Not allowed to GET on" in error["message"]


def test_an_address_that_is_not_there(server, key):
    error_of(server.request("POST", "/v1/pictures", SMALL, key), 404)


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Basic abc", "Bearer li-unknown-key-of-some-length"])
def test_no_key(server, header):
    headers = {"Authorization": header} if header else {}
    error = error_of(server.request("POST", GENERATIONS, SMALL, None, headers), 401)
    assert "unknown-key-of" not in error["message"]


def test_organizations_are_never_refused(server, key):
    headers = {"OpenAI-Organization": "org-nobody", "OpenAI-Project": "proj-nobody", "X-Stainless-Lang": "python"}
    result_of(server.request("POST", GENERATIONS, SMALL, key, headers))


def test_a_body_over_its_cap(server, key):
    body = b'{"prompt": "' + b"a" * (8 << 20) + b'"}'
    error_of(server.request("POST", GENERATIONS, body, key, {"Content-Type": "application/json"}), 413)


def test_a_body_that_says_it_is_huge(server, key):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest("POST", "/v1/images/edits")
    for name, value in [("Authorization", f"Bearer {key}"), ("Content-Type", "multipart/form-data; boundary=b"),
                        ("Content-Length", str(1 << 40))]:
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_no_open_cors(server, key):
    _, headers, _ = server.request("GET", "/v1/models", None, key, {"Origin": "https://elsewhere.example"})
    assert headers["Access-Control-Allow-Origin"] is None
    assert headers["X-Content-Type-Options"] == "nosniff"


# Multipart, as clients really send it


@pytest.mark.parametrize("name, extra, kind", [
    ("image", '; filename="image"', "application/octet-stream"),
    ("image", '; filename="a.png"', "image/png"),
    ("image", '; filename="upload"', "image/jpeg"),
    ("image[]", '; filename="a.png"', "image/png"),
    ("image", "", "image/png"),
])
def test_parts_of_a_picture(server, key, name, extra, kind):
    body, headers = multipart((name, png(), extra, kind), ("size", "256x256"), ("n", "1"))
    assert result_of(server.request("POST", "/v1/images/variations", body, key, headers))["data"][0]["url"]


def test_parts_in_any_order(server, key):
    image, mask = png(), hole()
    body, headers = multipart(
        ("response_format", "b64_json"), ("mask", mask, '; filename="m"'), ("n", "1"), ("prompt", "a pool"),
        ("image", image, '; filename="i"'), ("size", "256x256"))
    result = result_of(server.request("POST", "/v1/images/edits", body, key, headers))
    assert kept_pixels_differ(image, mask, from_base64(result["data"][0]["b64_json"])) == 0


def test_a_chunked_body(server, key):
    body, headers = multipart(("image", png(), '; filename="i"'), ("size", "256x256"))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    pieces = (body[place:place + 1000] for place in range(0, len(body), 1000))
    connection.request(
        "POST", "/v1/images/variations", pieces, {**headers, "Authorization": f"Bearer {key}"}, encode_chunked=True)
    response = connection.getresponse()
    assert response.status == 200, response.read()[:300]
    connection.close()


def test_a_stream_asked_for_in_multipart(server, key):
    body, headers = multipart(
        ("image", png(), '; filename="i"'), ("mask", hole(), '; filename="m"'), ("prompt", "a pool"),
        ("size", "256x256"), ("stream", "true"), ("partial_images", "1"))
    status, headers, data = server.request("POST", "/v1/images/edits", body, key, headers)
    assert status == 200 and headers["Content-Type"].startswith("text/event-stream")
    assert b"event: image_edit.completed\n" in data


@pytest.mark.parametrize("parts, message", [
    ([("size", "256x256")], "'image' is a required property"),
    ([("image", b"", '; filename="i"')], None),
    ([("image", png(16, 16), '; filename="i"'), ("n", "two")], None),
    ([("image", png(16, 16), '; filename="i"'), ("image", png(16, 16), '; filename="i"')], None),
    ([("image", png(16, 16), '; filename="i"'), ("colour", "red")], None),
])
def test_forms_that_are_wrong(server, key, parts, message):
    body, headers = multipart(*parts)
    error = error_of(server.request("POST", "/v1/images/variations", body, key, headers), 400)
    assert message is None or error["message"] == message


@pytest.mark.parametrize("body", [b"", b"--b", b"--b--", b"--b\r\n\r\n\r\n--b--\r\n", b"no boundary", b"--b\r\nContent-Disp"])
def test_multipart_that_is_damaged(server, key, body):
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    error_of(server.request("POST", "/v1/images/variations", body, key, headers), 400)


def test_multipart_without_a_boundary(server, key):
    assert server.request(
        "POST", "/v1/images/variations", b"--b--", key, {"Content-Type": "multipart/form-data"})[0] in (400, 415)


# Streams


def test_events_on_the_wire(server, key):
    status, headers, data = server.request(
        "POST", GENERATIONS, {**SMALL, "stream": True, "partial_images": 1}, key, {"Accept": "application/json"})
    assert status == 200 and headers["Content-Type"].startswith("text/event-stream")
    assert headers["X-Accel-Buffering"] == "no"
    blocks = [block for block in data.decode().split("\n\n") if block and not block.startswith(":")]
    for block in blocks:
        event, payload = block.split("\n", 1)
        assert event.startswith("event: image_generation.") and payload.startswith("data: {")
        assert json.loads(payload[6:])["type"] == event[7:]
    assert blocks[-1].startswith("event: image_generation.completed")


# Addresses of pictures


def test_an_address_that_was_changed(server, key):
    url = result_of(server.request("POST", GENERATIONS, SMALL, key))["data"][0]["url"]
    path = url[len(server.url):]
    assert server.request("GET", path)[0] == 200
    # The signature is the last thing in the address; a letter of another kind makes it another one.
    for other in (path[:-1] + ("A" if path[-1] != "A" else "B"), path.split("?")[0], path.replace("exp=", "exp=9")):
        assert server.request("GET", other)[0] in (401, 403, 404)


# Idempotency and retries


def test_an_idempotency_key(server):
    key = server.key(images_per_minute=5)
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    body = {**SMALL, "response_format": "b64_json"}
    first = result_of(server.request("POST", GENERATIONS, body, key, headers))
    again = server.request("POST", GENERATIONS, body, key, headers)
    assert result_of(again)["data"] == first["data"]
    assert again[1]["x-ratelimit-remaining-images"] == "4"
    error_of(server.request("POST", GENERATIONS, {**body, "prompt": "a dog"}, key, headers), 422)


def test_another_account_may_use_the_same_idempotency_key(server):
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    body = {**SMALL, "response_format": "b64_json"}
    one, other = [
        result_of(server.request("POST", GENERATIONS, body, server.key(), headers))["data"][0] for _ in range(2)]
    assert one["seed"] != other["seed"]


def test_a_retry_after_a_dropped_connection(slow_server):
    key = slow_server.key(images_per_minute=5)
    body = {**SMALL, "prompt": "an owl"}
    headers = {"x-stainless-retry-count": "0"}
    with pytest.raises(OSError):
        slow_server.request("POST", GENERATIONS, body, key, headers, timeout=0.6)
    answer = slow_server.request("POST", GENERATIONS, body, key, {"x-stainless-retry-count": "1"})
    assert result_of(answer)["data"][0]["url"]
    assert answer[1]["x-ratelimit-remaining-images"] == "4"


# Jobs


def test_a_job(server, key):
    answer = server.request("POST", GENERATIONS, SMALL, key, {"Prefer": "respond-async"})
    job = result_of(answer, 202)
    path = f"/v1/jobs/{job['id']}"
    for _ in range(200):
        job = result_of(server.request("GET", path, None, key))
        if job["status"] not in ("queued", "running"):
            break
        time.sleep(0.05)
    assert job["status"] == "succeeded"
    status, headers, data = server.request("GET", path + "/events", None, key)
    assert status == 200 and headers["Content-Type"].startswith("text/event-stream")
    assert b"succeeded" in data


def test_a_job_is_cancelled(slow_server):
    key = slow_server.key()
    job = result_of(slow_server.request("POST", GENERATIONS, SMALL, key, {"Prefer": "respond-async"}), 202)
    path = f"/v1/jobs/{job['id']}"
    assert slow_server.request("DELETE", path, None, key)[0] in (200, 202, 204)
    for _ in range(200):
        job = result_of(slow_server.request("GET", path, None, key))
        if job["status"] not in ("queued", "running"):
            break
        time.sleep(0.05)
    assert job["status"] == "cancelled"


def test_jobs_of_others(server, key):
    job = result_of(server.request("POST", GENERATIONS, SMALL, key, {"Prefer": "respond-async"}), 202)
    other = server.key()
    for method, path in [("GET", ""), ("GET", "/events"), ("DELETE", "")]:
        error_of(server.request(method, f"/v1/jobs/{job['id']}{path}", None, other), 404)


# Operations


def test_health(server):
    assert server.request("GET", "/healthz")[0] == 200
    assert server.request("GET", "/readyz")[0] == 200


def test_metrics_tell_no_prompts_and_no_accounts(server, key):
    server.request("POST", GENERATIONS, {**SMALL, "prompt": "zanzibar"}, key)
    status, _, data = server.request("GET", "/metrics")
    assert status == 200 and b"# TYPE" in data
    assert b"zanzibar" not in data and b"example.org" not in data


def test_the_log_tells_no_prompts_and_no_keys(server, key):
    server.request("POST", GENERATIONS, {**SMALL, "prompt": "zanzibar pornography"}, key)
    log = server.text_of_log()
    assert "zanzibar" not in log and key not in log


def test_the_description(server):
    document = result_of(server.request("GET", "/openapi.json"))
    assert document["openapi"].startswith("3.")
    for path in (GENERATIONS, "/v1/images/edits", "/v1/images/variations", "/v1/models", "/v1/moderations"):
        assert path in document["paths"]
    assert server.request("GET", "/docs")[0] == 200


def test_moderation_of_parts(server, key):
    body = {"input": [{"type": "text", "text": "a decapitated man"}]}
    result = result_of(server.request("POST", "/v1/moderations", body, key))["results"][0]
    assert set(result) >= {"flagged", "categories", "category_scores", "category_applied_input_types"}
    assert len(result["categories"]) == len(result["category_scores"]) == 13 and result["flagged"]


def test_a_url_in_another_format(server, key):
    url = result_of(server.request("POST", GENERATIONS, {**SMALL, "output_format": "webp"}, key))["data"][0]["url"]
    headers, data = download(url)
    assert headers["Content-Type"] == "image/webp" and decoded(data).format == "WEBP"

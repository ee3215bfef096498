"""The whole way once: sign-up, four pictures, a favourite, an edit, an extension, a variation, a blend, a key that a program
draws with, sign-out."""

import urllib.request

from openai import OpenAI
from playwright.sync_api import expect


def test_everything_once(own_server):
    server, studio = own_server()
    page = studio.page
    pictures = studio.draw("a lighthouse in a field of tulips")

    # A favourite, found again in the history.
    tile = page.locator(f'[data-picture="{pictures[0]}"]')
    tile.hover()
    tile.get_by_role("button", name="Favourite").click()
    expect(tile.get_by_role("button", name="Favourite")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Favourites").click()
    expect(page.locator(".grid .tile")).to_have_count(1)

    # Edit: a mask, four candidates, accept the second.
    page.locator(".grid .tile a").click()
    page.get_by_role("link", name="Edit").click()
    expect(studio.canvas).to_be_visible()
    studio.stroke((-60, -20), (60, 30))
    studio.generate("a red roof")
    page.get_by_role("button", name="Candidate 2").click()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url(lambda url: "/edit/" in url and pictures[0] not in url)
    edited = studio.picture_in_address
    assert studio.file(edited).tobytes() != studio.file(pictures[0]).tobytes()

    # Extend: the picture comes along, and a frame beside it is drawn.
    studio.go(f"/extend#{edited}")
    expect(page.get_by_text("50% of the frame is there already")).to_be_visible()
    studio.generate("more tulips")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("the frame is full")).to_be_visible()

    # A variation.
    studio.go(f"/blend#vary={edited}")
    page.get_by_role("slider", name="Strength").fill("0.8")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator('.job[data-state="succeeded"] .tile')).to_have_count(4)

    # A blend of two.
    studio.go(f"/blend#blend={edited}")
    page.get_by_role("button", name="Picture 2").click()
    page.locator(".picker .tile").nth(5).click()
    page.get_by_role("button", name="Generate").click()
    slider = page.get_by_role("slider", name="Slide between them")
    expect(slider).to_be_visible()
    slider.fill("1")
    expect(page.locator('.job[data-state="succeeded"] .tile')).to_have_count(5)

    # A key, and a program that draws with it: its picture is in the history.
    key = create_key(studio)
    client = OpenAI(base_url=server.url + "/v1", api_key=key)
    answer = client.images.generate(prompt="a sleepy owl", n=1, size="256x256")
    assert urllib.request.urlopen(answer.data[0].url).read().startswith(b"\x89PNG")
    studio.go("/history")
    expect(page.get_by_role("img", name="a sleepy owl")).to_have_count(1)

    page.get_by_role("button", name="Account: host@example.org").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert studio.faults == []


def create_key(studio):
    page = studio.page
    studio.go("/account")
    page.get_by_role("button", name="Create a key").click()
    page.get_by_role("textbox", name="Name").fill("notebook")
    page.get_by_role("dialog").get_by_role("button", name="Create a key").click()
    key = page.get_by_role("textbox", name="Key").input_value()
    assert key.startswith("li-")
    for language in ["Python", "curl", "Swift"]:
        page.get_by_role("radio", name=language).check(force=True)
        expect(page.get_by_role("region", name=language)).to_contain_text(key)
    page.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_text("Never used")).to_be_visible()
    studio.go("/account")
    expect(page.get_by_text("notebook")).to_be_visible()
    assert key not in page.content()
    return key

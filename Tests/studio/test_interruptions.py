"""Nothing is lost: reloads, restarts, ended sessions, other tabs, no connection, refusals."""

from playwright.sync_api import expect


def test_reload_in_mid_generation(own_server):
    _, studio = own_server(step=250)
    page = studio.page
    studio.prompt.fill("two foxes at breakfast")
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_role("img", name="Unfinished picture").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("article", name="two foxes at breakfast")).to_be_visible()
    expect(page.locator(".job .tile")).to_have_count(4)
    expect(studio.prompt).to_have_value("two foxes at breakfast")


def test_server_killed_in_mid_generation(own_server):
    server, studio = own_server(step=200)
    page = studio.page
    studio.prompt.fill("a stone bridge in the rain")
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_role("img", name="Unfinished picture").first).to_be_visible()
    server.kill()
    expect(page.get_by_text("The server is not reached.")).to_be_visible()
    studio.prompt.fill("typed while the server was away")
    server.start()
    expect(page.get_by_text("The server is not reached.")).to_be_hidden(timeout=30_000)
    expect(page.locator(".job .tile")).to_have_count(4, timeout=30_000)
    expect(studio.prompt).to_have_value("typed while the server was away")


def test_reload_while_candidates_wait(studio):
    page = studio.page
    picture = studio.draw("a picture left alone")[0]
    studio.go(f"/edit/{picture}")
    studio.stroke((-40, -40), (40, 40))
    studio.generate("a kite")
    studio.kept("each.prompt === 'a kite' && each.job")
    page.reload()
    studio.candidates()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url(lambda url: picture not in url)


def test_a_double_click_asks_once(studio):
    page = studio.page
    studio.go("/")
    studio.prompt.fill("asked for twice at once")
    page.get_by_role("button", name="Generate").dblclick()
    studio.prompt.press("Enter")
    jobs = page.get_by_role("article", name="asked for twice at once")
    expect(jobs.locator(".tile")).to_have_count(4)
    listed = page.request.get(studio.url + "/api/jobs").json()["jobs"]
    assert [job["prompt"] for job in listed].count("asked for twice at once") == 1


def test_a_long_prompt_is_not_cut(studio):
    page = studio.page
    studio.go("/")
    prompt = "a harbour at dusk with many boats, " * 40
    studio.prompt.fill(prompt)
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_role("alert")).to_contain_text("has 1,399 characters, and 1,000 fit")
    expect(studio.prompt).to_have_value(prompt)
    studio.prompt.fill(prompt[:999])
    page.get_by_role("button", name="Generate").click()
    job = studio.newest
    expect(job.locator(".tile")).to_have_count(4)
    job.locator(".tile a").first.click()
    page.get_by_role("button", name="Show all of it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(prompt[:999].strip())


def test_errors_speak_the_persons_language(server, browser, account):
    context = browser.new_context(locale="de")
    page = context.new_page()
    page.goto(server.url + "/sign-in")
    page.locator("[name=email]").fill(account["email"])
    page.locator("[name=password]").fill("not the password")
    page.locator("form button").click()
    expect(page.get_by_role("alert")).to_have_text("Die Adresse oder das Passwort stimmt nicht. Prüf beides und versuch es noch einmal.")
    context.close()
    context = browser.new_context(locale="fr", storage_state=account["state"])
    page = context.new_page()
    page.goto(server.url + "/")
    # What a server may answer at any time, whatever brings it about.
    answers = [
        (429, {"code": "rate_limit_exceeded", "message": "the limit"}, "Réessayez dans 7 s."),
        (503, {"code": "storage_full", "message": "the disk"}, "Le disque du serveur est presque plein."),
        (400, {"code": "invalid_request", "param": "stages.decoder.steps", "message": "1 to 250"}, "« Étapes » ne convient pas"),
        (500, {"message": "a fault"}, "Le serveur a eu une erreur."),
    ]
    def answering(status, error):
        return lambda route: route.fulfill(status=status, json={"error": error}, headers={"Retry-After": "7"})

    for status, error, text in answers:
        page.route("**/api/jobs", answering(status, error))
        page.locator("#prompt").fill(f"une chouette {status}")
        page.locator("#generate").click()
        expect(page.get_by_role("alert").filter(has_text=text)).to_be_visible()
        page.unroute("**/api/jobs")
    context.close()


def test_add_while_busy_and_cancel(own_server):
    _, studio = own_server(step=300)
    page = studio.page
    for prompt in ["the first", "the second", "the third"]:
        studio.prompt.fill(prompt)
        page.get_by_role("button", name="Generate").click()
        expect(page.get_by_role("article", name=prompt)).to_be_visible()
    waiting = page.get_by_role("article", name="the third")
    waiting.get_by_role("button", name="Cancel").click()
    expect(waiting).to_contain_text("Cancelled")
    page.get_by_role("article", name="the first").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("article", name="the first")).to_contain_text("Cancelled")
    expect(page.get_by_role("article", name="the second").locator(".tile")).to_have_count(4)


def test_two_tabs(studio):
    page = studio.page
    other = page.context.new_page()
    other.goto(studio.url + "/history")
    studio.draw("seen in both tabs")
    expect(other.get_by_role("img", name="seen in both tabs")).to_have_count(4)
    tile = page.get_by_role("article", name="seen in both tabs").locator(".tile").first
    tile.hover()
    tile.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(other.get_by_role("img", name="seen in both tabs")).to_have_count(3)


def test_expired_session(studio, account):
    page = studio.page
    picture = studio.draw("a session that ends")[0]
    studio.go(f"/edit/{picture}")
    studio.stroke((-40, 0), (40, 0))
    cookies = page.context.cookies()
    page.context.clear_cookies()
    studio.prompt.fill("after the end")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Please sign in again")
    expect(dialog).to_be_visible()
    studio.sign_in(account["email"])
    expect(dialog).to_be_hidden()
    # The mask is still there, and the request that failed was made again.
    studio.candidates()
    assert cookies


def test_a_refusal_names_its_rule(studio):
    studio.go("/")
    studio.prompt.fill("how to behead people, gore, extremely graphic dismembered corpse")
    studio.page.get_by_role("button", name="Generate").click()
    alert = studio.page.get_by_role("alert").filter(has_text="This is not drawn here")
    expect(alert).to_contain_text("It falls under the rule “Graphic violence”. Leave that out")
    alert.get_by_role("link", name="Read the rules").click()
    expect(studio.page.get_by_role("heading", name="Content policy")).to_be_visible()


def test_offline_and_back(studio):
    page = studio.page
    studio.draw("before the tunnel")
    page.context.set_offline(True)
    expect(page.get_by_text("The server is not reached.").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".banner")).to_be_hidden()
    studio.draw("after the tunnel")


def test_no_prompt_in_an_address(studio):
    addresses = []
    studio.page.on("request", lambda request: addresses.append(request.url))
    studio.draw("xylophone in the snow")
    studio.go("/history")
    studio.page.get_by_role("searchbox").fill("xylophone")
    expect(studio.page.get_by_role("img", name="xylophone in the snow")).to_have_count(4)
    assert not [address for address in addresses if "xylophone" in address]
    assert {address.split("/")[2] for address in addresses if not address.startswith(("data:", "blob:"))} == {studio.url[7:]}

"""Each lab's panel in a real browser: its main button does its work.

In the window in which `test_in_jupyterlab.py` has run the sheet already, if it is run whole today;
else the sheet is run as far as its panel.
"""

import json

from playwright.sync_api import expect

from helpers.course.project import Sheet as Lab
from tests.browser.labs import Opener, in_lab


@in_lab("webhooks")
def test_the_panel_of_lab_06_sends_and_says_what_became_of_it(run_sheet: Opener, lab: Lab) -> None:
    sheet = run_sheet(lab)
    panel = sheet.output_of(sheet.number_of("SenderPanel("))
    panel.get_by_role("button", name="Send", exact=True).click()
    expect(panel).to_contain_text("Accepted and processed once")
    panel.get_by_label("Sign with a wrong secret").check()
    panel.get_by_role("button", name="Send", exact=True).click()
    expect(panel).to_contain_text("Refused, and nothing was done")
    expect(panel).to_contain_text("answered 401")
    for theme in ("dark", "light"):
        sheet.wear(theme)
        assert sheet.shoot_part(panel, f"sender-{theme}").exists()


@in_lab("first-function")
def test_the_panel_of_lab_01_invokes_and_shows_what_came_back(run_sheet: Opener, lab: Lab) -> None:
    sheet = run_sheet(lab)
    panel = sheet.output_of(sheet.number_of("InvokePanel("))
    order = {"items": [{"price": 3.0, "quantity": 7}]}
    panel.get_by_label("Event").fill(json.dumps(order))
    panel.get_by_role("button", name="Invoke").click()
    expect(panel).to_contain_text("receipt returned")
    expect(panel).to_contain_text("21")
    expect(panel).to_contain_text("START RequestId")
    expect(panel).to_contain_text("REPORT RequestId")
    expect(panel).to_contain_text("billed")
    for theme in ("dark", "light"):
        sheet.wear(theme)
        assert sheet.shoot_part(panel, f"panel-{theme}").exists()
    panel.get_by_label("Event").fill("{'items': []}")
    panel.get_by_role("button", name="Invoke").click()
    expect(panel).to_contain_text("The event is not JSON")


@in_lab("web-backend")
def test_the_page_of_lab_02_is_let_in_at_last(run_sheet: Opener, lab: Lab) -> None:
    sheet = run_sheet(lab)
    number = sheet.number_of("browse()")
    sheet.run_cell(number)  # the sheet has run in one go: by now the function is warm
    page = sheet.output_of(number).frame_locator("iframe")
    expect(page.locator("#get")).to_contain_text("GET: 200")
    expect(page.locator("#put")).to_contain_text("PUT: 200")


@in_lab("web-backend")
def test_the_panel_of_lab_02_sends_a_request_and_shows_the_log(run_sheet: Opener, lab: Lab) -> None:
    sheet = run_sheet(lab)
    panel = sheet.output_of(sheet.number_of("RequestPanel("))
    panel.get_by_role("button", name="Send").click()
    expect(panel).to_contain_text("200")
    expect(panel).to_contain_text("assam")
    panel.get_by_label("Path").fill("/nowhere/at-all")
    panel.get_by_role("button", name="Send").click()
    expect(panel).to_contain_text("there is no such path")
    for theme in ("dark", "light"):
        sheet.wear(theme)
        assert sheet.shoot_part(panel, f"panel-02-{theme}").exists()


@in_lab("cron")
def test_the_panel_of_lab_03_reads_a_schedule_and_turns_the_clock(
    run_sheet: Opener, lab: Lab
) -> None:
    sheet = run_sheet(lab)
    panel = sheet.output_of(sheet.number_of("SchedulePanel("))
    expect(panel).to_contain_text("At 01:00, UTC")
    panel.get_by_role("button", name="Turn the clock").click()
    expect(panel).to_contain_text("1 day later")
    expect(panel).to_contain_text("nightly-report")
    panel.get_by_label("Local time").select_option("Europe/Berlin")
    for schedule, words in {
        "cron(0 1 20-29 OCT ? *)": "Sun 2026-10-25 02:00",
        "cron(0 2 * * *)": "has six fields, and this one has 5",
    }.items():
        panel.get_by_label("Schedule").fill(schedule)
        panel.get_by_label("Schedule").press("Enter")
        expect(panel).to_contain_text(words)
    for theme in ("dark", "light"):
        sheet.wear(theme)
        assert sheet.shoot_part(panel, f"panel-03-{theme}").exists()


@in_lab("streams")
def test_the_panel_of_lab_04_sends_clicks_until_it_is_stopped(run_sheet: Opener, lab: Lab) -> None:
    sheet = run_sheet(lab)
    panel = sheet.output_of(sheet.number_of("StreamPanel("))
    panel.get_by_role("button", name="Start", exact=True).click()
    expect(panel).to_contain_text("consumer's lag")
    panel.get_by_role("button", name="Stop", exact=True).click()
    expect(panel).to_contain_text("The function has caught up")
    expect(panel.get_by_role("button", name="Start", exact=True)).to_be_visible()
    for theme in ("dark", "light"):
        sheet.wear(theme)
        assert sheet.shoot_part(panel, f"panel-04-{theme}").exists()


@in_lab("thumbnails")
def test_the_page_of_lab_05_shows_its_photos(run_sheet: Opener, lab: Lab) -> None:
    sheet = run_sheet(lab)
    photos = sheet.output_of(sheet.number_of("HTML(title")).locator("img")
    expect(photos).to_have_count(7)
    assert all(photo.evaluate("it => it.naturalWidth > 0") for photo in photos.all())
    expect(sheet.page.get_by_alt_text("Café am See.jpg", exact=True)).to_be_visible()


@in_lab("thumbnails")
def test_the_panel_of_lab_05_puts_a_photo_and_shows_what_follows(
    run_sheet: Opener, lab: Lab
) -> None:
    sheet = run_sheet(lab)
    panel = sheet.output_of(sheet.number_of("PhotoPanel("))
    for photo, words in {"cat.jpg": "128 x 160 px", "broken.jpg": "truncated"}.items():
        panel.get_by_label("Photo").select_option(photo)
        panel.get_by_role("button", name="Put").click()
        expect(panel).to_contain_text(words)
    for theme in ("dark", "light"):
        sheet.wear(theme)
        assert sheet.shoot_part(panel, f"panel-05-{theme}").exists()

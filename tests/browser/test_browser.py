"""The report as a reader meets it: from disk, offline, by mouse, keyboard, phone and printer."""

import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from toyrun import Run

from entanglement.pipeline import seal

SCHEMES = [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]


def pixels(page: Any, box: str) -> str:
    return str(page.evaluate(f"document.querySelector('#{box} canvas').toDataURL()"))


def test_it_asks_for_nothing(opened: Any, report_url: str) -> None:
    opened.page.wait_for_load_state("load")
    assert [url for url in opened.requests if not url.startswith("data:")] == [report_url]


def test_it_could_not_ask_if_it_wanted_to(browser: Browser, report_url: str) -> None:
    page = browser.new_page()
    page.goto(report_url)
    refused = "new Promise(r => { const i = new Image(); i.onerror = () => r('refused'); "
    assert page.evaluate(refused + "i.src = 'http://127.0.0.1:9/x.png'; })") == "refused"
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate("fetch('http://127.0.0.1:9/')")
    page.close()


@pytest.mark.parametrize("opened", SCHEMES, indirect=True)
def test_axe_finds_no_violation(opened: Any) -> None:
    opened.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_would_find_one(opened: Any) -> None:
    opened.page.evaluate("document.querySelector('figure img').removeAttribute('alt')")
    assert Axe().run(opened.page).violations_count == 1


def too_wide(page: Any) -> list[int]:
    """Widths from a small phone to a laptop at which the page scrolls sideways."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = []
    for width in range(320, 1441, 20):
        page.set_viewport_size({"width": width, "height": 900})
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(width)
    return found


def test_no_sideways_scroll_at_any_width(opened: Any) -> None:
    opened.page.locator("#fold").click()
    assert too_wide(opened.page) == []


def test_a_page_that_is_too_wide_would_be_seen(opened: Any) -> None:
    opened.page.evaluate("document.querySelector('h1').style.width = '700px'")
    assert too_wide(opened.page) == list(range(320, 701, 20))


ROWS = ".claims tr[data-verdict]:visible"


def test_groups_fold_and_open(opened: Any) -> None:
    page, rows = opened.page, opened.page.locator(ROWS)
    assert rows.count() == 0
    first = page.locator("#group-A1 button").first
    first.focus()
    page.keyboard.press("Enter")
    assert rows.count() == 1
    assert first.get_attribute("aria-expanded") == "true"
    page.locator("#fold").click()
    assert rows.count() == 5
    page.locator("#fold").click()
    assert rows.count() == 0
    page.locator("#group-A2 button").first.click()
    assert rows.first.get_attribute("id") == "claim-A2"


def test_claims_are_filtered_by_paper_and_verdict(opened: Any) -> None:
    page, rows = opened.page, opened.page.locator(ROWS)
    page.select_option("select[name=verdict]", "not-reproduced")
    assert rows.count() == 1
    assert "verdict=not-reproduced" in page.url
    assert page.locator("#filter output").inner_text() == "1 of 5 claims"
    page.reload()
    assert rows.count() == 1
    page.select_option("select[name=verdict]", "")
    assert rows.count() == 0  # folded again
    page.locator(".counts a").first.click()
    assert rows.count() == 1
    page.evaluate("location.hash = '#claim-A4'")  # a link to a hidden row shows it
    page.locator("#claim-A4").wait_for(state="visible")
    place = page.locator("#claim-A4").bounding_box()
    assert 0 <= place["y"] < 900
    page.evaluate("location.hash = '#verdict=nonsense'")
    page.wait_for_function("document.querySelector('[name=verdict]').selectedIndex === 0")


def test_claims_are_searched_and_ordered(opened: Any) -> None:
    page, rows = opened.page, opened.page.locator(ROWS)
    page.fill("input[name=text]", "needs networks")
    assert [row.get_attribute("id") for row in rows.all()] == ["claim-A4"]
    page.fill("input[name=text]", "")
    page.select_option("select[name=sort]", "far")
    # Farthest from their bands first, without a number last.
    ids = [row.get_attribute("id") for row in rows.all()]
    far = [row.get_attribute("data-far") for row in rows.all()]
    numbers = [float(value) for value in far if value]
    assert len(ids) == 5
    assert numbers == sorted(numbers, reverse=True)
    assert far[-1] == ""
    page.reload()
    assert [row.get_attribute("id") for row in rows.all()] == ids
    page.select_option("select[name=sort]", "")
    page.locator("#fold").click()
    assert [r.get_attribute("id") for r in rows.all()] == [f"claim-A{i}" for i in range(1, 6)]


def test_a_claim_gives_its_citation(browser: Browser, report_url: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{report_url}#claim-A2")
    page.locator("#claim-A2 summary").click()
    page.locator("#claim-A2 .cite").click()
    page.get_by_text("copied").wait_for()
    cited = page.evaluate("navigator.clipboard.readText()")
    assert cited.startswith("A2 The folded angle")
    assert "Verdict: not reproduced; measured 0.020, claimed 0.5 ± 0.1." in cited
    assert "commit" in cited
    assert cited.endswith("#claim-A2")
    context.close()


def test_the_map_is_a_strip_that_opens(opened: Any) -> None:
    page = opened.page
    cells = page.locator(".strip > .verdict")
    assert cells.count() == 4
    words = page.locator(".said tr:visible")
    assert words.count() == 0
    page.locator("#map summary").first.click()
    expect(words).to_have_count(3)
    cells.first.click()
    page.locator("#claim-A1").wait_for(state="visible")


def test_print_holds_every_claim_whatever_the_filter(opened: Any) -> None:
    page = opened.page
    page.select_option("select[name=verdict]", "not-reproduced")
    page.emulate_media(media="print")
    assert page.locator(ROWS).count() == 5
    assert page.locator(".claims q:visible").count() == 5
    assert page.locator(".said tr:visible").count() == 4
    page.set_viewport_size({"width": 700, "height": 990})  # A4 less its margins
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_downloads_arrive_from_the_page_itself(
    browser: Browser, report_url: str, tmp_path: Path
) -> None:
    moved = tmp_path / "moved.html"
    moved.write_bytes(Path(report_url.removeprefix("file://")).read_bytes())
    plots = Path(report_url.removeprefix("file://")).parent / "figures" / "toy"
    page = browser.new_page()
    page.goto(moved.as_uri())
    for suffix in ("svg", "csv"):
        with page.expect_download() as waited:
            page.get_by_role("link", name=suffix.upper()).click()
        assert waited.value.suggested_filename == f"toy-curves.{suffix}"
        path = plots / f"curves.{suffix}"
        # The page holds a picture without its seal.
        stored = seal.content(path) if suffix == "svg" else path.read_bytes()
        assert waited.value.path().read_bytes() == stored
    page.close()


def test_the_keyboard_moves_the_sliders(opened: Any) -> None:
    page, box = opened.page, "explore-toy-pictures"
    page.wait_for_function(f"document.querySelector('#{box} canvas').ariaLabel.includes('layer 0')")
    before = pixels(page, box)
    page.focus(f"#{box} [data-axis='1'] input")
    page.keyboard.press("ArrowRight")
    after = pixels(page, box)
    assert after != before
    assert f"{box}=1.1" in page.url
    assert page.locator(f"#{box} [data-axis='1'] span").inner_text() == "5"
    assert page.locator(f"#{box} .reading").inner_text() == "error per pixel: 5"
    # Row alpha = 100, layer 5 is frame 4: its first pixel is 4 * 64 mod 256 = 0, its last 63.
    last = f"(c => [...c.getContext('2d').getImageData(c.width - 1, c.height - 1, 1, 1).data])(document.querySelector('#{box} canvas'))"
    assert page.evaluate(last)[:3] == [63, 63, 63]
    page.reload()
    page.wait_for_function(f"document.querySelector('#{box} canvas').ariaLabel.includes('layer 5')")
    assert pixels(page, box) == after


def test_arrow_keys_and_drags_turn_the_view(opened: Any) -> None:
    page, box = opened.page, "explore-toy-paths"
    seen = {pixels(page, box)}
    page.focus(f"#{box} canvas")
    for key in ("ArrowLeft", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
        seen.add(pixels(page, box))
    assert len(seen) == 4
    assert f"{box}=" in page.url
    place = page.locator(f"#{box} canvas").bounding_box()
    page.mouse.move(place["x"] + 100, place["y"] + 100)
    page.mouse.down()
    page.mouse.move(place["x"] + 160, place["y"] + 130, steps=3)
    page.mouse.up()
    assert pixels(page, box) not in seen


def test_two_sliders_turn_the_view_too(opened: Any) -> None:
    page, box = opened.page, "explore-toy-paths"
    before = pixels(page, box)
    for number, name in enumerate(("turn", "tilt")):
        slider = page.locator(f"#{box} input").nth(number)
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert slider.get_attribute("aria-valuetext").endswith(" degrees"), name
        assert pixels(page, box) != before
        before = pixels(page, box)
    page.reload()
    assert pixels(page, box) == before


def test_each_slider_is_answered_at_the_next_frame(opened: Any) -> None:
    """The picture has changed when the next frame is drawn; `make bench` says how long it took."""
    moved = """(input) => new Promise((done) => {
      const canvas = input.closest('.explore').querySelector('canvas');
      const before = canvas.toDataURL();
      input.value = Number(input.value) + 1;
      input.dispatchEvent(new Event('input', { bubbles: true }));
      requestAnimationFrame(() => done(canvas.toDataURL() !== before));
    })"""
    sliders = opened.page.locator(".explore [type=range]")
    opened.page.wait_for_function(
        "document.querySelector('#explore-toy-pictures canvas').ariaLabel.includes('layer')"
    )
    assert sliders.count() == 3
    for slider in sliders.all():
        assert slider.evaluate(moved)
        assert slider.evaluate(moved)


def test_play_runs_through_the_layers(opened: Any) -> None:
    page, box = opened.page, "#explore-toy-pictures"
    reading = page.locator(f"{box} .reading b")
    assert page.locator(f"{box} [type=radio]").count() == 2  # two values: no slider
    page.get_by_role("button", name="Play").press("Enter")
    expect(page.locator(f"{box} [data-axis='1'] span")).to_have_text("9")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert reading.inner_text() == "2.5"
    page.locator(f"{box} [type=radio]").first.check()
    assert reading.inner_text() == "0.25"


def test_the_pointer_finds_the_numbers_of_the_csv(opened: Any) -> None:
    page = opened.page
    image = page.locator("#panel-toy-curves img")
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    name = "toy/curves"
    points = page.evaluate(f"pointsOf('{name}', document.querySelector('[data-numbers]').src)")
    lines = page.evaluate(f"numbers['{name}']").splitlines()
    rows = [line for line in lines if not line.startswith("#")]  # what x and y mean
    assert len(rows) < len(lines)
    assert len(points) == len(rows) - 1  # all of them, but not the head
    inner = {side: box[side] - 2 * 7.4 for side in ("width", "height")}
    dot = next(p for p in points if p["row"]["low"])
    page.mouse.move(
        box["x"] + 7.4 + dot["x"] * inner["width"], box["y"] + 7.4 + dot["y"] * inner["height"]
    )
    text = page.locator(".tip").inner_text()
    assert f"x = {dot['row']['x']}, y = {dot['row']['y']}" in text
    assert f"({dot['row']['low']} to {dot['row']['high']})" in text
    page.mouse.move(box["x"] + 9, box["y"] + 9)  # nothing is near the corner
    expect(page.locator(".tip")).to_be_hidden()
    # The place is where the picture has the dot's colour.
    at = page.evaluate(
        """async ([x, y]) => {
          const image = document.querySelector('[data-numbers]');
          const canvas = Object.assign(document.createElement('canvas'), {width: 960, height: 600});
          const pen = canvas.getContext('2d');
          await image.decode();
          pen.drawImage(image, 0, 0, 960, 600);
          return [...pen.getImageData(960 * x, 600 * y, 1, 1).data];
        }""",
        [dot["x"], dot["y"]],
    )
    assert max(at[:3]) - min(at[:3]) > 60  # neither grid nor paper


def test_a_figure_is_enlarged_by_mouse_and_keyboard(opened: Any) -> None:
    page = opened.page
    dialog = page.locator("dialog.enlarged")
    page.get_by_role("button", name="Enlarge").press("Enter")
    expect(dialog).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.locator("#panel-toy-curves img").click()
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_the_printed_pages_hold_every_panel(browser: Browser, tmp_path: Path) -> None:
    run = Run(tmp_path)
    colours = [(0x11 * i, 0x21, 0xF1) for i in range(1, 13)]
    plots = tmp_path / "reports" / "figures" / "toy"
    for i, (r, g, b) in enumerate(colours):
        body = f'<rect width="400" height="300" fill="rgb({r},{g},{b})"/>'
        head = '<svg xmlns="http://www.w3.org/2000/svg" width="400pt" height="300pt">'
        (plots / f"panel{i}.svg").write_text(f"{head}{body}</svg>")
        (plots / f"panel{i}.csv").write_text("")
        run.seal_panel(f"panel{i}")
        run.words["figures"]["toy"]["panels"][f"panel{i}"] = {"title": "T", "caption": "C"}
    run.build()
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(run.output.as_uri())
        expect(page.locator("img[loading=lazy]")).to_have_count(0)  # nobody scrolls paper
        page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
        drawn = colours_of(page.pdf(print_background=True))
        assert [c for c in colours if c not in drawn] == []
        page.close()


def colours_of(pdf: bytes) -> set[tuple[int, ...]]:
    """Fill colours that a PDF's drawing operators set."""
    found = set()
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(packed)
        except zlib.error:
            continue
        for colour in re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) rg", content):
            found.add(tuple(round(float(part) * 255) for part in colour))
    return found

"""How long each slider of the default run's report takes to draw, against one frame of a screen."""

import shutil
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

FRAME = 1000 / 60  # ms
REPORT = Path("reports/report.html")
MOVED = """(input) => {
  const start = performance.now();
  input.value = Number(input.value) + (Number(input.value) < Number(input.max) ? 1 : -1);
  input.dispatchEvent(new Event('input', { bubbles: true }));
  return performance.now() - start;
}"""


def measure(repeats: int = 7) -> dict[str, dict[str, float]]:
    """One frame / the slowest slider's median time; nothing without report, browser or slider."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None or not REPORT.exists():
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(REPORT.resolve().as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        slowest = 0.0
        for slider in page.locator(".explore [type=range]").all():
            slider.scroll_into_view_if_needed()
            slider.evaluate(MOVED)  # unpacks its numbers
            slowest = max(slowest, median(slider.evaluate(MOVED) for _ in range(repeats)))
        browser.close()
    if not slowest:  # a report of figures that nothing moves
        return {}
    return {"report: one frame / slowest slider": {"ratio": FRAME / slowest, "target": 1.0}}

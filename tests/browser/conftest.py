"""One headless browser for all tests, and a report that it opens from disk with the network off."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from toyrun import Run

from entanglement.experiments import REGISTRY

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(f"no browser is installed: these tests open the report in {' or '.join(NAMES)}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def report_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report with claims, panels, a hole and both kinds of interactive pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(REGISTRY, "toy", "offering")
        run = Run(tmp_path_factory.mktemp("run"))
        run.build({"toy": {"missing": ["n=512"]}})
    return run.output.as_uri()


class Opened:
    """A page, and everything that it asked for or complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.goto(url)


@pytest.fixture
def opened(browser: Browser, report_url: str, request: Any) -> Iterator[Opened]:
    """The report; a test may ask for a colour scheme and a width by `indirect` parameters."""
    scheme, width = getattr(request, "param", ("light", 1280))
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, offline=True
    )
    made = Opened(context, report_url)
    yield made
    context.close()
    assert made.complaints == []

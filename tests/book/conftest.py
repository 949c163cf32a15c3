"""What the tests of the book share: its extensions on the path, the built site, a browser."""

import shutil
import sys
from pathlib import Path

import pytest

from autograder import paths
from autograder.authoring.site import build_site

sys.path.append(str(paths.BOOK / "_ext"))


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder ``build/site``, built where it is missing or older than its sources."""
    build_site(paths.ROOT, Path(sys.executable))
    return paths.BUILD / "site"


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("the site was NOT opened in a browser: 'apt-get install chromium' brings one")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(params=["light", "dark"])
def page(browser, request):
    """A page that remembers what it complained of and what it asked of other hosts."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.mode, page.complaints = request.param, []
    page.on("console", lambda m: m.type in ("error", "warning") and page.complaints.append(m.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("requestfailed", lambda request: page.complaints.append(f"failed: {request.url}"))
    page.on("request", lambda r: r.url.startswith(("file:", "data:", "blob:")) or page.complaints.append(r.url))
    yield page
    context.close()

"""The networks that the page draws, and the laws beside them, are those of the Python package."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from scipy.stats import ks_2samp

from entanglement.networks.architecture import Architecture
from entanglement.networks.maxlikelihood import kept_projections
from entanglement.theory import keybits, laws, rates, selection

CASES = [
    (256, 16384, 15),
    (2, 10, 20),
    (2, 2, 20),
    (64, 64, 40),
    (2500, 3500, 40),
    (16, 10**12, 12),
]
LAW = "([k, n, depth]) => [...law(k, n, depth)].filter(Boolean)"
DRAW = """([k, n, depth, count, seed]) => {
  const random = generator(seed), found = [];
  for (let i = 0; i < count; i++)
    for (const made of network(k, n, depth, random))
      if (made.layer === depth) found.push([Math.log(made.gain), made.log, made.share, made.c < 0]);
  return found;
}"""
SECTION = "document.getElementById('tryit').scrollIntoView()"


def start(page: Any) -> None:
    page.evaluate(SECTION)
    # The law of Fig. 9 takes seconds, and longer where other programs run.
    expect(page.locator("[data-show=log] td").first).not_to_have_text("–", timeout=30_000)


def drawn(page: Any) -> int:
    return int(page.locator("[data-show=count]").inner_text().split()[0])


def shown(page: Any, name: str) -> np.ndarray:
    url = page.evaluate(f"document.querySelector('[data-show={name}]').toDataURL()")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L"), int)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_laws_are_those_of_python(opened: Any, case: tuple[int, int, int]) -> None:
    k, n, depth = case
    made = opened.page.evaluate(LAW, case)
    assert made[0]["gamma"] == pytest.approx(rates.rate(k, n), rel=1e-6)
    assert made[0]["a"] == pytest.approx(selection.gain_asymptotic(k, n), rel=1e-9)
    mean = [layer["mean"] for layer in made]
    np.testing.assert_allclose(mean, laws.mean_folded_loss(k, n, depth), rtol=1e-6)
    logs = [layer["logMean"] for layer in made]
    np.testing.assert_allclose(logs, laws.mean_log_cotangent(k, n, depth), rtol=1e-6, atol=1e-6)
    # The page's quantiles of the angle have the probabilities that Python gives them.
    # Its domain ends at an angle of 1e-12; the page's goes on.
    layers = np.linspace(0, depth, 4).round().astype(int)
    angle = np.arctan2(1, np.exp([made[layer]["logs"] for layer in layers])) / np.pi
    known = angle > 1e-10
    found = laws.folded_distribution(k, n, depth, np.maximum(angle, 1e-10).ravel())[layers]
    at = found.reshape(4, 4, 3)[np.arange(4), np.arange(4)]
    np.testing.assert_allclose(at[known], np.tile([0.95, 0.5, 0.05], (4, 1))[known], atol=1e-6)
    bits = [layer["bits"] for layer in made]
    np.testing.assert_allclose(bits, keybits.error_rate(k, n, depth), rtol=1e-5)


def test_another_n_would_not_pass_for_the_same_law(opened: Any) -> None:
    made = opened.page.evaluate(LAW, (256, 16390, 15))
    assert made[0]["gamma"] != pytest.approx(rates.rate(256, 16384), rel=1e-6)
    mean = [layer["mean"] for layer in made]
    assert not np.allclose(mean, laws.mean_folded_loss(256, 16384, 15), rtol=1e-6)


K, N, DEPTH, NETWORKS = 64, 400, 5, 20_000


def python_sample(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of the gain and of the cotangent after DEPTH layers, (NETWORKS,) each."""
    streams = [np.random.default_rng([5, i]) for i in range(NETWORKS)]
    rng = np.random.default_rng(6)
    gains = np.linalg.norm(
        kept_projections(Architecture(k=K, n=n, depth=DEPTH, networks=NETWORKS), streams), axis=-1
    )
    chi = np.sqrt(2 * rng.standard_gamma((K - 1) / 2, (NETWORKS, DEPTH + 1)))
    c = rng.standard_normal(NETWORKS) / chi[:, 0]
    for layer in range(DEPTH):
        c = (gains[:, layer] * c + rng.standard_normal(NETWORKS)) / chi[:, layer + 1]
    return np.log(gains[:, -1]), np.log(np.abs(c))


def test_networks_of_the_page_and_of_python_have_one_law(opened: Any) -> None:
    page = np.array(opened.page.evaluate(DRAW, [K, N, DEPTH, NETWORKS, 11]), dtype=float)
    for here, there, wrong in zip(page.T, python_sample(N), python_sample(N * 9 // 10)):
        assert ks_2samp(here, there).pvalue > 1e-3
        assert ks_2samp(here, wrong).pvalue < 1e-4  # candidates a tenth too few
    error = page[:, 2].std() / np.sqrt(NETWORKS)
    assert abs(page[:, 2].mean() - keybits.error_rate(K, N, DEPTH)[-1]) < 4 * error
    assert abs(page[:, 2].mean() - keybits.error_rate(K, N * 9 // 10, DEPTH)[-1]) > 4 * error
    assert abs(page[:, 3].mean() - 0.5) < 4 * 0.5 / np.sqrt(NETWORKS)


@pytest.mark.parametrize("case", [(2, 10, 12), (3, 3, 12), (5, 10**12, 500)], ids=str)
def test_narrow_and_deep_networks_follow_the_law(opened: Any, case: tuple[int, int, int]) -> None:
    sample = np.array(opened.page.evaluate(DRAW, [*case, 2000, 3]), dtype=float)
    law = opened.page.evaluate(LAW, case)[-1]
    logs = sample[:, 1]
    assert np.isfinite(logs).all()
    assert abs(logs.mean() - law["logMean"]) < 4 * logs.std() / np.sqrt(len(logs))
    below = [np.mean(logs < level) for level in law["logs"]]
    np.testing.assert_allclose(below, [0.05, 0.5, 0.95], atol=4 * 0.5 / np.sqrt(len(logs)))


def test_a_seed_gives_the_same_networks_again(opened: Any) -> None:
    first, again, other = (
        opened.page.evaluate(DRAW, [16, 40, 4, 3, seed]) for seed in (1, 1, 2)
    )  # fmt: skip
    assert first == again
    assert first != other


def test_ten_networks_a_second_and_more(opened: Any) -> None:
    page = opened.page
    start(page)
    page.get_by_role("button", name="Fig. 3").click()
    page.focus("[data-show=play]")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1000)
    assert drawn(page) >= 10
    page.keyboard.press("Enter")
    assert page.locator("[data-show=status]").inner_text() == "Stopped."
    page.wait_for_timeout(100)
    stopped = drawn(page)
    page.wait_for_timeout(100)
    assert drawn(page) == stopped


def test_what_cannot_be_used_is_said_beside_it_and_breaks_nothing(opened: Any) -> None:
    page = opened.page
    start(page)
    law = page.locator("[data-show=rate] td").first.inner_text()
    for name, typed in (("k", "1"), ("n", "12"), ("depth", "2.5"), ("alpha", "much"), ("seed", "")):
        field, problem = page.locator(f"#tryit [name={name}]"), page.locator(f"#try-{name}-problem")
        good = field.input_value()
        field.fill(typed)
        field.press("Tab")
        assert "number from" in problem.inner_text()
        assert field.get_attribute("aria-invalid") == "true"
        page.click("[data-show=play]")
        assert page.locator("[data-show=play]").inner_text() == "Draw networks"
        expect(page.locator("[data-show=rate] td").first).to_have_text(law)
        field.fill(good)
        field.press("Tab")
        assert problem.inner_text() == ""
        expect(page.locator("[data-show=rate] td").first).to_have_text(law)
    page.fill("#tryit [name=n]", "1e12")
    page.press("#tryit [name=n]", "Tab")
    expect(page.locator("[data-show=rate] td").first).not_to_have_text(law)
    page.reload()
    assert page.input_value("#tryit [name=n]") == "1000000000000"


def test_a_readers_own_picture_is_hidden_and_recovered_in_the_page(opened: Any) -> None:
    page = opened.page
    start(page)
    page.fill("#tryit [name=depth]", "150")
    page.press("#tryit [name=depth]", "Tab")
    expect(page.locator("[data-show=better-error]")).not_to_have_text("–")
    pixels = np.random.default_rng(0).integers(0, 256, (50, 50), dtype=np.uint8)
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "PNG")
    page.set_input_files(
        "#tryit [name=picture]",
        {"name": "own.png", "mimeType": "image/png", "buffer": packed.getvalue()},
    )
    for _ in range(100):  # a file is read in its own time
        if np.abs(shown(page, "message") - pixels).max() <= 1:
            break
        page.wait_for_timeout(50)
    message = shown(page, "message")
    assert np.abs(message - pixels).max() <= 1
    assert np.abs(shown(page, "better") - message).max() <= 1
    assert np.corrcoef(shown(page, "hidden").ravel(), message.ravel())[0, 1] < 0.7
    page.set_input_files(
        "#tryit [name=picture]", {"name": "no.png", "mimeType": "image/png", "buffer": b"no"}
    )
    expect(page.locator("[data-show=file]")).not_to_be_empty()
    assert (shown(page, "message") == message).all()
    assert len([url for url in opened.requests if not url.startswith("data:")]) == 1

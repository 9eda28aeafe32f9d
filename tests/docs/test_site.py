"""The site builds without a warning, asks nothing of the network, and says all that the code says."""

import re
import subprocess
import sys

import html5lib
import pytest
from scratch import PROJECT

from entanglement import claims
from entanglement.experiments import REGISTRY
from entanglement.pipeline import expansion

LONGEST = 30  # seconds of a processor


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built pages by name, and the seconds of a processor that they took."""
    folder = tmp_path_factory.mktemp("site")
    code = (
        "import resource, sys; from sphinx.cmd.build import main; made = main(sys.argv[1:]);"
        "used = resource.getrusage(resource.RUSAGE_SELF);"
        "print(used.ru_utime + used.ru_stime); sys.exit(made)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "-q", "-W", "--keep-going", "-E", "-b", "html",
         "-d", str(folder / "trees"), "docs", str(folder / "html")],
        cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pages = {
        path.relative_to(folder / "html").with_suffix("").as_posix(): path.read_text()
        for path in (folder / "html").rglob("*.html")
    }
    return pages, float(done.stdout.split()[-1])


def test_it_takes_at_most_half_a_minute(site):
    assert site[1] <= LONGEST


def test_every_page_is_there_and_reached_from_the_first(site):
    pages, _ = site
    sources = {
        path.relative_to(PROJECT / "docs").with_suffix("").as_posix()
        for path in (PROJECT / "docs").rglob("*.md")
    }
    assert sources <= set(pages)
    for name in sources - {"index"}:
        assert f'href="{name}.html"' in pages["index"], name


def test_nothing_is_asked_of_the_network(site):
    for name, text in site[0].items():
        asked = re.findall(r'(?:src|href)="((?:https?:)?//[^"]+)"[^>]*>', text)
        loads = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', text)
        assert not loads, (name, asked)


def test_formulas_are_mathematics_and_no_source_is_left(site):
    text = site[0]["theory"]
    assert text.count("<math") > 300
    words = "".join(html5lib.parse(re.sub(r"<pre>.*?</pre>", "", text, flags=re.S)).itertext())
    assert "\\frac" not in words
    assert re.search(r"\$[^ ]", words) is None


@pytest.mark.parametrize("figure", sorted(REGISTRY))
def test_every_key_of_every_experiment_is_described(site, figure):
    text = site[0]["reference/parameters"]
    kinds = expansion.experiment(REGISTRY, figure)
    section = text.split(f'<span class="pre">{figure}</span></code><a class="headerlink"')[1]
    section = section.split("<section")[0]
    for kind in filter(None, (kinds.train, kinds.evaluate)):
        for key in kind.model_fields:
            assert f'<span class="pre">{key}</span>' in section, key


def test_every_claim_is_in_the_ledger_with_its_sentence(site):
    words = "".join(html5lib.parse(site[0]["reference/claims"]).itertext())
    words = " ".join(words.split())
    for claim in claims.read(PROJECT / "workflow/claims.yaml"):
        assert f"{claim.id} ({claim.kind}: " in words
        assert claim.statistic in words


def test_docstrings_and_commands_are_there(site):
    assert "theory.rates.rate" in site[0]["reference/python"]
    assert "open_results" in site[0]["reference/python"]
    assert "new-experiment" in site[0]["reference/commands"]

"""The report as a file: complete, correct HTML, honest about holes, the same bytes each time."""

import base64
import gzip
import hashlib
import json
import os
import re
import urllib.parse
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import html5lib
import pytest
from html5lib.html5parser import ParseError

from entanglement import report
from entanglement.claims import DocumentError, verdicts
from entanglement.pipeline import seal

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
# Tokens of an SVG-free page that a careless number format would leave.
NOT_NUMBERS = re.compile(r"\b(nan|NaN|None|inf|Undefined)\b")


def parse(text: str) -> Any:
    return html5lib.HTMLParser(strict=True).parse(text)


def visible(tree: Any) -> str:
    for element in elements(tree, "script") + elements(tree, "style"):
        element.text = ""
    return " ".join("".join(tree.itertext()).split())


def elements(tree: Any, name: str) -> list[Any]:
    return list(tree.iter(NAMESPACE + name))


def test_it_is_strict_html_with_unique_ids(run: Any) -> None:
    tree = parse(run.build())
    ids = [e.get("id") for e in tree.iter() if isinstance(e.tag, str) and e.get("id")]
    assert len(ids) == len(set(ids))


def test_a_parse_error_would_be_seen() -> None:
    with pytest.raises(ParseError):
        parse("<!doctype html><title>x</title><p><b></p>")


def test_every_link_resolves(run: Any) -> None:
    tree = parse(run.build())
    ids = {e.get("id") for e in tree.iter() if isinstance(e.tag, str)}
    links = [a.get("href") for a in elements(tree, "a")]
    assert len(links) > 15
    for link in links:
        if link.startswith("#paper="):
            options = [o.get("value") or o.text for o in elements(tree, "option")]
            assert set(dict(urllib.parse.parse_qsl(link[1:])).values()) <= set(options)
        elif link.startswith("#"):
            assert link[1:] in ids, link
        else:
            assert (run.output.parent / urllib.parse.unquote(link)).exists(), link


def test_every_picture_has_words_and_a_size(run: Any) -> None:
    images = elements(parse(run.build()), "img")
    panels = [image for image in images if image.get("data-numbers")]
    assert panels
    assert all("claimed" in image.get("alt") for image in images if image not in panels)
    for image in panels:
        assert image.get("alt").startswith("Angle (axes: x = layer; y = angle; series: sim")
        assert "It does." in image.get("alt")  # what was found there
        assert int(image.get("width")) > 100
        assert int(image.get("height")) > 100


def test_every_claim_appears_with_verdict_and_reason(run: Any) -> None:
    tree = parse(run.build())
    text = visible(tree)
    judged = json.loads((run.root / "reports" / "claims.json").read_text())
    assert [entry["verdict"] for entry in judged] == [
        "reproduced",
        "not reproduced",
        verdicts.MORE_NETWORKS,
        verdicts.TOO_SMALL,
        verdicts.NOT_RUN,
    ]
    rows = {row.get("id"): "".join(row.itertext()) for row in elements(tree, "tr")}
    for entry in judged:
        assert entry["verdict"] in rows[f"claim-{entry['id']}"]
    assert "The interval lies inside the band. The control (random rows: 0.500) differs" in text
    assert "The interval lies below the band." in text
    assert "The interval crosses an edge of the band." in text
    assert "Needs networks ≥ 31." in text
    assert "The figure absent is not in this configuration." in text


def test_every_statement_of_the_papers_is_on_the_map(run: Any) -> None:
    tree = parse(run.build())
    (section,) = (e for e in elements(tree, "section") if e.get("id") == "map")
    items = [*run.coverage["A"], *run.coverage["B"]]
    cells = [e for strip in elements(section, "p") if strip.get("class") == "strip" for e in strip]
    rows = elements(section, "tr")
    assert len(rows) == len(cells) == len(items)
    for row, item in zip(rows, items, strict=True):
        text = " ".join("".join(row.itertext()).split())
        for part in (item["item"], item["says"], *item.get("claims", ()), item.get("why", "")):
            assert part in text
    assert [(cell.get("href"), cell.get("aria-label")) for cell in cells] == [
        ("#claim-A1", "Eq. 22: reproduced"),
        ("#panel-toy-never", "Fig. 3: shown in a figure"),
        (None, None),
        (None, None),
    ]
    assert cells[3].text == "§ 4"
    assert [a.get("href") for a in elements(rows[0], "a")] == ["#claim-A1", "#panel-toy-curves"]
    counts = "3 statements: 1 judged by claims, 1 shown in figures, 1 left out with the reason"
    assert counts in visible(section)


def card(run: Any, summary: list[str]) -> str:
    run.words["papers"]["A"] |= {"summary": summary, "picture": "toy/curves"}
    tree = parse(run.build())
    (found,) = (e for e in elements(tree, "section") if "paper" in (e.get("class") or ""))
    return visible(found)


def test_the_first_screen_says_what_the_verdicts_mean(run: Any) -> None:
    said = card(run, ["{A1}; {A2}.", "{A1}; {A3}.", "{A4}.", "{A77}."])
    assert "It does; it does not. A1 A2" in said
    assert "It does. A1 A3" in said  # A3 is open: what is decided is said
    assert "Not decided by this run: Does it? A4" in said
    assert "A77" not in said
    # Another verdict makes another sentence.
    run.claims[0] = run.claims[0].replace("value: 0,", "value: -1,")
    assert "It does not; it does not. A1 A2" in card(run, ["{A1}; {A2}."])


def test_the_first_screen_counts_what_is_printed_by_itself(run: Any) -> None:
    run.claims[1] = (
        run.claims[1]
        .replace("kind: printed", "kind: implied")
        .replace("reproduced: ", "holds: ", 1)
        .replace("not reproduced: ", "does not hold: ")
    )
    said = card(run, [])
    assert "printed 1 reproduced 1 inconclusive (more networks needed)" in said
    assert "implied 1 does not hold" in said


def test_a_panel_names_its_claims_and_what_they_mean(run: Any) -> None:
    tree = parse(run.build())
    (figure,) = (f for f in elements(tree, "figure") if f.get("id") == "panel-toy-curves")
    said = visible(figure)
    assert "A1 It does" in said
    assert "A2 It does not" in said
    assert [a.get("href") for a in elements(figure, "a")][:2] == ["#claim-A1", "#claim-A2"]


def test_both_readings_stand_beside_each_other(run: Any) -> None:
    two = [{"reads": "as printed", "claim": "A1"}, {"reads": "as meant", "claim": "A2"}]
    run.words["readings"] = [
        {"question": "How is it meant?", "readings": two},
        {"question": "Of no claim?", "readings": [two[0], {"reads": "else", "claim": "B9"}]},
    ]
    tree = parse(run.build())
    (table,) = (t for t in elements(tree, "table") if t.get("class") == "readings")
    said = [[visible(cell) for cell in row] for row in elements(table, "tr")]
    assert said[1:] == [
        [
            "How is it meant?",
            "as printedA1 reproducedit does",
            "as meantA2 not reproducedit does not",
        ]
    ]
    links = [a.get("href") for a in elements(table, "a")]
    assert links == ["#claim-A1", "#claim-A2"]


def test_no_caption_speaks_of_what_is_not_there(run: Any) -> None:
    assert "The line is theory" in run.build()
    assert "A panel that was not made." not in run.build()
    plots = run.root / "reports" / "figures" / "toy"
    (plots / "curves.csv").write_text("panel,series,x,y,low,high\n")  # it says what it lacks
    run.seal_panel("curves")
    assert "The line is theory" not in run.build()


def test_captions_take_their_numbers_from_the_dataset(run: Any) -> None:
    panel = run.words["figures"]["toy"]["panels"]["curves"]
    panel["caption"] = "It ends at {folded} for n = {n}. Without {gone} nothing. {A2}."
    said = visible(parse(run.build()))
    assert "It ends at 0.02 for n = 256 and 512. It does not." in said


def test_no_missing_number_is_printed(run: Any) -> None:
    run.claims[0] = run.claims[0].replace("predicted: folded_theory", "predicted: null")
    assert not NOT_NUMBERS.search(visible(parse(run.build())))


def test_each_claim_leads_to_where_its_control_is_drawn(run: Any) -> None:
    tree = parse(run.build())
    ids = {e.get("id") for e in tree.iter() if isinstance(e.tag, str)}
    rows = {r.get("id"): r for r in elements(tree, "tr") if r.get("data-verdict")}
    for name in ("claim-A1", "claim-A2", "claim-A3", "claim-A4"):
        (link,) = elements(rows[name][3], "a")
        assert link.text == "random rows"
        assert link.get("href") == "#panel-toy-curves"
        assert link.get("href")[1:] in ids
    assert not elements(rows["claim-A5"][3], "a")  # its figure is not in this run


def test_theory_that_is_off_is_marked(run: Any) -> None:
    assert "tone-good" in run.build()
    run.claims = [claim.replace("folded_theory", "folded_random") for claim in run.claims]
    text = run.build()
    assert 'class="tone-bad"' in text
    assert 'class="tone-good"' not in text


def test_the_dataset_is_linked_with_its_true_checksum(run: Any) -> None:
    text = run.build()
    data = (run.root / "data" / "toy.nc").read_bytes()
    assert hashlib.sha256(data).hexdigest() in text
    assert 'href="../data/toy.nc"' in text


def test_embedded_panel_and_numbers_are_the_files(run: Any) -> None:
    text = run.build()
    plots = run.root / "reports" / "figures" / "toy"
    (image,) = (image for image in elements(parse(text), "img") if image.get("data-numbers"))
    packed = image.get("src").removeprefix("data:image/svg+xml,")
    assert unquote_to_bytes(packed) == seal.content(plots / "curves.svg")
    island = re.search(r'id="numbers">(.*?)</script>', text, re.DOTALL)
    assert island
    numbers = json.loads(gzip.decompress(base64.b64decode(island.group(1))))
    assert numbers == {"toy/curves": (plots / "curves.csv").read_text()}


def test_two_builds_give_the_same_bytes(run: Any) -> None:
    assert run.build() == run.build()


def test_nothing_is_asked_for_from_outside(run: Any) -> None:
    text = run.build()
    assert "default-src 'none'" in text
    for name in ("style", "script"):
        (content,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in text
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert not re.search(r'\s(style|on[a-z]+)="', text)


def test_small_in_bytes_nodes_and_script(run: Any) -> None:
    text = run.build()
    assert len(text) < 200_000
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script is not None
    assert len(script[1].encode()) < 45_000
    assert sum(1 for _ in parse(text).iter()) < 700


HOSTILE = "</script><script>alert(1)</script> & <img src=x onerror=alert(2)> \"'{{ 7*7 }}"


def test_hostile_text_is_shown_and_never_obeyed(run: Any) -> None:
    words = run.words
    words["title"] = words["methods"] = words["bibtex"] = HOSTILE
    toy = words["figures"]["toy"]
    toy["title"] = toy["intro"] = HOSTILE
    toy["panels"]["curves"] = {"title": HOSTILE, "caption": HOSTILE}
    toy["deviations"] = {HOSTILE: HOSTILE}
    run.config["figures"]["toy"]["fixed"]["message"] = HOSTILE
    (run.root / "reports" / "figures" / "toy" / "curves.csv").write_text(HOSTILE)
    run.seal_panel("curves")
    failed = {"cell": HOSTILE, "command": HOSTILE, "log": HOSTILE, "text": HOSTILE}
    status = {"toy": {"failed": [failed]}}
    run.claims[0] = run.claims[0].replace("random rows", "</script><b>&")
    tree = parse(run.build(status))
    assert len(elements(tree, "script")) == 2
    assert len([image for image in elements(tree, "img") if image.get("data-numbers")]) == 1
    assert not [image for image in elements(tree, "img") if image.get("onerror")]
    assert "49" not in "".join(e.text or "" for e in elements(tree, "h4"))
    assert elements(tree, "h1")[0].text == HOSTILE


def test_a_partial_run_marks_its_holes(run: Any) -> None:
    status = {
        "toy": {
            "missing": ["n=512"],
            "stale": ["n=256"],
            "failed": [
                {
                    "cell": "n=512",
                    "command": "snakemake 'data/x'",
                    "log": "logs/x.log",
                    "text": "ValueError: no",
                }
            ],
            "stale_panels": ["curves"],
            "whole": False,
        }
    }
    text = visible(parse(run.build(status)))
    assert "This run is not complete." in text
    assert "n=512 failed. Its log: logs/x.log. Run it again: snakemake 'data/x'" in text
    assert "ValueError: no" in text
    assert "Not made: n=512" in text
    assert "Stale: made with earlier parameters or code: n=256" in text
    assert "Stale: drawn from earlier data." in text
    assert "data/toy.nc is not what is asked for now" in text
    assert (
        "1 jobs failed, 1 cells missing, 1 cells stale, 1 dataset stale, 1 panels missing, "
        "1 panels stale"
    ) in text
    assert "This panel was not made." in text


@pytest.mark.parametrize(
    "gone",
    ["data/toy.nc", "reports/claims.json", "reports/figures", "reports/benchmarks", "data/images"],
)
def test_any_subset_of_files_gives_a_report(run: Any, gone: str, tmp_path: Path) -> None:
    run.build()
    path = run.root / gone
    os.rename(path, tmp_path / "away")
    report.build(run.root, run.workflow, run.config, None, run.output)
    parse(run.output.read_text())


def test_nothing_at_all_gives_a_report(run: Any, tmp_path: Path) -> None:
    run.build()
    output = tmp_path / "elsewhere" / "report.html"
    report.build(tmp_path / "empty", run.workflow, {"seed": 1, "figures": {}}, None, output)
    assert "No claim has been judged" in visible(parse(output.read_text()))


def test_sizes_below_the_papers_are_said_in_words(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = {"n": ([512, 16384], "authors' code"), "depth": (10, "authors' code")}
    monkeypatch.setattr("entanglement.report.differences.paper_values", lambda figure: paper)
    text = visible(parse(run.build()))
    assert "0 of 1 figures ran at the papers' sizes or above." in text
    assert "The collapse (n)." in text
    assert "n 256, 512 (paper: 512, 16384)" in text
    assert "no reason is given" in text
    run.config["figures"]["toy"]["cases"] = [{"n": [16384]}]
    text = visible(parse(run.build()))
    assert "figures ran at the papers' sizes" not in text


def test_run_times_come_from_the_benchmarks(run: Any) -> None:
    before = run.build()
    text = visible(parse((run.output.parent / "run.html").read_text()))
    assert "1 min 04 s" in text
    assert "126 MB" in text
    (run.root / "reports/benchmarks/train/toy/n=256.tsv").write_text("s\n99\n")
    assert run.build() == before
    assert "1 min 41 s" in (run.output.parent / "run.html").read_text()


def test_words_for_something_unknown_are_named(run: Any) -> None:
    run.words["figures"]["toy"]["titel"] = "x"
    with pytest.raises(DocumentError, match="did you mean `title`"):
        run.build()
    del run.words["figures"]["toy"]["titel"]
    run.words["figures"]["toy"]["paper"] = "Fig. 3"
    with pytest.raises(DocumentError, match=r"figures\.toy\.paper"):
        run.build()


def test_failed_writing_leaves_the_old_report(run: Any) -> None:
    before = run.build()
    run.words["methods"] = r"$\begin{aligned} a &= b \end{aligned}$"
    with pytest.raises(DocumentError, match="aligned"):
        run.build()
    assert run.output.read_text() == before


def test_the_projects_own_words_are_well_formed() -> None:
    from entanglement.report import words

    words.read(Path(report.__file__).parents[3] / "workflow" / "report.yaml")


def test_claims_stand_in_the_order_of_their_numbers(run: Any) -> None:
    for i, name in enumerate(["A10b", "A2.2", "A10", "A2.1", "A13"]):
        run.claims[i] = run.claims[i].replace(f"id: A{i + 1}", f"id: {name}")
    # The first claim of a group, as it is written, says what the group asks.
    run.claims[3] = run.claims[3].replace('  question: "Does it?"\n', "")
    rows = [row.get("id") for row in elements(parse(run.build()), "tr")]
    claims = [row for row in rows if row and row.startswith("claim-")]
    assert claims == ["claim-A2.1", "claim-A2.2", "claim-A10", "claim-A10b", "claim-A13"]
    page = run.output.with_name("summary.md").read_text(encoding="utf-8")
    said = re.findall(r"\*\*(A[0-9.b]+), ", page)
    assert said == ["A2.1", "A2.2", "A10", "A10b", "A13"]


def test_a_wide_panel_takes_the_whole_row(run: Any) -> None:
    assert 'class="whole"' not in run.build()
    path = run.root / "reports" / "figures" / "toy" / "curves.svg"
    path.write_text(path.read_text().replace('width="460.8pt"', 'width="900pt"'))
    run.seal_panel("curves")
    text = run.build()
    assert 'class="whole"' in text
    assert ' width="1200" height="384"' in text

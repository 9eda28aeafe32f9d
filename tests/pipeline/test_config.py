"""The configuration: every problem at once, and cells whose names do not depend on order."""

import pytest
from pydantic.fields import FieldInfo

from entanglement.pipeline import expansion
from entanglement.pipeline.checks import checked
from entanglement.pipeline.document import ConfigError
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.images import ImageFile

FIXED = "fixed: {k: 16, depth: 3, networks: 2}"


def block(text, figure="toy"):
    return f"seed: 1\nfigures:\n  {figure}: {{{text}}}\n"


@pytest.fixture
def problems(load):
    def run(*texts):
        with pytest.raises(ConfigError) as caught:
            load(*texts)
        return [str(problem) for problem in caught.value.problems]

    return run


def test_cells_are_the_product_of_the_grid_and_the_cases(load):
    text = block(FIXED + ", grid: {n: [16, 64], alpha: [1, 10]}, "
                 "cases: [{n: 128, weights: [random, minimum], networks: 1}]")  # fmt: skip
    cells = load(text).cells["toy"]
    assert [cell.name for cell in cells] == [
        "alpha=1.0_n=16",
        "alpha=1.0_n=64",
        "alpha=10.0_n=16",
        "alpha=10.0_n=64",
        "n=128_networks=1_weights=random",
        "n=128_networks=1_weights=minimum",
    ]
    assert [cell.model for cell in cells][:3] == ["n=16", "n=64", "n=16"]
    assert cells[4].train["networks"] == 1
    assert cells[4].evaluate["alpha"] == 1.0


def test_a_figure_without_grid_has_one_cell(load):
    assert [
        c.name for c in load(block("fixed: {k: 4, n: 4, depth: 1, networks: 1}")).cells["toy"]
    ] == ["only"]


def test_names_and_parameters_do_not_depend_on_order_or_number_format(load):
    first = load(block(FIXED + ", grid: {n: [16, 64], alpha: [10, 1]}"))
    second = load(
        block("grid: {alpha: [1.0, 1e1], n: [64.0, 16]}, fixed: {networks: 2, depth: 3, k: 16.0}")
    )
    as_text = [
        {cell.name: repr(cell.parameters) for cell in config.cells["toy"]}
        for config in (first, second)
    ]
    assert as_text[0] == as_text[1]


def test_a_later_file_replaces_a_figure_whole(load):
    later = "figures:\n  toy: {fixed: {k: 4, n: 8, depth: 1, networks: 1}}\n"
    config = load(block(FIXED + ", grid: {n: [16, 64]}"), later)
    assert [cell.name for cell in config.cells["toy"]] == ["only"]
    assert config.seed == 1


def test_an_experiment_finds_the_models_of_another(load):
    text = (
        block(FIXED + ", grid: {n: [16, 64]}") + "  reader: {grid: {n: [16, 64], pairs: [3, 4]}}\n"
    )
    cells = load(text).cells["reader"]
    assert {(c.model_figure, c.model) for c in cells} == {("toy", "n=16"), ("toy", "n=64")}
    assert cells[0].train["depth"] == 3


def test_an_experiment_whose_model_nobody_trains_is_an_error(problems):
    text = block(FIXED + ", grid: {n: [16]}") + "  reader: {grid: {n: [17]}}\n"
    (problem,) = problems(text)
    assert "toy trains no model with n = 17" in problem


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (block(FIXED + ", grid: {m: [16]}"), ["grid.m", "unknown key"]),
        (block(FIXED + ", grid: {n: [16], detph: [3]}"), ["did you mean `depth`"]),
        (block(FIXED + ", grid: {n: [16], weights: [tpo]}"), ["'tpo' given", "did you mean `top`"]),
        (block(FIXED + ", girds: {n: [16]}"), ["girds", "did you mean `grid`"]),
        (block(FIXED, "toyy"), ["no such figure", "did you mean `toy`"]),
        (block(FIXED + ", grid: {n: [15]}"), ["n = 15", "at least k"]),
        (
            block(FIXED + ", cases: [{n: 1000000000000, sampler: literal}]"),
            ["sampler: literal would draw", "use sampler: exact"],
        ),
        (block("fixed: {k: 16, depth: 0, networks: 2, n: 16}"), ["depth", "0 given", "at least 1"]),
        (block("fixed: {k: 16, depth: 1, networks: -2, n: 16}"), ["-2 given", "at least 1"]),
        (block(FIXED + ', grid: {n: ["16"]}'), ["grid.n[0]", "'16' given", "must be a number"]),
        (block(FIXED + ", grid: {n: [true]}"), ["True given", "must be a number"]),
        (block(FIXED + ", grid: {n: [16.5]}"), ["16.5 given"]),
        (block(FIXED + ", grid: {n: [.nan]}"), ["nan given"]),
        (block(FIXED + ", grid: {n: [16], alpha: [.inf]}"), ["inf given"]),
        (block(FIXED + ", grid: {n: []}"), ["grid.n", "empty"]),
        (block(FIXED + ", grid: {n: 16}"), ["a grid axis is a list, such as [16]"]),
        (block(FIXED + ", grid: {n: [16, 16.0]}"), ["equals another cell"]),
        (block(FIXED + ", grid: {n: [16], k: [8]}"), ["stands in `fixed` and in `grid`"]),
        (block("fixed: {k: 16, depth: 1, networks: 2}"), ["`n` is missing"]),
        (block("fixed: [1]"), ["must be a mapping"]),
        (block(FIXED + ", grid: {n: [16]}, cases: {n: 1}"), ["must be a list of mappings"]),
        (block(FIXED + ", grid: {n: [16], probes: [16001]}"), ["more than 1000 k"]),
        (block(FIXED + ", grid: {n: [16], image: [none.png]}"), ["none.png"]),
        ("seed: -1\nfigures:\n  toy: {}\n", ["seed", "-1 given"]),
        ("seed: true\nfigures:\n  toy: {}\n", ["seed", "True given"]),
        ("figures:\n  toy: {fixed: {k: 4, n: 4, depth: 1, networks: 1}}\n", ["`seed` is missing"]),
        ("seed: 1\n", ["`figures` is missing"]),
        ("seed: 1\nfigures: []\n", ["figures", "mapping"]),
        ("", ["is empty"]),
        ("- 1\n", ["must be a mapping"]),
        ("seed: [1\nfigures: 3", ["YAML syntax", "config.yaml:2"]),
        ("seed: 1\nseed: 2\n", ["duplicate key"]),
        ("seed: 1\nfigures:\n\ttoy: 1\n", ["YAML syntax"]),
        ("seed: 1\n---\nseed: 2\n", ["expected a single document", "found another"]),
    ],
)
def test_bad_input_is_named_with_its_place(problems, text, parts):
    found = "\n".join(problems(text))
    for part in parts:
        assert part in found
    assert "Traceback" not in found


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (3, "3 given; must be a path, or a mapping of path, size, crop, sha256"),
        ({"path": "a.png", "sise": 8}, "unknown key `sise`; did you mean `size`?"),
        ({"size": 8}, "`path` is missing"),
        ({"path": "a.png", "size": 1}, "size: 1 given; must be greater than or equal to 2 (allowed:"),
        ({"path": "a.png", "crop": [1, 2, 3]}, "crop: [1, 2, 3] given; an entry is missing"),
        ("none.png", "image 'none.png': no such file"),
    ],
)  # fmt: skip
def test_a_wrong_picture_is_named_by_what_the_user_wrote(given, message):
    _, texts = checked({"message": FieldInfo(annotation=ImageFile)}, "message", given)
    assert [text for text in texts if text.startswith(message)], texts


def test_all_problems_come_at_once_with_their_lines(problems):
    found = problems(
        "seed: x\n"
        "colour: 1\n"
        "figures:\n"
        "  toy:\n"
        "    fixed: {k: 16, depth: 0, networks: true}\n"
        "    grid:\n"
        "      n: [16, -4, '64']\n"
        "      dept: []\n"
        "  tyo: {}\n"
    )
    places = [problem.split(": ")[:2] for problem in found]
    assert places == [
        ["config.yaml:1", "seed"],
        ["config.yaml:2", "colour"],
        ["config.yaml:5", "figures.toy.fixed.depth"],
        ["config.yaml:5", "figures.toy.fixed.networks"],
        ["config.yaml:7", "figures.toy.grid.n[1]"],
        ["config.yaml:7", "figures.toy.grid.n[2]"],
        ["config.yaml:8", "figures.toy.grid.dept"],
        ["config.yaml:9", "figures.tyo"],
    ]


def test_a_missing_file_is_named(problems, tmp_path):
    from entanglement.pipeline import config

    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read"):
        config.load([tmp_path / "nowhere.yaml"], {})


def test_a_file_without_a_mapping_says_what_it_needs(tmp_path):
    from entanglement.pipeline import document

    path = tmp_path / "report.yaml"
    for text, words in (
        ("", "is empty; it needs `figures:`"),
        ("- 1", "a mapping with `figures:`"),
    ):
        path.write_text(text)
        with pytest.raises(ConfigError, match=words):
            document.read(path, ["figures"])


def test_a_package_that_the_registry_misspells_is_named():
    misspelt = {"convergence": "entanglement.experiments.convergense"}
    with pytest.raises(MendableError, match=r"convergense for convergence.*experiments/__init__"):
        expansion.experiment(misspelt, "convergence")

"""Hostile configurations: each loads, or is refused in a few clear lines and a moment."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entanglement.pipeline import config, document, grid
from entanglement.pipeline.document import ConfigError

REGISTRY = {"toy": "toy", "reader": "reader"}
TOY = "  toy:\n    fixed: {k: 4, n: 8, depth: 1, networks: 1}\n"
VALUES = str(list(range(8, 108)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: " + "[" * 500 + "]" * 500, "is nested too deeply; at most 20 levels"),
        ("x: " + "[" * 50_000, "is nested too deeply; at most 20 levels"),
        ("x: " + "[" * 21 + "]" * 21, "c.yaml:1: is nested too deeply; at most 20 levels"),
        ("\n".join(" " * i + "a:" for i in range(600)), "is nested too deeply"),
        ("- " * 100_000, "is nested too deeply"),  # the parser, in C, would end the process
        ("? " * 100_000, "is nested too deeply"),
        ("-\t" * 100_000, "is nested too deeply"),
        ("- &a " * 100_000, "block sequence entries are not allowed"),
        ("seed: " + "9" * 5000, "c.yaml:1: a number of 5000 digits: 99999"),
        ("seed: 0x" + "f" * 5000, "c.yaml:1: a number of 5002 digits: 0xfff"),
        ("k: 1\n" * 250_000, "is larger than 1 MB"),
        (
            "a: &a [" + "1," * 99 + "1]\n" + "b: &b [" + "*a," * 99 + "1]\nc: [" + "*b," * 99 + "1]",
            "holds more than 200000 values",
        ),
        (
            "a0: &a0 {k: 1}\n"
            + "".join(f"a{i}: &a{i} {{<<: [{f'*a{i - 1},' * 9}]}}\n" for i in range(1, 9)),
            "holds more than 200000 values",
        ),
        ("a: &a [*a]", "is nested too deeply"),
        (f"seed: '{'v' * 100_000}'\nfigures:\n{TOY}", "seed: 'vvvv"),
        (f"seed: 1\nfigures:\n{TOY}    grid: {{n: {VALUES}, k: {VALUES}, depth: {VALUES}}}",
         "figures.toy: 1000000 cells; at most 10000 in one figure"),
        ("seed: 1\nfigures:\n  toy:\n    cases:\n" + "      - {n: 8}\n" * 10_001,
         "figures.toy: 10001 cells; at most 10000"),
        ("seed: 1\nfigures:\n" + "".join(f"  f{i}: {{}}\n" for i in range(2000)), "and 1950 more"),
        (f"seed: 1\n? {'k' * 50_000}\n: 1\nfigures:\n{TOY}", "kkk...: unknown key"),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_what_nobody_writes_is_refused_in_short(tmp_path, text, message):
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.load([path], REGISTRY)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 20_000
    assert max(map(len, str(caught.value).splitlines())) < 700 + len(str(tmp_path))


def test_a_merge_key_inherits_what_a_mapping_has_not_itself(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text(
        "a: &a {x: 1, y: 2}\nb: &b {y: 5, z: 9}\nmany:\n  <<: [*a, *b]\n  z: 3\none: {<<: *b, q: 1}\n"
    )
    made = document.parse(path)
    assert made.content["many"] == {"x": 1, "y": 2, "z": 3}
    assert made.content["one"] == {"y": 5, "z": 9, "q": 1}
    assert made.problem(("many", "z"), "").line == 5
    path.write_text("a: 1\nb: {<<: 3}\n")
    with pytest.raises(ConfigError, match=r"c\.yaml:2: YAML syntax: no mapping to merge"):
        document.parse(path)


def test_the_largest_grid_is_a_grid(load):
    text = "seed: 1\nfigures:\n  toy:\n    fixed: {k: 4, n: 8, networks: 1}\n    grid: {depth: %s, probes: %s}"
    made = load(text % (list(range(1, 101)), list(range(1, 101))))
    assert len({cell.name for cell in made.cells["toy"]}) == config.MOST_CELLS


def test_long_names_fit_every_file_system_and_short_ones_stay():
    keys = {f"key{i:02}": i * 1e-7 for i in range(30)}
    name = grid.name(keys)
    assert len(name) == grid.LONGEST
    assert name != grid.name({**keys, "key29": 1.0})
    assert name.startswith("key00=0.0_key01=1e-07_")
    assert grid.name({"n": 16, "alpha": 1.0}) == "alpha=1.0_n=16"


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12),
    st.sampled_from(["top", "literal", 4, 8, 16, 1.0, -1, 0, 10**40, "panda.png"]),
)  # fmt: skip
keys = st.one_of(st.sampled_from(["k", "n", "depth", "networks", "weights", "alpha", "image"]),
                 st.text(max_size=8))  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip
mapping = st.dictionaries(keys, values, max_size=5)
GOOD = {"k": 4, "n": 8, "depth": 1, "networks": 1}
block = st.one_of(
    values,
    st.fixed_dictionaries(
        {},
        optional={"fixed": st.one_of(mapping, mapping.map(lambda m: GOOD | m)), "grid": mapping,
                  "cases": st.lists(mapping, max_size=3)},
    ),
)  # fmt: skip
configurations = st.one_of(
    values,
    st.fixed_dictionaries(
        {"seed": st.one_of(st.just(1), scalars)},
        optional={"figures": st.dictionaries(st.sampled_from(["toy", "reader", "tyo"]), block)},
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


def loaded(path):
    try:
        return config.load([path], REGISTRY), []
    except ConfigError as error:
        return None, error.problems


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(
    content=configurations,
    at=st.integers(0, 10**6),
    put=st.one_of(st.just(""), st.text(max_size=3)),
)
def test_any_configuration_loads_or_is_refused_with_its_problems(folder, content, at, put):
    text = json.dumps(content)
    at %= len(text)
    path = folder / "config.yaml"
    path.write_text(text[:at] + put + text[at:], encoding="utf-8", errors="replace")
    made, problems = loaded(path)
    assert (made is None) == bool(problems)
    assert all(problem.message and len(str(problem)) < 900 for problem in problems)
    if made:
        names = [cell.name for cell in made.cells.get("toy", [])]
        assert len(set(names)) == len(names)
        assert all(len(name) <= grid.LONGEST and "/" not in name for name in names)


def test_messages_cut_what_was_given():
    assert document.shown("x" * 500) == "'" + "x" * 79 + "..."

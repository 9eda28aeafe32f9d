"""Snakemake's own linter has nothing to say, environments apart."""

import re


def test_the_rules_are_clean(project):
    text = project.run("--lint", check=False).stdout
    found = re.findall(r"^    \* (.*)$", text, flags=re.M)
    # The environment is one hashed lock for all rules, not a container per rule.
    known = "Specify a conda environment or container for each rule.:"
    assert known in found
    assert [finding for finding in found if finding != known] == []

"""Snakemake's own linter has nothing to say, environments apart."""

import json


def test_the_rules_are_clean(finished):
    done = finished.run("--lint", "json", check=False)
    findings = json.loads(done.stdout[done.stdout.index("{") :])
    found = [
        (rule["name"], lint["title"])
        for rule in findings["rules"]
        for lint in rule["lints"]
        # The environment is one hashed lock for all rules, not a container per rule.
        if "container" not in lint["title"] and "conda" not in lint["title"]
    ]
    found += [
        (file["filename"], lint["title"])
        for file in findings["snakefiles"]
        for lint in file["lints"]
    ]
    assert not found

"""Fail if the default run's report lacks a panel or a claim."""

import json
import sys
from pathlib import Path

from ruamel.yaml import YAML


def main() -> int:
    """Compare report.html with report.yaml, claims.yaml and claims.json."""
    html = Path("reports/report.html").read_text(encoding="utf-8")
    words = YAML(typ="safe").load(Path("workflow/report.yaml"))["figures"]
    figures = YAML(typ="safe").load(Path("config.yaml"))["figures"]
    defined = [claim["id"] for claim in YAML(typ="safe").load(Path("workflow/claims.yaml"))]
    judged = {claim["id"]: claim for claim in json.loads(Path("reports/claims.json").read_text())}
    missing = [f"claim {name} in claims.json" for name in defined if name not in judged]
    missing += [
        f"claim {name} in the report" for name in defined if f'id="claim-{name}"' not in html
    ]
    missing += [f"verdict of {n}" for n, c in judged.items() if c["verdict"] == "not run"]
    for figure in figures:
        for panel in words[figure]["panels"]:
            if f'id="panel-{figure}-{panel}"' not in html:
                missing.append(f"panel {figure}/{panel}")
            if not Path(f"reports/figures/{figure}/{panel}.svg").stat().st_size:
                missing.append(f"picture {figure}/{panel}")
    for line in missing:
        print(f"missing: {line}", file=sys.stderr)
    panels = sum(len(words[figure]["panels"]) for figure in figures)
    print(f"report: {panels} panels and {len(defined)} claims checked, {len(missing)} missing")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())

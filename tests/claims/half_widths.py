"""Half-widths of the intervals of a run at the default sizes, kept to hold tolerances against.

Made from such a run by

    python tests/claims/half_widths.py reports/claims.json
"""

import json
import sys
from pathlib import Path

STORED = Path(__file__).with_name("half_widths.json")

if __name__ == "__main__":
    entries = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    made = {
        f"{entry['figure']}/{entry['statistic']}": (entry["ci_high"] - entry["ci_low"]) / 2
        for entry in entries
        if entry["ci_low"] is not None
    }
    STORED.write_text(json.dumps(dict(sorted(made.items())), indent=1) + "\n")

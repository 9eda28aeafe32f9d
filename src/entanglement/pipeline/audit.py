"""Everything that is stored, verified byte by byte: what is broken, stale or left over."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from entanglement.pipeline import history, leftovers, seal
from entanglement.pipeline.products import Product, findings


@dataclass(frozen=True)
class Audit:
    """What a check found.

    Parameters
    ----------
    problems
        One line for each file that is not as it should be.
    files, bytes, seconds
        What was read, and how long that took.
    """

    problems: list[str]
    files: int
    bytes: int
    seconds: float

    def __str__(self) -> str:
        """Give every problem a line, and the cost the last."""
        count = len(self.problems)
        verdict = f"{count} problem{'s' if count > 1 else ''}" if count else "all whole"
        cost = f"{self.files} files, {self.bytes / 1e6:.1f} MB, in {self.seconds:.1f} s"
        return "\n".join([*self.problems, f"checked {cost}: {verdict}"])


def audit(products: Mapping[str, Product]) -> Audit:
    """Compare all products with their seals and with what is asked for, and list what is left over.

    A file whose bytes are damaged is set aside, so that the next run makes it again.

    Parameters
    ----------
    products
        As `products.chain` lists them.
    """
    start, files, read, problems = time.monotonic(), 0, 0, []
    found = findings(products)
    for path in products:
        finding = found.get(path)
        size = history.size(path)
        if finding and finding.kind in ("missing", "damaged"):
            problems.append(f"{path}: {finding}")
            continue
        files, read = files + 1, read + size
        try:
            seal.verified(path)
        except seal.DataError as error:
            problems.append(str(error))
        else:
            if finding and finding.wrong:
                problems.append(f"{path} {finding}")
    problems += [
        f"{path}: left over; `entanglement prune` lists it" for path in leftovers.orphans(products)
    ]
    return Audit(problems, files, read, time.monotonic() - start)

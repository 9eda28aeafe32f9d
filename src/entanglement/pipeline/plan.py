"""What the next run would do, cell by cell, without running Snakemake."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import fmean

from entanglement.pipeline import history, leftovers, provenance
from entanglement.pipeline.products import Finding, Product, findings

STATES = ("kept", "new", "changed", "failed")


@dataclass(frozen=True)
class Step:
    """One train or evaluate job, and what the next run does about it.

    Parameters
    ----------
    rule, figure, name
        The job.
    state
        `kept`, `new`, `changed` or `failed` (in the last run; it will be tried again).
    reason
        Why it is not kept.
    seconds, size
        Expected run time and bytes on disk; NaN where nothing like it has been run.
    older
        Libraries that a kept result was made with and that have changed since.
    """

    rule: str
    figure: str
    name: str
    state: str
    reason: str
    seconds: float
    size: float
    older: str = ""


@dataclass(frozen=True)
class Plan:
    """Every step of a configuration, and what lies around that it does not name.

    Parameters
    ----------
    steps
        Jobs that train or evaluate.
    later
        Of what is drawn and judged from them: what is missing or not as asked for by itself.
    orphans
        What the configuration does not name.
    """

    steps: list[Step]
    later: list[str]
    orphans: list[str]

    def __str__(self) -> str:
        """Give the plan as text: a line per figure, a line per step that is not kept."""
        lines = []
        for figure in sorted({step.figure for step in self.steps}):
            steps = [step for step in self.steps if step.figure == figure]
            counts = ", ".join(
                f"{sum(step.state == state for step in steps)} {state}" for state in STATES
            )
            lines.append(f"{figure}: {counts}")
            for step in steps:
                if step.state != "kept":
                    lines.append(f"  {step.state:8}{step.rule:9}{step.name}  ({step.reason})")
                elif step.older:
                    lines.append(f"  {'older':8}{step.rule:9}{step.name}  (made with {step.older})")
        lines += self.later
        lines += [f"orphan: {path} ({_bytes(history.size(path))})" for path in self.orphans]
        if self.orphans:
            lines.append("`entanglement prune` lists orphans and deletes them with --yes")
        work = [step for step in self.steps if step.state != "kept"]
        known = [step for step in work if not math.isnan(step.seconds)]
        if not work:
            lines.append("nothing to train or evaluate")
        else:
            time = _time(sum(step.seconds for step in known))
            size = _bytes(sum(step.size for step in known if not math.isnan(step.size)))
            costs = [f"about {time} of one core and {size}"] if known else []
            unknown = len(work) - len(known)
            costs += [f"{unknown} of unknown cost, since none like it was run"] if unknown else []
            lines.append(f"to train and evaluate: {len(work)} jobs, {', and '.join(costs)}")
        return "\n".join(lines)


def plan(products: Mapping[str, Product]) -> Plan:
    """Compare what is stored with what the configuration and the code ask for.

    Parameters
    ----------
    products
        As `products.chain` lists them.
    """
    found = findings(products)
    costs, versions = _Costs(), provenance.libraries()
    steps, later = [], []
    for path, product in products.items():
        finding = found.get(path)
        if product.rule in ("train", "evaluate"):
            steps.append(_step(product, finding, costs, versions))
        elif finding and not any(source in found for source in (*product.sources, *product.also)):
            later.append(f"{product.rule.partition('_')[0]}: {path} ({finding.reason})")
    return Plan(_with_sizes(steps), later, leftovers.orphans(products))


def _with_sizes(steps: list[Step]) -> list[Step]:
    """Expect of what is not stored yet the mean size of the same rule's results in its figure."""
    known: dict[tuple[str, str], list[float]] = {}
    for step in steps:
        if not math.isnan(step.size):
            known.setdefault((step.rule, step.figure), []).append(step.size)
    return [
        replace(step, size=fmean(known.get((step.rule, step.figure), [step.size])))
        if math.isnan(step.size)
        else step
        for step in steps
    ]


class _Costs:
    """Expected costs from what has been run: the same job, else the mean of its figure's rule."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, float]] = {}

    def of(self, rule: str, figure: str, name: str) -> float:
        key = (rule, figure)
        if key not in self._known:
            self._known[key] = history.seconds(rule, figure)
        known = self._known[key]
        return known.get(name, fmean(known.values()) if known else float("nan"))


def _step(
    product: Product,
    finding: Finding | None,
    costs: _Costs,
    versions: Mapping[str, str],
) -> Step:
    rule, figure, name = product.rule, product.figure, product.name
    state, reason, older = "kept", "", ""
    if finding is None:
        made = history.libraries(rule, figure, name)
        older = ", ".join(f"{k} {v}" for k, v in made.items() if versions.get(k, v) != v)
    elif os.path.exists(product.path):
        broken = finding.kind in ("damaged", "foreign")
        state, reason = "changed", f"the file {finding}" if broken else finding.reason
    else:
        log = history.log_path(rule, figure, name)
        failed = history.unfinished(log)
        state, reason = ("failed", f"see {log}") if failed else ("new", finding.reason)
    size = float(history.size(product.path)) or float("nan")
    return Step(rule, figure, name, state, reason, costs.of(rule, figure, name), size, older)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _bytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"

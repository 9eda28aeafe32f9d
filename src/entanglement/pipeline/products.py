"""Every product of a run: what makes it and from what; and what is not as it is asked for.

Snakemake's rules make the products; this module reads what is stored and says which of them
the next run has to make, from their own words alone.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entanglement.pipeline import fingerprint, jobs, seal, store
from entanglement.pipeline.config import Config
from entanglement.pipeline.jobs import Job

# Keys of a job that say whose product it makes.
IDENTITY = ("figure", "model", "cell", "panel")
# So many jobs take less time alone than with `pipeline.warm`: each loads in .6 s what all jobs
# of a figure together load in 1.
FEW = 2


@dataclass(frozen=True)
class Product:
    """One file of a run.

    Parameters
    ----------
    path
        The file.
    rule
        Snakemake's rule that makes it.
    figure, name
        Whose it is: figure, and model, cell or panel.
    job
        What its rule is told.
    sources
        Products that it is made from.
    also
        Further files that its rule names as inputs: `job` says what they hold, or it only
        points to them.
    beside
        A file that the same job makes and that belongs to it.
    """

    path: str
    rule: str
    figure: str
    name: str
    job: Job
    sources: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    beside: str | None = None


@dataclass(frozen=True)
class Finding:
    """Why a product has to be made.

    `kind` is `missing`, `damaged`, `foreign` (another product's file), `stale` (made from
    something else than is asked for) or `source` (one of its sources has to be made).
    """

    kind: str
    reason: str

    @property
    def wrong(self) -> bool:
        """Whether a file is there and is not what it should be by itself."""
        return self.kind in ("damaged", "foreign", "stale")

    def __str__(self) -> str:
        """Say it of the file."""
        return f"is stale ({self.reason})" if self.kind == "stale" else self.reason


def chain(
    config: Config, registry: Mapping[str, str], project: Path, panels: Mapping[str, Sequence[str]]
) -> dict[str, Product]:
    """List a configuration's products by path, sources before what is made from them.

    Parameters
    ----------
    config
        What is run.
    registry
        Experiment names and the modules that hold them.
    project
        Folder of the Snakefile.
    panels
        Names of each figure's panels.
    """
    made = [
        Product(jobs.model_path(*key), "train", *key, jobs.train(config, registry, *key))
        for key in config.models
    ]
    for figure in sorted(config.cells):
        made += _of_figure(config, registry, figure, panels[figure])
    datasets = tuple(p.path for p in made if p.rule == "collect")
    pictures = tuple(p.path for p in made if p.rule.startswith("plot_"))
    names = ("claims", "report", "coverage")
    claims, *words = (str(project / "workflow" / f"{name}.yaml") for name in names)
    made += [
        Product(
            "reports/claims.json", "claims", "", "", jobs.claims(config, project),
            sources=datasets, also=(claims,),
        )
    ]  # fmt: skip
    job, shown = jobs.report(config, registry, project), tuple(jobs.report_sources(panels))
    for path, beside in (
        ("reports/summary.md", "reports/summary.tex"),
        ("reports/report.html", None),
    ):
        made.append(
            Product(
                path, "report", "", "", job,
                sources=shown, also=(*words, *pictures), beside=beside,
            )
        )  # fmt: skip
    return {product.path: product for product in made}


def _of_figure(
    config: Config, registry: Mapping[str, str], figure: str, panels: Sequence[str]
) -> Iterator[Product]:
    drawing = jobs.pictures(config, registry, figure)
    rules = {cell: rule for rule, job in drawing.items() for cell in job["cells"]}
    evaluations = tuple(jobs.evaluations(config, figure))
    for name, path in zip(jobs.names(config, figure), evaluations, strict=True):
        yield Product(
            path, "evaluate", figure, name, jobs.evaluate(config, registry, figure, name),
            sources=tuple(jobs.models_read(config, figure, name)),
            also=tuple(jobs.images_read(config, figure, name)),
        )  # fmt: skip
        rule = rules[name]
        job = {**jobs.compared(drawing[rule]), "cell": name}
        yield Product(jobs.picture_path(figure, name), rule, figure, name, job, sources=(path,))
    joining = jobs.compared(jobs.collect(config, registry, figure))
    data = jobs.dataset_path(figure)
    yield Product(data, "collect", figure, "", joining, sources=evaluations)
    drawn = jobs.compared(jobs.panels(registry, figure, panels))
    for name in panels:
        svg, csv = jobs.panel_paths(figure, name)
        job = {**drawn, "panel": name}
        yield Product(svg, f"panels_{figure}", figure, name, job, sources=(data,), beside=csv)


def findings(products: Mapping[str, Product]) -> dict[str, Finding]:
    """Say which products have to be made, and why, by path.

    It reads the ends of files, not their content: `seal.verified` reads that where it is used.
    """
    found: dict[str, Finding] = {}
    for path, product in products.items():
        finding = _stored(product)
        before = (*product.sources, *product.also)
        waiting = next((source for source in before if source in found), None)
        if finding is None and waiting:
            finding = Finding("source", f"{waiting} will be made")
        if finding is None:
            finding = _compared(product)
        if finding:
            found[path] = finding
    return found


def libraries(products: Mapping[str, Product], found: Mapping[str, Finding]) -> list[str]:
    """List what a figure's jobs that have to be run import from elsewhere, in the order of the jobs.

    Nothing where the jobs are so few that loading it ahead takes longer than they save by it.
    """
    made = [products[path] for path in found if products[path].figure]
    own = ("train", "evaluate")  # a job for each file; other rules make many in one
    if len({(p.rule, p.figure, p.path if p.rule in own else "") for p in made}) <= FEW:
        return []
    return fingerprint.libraries(module for product in made for module in product.job["code"])


def _stored(product: Product) -> Finding | None:
    """What is wrong with a product as a file."""
    path = product.path
    if not os.path.exists(path):
        return Finding("missing", "not made yet")
    problem = store.damage(path) if path.endswith(".nc") else None
    stored = seal.get(path)
    if problem or stored is None:
        return Finding("damaged", problem or seal.UNSEALED)
    keys = [key for key in IDENTITY if stored.made.get(key) != product.job.get(key)]
    if product.figure and keys:
        holds = " ".join(str(stored.made[key]) for key in IDENTITY if key in stored.made)
        return Finding("foreign", f"is the file of {holds or 'another product'}")
    if product.beside and not os.path.exists(product.beside):
        return Finding("missing", f"{product.beside} is missing")
    return None


def _compared(product: Product) -> Finding | None:
    """What is wrong with what a product was made from."""
    stored = seal.get(product.path)
    if stored is None:  # replaced since it was looked at
        return Finding("damaged", seal.UNSEALED)
    old = stored.made
    if product.rule == "claims":
        # The claims of different figures were judged from different data.
        new = {figure: jobs.claims_made(product.job, figure) for figure in old}
        reason = "judged from other data, claims or code"
        return Finding("stale", reason) if old != new else None
    new = jobs.made(product.job, product.sources)
    if old == new:
        return None
    return Finding("stale", "; ".join(differences(old, new)))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say in words how two jobs differ."""
    for key in sorted({**old, **new}):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if key == "code" and isinstance(before, dict) and isinstance(after, dict):
            modules = sorted(m for m in {**before, **after} if before.get(m) != after.get(m))
            yield "code of " + ", ".join(m.removeprefix("entanglement.") for m in modules)
        elif key == "inputs":
            yield "its inputs are others"
        elif key == "partial":
            yield "of a run that did not finish"
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from differences(before, after)
        else:
            yield f"{key} {before} -> {after}"

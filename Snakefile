"""Two papers put to the test: train -> evaluate -> plot for every cell, then one report.

Needs config.yaml; makes reports/report.html, reports/claims.json and data/<figure>.nc.
"""

from snakemake.utils import min_version

min_version("9.27")

import os
from pathlib import Path

from entanglement.experiments import REGISTRY
from entanglement.pipeline import (
    cluster,
    ending,
    given,
    home,
    jobs,
    products,
    runs,
    warm,
)

# As a module of another workflow it works in a folder of that, and has no configuration files.
MODULE = not workflow.modifier.is_main_snakefile()
PLACE = home.place(workflow.modifier.path_modifier)
PROJECT = Path(str(workflow.current_basedir)).absolute()
if not PLACE:
    # Relative, so that a clone elsewhere finds the same parameters and reruns nothing.
    PROJECT = Path(os.path.relpath(PROJECT))
if MODULE:
    FILES = given.of_module(config, PROJECT)
else:
    FILES = given.config_files(PROJECT, workflow.configfiles)
with home.inside(PLACE):
    CONFIG = given.load(FILES, REGISTRY)
FIGURES = sorted(CONFIG.figures)
PANELS = runs.panels(PROJECT, FIGURES)
TITLES = runs.titles(PROJECT)

if workflow.is_main_process and not MODULE:
    given.refuse_values(workflow.config_settings.config)
    RUN = ending.Run.of(
        workflow.rundir,
        workflow.configfiles,
        workflow.overwrite_workdir,
        workflow.main_snakefile,
    )
    RUN.follow(logger)
if workflow.is_main_process:
    with home.inside(PLACE):
        PRODUCTS = products.chain(CONFIG, REGISTRY, PROJECT, PANELS)
        FOUND = products.findings(PRODUCTS)
    runs.check_names(PROJECT, REGISTRY, FOUND)
    runs.mark(PRODUCTS, FOUND, PLACE)
runs.use_this_environment()
runs.hear_termination()  # jobs of a cluster, too, which run no `onstart`
cluster.outlive_outages()


# Without these, data/<figure>/<cell>/evaluation.nc could be read in more than one way.
wildcard_constraints:
    figure="|".join(FIGURES),
    cell="[^/]+",
    model="[^/]+",


rule all:
    default_target: True
    input:
        "reports/report.html",
        "reports/summary.md",


include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/plot.smk"
include: "workflow/rules/report.smk"


onstart:
    runs.lock()
    if workflow.local_exec:
        warm.start(products.libraries(PRODUCTS, FOUND))
    else:
        runs.cancel_on_termination()


onsuccess:
    ending.finished(RUN)


onerror:
    ending.failed(RUN, CONFIG, REGISTRY, PROJECT, PRODUCTS)

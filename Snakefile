"""Two papers put to the test: train -> evaluate -> plot for every cell, then one report.

Needs config.yaml; makes reports/report.html, reports/claims.json and data/<figure>.nc.
"""

from snakemake.utils import min_version

min_version("9.27")

import os
from pathlib import Path

from entanglement.experiments import REGISTRY
from entanglement.pipeline import products, ending, jobs, runs

# Relative, so that a clone elsewhere finds the same parameters and reruns nothing.
PROJECT = Path(os.path.relpath(str(workflow.current_basedir)))
CONFIG = runs.load(runs.config_files(PROJECT, workflow.configfiles), REGISTRY)
FIGURES = sorted(CONFIG.figures)
PANELS = runs.panels(PROJECT, FIGURES)
TITLES = runs.titles(PROJECT)

if workflow.is_main_process:
    runs.refuse_values(workflow.config_settings.config)
    RUN = ending.Run.of(
        workflow.rundir,
        workflow.configfiles,
        workflow.overwrite_workdir,
        workflow.main_snakefile,
    )
    RUN.follow(logger)
    PRODUCTS = products.chain(CONFIG, REGISTRY, PROJECT, PANELS)
    FOUND = products.findings(PRODUCTS)
    runs.check_names(PROJECT, REGISTRY, FOUND)
    runs.mark(PRODUCTS, FOUND)
runs.use_this_environment()


# Without these, data/<figure>/<cell>/evaluation.nc could be read in more than one way.
wildcard_constraints:
    figure="|".join(FIGURES),
    cell="[^/]+",
    model="[^/]+",


rule all:
    default_target: True
    input:
        "reports/report.html",


include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/plot.smk"
include: "workflow/rules/report.smk"


onstart:
    runs.lock()
    runs.hear_termination()


onsuccess:
    ending.finished()


onerror:
    ending.failed(RUN, CONFIG, REGISTRY, PROJECT, PRODUCTS)

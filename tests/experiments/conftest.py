"""Experiments run as the workflow runs them, without its files."""

import pytest
from ruamel.yaml import YAML

from entanglement.experiments import REGISTRY
from entanglement.pipeline import config, jobs, stages


@pytest.fixture(scope="session")
def load(tmp_path_factory):
    """Load one figure's block as a configuration."""

    def loaded(figure, block, seed=1):
        path = tmp_path_factory.mktemp("config") / "config.yaml"
        YAML().dump({"seed": seed, "figures": {figure: block}}, path)
        return config.load([path], REGISTRY)

    return loaded


@pytest.fixture(scope="session")
def collected(load):
    """Run one figure's block and collect its results."""

    def run(figure, block, seed=1):
        plan = load(figure, block, seed)
        cells = {}
        for cell in plan.cells[figure]:
            model = None
            if cell.model_figure:
                job = jobs.train(plan, REGISTRY, cell.model_figure, cell.model)
                model = stages.train(REGISTRY, job)
            job = jobs.evaluate(plan, REGISTRY, figure, cell.name)
            cells[cell.name] = stages.evaluate(REGISTRY, job, model)
        return stages.collect(REGISTRY, jobs.collect(plan, REGISTRY, figure), cells)

    return run

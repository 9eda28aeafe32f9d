"""Experiments run as the workflow runs them, without its files."""

import pytest
from ruamel.yaml import YAML

from entanglement.experiments import REGISTRY
from entanglement.pipeline import config, stages


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
        return stages.simulate(load(figure, block, seed), REGISTRY, figure)

    return run

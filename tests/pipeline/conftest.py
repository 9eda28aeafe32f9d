import pytest

from entanglement.pipeline import config

REGISTRY = {"toy": "toy", "reader": "reader"}


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Load configurations from texts, later ones on top."""
    monkeypatch.chdir(tmp_path)

    def run(*texts):
        paths = []
        for number, text in enumerate(texts):
            paths.append(tmp_path / f"config{number or ''}.yaml")
            paths[-1].write_text(text)
        return config.load([path.name for path in paths], REGISTRY)

    return run

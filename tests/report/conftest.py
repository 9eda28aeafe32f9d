"""Fixtures of the report's tests."""

from pathlib import Path

import pytest
from toyrun import Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)

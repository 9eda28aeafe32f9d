"""What drawing refuses, before it writes anything."""

import pytest

from entanglement.pipeline import pictures
from entanglement.pipeline.errors import MendableError


def test_panels_that_report_yaml_does_not_describe_are_named():
    pictures.described("toy", ["two", "one"], ["one", "two"])
    for drawn, text in ((["curve"], "gives curve; "), ([], "gives no panel; ")):
        with pytest.raises(MendableError) as caught:
            pictures.described("toy", drawn, ["curves"])
        assert text in str(caught.value)
        assert "workflow/report.yaml describes curves (figures.toy.panels)" in str(caught.value)

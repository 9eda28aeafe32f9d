"""What a stage refuses, before it writes anything."""

import pytest

from entanglement.pipeline import stages


def test_panels_that_report_yaml_does_not_describe_are_named():
    stages.described("toy", ["two", "one"], ["one", "two"])
    for drawn, text in ((["curve"], "gives curve; "), ([], "gives no panel; ")):
        with pytest.raises(stages.JobError) as caught:
            stages.described("toy", drawn, ["curves"])
        assert text in str(caught.value)
        assert "workflow/report.yaml describes curves (figures.toy.panels)" in str(caught.value)

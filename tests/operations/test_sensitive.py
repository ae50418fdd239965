"""What a plan marks as sensitive is judged, and no report repeats it."""

import datetime
import json
from collections.abc import Callable
from html import unescape as html_unescape
from pathlib import Path

import pytest
from tests.sources.terraform.plans import Made, document

from assay.assessment.verdicts import Verdict
from assay.operations.check import Selection, check
from assay.reports import context, html, sarif
from assay.reports import json as report_json
from assay.sources.cloudformation import Context

_NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)


@pytest.mark.parametrize("render", [report_json.render, html.render, sarif.render], ids=["json", "html", "sarif"])
@pytest.mark.parametrize("marked", [True, False])
def test_no_report_repeats_a_marked_value(
    tmp_path: Path, render: Callable[[context.ReportContext], str], marked: bool
) -> None:
    """A user name does not look like a secret: it is shown unless the plan marks it."""
    made = Made("aws_db_instance.d", {"engine": "mysql", "username": "admin"}, sensitive={"username": marked})
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document(made)))
    found = check([path], Context(), Selection(("rds-instance-administrator-name-not-default",)), now=_NOW)
    [evaluation] = found.evaluations
    assert evaluation.verdict is Verdict.NOT_MET
    report = html_unescape(render(context.from_check(found))).replace("\\", "")
    assert ("hidden: marked as sensitive" in report) is marked
    assert ('MasterUsername is "admin"' in report) is not marked

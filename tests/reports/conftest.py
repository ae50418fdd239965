"""Report contexts made by the real operations, of the example organisation and of one hostile template."""

import dataclasses
import datetime
from pathlib import Path

import pytest

from assay.inventory.resource import Position
from assay.operations.assess import assess_repository
from assay.operations.check import Selection, check
from assay.reports import context
from assay.reports.context import ReportContext, Row
from assay.sources.cloudformation import Context

ACME = Path(__file__).parents[2] / "examples" / "acme"
NOW = datetime.datetime(2026, 11, 25, 9, 30, tzinfo=datetime.UTC)

HOSTILE = """\
Parameters: {Unset: {Type: String}}
Resources:
  "B<script>alert(1)</script>":
    Type: AWS::S3::Bucket
    Properties:
      BucketName: '"><img src=x onerror=alert(2)>[bold red]\\u0007'
      VersioningConfiguration: {Status: 'Suspended</script>'}
      Tags: [{Key: a, Value: '</failure>]]>'}]
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.6
      Role: !Ref Unset
      Environment: {Variables: {DB_PASSWORD: hunter2-but-longer, GREETING: "<b>hi</b>"}}
"""


@pytest.fixture(scope="session")
def acme() -> ReportContext:
    repository, assessment = assess_repository(ACME, now=NOW)
    return context.from_assessment(assessment, repository)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> ReportContext:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "template.yaml").write_text(HOSTILE)
    (folder / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::S3::Bucket\n")
    return context.from_check(check([folder], Context(), Selection(), now=NOW))


SPITE = ("=1+1", "\u202e<b>&lt;</b>", "\ud8ff\x00\x1b[2J", " \n", '@a\tb,"c"\r\n;d', "'=x", "*_{{x}}_*")


@pytest.fixture(scope="session")
def spiteful(hostile: ReportContext) -> ReportContext:
    """Names that no template may have, and that a recorded account, a plan or a file system may."""

    def renamed(place: int, row: Row) -> Row:
        spite = SPITE[place % len(SPITE)]
        return dataclasses.replace(
            row,
            name=spite,
            resource=f"{spite}#{place}",
            position=Position(f"C:{spite}.json", 0, 0),
            related=(Position(""), Position(spite, 7, 1)),
            explanation=f"{spite} is absent",
        )

    (section,) = hostile.sections
    rows = tuple(renamed(place, row) for place, row in enumerate(section.rows))
    return dataclasses.replace(hostile, sections=(dataclasses.replace(section, rows=rows),))

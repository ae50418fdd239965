"""docs/terraform.md lists exactly the types that the tables map."""

from pathlib import Path

from assay.sources.terraform.documentation import HEADING, with_types

_PAGE = Path(__file__).parents[3] / "docs" / "terraform.md"


def test_the_page_lists_what_is_mapped() -> None:
    page = _PAGE.read_text()
    assert page == with_types(page), "make docs writes it again"


def test_the_list_replaces_the_one_before() -> None:
    once = with_types("# Title\n\nText.\n")
    assert once.startswith(f"# Title\n\nText.\n\n{HEADING}\n")
    assert with_types(once) == once
    assert "| `aws_s3_bucket_versioning` | part of `AWS::S3::Bucket` |" in once

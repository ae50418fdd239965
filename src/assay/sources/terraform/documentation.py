"""The list of mapped types in docs/terraform.md, from the tables themselves."""

from collections.abc import Iterator

from assay.sources.terraform.mapping import Entry
from assay.sources.terraform.services import ENTRIES

HEADING = "## Types that are mapped"


def with_types(page: str) -> str:
    """Return a page whose last section lists the types; what stood under its heading before is replaced."""
    return "\n".join([page.partition(HEADING)[0].rstrip(), "", *_section(), ""])


def _section() -> Iterator[str]:
    yield HEADING
    yield ""
    yield f"{len(ENTRIES)} types of the AWS provider; made again by `make docs`."
    yield ""
    yield "| Terraform | CloudFormation |"
    yield "| --- | --- |"
    for name, entries in sorted(ENTRIES.items()):
        yield f"| `{name}` | {', '.join(map(_said, entries))} |"


def _said(entry: Entry) -> str:
    return f"part of `{entry.type}`" if entry.part_of else f"`{entry.type}`"

"""JUnit XML: what build servers show. One test case per evaluation, one suite per section.

Not met is a failure, unknown an error (it could not be examined), excepted and not applicable are skipped with the
reason.
"""

import re
import xml.etree.ElementTree as ET

from assay.assessment.verdicts import Verdict
from assay.reports.context import ReportContext, Row, Section

# XML 1.0 section 2.2: characters that no document may contain, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(context: ReportContext) -> str:
    """Return the report as JUnit XML."""
    root = ET.Element("testsuites", name="assay")
    for section in context.sections:
        root.append(_suite(section, context.as_of.strftime("%Y-%m-%dT%H:%M:%S")))
    totals = {key: str(sum(int(each.get(key, "0")) for each in root)) for key in ("tests", "failures", "errors")}
    root.attrib.update(totals)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(section: Section, timestamp: str) -> ET.Element:
    counts = section.counts
    suite = ET.Element(
        "testsuite",
        name=_clean(section.id or section.title),
        tests=str(len(section.rows) + len(section.faults)),
        failures=str(counts.not_met),
        errors=str(counts.unknown + len(section.faults)),
        skipped=str(counts.not_applicable + counts.excepted),
        timestamp=timestamp,
        time="0",
    )
    suite.extend(_case(row) for row in section.rows)
    for fault in section.faults:
        case = ET.SubElement(suite, "testcase", classname="assay.read", name=_clean(fault.file), time="0")
        ET.SubElement(case, "error", message=_clean(fault.message), type="fault").text = _clean(str(fault))
    return suite


def _case(row: Row) -> ET.Element:
    case = ET.Element("testcase", classname=_clean(row.control), name=_clean(f"{row.resource}: {row.title}"), time="0")
    said = _clean(f"{row.position}: {row.explanation}")
    match row.effective:
        case Verdict.NOT_MET:
            detail = ET.SubElement(case, "failure", message=said, type=row.severity)
            detail.text = _clean(f"{row.why}\n{row.remedy}")
        case Verdict.UNKNOWN:
            ET.SubElement(case, "error", message=said, type="unknown")
        case Verdict.EXCEPTED:
            ET.SubElement(case, "skipped", message=_clean(f"exception {row.exception}: {row.verdict}; {said}"))
        case Verdict.NOT_APPLICABLE:
            ET.SubElement(case, "skipped", message=_clean(f"not applicable: {row.explanation}"))
        case _:
            pass
    return case


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)

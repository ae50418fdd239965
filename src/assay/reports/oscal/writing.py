"""What all OSCAL documents share: identifiers, metadata, properties of ours, and texts that stay texts.

Identifiers are UUIDs of version 5 of JSON texts. What lasts (documents, resources, risks, activities, parties) keeps
its own from run to run; what was seen at one time (results, observations, findings) has one per as-of time.
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assay.assessment.verdicts import Counts, Verdict
from assay.reports.context import ReportContext

VERSION = "1.2.1"
HOME = "https://github.com/assay-security/assay"
NS = f"{HOME}/ns/oscal"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, NS)

# Characters that XML forbids, control characters and lone surrogates: OSCAL documents are converted to XML.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# What OSCAL's markup (CommonMark, with ^ ~ and {{ }}) would not take for text.
_MARKUP = re.compile(r"[\\`*<\[^~]|(?<!\w)_|_(?!\w)|\{(?=\{)|&(?=#?\w+;)|^[#>+=|-]")


def identifier(context: ReportContext, *parts: str) -> str:
    """Return the identifier of a part of what is reported on: the same in every run."""
    return str(uuid.uuid5(_NAMESPACE, json.dumps([context.kind, context.subject, *parts])))


def written(document: Mapping[str, Any]) -> str:
    """Return a document as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def metadata(context: ReportContext, title: str, *properties: Mapping[str, str]) -> dict[str, Any]:
    """Return the head of a document; the organisation is a party of all that is about one."""
    head: dict[str, Any] = {
        "title": markup(title),
        "last-modified": context.as_of.isoformat(),
        "version": context.as_of.isoformat(),
        "oscal-version": VERSION,
    }
    if properties:
        head["props"] = list(properties)
    if context.kind == "assessment":
        head["parties"] = [{"uuid": party(context), "type": "organization", "name": line(context.subject)}]
    return head


def party(context: ReportContext) -> str:
    """Return the identifier of the organisation."""
    return identifier(context, "organisation")


def figures(counts: Counts) -> list[Mapping[str, str]]:
    """Return every figure of the counts, with its denominators, as properties."""
    figures = {**asdict(counts), "applicable": counts.applicable, "total": counts.total}
    return [prop(name.replace("_", "-"), str(number)) for name, number in figures.items()]


def props(values: Mapping[str, str], *more: tuple[str, str]) -> list[Mapping[str, str]]:
    """Return properties of ours, without those that are empty."""
    return [prop(name, value) for name, value in (*values.items(), *more) if value]


def prop(name: str, value: str) -> Mapping[str, str]:
    """Return one property of ours."""
    return {"name": name, "ns": NS, "value": line(value)}


def present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty: OSCAL has no empty lists and texts."""
    return {name: value for name, value in values.items() if value not in ([], "", {})}


def target(objective: str) -> str:
    """Return the id of the one assessment objective of an objective of ours."""
    return f"{token(objective)}_obj"


def token(text: str) -> str:
    """Return a TokenDatatype: a letter or _, then letters, digits and . - _ (the property beside it says the text)."""
    token = re.sub(r"[^\w.-]", "_", _FORBIDDEN.sub("_", text))
    return token if token[:1].isalpha() or token[:1] == "_" else f"_{token}"


def words(verdict: Verdict) -> str:
    """Return the verdict as people write it."""
    return verdict.replace("_", " ")


def line(text: str) -> str:
    """Return a StringDatatype: one line without spaces at its ends."""
    return " ".join(_FORBIDDEN.sub("\ufffd", text).split()) or "(empty)"


def markup(text: str) -> str:
    """Return a MarkupLineDatatype that shows the text as it is: no name becomes a tag, a link or emphasis."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", line(text))


def paragraphs(*texts: str) -> str:
    """Return a MarkupMultilineDatatype: every text that there is, as a paragraph of its own."""
    return "\n\n".join(markup(each) for each in texts if each.strip())

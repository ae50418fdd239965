"""The reference as Markdown pages: one per objective, control, invariant and framework, and an index.

Their names are paths below one folder: README.md, objectives/<id>.md, controls/<id>.md,
invariants/<id>.md, frameworks/<id>.md.
"""

from collections.abc import Iterator, Mapping, Sequence

import yaml

from assay.governance.compiled import CompiledControl, CompiledObjective
from assay.governance.coverage import coverage
from assay.governance.knowledge import Knowledge, duties_of, serving
from assay.governance.model import Domain, Framework, Invariant, Requirement

_HEADINGS = ("met", "not_met", "unknown", "not_applicable")


def pages(known: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of every page."""
    yield "README.md", _index(known)
    demanded = _Demanded(known)
    for name, objective in known.objectives.items():
        yield f"objectives/{name}.md", _objective(known, objective, demanded)
    for name, control in known.controls.items():
        yield f"controls/{name}.md", _control(known, control, demanded)
    for name, invariant in known.invariants.items():
        yield f"invariants/{name}.md", _invariant(known, invariant.invariant, demanded)
    for name, framework in known.frameworks.items():
        yield f"frameworks/{name}.md", _framework(known, framework)


class _Demanded:
    """Which requirements point to an objective or a control."""

    def __init__(self, known: Knowledge) -> None:
        self.objectives: dict[str, list[str]] = {}
        self.controls: dict[str, list[str]] = {}
        for framework in known.frameworks.values():
            for key, requirement in framework.requirements.items():
                link = f"[{framework.id}](../frameworks/{framework.id}.md) {_text(key)} {_text(requirement.title)}"
                for each in requirement.objectives:
                    self.objectives.setdefault(each, []).append(link)
                for each in requirement.controls:
                    self.controls.setdefault(each, []).append(link)


def _text(words: str) -> str:
    """Return words as Markdown shows them unchanged."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>#|" else each for each in " ".join(words.split()))


def _index(known: Knowledge) -> str:
    types = {each.control.resource for each in known.controls.values()}
    lines = [
        "# Reference",
        "",
        "Made by `assay reference`; do not edit.",
        "",
        f"{len(known.objectives)} objectives, {len(known.controls)} controls over {len(types)} resource types, "
        f"{len(known.invariants)} invariants, {len(known.frameworks)} frameworks.",
        "",
        "## Frameworks",
        "",
    ]
    lines += [
        f"- [{_text(framework.title)}](frameworks/{framework.id}.md): {coverage(known, framework)}"
        for framework in known.frameworks.values()
    ]
    for domain in Domain:
        lines += ["", f"## {domain.replace('-', ' ').capitalize()}", ""]
        for name, each in known.objectives.items():
            if each.objective.domain is domain:
                count = len(serving(known, name))
                lines.append(f"- [{_text(each.objective.title)}](objectives/{name}.md) ({count} controls)")
    lines += ["", "## Controls by resource type", ""]
    for kind in sorted(types):
        named = [each.control for each in known.controls.values() if each.control.resource == kind]
        links = ", ".join(f"[{each.id}](controls/{each.id}.md)" for each in named)
        lines.append(f"- `{kind}`: {links}")
    lines += ["", "## Invariants: what guardrails and policies must make impossible", ""]
    lines += [
        f"- [{_text(each.invariant.title)}](invariants/{name}.md)" for name, each in sorted(known.invariants.items())
    ]
    return _joined(lines)


def _objective(known: Knowledge, compiled: CompiledObjective, demanded: _Demanded) -> str:
    it = compiled.objective
    lines = [
        f"# {_text(it.title)}",
        "",
        f"`{it.id}`: {it.domain.replace('-', ' ')}, {it.scope} scope, owned by the {it.layer} layer",
        "",
        _text(it.statement),
        "",
        f"- Measure: {_text(it.measure) or 'none'}",
        f"- Target: {_text(it.target) or 'none'}",
        f"- Applies: {f'`{_line(it.applies)}`' if it.applies else 'to every workload'}",
    ]
    lines += [f"- Stages: {', '.join(it.stages)}"] if it.stages else []
    lines += _list("What happens when it is not met", [_text(each) for each in it.threats])
    lines += _list("Demanded by", demanded.objectives.get(it.id, ()))
    found = serving(known, it.id)
    controls = [
        f"[{_text(each.control.title)}](../controls/{each.control.id}.md) (`{each.control.resource}`)" for each in found
    ]
    lines += _list("Controls", controls)
    proved = [each.invariant for _, each in sorted(known.invariants.items()) if each.invariant.objective == it.id]
    lines += _list("Invariants", [f"[{_text(each.title)}](../invariants/{each.id}.md)" for each in proved])
    duties = [f"`{each.id}`: {_text(each.title)}" for each in duties_of(known, it.id)]
    lines += _list("Duties that belong to it", duties)
    return _joined(lines)


def _control(known: Knowledge, compiled: CompiledControl, demanded: _Demanded) -> str:
    it = compiled.control
    exists = it.objective in known.objectives
    objective = f"[{it.objective}](../objectives/{it.objective}.md)" if exists else f"{it.objective} (missing)"
    lines = [
        f"# {_text(it.title)}",
        "",
        f"`{it.id}`: {it.severity} severity, {', '.join(it.behavior)}, owned by the {it.layer} layer, for {objective}",
        "",
        _text(it.why),
        "",
        "```yaml",
        f"resource: {it.resource}",
        *([f"unless: {_line(it.unless)}"] if it.unless else []),
        f"require: {_line(it.require)}",
        "```",
        "",
        f"Remedy: {_text(it.remedy)}",
    ]
    parameters = [
        f"`{name}`: default {_text(str(each.default))}; tighter is {each.tighter}. {_text(each.description)}".rstrip()
        for name, each in it.params.items()
    ]
    lines += _list("Parameters", parameters)
    lines += _list("Answers", demanded.controls.get(it.id, ()))
    lines += ["", "## Examples"]
    for heading in _HEADINGS:
        lines += _examples(heading, getattr(it.examples, heading))
    return _joined(lines)


def _examples(heading: str, examples: Sequence[Mapping[str, object]]) -> Iterator[str]:
    if examples:
        form = yaml.safe_dump([dict(each) for each in examples], default_flow_style=None, sort_keys=False, width=110)
        yield from ("", f"{heading.replace('_', ' ').capitalize()}:", "", "```yaml", form.strip(), "```")


_SIDES = {
    "principal": "principals of our accounts, under SCPs",
    "resource": "outsiders at our resources, under RCPs",
    "identity": "each role and user with its own policies",
    "trust": "who may become a role",
    "policy": "who is let in by the policy of a resource",
}


def _invariant(known: Knowledge, it: Invariant, demanded: _Demanded) -> str:
    exists = it.objective in known.objectives
    objective = f"[{it.objective}](../objectives/{it.objective}.md)" if exists else f"{it.objective} (missing)"
    lines = [
        f"# {_text(it.title)}",
        "",
        f"`{it.id}`: {it.severity} severity, preventive, for {objective}; about {_SIDES[it.side]}",
        "",
        _text(it.why),
        "",
        "Must never get through:",
        "",
        *_statements(it.never),
        "",
        "Must still get through:",
        "",
        *_statements(it.still),
    ]
    lines += ["", f"Repair: {_text(it.repair)}"] if it.repair else []
    lines += _list("Not about", [f"`{each}`" for each in it.exempt])
    lines += _list("Answers", demanded.controls.get(it.id, ()))
    return _joined(lines)


def _statements(stated: Sequence[Mapping[str, object]]) -> list[str]:
    form = yaml.safe_dump(_plain(stated), default_flow_style=None, sort_keys=False, width=110)
    return ["```yaml", form.strip(), "```"]


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _framework(known: Knowledge, it: Framework) -> str:
    lines = [
        f"# {_text(it.title)}",
        "",
        f"`{it.id}`, version {_text(it.version)}, source <{it.source}>. {coverage(known, it)}.",
        "",
        "| requirement | | answered by |",
        "| --- | --- | --- |",
    ]
    for key, requirement in it.requirements.items():
        lines.append(f"| {_text(key)} | {_text(requirement.title)} | {_answers(known, requirement)} |")
    return _joined(lines)


def _answers(known: Knowledge, requirement: Requirement) -> str:
    links = [f"[{each}](../objectives/{each}.md)" for each in requirement.objectives if each in known.objectives]
    links += [f"[{each}](../controls/{each}.md)" for each in requirement.controls if each in known.controls]
    links += [f"[{each}](../invariants/{each}.md)" for each in requirement.controls if each in known.invariants]
    if links:
        return ", ".join(links)
    return f"outside: {_text(requirement.outside)}" if requirement.outside else "**nothing**"


def _list(heading: str, items: Sequence[str]) -> list[str]:
    return ["", f"## {heading}", "", *(f"- {each}" for each in items)] if items else []


def _line(expression: str) -> str:
    return " ".join(expression.split())


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"

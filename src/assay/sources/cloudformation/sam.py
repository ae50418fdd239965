"""The serverless transform, by AWS's own translator; nothing of it leaves this machine.

https://github.com/aws/serverless-application-model. The translator is imported when a template needs it: that costs
more than reading a hundred templates.
"""

import copy
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from assay.documents import Document, Path
from assay.inventory.resource import Gap
from assay.inventory.values import Cause, Reason
from assay.sources.cloudformation.parameters import Parameter
from assay.sources.cloudformation.scope import Scope
from assay.sources.cloudformation.template import NOT_PACKAGED, Template

TRANSFORM = "AWS::Serverless-2016-10-31"
_TYPES = "AWS::Serverless::"
# Properties that name a local file or folder until the application is packaged.
_PACKAGED = ("CodeUri", "ContentUri", "DefinitionUri")
_BUCKET = "assay-not-packaged"
_SURVIVING = ("DeletionPolicy", "UpdateReplacePolicy")
# Property of what is generated → the key that says where uploaded code lies.
_UPLOADED = {"Code": "S3Bucket", "Content": "S3Bucket", "DefinitionS3Location": "Bucket", "BodyS3Location": "Bucket"}
_MOST_ATTEMPTS = 20


def translate(scope: Scope) -> tuple[Template, list[Gap]]:
    """Return the template with its serverless resources translated, and a gap for each that could not be."""
    template = scope.template
    sections = copy.deepcopy(dict(template.sections))
    sections.pop("Transform", None)
    resources = sections["Resources"] = dict(template.section("Resources"))
    resources.update({name: copy.deepcopy(each) for name, each in resources.items()})
    for each in _serverless(resources).values():
        _as_packaged(each)
    gaps: list[Gap] = []
    for _ in range(_MOST_ATTEMPTS):
        translated, failed = _translated(sections, scope)
        if translated is not None:
            return _joined(template, translated, bool(gaps)), gaps
        for name, why in failed.items():
            gaps.append(_gap(scope, name, why))
            sections["Resources"].pop(name, None)
    return replace(template, sections=sections, open=template.open | {"Resources"}), gaps


def _serverless(resources: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: each
        for name, each in resources.items()
        if isinstance(each, dict) and isinstance(each.get("Type"), str) and each["Type"].startswith(_TYPES)
    }


def _gap(scope: Scope, name: str, why: str) -> Gap:
    said = f"what {name} stands for could not be found out: {why}"
    return Gap(scope.prefix + name, Reason(Cause.MACRO, TRANSFORM, said))


def _as_packaged(resource: dict[str, Any]) -> None:
    """Change what only packaging would change: local code becomes uploaded code, an application a nested stack.

    The translator would ask the Serverless Application Repository for an application; so that is not left to it.
    """
    stated = resource.get("Properties")
    properties = stated if isinstance(stated, dict) else {}
    for key in _PACKAGED:
        if isinstance(properties.get(key), str) and not properties[key].startswith("s3://"):
            properties[key] = f"s3://{_BUCKET}/{resource['Type'].rsplit(':', 1)[-1]}"
    if resource["Type"] == "AWS::Serverless::Application":
        location = properties.pop("Location", None)
        resource["Type"] = "AWS::CloudFormation::Stack"
        if isinstance(location, str):
            properties["TemplateURL"] = location


def _translated(sections: dict[str, Any], scope: Scope) -> tuple[dict[str, Any] | None, Mapping[str, str]]:
    """Return the translated template; or None and which resources could not be translated, and why."""
    from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
    from samtranslator.model.exceptions import ExceptionWithMessage, InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    values = {name: _for_translator(name, each) for name, each in scope.parameters.items()}
    session = SimpleNamespace(region_name=scope.context.region or "us-east-1")
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL)  # what it has to say comes as exceptions too
    metrics = Metrics("assay", DummyMetricsPublisher())
    try:
        translator = Translator(None, Parser(), boto_session=session, metrics=metrics)
        found = translator.translate(copy.deepcopy(sections), values, get_managed_policy_map=dict)
        return dict(found), {}
    except InvalidDocumentException as error:
        return None, dict(_blamed(error.causes, sections["Resources"]))
    except ExceptionWithMessage as error:
        return None, dict(_blamed([error], sections["Resources"]))
    except Exception as error:  # noqa: BLE001 - the translator trusts its input; what it stumbles over becomes a gap
        return None, dict.fromkeys(_serverless(sections["Resources"]), f"the translator failed: {type(error).__name__}")
    finally:
        metrics.publish()  # to nobody; else it complains that nothing was published


def _for_translator(name: str, parameter: Parameter) -> Any:
    """Return a parameter's value, or a Ref to it where it is undecided or not to be shown."""
    value = parameter.value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else {"Ref": name}


def _blamed(causes: Sequence[Any], resources: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    serverless = _serverless(resources)
    for cause in causes:
        stated = getattr(cause, "_logical_id", "")
        names = [name for name in (stated if isinstance(stated, list) else [stated]) if name in resources]
        for name in names or serverless:
            yield name, str(cause.message)


def _joined(template: Template, translated: dict[str, Any], incomplete: bool) -> Template:
    """Return the translated template, with what was lost on the way put back and the place of everything generated."""
    declared = template.section("Resources")
    resources = translated.get("Resources", {})
    moved = dict(template.moved)
    for name, each in resources.items():
        maker = _maker(name, declared)
        if maker is None:
            continue
        moved[("Resources", name)] = template.written(("Resources", maker))
        moved.update(_globals(template, name, declared[maker], each))
        if name == maker or each.get("Type") == "AWS::Lambda::LayerVersion":  # which is renamed at each change
            for key in _SURVIVING:
                if key in declared[maker]:
                    each.setdefault(key, declared[maker][key])
        _unpack(each.get("Properties"))
    sections = {**template.sections, **translated, "Resources": resources}
    return replace(
        template, sections=sections, moved=moved, open=template.open | ({"Resources"} if incomplete else set())
    )


def _maker(name: str, declared: Mapping[str, Any]) -> str | None:
    """Return the serverless resource that made one of this name; None for one that was declared as it is.

    A name begins with its maker's. What several make together is called Serverless…, and counts as the first one's.
    """
    serverless = _serverless(declared)
    if name in declared and name not in serverless:
        return None
    begins = [each for each in serverless if name.startswith(each)]
    if begins:
        return max(begins, key=len)
    event = "HttpApi" if name.startswith("ServerlessHttpApi") else "Api"
    answering = (each for each, resource in serverless.items() if event in _events(resource))
    return next(answering, next(iter(serverless), None))


def _events(resource: Mapping[str, Any]) -> list[Any]:
    """Return the types of a function's events."""
    properties = resource.get("Properties")
    events = properties.get("Events") if isinstance(properties, dict) else None
    return [each.get("Type") for each in events.values() if isinstance(each, dict)] if isinstance(events, dict) else []


def _globals(
    template: Template, name: str, maker: Mapping[str, Any], made: Mapping[str, Any]
) -> Iterator[tuple[Path, tuple[Document, Path]]]:
    """Yield the places of properties that the section Globals states."""
    kind = str(maker.get("Type", "")).removeprefix(_TYPES)
    shared = template.section("Globals").get(kind)
    own = maker.get("Properties")
    for key in made.get("Properties") or ():
        if isinstance(shared, dict) and key in shared and not (isinstance(own, dict) and key in own):
            yield ("Resources", name, "Properties", key), template.written(("Globals", kind, key))


def _unpack(properties: Any) -> None:
    """Say of code that was not packaged that nobody knows where it will lie."""
    for key, bucket in _UPLOADED.items():
        where = properties.get(key) if isinstance(properties, dict) else None
        if isinstance(where, dict) and where.get(bucket) == _BUCKET:
            properties[key] = {NOT_PACKAGED: f"{key} of a serverless resource"}

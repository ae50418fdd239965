"""The section Rules: values of parameters that CloudFormation would refuse together.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
"""

from typing import Any

from assay.documents import Path
from assay.sources.cloudformation.conditions import truth
from assay.sources.cloudformation.scope import Scope, TooMany
from assay.sources.cloudformation.texts import as_text


def check(scope: Scope) -> None:
    """Note each assertion that is false for certain under the parameters' values."""
    for name, rule in scope.template.section("Rules").items():
        path: Path = ("Rules", name)
        if not isinstance(rule, dict) or not isinstance(rule.get("Assertions"), list):
            scope.fault(path, f"rule {name} has no Assertions", "", "a mapping with a list of Assertions")
            continue
        when = rule.get("RuleCondition", True)
        if _certainly(scope, when, (*path, "RuleCondition")) is not True:
            continue
        for index, each in enumerate(rule["Assertions"]):
            at = (*path, "Assertions", index)
            stated = each if isinstance(each, dict) else {}
            if _certainly(scope, stated.get("Assert", True), (*at, "Assert")) is False:
                why = as_text(stated.get("AssertDescription"))
                scope.fault(at, f"the parameters do not fulfil rule {name}", "", why)


def _certainly(scope: Scope, node: Any, path: Path) -> object:
    try:
        return scope.split({}, lambda world: truth(scope, node, path, world))
    except TooMany:
        return None

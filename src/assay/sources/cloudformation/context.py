"""What a template is deployed with, as far as somebody told us."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.inventory.values import Value

# Region prefix → partition, where that is not "aws"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html, and botocore's partitions.json).
_PARTITIONS = {
    "cn-": "aws-cn",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
}


@dataclass(frozen=True, slots=True)
class Context:
    """Where and with what a template is deployed.

    parameters  Parameter name → value; a list for list types. Unset ones take their default, or stay undecided.
    account     Twelve digits, "" when not known; `AWS::AccountId`.
    region      Such as eu-west-1, "" when not known; `AWS::Region`, and the partition that follows from it.
    label       Text before the ids of resources, so that one template deployed twice declares distinct ones.
    undeclared_parameters
                A `Ref` to a name that the template does not declare is a parameter without a value, and an undeclared
                condition cannot be decided; neither is a fault.
    """

    parameters: Mapping[str, Value] = field(default_factory=dict)
    account: str = ""
    region: str = ""
    label: str = ""
    undeclared_parameters: bool = False

    @property
    def partition(self) -> str:
        """The partition of the region, "" when that is not known."""
        if not self.region:
            return ""
        return next((name for prefix, name in _PARTITIONS.items() if self.region.startswith(prefix)), "aws")

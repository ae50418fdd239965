"""Questions about types of EC2 instances, by their names: "m7g.large" is of the family m7g."""

from assay.expressions.functions.holes import parts_of, text_of
from assay.expressions.functions.instance_families import ENCRYPTING, NOT_ENCRYPTING
from assay.expressions.functions.kleene import Truth, malformed
from assay.inventory.values import Cause, Reason, Unknown, Value


def encrypts_in_transit(instance_type: Value) -> Truth:
    """Whether instances of the type encrypt what they send to one another in the network hardware.

    `encryptsInTransit("m7g.large")` is true, `encryptsInTransit("t3.micro")` is false. The family decides, so a pattern
    such as "m7g.*" can be asked about. Absent or "" is no type: false. A family that our table does not have is
    unknown.
    """
    if instance_type is None or instance_type == "":
        return False
    text = text_of(instance_type, "an instance type")
    family, dot, _ = parts_of(text)[0].partition(".")
    if not dot:
        return text if isinstance(text, Unknown) else malformed(instance_type, "an instance type")
    if family in ENCRYPTING or family in NOT_ENCRYPTING:
        return family in ENCRYPTING
    detail = f"whether instances of family {family} encrypt traffic between them is not known"
    return Unknown(Reason(Cause.UNDOCUMENTED, family, detail), present=True)

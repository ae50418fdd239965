"""The form in which the tables under services/ say what a Terraform type is in CloudFormation.

Most attributes have the name of the property in snake case, and need no row: `kms_key_id` of a volume is its KmsKeyId,
a block `vpc_config` is the object VpcConfig, several blocks `rule` are the list Rules. A table says what differs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assay.inventory.values import Value

Values = Mapping[str, Value]
Derive = Callable[[Values], Values]

LEFT = "-"
"""The attribute has no counterpart, and no bearing on any: how Terraform proceeds, or what AWS computes."""

HERE = "."
"""The attributes of the block belong to the object that the block stands in, not to one of their own."""

SELF = "$self"
"""Among the attributes that `derive` gets: a reference to the resource itself."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A property whose value is written differently. `turn` gets what is known; what is unknown stays unknown."""

    path: str
    turn: Callable[[Value], Value]


@dataclass(frozen=True, slots=True)
class Entry:
    """One Terraform type.

    terraform  Its name: "aws_kms_key".
    type       The CloudFormation type that it is, or is a part of.
    rows       Attribute → where it belongs. Attributes of blocks are joined by "."; the property path is relative to
               the object that the attribute's block has become. LEFT and HERE as above.
    within     Path of the object that the attributes belong to: "DistributionConfig".
    fixed      Property path → value: what the Terraform type says by its name.
    defaults   Attribute → what the provider sends where the configuration says nothing, if AWS would choose otherwise.
    computed   Blocks that the provider fills in by itself: unknown and not stated, they are nobody's choice; ("*",) for
               all, where the provider has no blocks but attributes.
    derive     Further properties, from the attributes as a whole; they win.
    derived    The attributes that `derive` reads and no row places.
    generated  Those of them that are blocks which a configuration may generate: unknown, they stay so.
    part_of    Attribute that says whose part it is, when CloudFormation has no such resource but a property of its
               owner; a list is of several owners.
    same_as    Attribute that `id` repeats: the bucket of a bucket's policy. Of a part, the owner is.
    adds       Properties, of a part, that are lists and receive an element more.
    fragments  Whether a part whose owner is declared elsewhere is judged as a fragment of it.
    """

    terraform: str
    type: str
    rows: Mapping[str, str | Turned] = field(default_factory=dict)
    within: str = ""
    fixed: Mapping[str, Value] = field(default_factory=dict)
    defaults: Mapping[str, Value] = field(default_factory=dict)
    computed: tuple[str, ...] = ()
    derive: Derive | None = None
    derived: tuple[str, ...] = ()
    generated: tuple[str, ...] = ()
    part_of: str = ""
    same_as: str = ""
    adds: tuple[str, ...] = ()
    fragments: bool = True


def left(*names: str) -> dict[str, str]:
    """Return rows for attributes without a counterpart."""
    return dict.fromkeys(names, LEFT)


def either(when_true: Value, when_false: Value) -> Callable[[Value], Value]:
    """Return a turn from a boolean to one of two values."""

    def turn(value: Value) -> Value:
        return when_true if value is True or value == "true" else when_false

    return turn


def one_of(names: Mapping[str, Value]) -> Callable[[Value], Value]:
    """Return a turn by a table; what is not in it stays as it is."""

    def turn(value: Value) -> Value:
        return names.get(value, value) if isinstance(value, str) else value

    return turn

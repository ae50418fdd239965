"""What the published schema does not say of a resource type, in the form of one table per service under services/.

What the platform does when a property is absent, by which names others refer to it, and which separately declared
resources are parts of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.inventory.schema import STRING, Kind, Type, list_of
from assay.inventory.values import Cause, Reason, Unknown, Value


@dataclass(frozen=True, slots=True)
class Undocumented:
    """The platform fixes no default: an absent property says nothing. `depends_on` completes "depends on …"."""

    depends_on: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Resources of type `source` are parts of the owner that their property `key` refers to.

    into  Property of the owner that receives the part; one of the schema's own, or a new one.
    take  Property of the source that is received; "" for all its properties but `key`.
    follow  The part is not the source itself, but the resource that this property of it refers to: a route table, for
          an association of a subnet with it.
    followed  Type of that resource.
    many  True: the owner's property is a list and receives one element (all elements, if `take` is a list itself).
    type  Type of the owner's property when the schema does not have it; default: the source's.
    fragments  Whether a part whose owner is declared elsewhere is judged as a fragment of it.
    owner Type of the owner; filled in from the row that the fold stands in.
    """

    source: str
    key: str
    into: str
    take: str = ""
    follow: str = ""
    followed: str = ""
    many: bool = True
    type: Type | None = None
    fragments: bool = True
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ResourceTable:
    """One row: everything we know of a resource type beyond its schema.

    defaults  Path ("A.B", "*" for list elements) → value when absent, or `Undocumented`.
    names     Properties by whose literal text others may refer to it, besides by Ref and GetAtt.
    folds     What is folded into resources of this type.
    extra     Further virtual properties and their types, filled by collectors.
    types     Properties whose type the schema states too loosely (JSON as text, free-form objects), with the right one.
    decoded   Virtual property → path of the property whose Base64 it holds as text. A source that knows the text only
              in part, or never encoded, fills it; the encoded property hides where its holes are.
    unset     Property → what a live resource has whose description leaves it out, where that is neither nothing nor
              unknown; None for one that matters only while the resource is made. See `observed`.
    """

    type: str
    defaults: Mapping[str, Value | Undocumented] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    folds: tuple[Fold, ...] = ()
    extra: Mapping[str, Type] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    decoded: Mapping[str, str] = field(default_factory=dict)
    unset: Mapping[str, Value] = field(default_factory=dict)

    @property
    def added(self) -> Mapping[str, Type]:
        """Properties that the schema does not have and this table adds."""
        found = {fold.into: fold.type or _whole(fold) for fold in self.folds if fold.type or not fold.take}
        return {**found, **dict.fromkeys(self.decoded, STRING), **self.extra}


def _whole(fold: Fold) -> Type:
    source = Type(Kind.OBJECT, name=fold.source)
    return list_of(source) if fold.many else source


def undocumented(type_name: str, path: str, default: Undocumented) -> Unknown:
    """Return the unknown that an absent property without a fixed default reads as."""
    detail = f"{path} is absent, and the default depends on {default.depends_on}"
    return Unknown(Reason(Cause.UNDOCUMENTED, f"{type_name} {path}", detail))

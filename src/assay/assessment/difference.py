"""Where a live resource differs from what was declared, property by property, as the schema of its type has it.

Three answers for a property: equal, different, not known. What AWS alone sets (read-only) and what it never shows
(write-only) is not compared. A property that is declared nowhere is left to AWS: whatever it is, it is no difference,
unless the platform has a default for it, or only declared parts fill it (the rules of a security group).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from assay.assessment.comparable import (
    attached_by_declaration,
    filled_by_parts,
    is_hidden,
    order_matters,
    own_properties,
    pattern_of,
    stated_default,
    transforms_of,
)
from assay.assessment.likeness import (
    canonical,
    fits,
    has_holes,
    is_list,
    is_tag,
    label_of,
    parsed,
    same_scalar,
    text_of,
)
from assay.inventory.defaults import default_for, zero
from assay.inventory.resource import Resource
from assay.inventory.schema import ANY, POLICY, Kind, Type, fields_of, resource_types
from assay.inventory.values import Choice, Path, Unknown, Value

Names = Callable[[Unknown], frozenset[str]]
"""The texts that a reference to another resource may stand for; empty when that is not known."""
SamePolicy = Callable[[Value, Value], bool | None]
"""Whether two policy documents allow the same; None when that is not known."""

_LARGEST: Final = 40_000  # pairs of elements of two lists that are compared with one another
_MOST: Final = 50_000  # values that are compared of one resource


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. None stands for: nothing there. `default`: nothing is declared, and AWS makes something else."""

    path: Path
    declared: Value
    live: Value
    default: bool = False


@dataclass(frozen=True, slots=True)
class NotKnown:
    """One property of which nobody can say whether it differs."""

    path: Path
    why: str


@dataclass(slots=True)
class Compared:
    """What came of comparing. `equal`: how many values are; `left`: properties that are live and declared nowhere."""

    equal: int = 0
    differences: list[Difference] = field(default_factory=list)
    unknown: list[NotKnown] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)

    def add(self, other: "Compared") -> None:
        """Take over what another comparison found."""
        self.equal += other.equal
        self.differences += other.differences
        self.unknown += other.unknown
        self.left += other.left


def compare(declared: Resource, live: Resource, names: Names, same_policy: SamePolicy) -> Compared:
    """Return where a live resource differs from the declared one of the same type."""
    found = _Comparison(declared.type, names, same_policy)
    if declared.type in resource_types():
        found.fields(declared.properties, live.properties, fields_of(declared.type), ())
    return found.result


@dataclass(slots=True)
class _Comparison:
    kind: str
    names: Names
    same_policy: SamePolicy
    budget: list[int] = field(default_factory=lambda: [_MOST])  # shared with trials: lists in lists multiply
    result: Compared = field(default_factory=Compared)

    # -- what is found -------------------------------------------------------------------------------------------------

    def differs(self, path: Path, declared: Value, live: Value) -> None:
        self.result.differences.append(Difference(path, declared, live))

    def not_known(self, path: Path, why: str) -> None:
        self.result.unknown.append(NotKnown(path, why))

    def trial(self, declared: Value, live: Value, wanted: Type, path: Path) -> Compared:
        """Return what comparing two values gives, without keeping it."""
        apart = _Comparison(self.kind, self.names, self.same_policy, self.budget)
        if declared is None:
            apart.undeclared(live, wanted, path)
        else:
            apart.values(declared, live, wanted, path)
        return apart.result

    # -- objects -------------------------------------------------------------------------------------------------------

    def fields(
        self, declared: Mapping[str, Value], live: Mapping[str, Value], fields: Mapping[str, Type], path: Path
    ) -> None:
        for name in sorted({*declared, *live}):
            inner = (*path, name)
            if is_hidden(self.kind, pattern_of(inner)):
                continue
            here, there, wanted = declared.get(name), live.get(name), fields.get(name, ANY)
            if here is None and there is not None:
                self.undeclared(there, wanted, inner)
            elif there is None and here is not None:
                self.gone(here, wanted, inner)
            elif here is not None:
                self.values(here, there, wanted, inner)

    def undeclared(self, live: Value, wanted: Type, path: Path) -> None:
        """A live property that is declared nowhere."""
        default = stated_default(self.kind, path)
        by_parts = len(path) == 1 and path[0] in filled_by_parts(self.kind)
        if isinstance(live, Unknown) and path[0] not in own_properties(self.kind):
            self.result.left.append(path)  # what resources of a type that was not observed would add
        elif default is None and not by_parts:
            if live != zero(wanted):
                self.beyond(live, path)
        elif is_list(live):
            self.added(default if is_list(default) else [], live, wanted, path)
        else:
            found = self.trial(zero(wanted) if default is None else default, live, wanted, path)
            found.differences = [replace(each, default=True) for each in found.differences]
            self.result.add(found)

    def beyond(self, live: Value, path: Path) -> None:
        """What nothing declares and AWS sets as it likes; but a policy of its own it attaches to nobody by itself."""
        policies = attached_by_declaration(path, live)
        for index, each in policies:
            self.result.differences.append(Difference((*path, index), None, each, default=True))
        if not policies:
            self.result.left.append(path)

    def added(self, default: Value, live: Value, wanted: Type, path: Path) -> None:
        """The elements of a live list that AWS does not make; those that it would make may be missing."""
        for index, each in enumerate(live):  # type: ignore[arg-type]  # a sequence
            trials = [self.trial(one, each, wanted.items or ANY, (*path, index)) for one in default]  # type: ignore[union-attr]
            if any(not trial.differences and not trial.unknown for trial in trials):
                self.result.equal += 1
            elif isinstance(each, Unknown):
                self.not_known((*path, index), str(each.reason))
            else:
                self.result.differences.append(Difference((*path, index), None, each, default=True))

    def gone(self, declared: Value, wanted: Type, path: Path) -> None:
        """A declared property that the live resource does not have."""
        nothing = zero(wanted) if wanted.kind is not Kind.ANY else None
        if declared in (nothing, default_for(self.kind, pattern_of(path))):
            self.result.equal += 1
        elif isinstance(declared, (Unknown, Choice)):
            self.not_known(path, str(declared.reason))
        elif len(path) > 1 and wanted.kind in (Kind.BOOLEAN, Kind.INTEGER, Kind.NUMBER):
            self.not_known(path, "the description of the live resource leaves it out")
        else:
            self.differs(path, declared, None)

    # -- values --------------------------------------------------------------------------------------------------------

    def values(self, declared: Value, live: Value, wanted: Type, path: Path) -> None:
        self.budget[0] -= 1
        if self.budget[0] < 0:
            self.not_known(path, "there is more to compare than we do")
        elif isinstance(declared, Choice):
            self.choice(declared, live, wanted, path)
        elif isinstance(live, (Unknown, Choice)):
            self.not_known(path, str(live.reason))
        elif isinstance(declared, Unknown):
            self.hole(declared, live, path)
        elif wanted == POLICY:
            self.policy(declared, live, path)
        elif wanted.kind is Kind.ANY:
            self.plain(parsed(declared), parsed(live), path)
        else:
            self.plain(declared, live, path, wanted)

    def plain(self, declared: Value, live: Value, path: Path, wanted: Type = ANY) -> None:
        if isinstance(declared, Mapping) and isinstance(live, Mapping):
            inner = dict.fromkeys({*declared, *live}, wanted.items or ANY) if wanted.kind is Kind.MAP else wanted.fields
            self.fields(declared, live, inner, path)
        elif is_list(declared) and is_list(live):
            self.lists(declared, live, wanted.items or ANY, path)  # type: ignore[arg-type]  # both are sequences
        elif is_list(declared) or is_list(live) or isinstance(declared, Mapping) or isinstance(live, Mapping):
            self.differs(path, declared, live)
        else:
            self.scalars(declared, live, path)

    def choice(self, declared: Choice, live: Value, wanted: Type, path: Path) -> None:
        trials = [self.trial(each, live, wanted, path) for _, each in declared.options]
        if all(each.differences for each in trials):
            self.differs(path, declared, live)
        elif any(each.differences or each.unknown or each.left for each in trials):
            self.not_known(path, str(declared.reason))
        else:
            self.result.equal += 1

    def hole(self, declared: Unknown, live: Value, path: Path) -> None:
        if isinstance(live, str) and declared.parts and not fits(declared.parts, live):
            self.differs(path, declared, live)
        elif isinstance(live, str) and live in self.texts(declared):
            self.result.equal += 1
        else:
            self.not_known(path, str(declared.reason))

    def texts(self, hole: Unknown) -> frozenset[str]:
        """Return the texts that an unknown may stand for, with what surrounds it; empty when that is not known."""
        if hole.parts and len(hole.parts) != 2:
            return frozenset()
        before, after = hole.parts or ("", "")
        return frozenset(f"{before}{each}{after}" for each in self.names(hole))

    def filled(self, value: Value) -> Value:
        """Return a value with the unknowns in it replaced that can only stand for one text."""
        if isinstance(value, Unknown):
            texts = self.texts(value)
            return next(iter(texts)) if len(texts) == 1 else value
        if isinstance(value, Mapping):
            return {key: self.filled(each) for key, each in value.items()}
        return [self.filled(each) for each in value] if is_list(value) else value  # type: ignore[union-attr]

    def policy(self, declared: Value, live: Value, path: Path) -> None:
        declared = self.filled(declared)
        if canonical(declared) == canonical(live):
            self.result.equal += 1
            return
        same = None if has_holes(declared) or has_holes(live) else self.same_policy(declared, live)
        if same:
            self.result.equal += 1
        elif same is False:
            self.differs(path, declared, live)
        else:
            self.not_known(path, "whether the two policy documents allow the same")

    def scalars(self, declared: Value, live: Value, path: Path) -> None:
        same = same_scalar(declared, live, transforms_of(self.kind).get("/".join(pattern_of(path)), ()))
        if same:
            self.result.equal += 1
        elif same is False:
            self.differs(path, declared, live)
        else:
            self.not_known(path, "whether it is another way to write what is declared")

    # -- lists ---------------------------------------------------------------------------------------------------------

    def lists(self, declared: Sequence[Value], live: Sequence[Value], wanted: Type, path: Path) -> None:
        if len(declared) * len(live) > _LARGEST:
            self.not_known(path, f"{len(declared)} and {len(live)} elements are more than we compare")
            return
        if path[-1:] == ("Tags",) and all(is_tag(each) for each in (*declared, *live)):
            self.tags(declared, live, path)
            return
        if self.in_order(declared, live, wanted, path):
            return
        here, there = self.matched(declared, live, wanted, path)
        if here or there:
            self.left_over(declared, live, wanted, path, here, there)
        elif order_matters(self.kind, pattern_of(path)) is not False:
            self.not_known(path, "only the order differs, and the schema does not say that it has no meaning")

    def left_over(
        self,
        declared: Sequence[Value],
        live: Sequence[Value],
        wanted: Type,
        path: Path,
        here: list[int],
        there: list[int],
    ) -> None:
        """Compare the elements that are not equal: with that of the same label, or the only other one, or none."""
        for index in tuple(here):
            same = [each for each in there if label_of(live[each]) == label_of(declared[index]) != ""]
            if same or len(here) == len(there) == 1:
                other = same[0] if same else there[0]
                self.values(declared[index], live[other], wanted, (*path, index))
                here.remove(index)
                there.remove(other)
        declared_hole = any(isinstance(declared[index], (Unknown, Choice)) for index in here)
        live_hole = any(isinstance(live[index], (Unknown, Choice)) for index in there)
        for index in here:
            self.alone((*path, index), declared[index], None, doubtful=live_hole)
        for index in there:
            self.alone((*path, index), None, live[index], doubtful=declared_hole)

    def alone(self, path: Path, declared: Value, live: Value, *, doubtful: bool) -> None:
        """An element that only one of two lists has, for certain unless another element is not known."""
        if doubtful or isinstance(declared, (Unknown, Choice)) or isinstance(live, (Unknown, Choice)):
            self.not_known(path, "whether it is one of the elements that are not known")
        else:
            self.differs(path, declared, live)

    def in_order(self, declared: Sequence[Value], live: Sequence[Value], wanted: Type, path: Path) -> bool:
        """Keep the comparison element by element if it finds no difference."""
        if len(declared) != len(live):
            return False
        found = Compared()
        for index, (here, there) in enumerate(zip(declared, live, strict=True)):
            found.add(self.trial(here, there, wanted, (*path, index)))
        if found.differences or (found.unknown and order_matters(self.kind, pattern_of(path)) is False):
            return False
        self.result.add(found)
        return True

    def matched(
        self, declared: Sequence[Value], live: Sequence[Value], wanted: Type, path: Path
    ) -> tuple[list[int], list[int]]:
        """Pair equal elements, then those of which nothing tells that they differ; return what is left of both."""
        here, there = self.identical(declared, live)
        for certain in (True, False):
            for index in tuple(here):
                for other in tuple(there):
                    found = self.trial(declared[index], live[other], wanted, (*path, index))
                    if not found.differences and not (certain and found.unknown):
                        self.result.add(found)
                        here.remove(index)
                        there.remove(other)
                        break
        return here, there

    def identical(self, declared: Sequence[Value], live: Sequence[Value]) -> tuple[list[int], list[int]]:
        """Take out what is written alike, quickly; return the places of the rest."""
        written: dict[str, list[int]] = {}
        for index, each in enumerate(live):
            written.setdefault(text_of(each), []).append(index)
        here, taken = [], set()
        for index, each in enumerate(declared):
            same = written.get(text_of(each)) if not has_holes(each) else None
            if same:
                taken.add(same.pop(0))
                self.result.equal += 1
            else:
                here.append(index)
        return here, [index for index in range(len(live)) if index not in taken]

    def tags(self, declared: Sequence[Value], live: Sequence[Value], path: Path) -> None:
        """Of tags, only those that are declared: stacks and services add others."""
        there = {str(each["Key"]): each.get("Value") for each in live if isinstance(each, Mapping)}
        for index, each in enumerate(declared):
            if not isinstance(each, Mapping):
                continue
            key = each["Key"]
            if isinstance(key, str) and key in there:
                self.values(each.get("Value", ""), there[key] or "", ANY, (*path, index, "Value"))
            elif isinstance(key, str):
                self.differs((*path, index), each, None)
            else:
                self.not_known((*path, index), "the key of the tag is not known")

"""From text to CEL's abstract syntax, by Google's own parser.

The parser hands out its tree as the standard protobuf (cel-spec, proto/cel/expr/syntax.proto); no package ships the
generated classes for it, so the few messages that we read are declared here. Only field numbers matter on the wire.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# A message, and its fields as name:number:type, a star for repeated ones; indented lines continue.
_MESSAGES = """
Constant      null_value:1:int32 bool_value:2:bool int64_value:3:int64 uint64_value:4:uint64 double_value:5:double
              string_value:6:string bytes_value:7:bytes
Ident         name:1:string
Select        operand:1:Expr field:2:string test_only:3:bool
Call          target:1:Expr function:2:string args:3:Expr*
CreateList    elements:1:Expr*
Entry         id:1:int64 field_key:2:string map_key:3:Expr value:4:Expr
CreateStruct  message_name:1:string entries:2:Entry*
Comprehension iter_var:1:string iter_range:2:Expr accu_var:3:string accu_init:4:Expr loop_condition:5:Expr
              loop_step:6:Expr result:7:Expr
Expr          id:2:int64 const_expr:3:Constant ident_expr:4:Ident select_expr:5:Select call_expr:6:Call
              list_expr:7:CreateList struct_expr:8:CreateStruct comprehension_expr:9:Comprehension
Position      key:1:int64 value:2:int32
SourceInfo    positions:4:Position*
ParsedExpr    expr:2:Expr source_info:3:SourceInfo
"""
_ONEOF = ("Constant", "Expr")  # exactly one of their fields is set, and which one tells the kind


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """What the parser objects to, at an offset in characters."""

    at: int
    message: str


class NotAnExpression(Exception):
    """The text is not CEL; carries every fault that the parser found."""

    def __init__(self, faults: tuple[SyntaxFault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.message for fault in faults))


@dataclass(frozen=True, slots=True)
class Syntax:
    """A parsed text: the root `Expr` message, and the offset in characters of each node by its id."""

    root: Any
    positions: dict[int, int]


def parse(text: str) -> Syntax:
    """Return the syntax of a CEL text. Raises NotAnExpression."""
    try:
        # Checking is off: our checker knows the resource schemas, the parser does not.
        serialized = _environment().compile(text, True).serialize()
    except RuntimeError as error:
        raise NotAnExpression(tuple(_faults(text, str(error)))) from None
    parsed = _message_class()()
    try:
        parsed.ParseFromString(_unwrapped(serialized))
    except _decode_error():  # protobuf reads a hundred levels of messages, two to four of which are one of CEL
        raise NotAnExpression((SyntaxFault(0, "nested too deep; split it"),)) from None
    positions = {each.key: each.value for each in parsed.source_info.positions}
    return Syntax(parsed.expr, positions)


@lru_cache(maxsize=1)
def _environment() -> Any:
    from cel_expr_python import cel

    return cel.NewEnv()


def _decode_error() -> type[Exception]:
    from google.protobuf.message import DecodeError

    return DecodeError


def _unwrapped(serialized: bytes) -> bytes:
    from google.protobuf import any_pb2

    wrapped = any_pb2.Any()
    wrapped.ParseFromString(serialized)
    return wrapped.value


_PLACE = re.compile(r"ERROR: [^:]*:(\d+):(\d+): (?:Syntax error: )?(.*)")


def _faults(text: str, said: str) -> Iterator[SyntaxFault]:
    lines = text.split("\n")
    found = False
    for match in _PLACE.finditer(said):
        line, column = int(match[1]), int(match[2])
        at = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
        found = True
        yield SyntaxFault(min(max(at, 0), len(text)), _plain(match[3]))
    if not found:
        yield SyntaxFault(0, _plain(said.splitlines()[0]) if said else "not a CEL expression")


def _plain(said: str) -> str:
    """Return the parser's message without its status codes."""
    if "recursion" in said:
        return "nested too deep; split it"
    return re.sub(r"^[A-Z_]+: |\s*\[[A-Z_]+\]$", "", said.strip())


@lru_cache(maxsize=1)
def _message_class() -> Any:
    return message_class(_MESSAGES, _ONEOF, "ParsedExpr")


def message_class(declared: str, one_of: Sequence[str], name: str) -> Any:
    """Return the protobuf class of one of the messages that a text declares, as `_MESSAGES` does.

    one_of: messages exactly one of whose fields, `id` apart, is set; which one, `WhichOneof("kind")` tells.
    """
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(name="assay/cel.proto", package="assay.cel", syntax="proto3")
    for line in re.split(r"\n(?! )", declared.strip()):
        message_name, *fields = line.split()
        message = file.message_type.add(name=message_name)
        exclusive = message_name in one_of
        if exclusive:
            message.oneof_decl.add(name="kind")
        for each in fields:
            field = _add_field(message, each)
            if exclusive and field.name != "id":
                field.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"assay.cel.{name}"))


def _add_field(message: Any, declared: str) -> Any:
    """Add a field, declared as name:number:type, to the descriptor of a message."""
    from google.protobuf.descriptor_pb2 import FieldDescriptorProto

    name, number, kind = declared.split(":")
    field = message.field.add(name=name, number=int(number))
    repeated, kind = kind.endswith("*"), kind.rstrip("*")
    field.label = FieldDescriptorProto.LABEL_REPEATED if repeated else FieldDescriptorProto.LABEL_OPTIONAL
    if kind[0].isupper():
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".assay.cel.{kind}"
    else:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
    return field

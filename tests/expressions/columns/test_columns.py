"""Where SQL, JSON and DuckDB would answer otherwise than the interpreter, were they asked naively."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.expressions import Environment, Expression, evaluate, parse
from assay.expressions.columns import Engine, Query, Question, document
from assay.inventory.schema import ANY, BOOLEAN, INTEGER, NUMBER, STRING, list_of, map_of, object_of, resource_schema
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

RESOURCE = object_of(
    Flag=BOOLEAN, Count=INTEGER, Ratio=NUMBER, Name=STRING, Names=list_of(STRING), Flags=list_of(BOOLEAN),
    Items=list_of(object_of(on=BOOLEAN, name=STRING)), Tags=map_of(STRING), Free=ANY,
)  # fmt: skip
ENVIRONMENT = Environment({"resource": RESOURCE})
UNKNOWN = Unknown(Reason(Cause.PARAMETER, "Stage"))
PRESENT = Unknown(Reason(Cause.PARAMETER, "Stage"), present=True)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as one:
        yield one


def expression(text: str) -> Expression:
    return parse(text, ENVIRONMENT)


def answer(engine: Engine, text: str, value: Any) -> str:
    (found,) = engine.judge(Query([Question("q", expression(text))]), [document(value)])
    return found


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        # `all` over unknowns: DuckDB's list_bool_and([true, NULL]) is true, and of [] NULL.
        ("resource.Flags.all(f, f)", {"Flags": [True, PRESENT]}, "?"),
        ("resource.Flags.all(f, f)", {"Flags": [False, PRESENT]}, "0"),
        ("resource.Flags.all(f, f)", {"Flags": []}, "1"),
        ("resource.Flags.all(f, f)", {}, "1"),
        ("resource.Flags.exists(f, f)", {"Flags": [PRESENT, True]}, "1"),
        ("resource.Flags.all(f, f)", {"Flags": UNKNOWN}, "?"),
        ("resource.Flags.all(f, f)", {"Flags": "x"}, "?"),
        # Absent, null, unknown and wrongly typed are four things.
        ("resource.Flag", {}, "0"),
        ("resource.Flag", {"Flag": None}, "0"),
        ("resource.Flag", {"Flag": UNKNOWN}, "?"),
        ("resource.Flag", {"Flag": "true"}, "?"),
        ("has(resource.Flag)", {"Flag": False}, "1"),
        ("has(resource.Flag)", {"Flag": None}, "0"),
        ("has(resource.Flag)", {"Flag": PRESENT}, "1"),
        ("has(resource.Flag)", {"Flag": UNKNOWN}, "?"),
        ("has(resource.Free.a.b)", {"Free": {"a": 5}}, "0"),
        ("has(resource.Free.a.b)", {"Free": UNKNOWN}, "?"),
        # Numbers.
        ("resource.Count == 22", {"Count": "22"}, "0"),
        ("resource.Ratio == 22.0", {"Ratio": 22}, "1"),
        ("resource.Count > 9007199254740991", {"Count": 2**53 + 1}, "1"),
        ("resource.Count == resource.Free", {"Count": 2**53, "Free": 2**53 + 1}, "0"),
        ("resource.Count + 1 > 0", {"Count": 2**63 - 1}, "?"),
        ("resource.Count / 0 == 1", {"Count": 1}, "?"),
        ("resource.Ratio == 0.0", {"Ratio": -0.0}, "1"),
        ("resource.Count / 2 == 3", {"Count": 7}, "1"),
        # Text.
        ("resource.Name < 'b'", {"Name": "B"}, "1"),
        ("resource.Name < 'é'", {"Name": "z"}, "1"),
        ("resource.Name.contains('%')", {"Name": "ab"}, "0"),
        ("resource.Name.endsWith('n')", {"Name": "a\n"}, "0"),
        ("resource.Name.startsWith('\\\\')", {"Name": "\\a"}, "1"),
        ("resource.Name == '\\000'", {"Name": "\0"}, "1"),
        ("size(resource.Name) == 1", {"Name": "🤦"}, "1"),
        ("resource.Name.matches('^a$')", {"Name": "a\n"}, "0"),
        ("resource.Name == 'null'", {"Name": "null"}, "1"),
        # Keys.
        ("resource.Free['a.b'] == 1", {"Free": {"a.b": 1, "a": {"b": 2}}}, "1"),
        ("resource.Free['a/b'] == 1", {"Free": {"a/b": 1}}, "1"),
        ("resource.Free['~1'] == 1", {"Free": {"~1": 1, "/": 2}}, "1"),
        ("resource.Free['\"'] == 1", {"Free": {'"': 1}}, "1"),
        ("resource.Free['*'] == 1", {"Free": {"*": 1, "x": 2}}, "1"),
        ("resource.Free['$'] == 1", {"Free": {"$": 1}}, "1"),
        ("resource.Free['0'] == 1", {"Free": [1]}, "?"),
        ("resource.Free[''] == 1", {"Free": {"": 1}}, "1"),
        ("resource.Free.a == 1", {"Free": {"A": 1}}, "0"),
        ("resource.Tags.exists(k, k == 'a')", {"Tags": {"a": None, "b": "x"}}, "0"),
        ("'a' in resource.Tags", {"Tags": {"a": UNKNOWN}}, "?"),
        # Lists.
        ("size(resource.Names) == 1", {"Names": [UNKNOWN]}, "?"),
        ("size(resource.Names) == 1", {"Names": [PRESENT]}, "1"),
        ("'a' in resource.Names", {"Names": [PRESENT]}, "?"),
        ("'a' in resource.Names", {"Names": [PRESENT, "a"]}, "1"),
        ("resource.Names == ['a', 'b']", {"Names": ["a", "b"]}, "1"),
        ("resource.Names == ['a', 'b']", {"Names": ["b", "a"]}, "0"),
        ("resource.Free == [1.0]", {"Free": [1]}, "1"),
        ("resource.Names[1] == 'b'", {"Names": ["a", "b"]}, "1"),
        ("resource.Names[2] == 'b'", {"Names": ["a", "b"]}, "?"),
        ("resource.Items.filter(i, i.on).map(i, i.name) == ['b', 'a']", {"Items": [
            {"on": True, "name": "b"}, {"name": "x"}, {"on": True, "name": "a"}]}, "1"),
        ("resource.Items.exists_one(i, i.on)", {"Items": [{"on": True}, {"on": True}, {"on": PRESENT}]}, "0"),
        ("resource.Items.all(i, resource.Items.exists(j, i.name == j.name && i.on != j.on))", {"Items": [
            {"on": True, "name": "b"}, {"on": False, "name": "b"}]}, "1"),
        ("resource.Flag ? resource.Name == 'a' : resource.Count == 0", {"Flag": UNKNOWN, "Name": "a"}, "1"),
    ],
)  # fmt: skip
def test_it_answers_as_the_interpreter(engine: Engine, text: str, value: Any, wanted: str) -> None:
    truth = evaluate(expression(text), {"resource": value}, explain=False).truth
    assert (answer(engine, text, value), truth) == (wanted, {"1": True, "0": False, "?": None}[wanted])


def test_what_depends_on_a_choice_is_left_to_the_interpreter_and_nothing_else(engine: Engine) -> None:
    choice = Choice("Stage", Reason(Cause.PARAMETER, "Stage"), (("a", True), ("b", True)))
    assert answer(engine, "resource.Flag", {"Flag": choice}) == "?"
    assert answer(engine, "resource.Name == ''", {"Flag": choice}) == "1"


@pytest.mark.parametrize("value", [{"Name": "\ud800"}, {"Ratio": float("nan")}, {"Free": {"$unknown": {"x": 1}}}])
def test_what_json_cannot_say_is_left_to_the_interpreter(engine: Engine, value: Any) -> None:
    assert document(value) is None
    assert list(engine.judge(Query([Question("q", expression("!resource.Flag"))]), [None])) == ["?"]


@pytest.mark.parametrize(
    ("require", "wanted"),
    [
        ("{}", "?"),
        ("{} || resource.BucketName == 'a'", "1"),
        ("{} && resource.BucketName != 'a'", "0"),
        ("{} || resource.BucketName != 'a'", "?"),
        ("!({})", "?"),
        ("resource.Tags.all(tag, tag.Key == 'x' || {})", "?"),
        ("resource.Tags.all(tag, tag.Key == 'k' || {})", "1"),
    ],
)
@pytest.mark.parametrize(
    "relation",
    [
        'referrers(resource, "AWS::S3::BucketPolicy", "Bucket").size() > 0',
        'referrers(resource, "AWS::S3::BucketPolicy", "Bucket").exists(one, has(one.PolicyDocument))',
        'target(resource.BucketName, "AWS::S3::Bucket").BucketName == "b"',
        'has(target(resource.BucketName, "AWS::S3::Bucket").BucketName)',
        'targets([resource.BucketName], "AWS::S3::Bucket").all(one, one.BucketName == "b")',
    ],
)
def test_what_other_resources_say_is_asked_only_where_it_decides(
    engine: Engine, require: str, relation: str, wanted: str
) -> None:
    bucket = Environment({"resource": resource_schema("AWS::S3::Bucket").properties})
    query = Query([Question("q", parse(require.format(relation), bucket))])
    given: dict[str, Value] = {"BucketName": "a", "Tags": [{"Key": "k", "Value": "v"}]}
    assert list(engine.judge(query, [document(given)])) == [wanted]


def test_unless_comes_first(engine: Engine) -> None:
    query = Query([Question("q", expression("resource.Name == 'a'"), expression("resource.Flag"))])
    given: list[dict[str, Value]] = [{"Flag": True}, {"Flag": UNKNOWN, "Name": "a"}, {"Name": "a"}, {"Name": "b"}]
    assert list(engine.judge(query, map(document, given))) == ["-", "?", "1", "0"]


def test_batches_change_nothing(engine: Engine) -> None:
    query = Query([Question("q", expression("resource.Names.exists(n, n.glob('*1'))"))])
    texts = [document({"Names": [str(number), "x"]}) for number in range(25)]
    assert list(engine.judge(query, texts, batch=4)) == list(engine.judge(query, texts))


def test_documents_of_others_from_a_file(engine: Engine, tmp_path: Path) -> None:
    """A key twice, what is no JSON and what is no object are left to the interpreter; spaces and escapes are not."""
    lines = [
        '{"Flag": true}',
        '{"Flag": true, "Flag": false}',
        "{",
        "5",
        ' {"\\u0046lag" : true } ',
        '{"Free": {"a": 1, "a": 2}}',
    ]
    path = tmp_path / "documents.ndjson"
    path.write_text("\n".join(json.dumps({"id": str(number), "document": line}) for number, line in enumerate(lines)))
    query = Query([Question("q", expression("resource.Flag || resource.Free.a == 1"))], trusted=False)
    engine.judge_table(query, f"SELECT id, document FROM read_json('{path}')", "judged", batch=2)
    found = engine.connection.execute("SELECT id, answers FROM judged ORDER BY id").fetchall()
    assert dict(found) == {"0": "1", "1": "?", "2": "?", "3": "?", "4": "1", "5": "?"}

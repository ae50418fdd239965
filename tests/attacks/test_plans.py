"""Plans that mean harm may cost a moment and a fault; never the process, another plan or a wrong answer."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.terraform.plans import Made, calls, document, read_document

from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Unknown
from assay.operations import reading
from assay.sources.cloudformation import Context as Given
from assay.sources.terraform import Context, find, is_plan, read, read_text
from assay.sources.terraform.services import ENTRIES

_SECONDS = 20.0  # on a slow, shared machine; each takes a fraction of one
_BUCKET = Made("aws_s3_bucket.b", {"bucket": "orders"})


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    begin = time.process_time()
    yield
    assert time.process_time() - begin < _SECONDS


def _fault(content: bytes) -> str:
    inventory = read_text(content, "p.json", Context())
    assert not inventory.resources and not inventory.complete
    [fault] = inventory.faults
    assert fault.file == "p.json"
    return str(fault)


def _plan(**more: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "planned_values": {"root_module": {}}, **more}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\x00\x01", "not valid JSON"),
        (b'{"format_version": "1.2", "planned_values": {"root', "not valid JSON"),
        (b"[]", "not a Terraform plan"),
        (b'{"format_version": "1.2"}', "no planned_values"),
        (b'{"planned_values": {}}', "no format_version"),
        (b'{"format_version": 12, "planned_values": {}}', "format of plans"),
        (b'{"format_version": "2.0", "planned_values": {}}', "format of plans"),
        (b'{"format_version": "1.2", "planned_values": []}', "planned_values is no object"),
        (b'{"format_version": "1.2", "planned_values": {"root_module": {"resources": 1}}}', "resources is no list"),
        (
            b'{"format_version": "1.2", "planned_values": {"root_module": {"resources": [1]}}}',
            "a resource is no object",
        ),
        (b'{"format_version": "1.2", "planned_values": {"root_module": {"resources": [{}]}}}', "without address"),
        (b'{"format_version": "1.2", "resource_changes": {}}', "resource_changes is no list"),
        (b'{"format_version": "1.2", "resource_changes": [{"address": "a", "change": 1}]}', "change"),
        (b'{"format_version": "1.2", "planned_values": {}, "x": 1' + b"0" * 5000 + b"}", "not valid JSON"),
        (b'{"format_version": "1.2", "planned_values": {}, "x": "\\ud800"}', "not valid JSON"),
    ],
)
def test_what_is_no_plan_is_one_fault(content: bytes, said: str) -> None:
    assert said in _fault(content)


@pytest.mark.parametrize("depth", [150, 5_000, 200_000])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_depth_is_bounded(depth: int, brackets: str) -> None:
    inner = "[" * depth + "]" * depth if brackets == "[]" else '{"a":' * depth + "1" + "}" * depth
    resource = f'{{"address": "aws_vpc.v", "type": "aws_vpc", "values": {{"x": {inner}}}}}'
    content = f'{{"format_version": "1.2", "planned_values": {{"root_module": {{"resources": [{resource}]}}}}}}'
    assert "deep" in _fault(content.encode())


def test_modules_within_modules_are_bounded() -> None:
    module: dict[str, Any] = {"resources": []}
    for _ in range(200):
        module = {"child_modules": [module]}
    assert "deep" in _fault(json.dumps(_plan(planned_values={"root_module": module})).encode())


def test_a_plan_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with path.open("wb") as stream:
        stream.write(b'{"format_version": "1.2", "planned_values": {')
        stream.truncate(300_000_000)  # a hole, which costs no space
    assert is_plan(path)
    [fault] = read([path], Context()).faults
    assert "too large" in str(fault)


def test_one_address_twice_is_a_fault() -> None:
    resource = {"address": "aws_vpc.v", "type": "aws_vpc", "values": {}}
    assert "one address" in _fault(
        json.dumps(_plan(planned_values={"root_module": {"resources": [resource] * 2}})).encode()
    )


def test_a_faulty_plan_leaves_the_others(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(document(_BUCKET)))
    bad.write_text(json.dumps(document(_BUCKET))[:-40])
    assert find(tmp_path) == [bad, good]
    inventory = reading.read([tmp_path], Given())
    assert [each.name for each in inventory.resources] == ["aws_s3_bucket.b"]
    assert [each.file for each in inventory.faults] == [str(bad)]
    assert not inventory.complete


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "plan.json", tmp_path / "f"
    folder.mkdir()
    outside.write_text(json.dumps(document(_BUCKET)))
    (folder / "plan.json").symlink_to(outside)
    assert find(folder) == []


def test_a_link_to_the_same_plan_is_not_read_twice(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(document(_BUCKET)))
    (tmp_path / "same.json").symlink_to(tmp_path / "plan.json")
    assert len(reading.read([tmp_path], Given()).resources) == 1


def test_modules_that_call_one_another_for_ever_end() -> None:
    volumes = [Made(f"module.m.aws_ebs_volume.v{number}", {}, {"kms_key_id": True},
                    {"kms_key_id": f"var.k{number}"}, module="module.m") for number in range(50)]  # fmt: skip
    expressions = {f"k{number}": f"module.m.o{(number + 1) % 50}" for number in range(50)}
    outputs = {f"o{number}": f"var.k{number}" for number in range(50)}
    modules = {"m": calls(*volumes, expressions=expressions, outputs=outputs)}
    inventory = read_document(document(*volumes, modules=modules))
    assert all(isinstance(each.properties["KmsKeyId"], Unknown) for each in inventory.resources)


def test_long_rows_of_resources_that_name_one_another_end() -> None:
    parts = [
        Made(f"aws_s3_bucket_acl.a{number}", {}, {"bucket": True}, {"bucket": f"aws_s3_bucket_acl.a{number + 1}.id"})
        for number in range(2_000)
    ]
    documents = [
        Made(f"data.aws_iam_policy_document.d{number}", {"statement": []}, {"json": True, "source_json": True},
             {"source_json": f"data.aws_iam_policy_document.d{number + 1}.json"}, mode="data", actions=("read",))
        for number in range(2_000)
    ]  # fmt: skip
    role = Made("aws_iam_role.r", {}, {"assume_role_policy": True},
                {"assume_role_policy": "data.aws_iam_policy_document.d0.json"})  # fmt: skip
    inventory = read_document(document(*parts, *documents, role))
    assert len([each for each in inventory.resources if not each.fragment]) == 2_001


@pytest.mark.parametrize(
    "name", ["", ".", "[", "a[", 'a["', "module", "module.", "module.m", "data.", "var", "é.x", "a" * 100_000]
)
def test_a_reference_may_be_any_text(name: str) -> None:
    plan = document(Made("aws_ebs_volume.v", {}, {"kms_key_id": True}, {"kms_key_id": "local.x"}))
    [resource] = plan["configuration"]["root_module"]["resources"]
    resource["expressions"]["kms_key_id"] = {"references": [name]}
    [volume] = read_document(plan).resources
    value = volume.properties["KmsKeyId"]
    assert isinstance(value, Unknown) and value.reason.cause is Cause.AFTER_APPLY


def test_many_resources_are_read_in_linear_time() -> None:
    made = [Made(f"aws_s3_bucket.b[{number}]", {"bucket": f"b{number}"}, index=number) for number in range(5_000)]
    parts = [
        Made(f"aws_s3_bucket_versioning.v[{number}]", {"bucket": f"b{number}"}, index=number) for number in range(5_000)
    ]
    assert len(read_document(document(*made, *parts)).resources) == 10_000


# ---- anything at all

_scalars = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.sampled_from(["x", "", "[", "{}", "arn:"])
)
_keys = st.sampled_from(
    ["resources", "child_modules", "address", "type", "values", "references", "constant_value", "statement", "change",
     "actions", "rule", "bucket", "policy", "name", "index", "ingress", "cidr_blocks", "parameter", "expressions"]
)  # fmt: skip
_anything = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=12,
)


def _sound(inventory: Inventory) -> None:
    """Whatever it holds can be named, stored and told apart."""
    for each in inventory.resources:
        assert configuration_digest(each)
    assert len({each.id for each in inventory.resources}) == len(inventory.resources)


_sections = st.sampled_from(
    ["planned_values", "resource_changes", "configuration", "prior_state", "variables", "deferred_changes"]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_sections, _anything))
def test_anything_for_a_section_is_a_plan_or_a_fault(sections: dict[str, Any]) -> None:
    content = json.dumps({"format_version": "1.2", **sections}).encode()
    _sound(read_text(content, "p.json", Context()))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(ENTRIES)),
    st.dictionaries(_keys | st.sampled_from(["tags", "tags_all", "id", "arn", "x"]), _anything, max_size=5),
    _anything,
    _anything,
    st.randoms(use_true_random=False),
)
def test_anything_for_the_values_of_any_type_is_read(
    kind: str, values: dict[str, Any], unknown: Any, sensitive: Any, chance: random.Random
) -> None:
    """Every attribute that the tables of the type name gets something that it never is."""
    for entry in ENTRIES[kind]:
        for name in (*entry.rows, *entry.derived, entry.part_of):
            if name and chance.random() < 0.5:
                values[name.split(".")[0]] = chance.choice([*values.values(), None, 1, "x", [], [[]], [None], {}])
    plan = document(Made(f"{kind}.x", values, states=tuple(values)[:1]))
    plan["resource_changes"][0]["change"] |= {"after_unknown": unknown, "after_sensitive": sensitive}
    inventory = read_document(plan)
    _sound(inventory)
    assert not inventory.faults
    assert [each for each in inventory.resources if each.name == f"{kind}.x"]

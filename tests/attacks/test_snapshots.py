"""Recorded and described resources that somebody broke, or wrote to break the reader."""

import gzip
import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources import small_system as system

from assay import streams
from assay.errors import UsageError
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Inventory
from assay.inventory.values import Unknown
from assay.operations import reading
from assay.sources import aws_config, cloud_control
from assay.sources.cloudformation import Context

WHOLE = json.dumps(system.snapshot()).encode()
Read = Callable[[bytes], Inventory]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading_(content: bytes) -> Inventory:
        path = tmp_path / "config.json"
        path.write_bytes(content)
        return aws_config.read([path])

    return reading_


def _volume(configuration: str) -> bytes:
    item = json.dumps({**system.items()[-1], "configuration": "HERE"})
    head = b'{"configSnapshotId": "a", "configurationItems": ['
    return head + item.replace('"HERE"', configuration).encode() + b"]}"


def test_a_compressed_file_that_is_cut_short_is_a_fault_and_what_was_before_is_kept(read: Read) -> None:
    items = system.items() * 200
    for index, each in enumerate(items):
        items[index] = {**each, "resourceId": f"{each['resourceId']}{index}", "noise": os.urandom(64).hex()}
    packed = gzip.compress(json.dumps(system.snapshot(items)).encode())
    inventory = read(packed[: len(packed) * 3 // 4])
    assert [each.message for each in inventory.faults] == ["the compressed file is damaged or cut short"]
    assert 0 < len(inventory.resources) < len(items)
    assert not inventory.complete


def test_compressed_content_that_was_changed_is_a_fault(read: Read) -> None:
    packed = bytearray(gzip.compress(WHOLE))
    packed[-6] ^= 0xFF  # the checksum
    assert [each.message for each in read(bytes(packed)).faults] == ["the compressed file is damaged or cut short"]


def test_malformed_json_in_the_middle_is_a_fault_with_its_line_and_what_was_before_is_kept(read: Read) -> None:
    lines = [json.dumps(each) for each in system.items()[:3]]
    text = '{"configurationItems": [\n' + lines[0] + ",\n" + lines[1] + ",\n{broken,\n" + lines[2] + "]}"
    inventory = read(text.encode())
    assert [(each.line, each.message) for each in inventory.faults] == [(4, "the file is broken here")]
    assert len(inventory.resources) == 2
    assert not inventory.complete


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_wherever_a_file_ends_it_is_incomplete(tmp_path_factory: pytest.TempPathFactory, end: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "config.json"
    path.write_bytes(WHOLE[:end])
    inventory = aws_config.read([path])
    assert not inventory.complete or not WHOLE[:end].strip()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_whatever_byte_is_changed_nobody_fails(tmp_path_factory: pytest.TempPathFactory, place: int, byte: int) -> None:
    path = tmp_path_factory.mktemp("changed") / "config.json"
    path.write_bytes(WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :])
    for each in aws_config.read([path]).resources:
        configuration_digest(each)


@pytest.mark.parametrize(
    "number", ["9" * 6000, "-" + "9" * 6000, "1e999999", "-1e999999", "123456789012345678901234567890", "1" * 30_000]
)
def test_a_number_of_any_size_is_no_more_than_malformed(read: Read, number: str) -> None:
    inventory = read(_volume(f'{{"volumeId": "vol-0001", "size": {number}, "encrypted": true}}'))
    (volume,) = inventory.resources
    assert isinstance(volume.properties["Size"], Unknown)
    assert volume.properties["Encrypted"] is True
    configuration_digest(volume)


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_constant_that_is_no_json_breaks_the_file(read: Read, constant: str) -> None:
    assert read(_volume(f'{{"size": {constant}}}')).faults


@pytest.mark.parametrize("levels", [500, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_ends_nobody(read: Read, levels: int, opening: str, closing: str) -> None:
    inner = opening * levels + "1" + closing * levels
    inventory = read(_volume(f'{{"volumeId": "vol-0001", "encrypted": true, "attachments": {inner}}}'))
    assert inventory.faults or len(inventory.resources) == 1


@pytest.mark.parametrize("levels", [500, 100_000])
def test_deep_nesting_in_a_text_of_json_ends_nobody(read: Read, levels: int) -> None:
    item = system.as_api(system.items()[-1])
    item["configuration"] = '{"attachments":' + "[" * levels + "]" * levels + "}"
    inventory = read(json.dumps({"configurationItems": [item]}).encode())
    assert len(inventory.resources) == 1


@pytest.mark.parametrize("kind", ["AWS::ECR::Repository", "AWS::S3::Bucket", "AWS::CloudFront::Distribution"])
def test_deep_nesting_in_any_property_ends_nobody(read: Read, kind: str) -> None:
    deep: Any = "x"
    for _ in range(400):
        deep = {"items": [deep]}
    configuration = {"RepositoryName": "a", "distributionConfig": deep, "EncryptionConfiguration": deep}
    item = {**system.items()[-1], "resourceType": kind, "configuration": configuration}
    item["supplementaryConfiguration"] = {"BucketPolicy": {"policyText": "[" * 5000}, "AccessControlList": deep}
    for each in read(json.dumps(system.snapshot([item])).encode()).resources:
        configuration_digest(each)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_another_encoding_is_a_fault(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(WHOLE.decode().encode(encoding))
    assert [each.message for each in aws_config.read([path]).faults] == ["the file is not UTF-8"]


def test_a_byte_order_mark_is_none_of_the_content(read: Read) -> None:
    assert read(b"\xef\xbb\xbf" + WHOLE).complete


def test_bytes_that_are_no_text_are_a_fault(read: Read) -> None:
    inventory = read(WHOLE.replace(b"administration", b"administr\xff\xfetion", 1))
    assert [each.message for each in inventory.faults] == ["the file is not UTF-8"]


def test_a_value_larger_than_any_item_is_a_fault_and_not_read_into_memory(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LARGEST", 3_000_000)
    inventory = read(_volume('{"volumeId": "' + "x" * 8_000_000 + '"}'))
    assert ["at most 3,000,000" in each.expected for each in inventory.faults] == [True]


def test_a_small_file_that_expands_to_a_large_one_is_read_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "config.json.gz"
    with gzip.open(path, "wt", compresslevel=9) as stream:
        stream.write('{"configurationItems": [' + " " * 200_000_000 + "]}")
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    inventory = aws_config.read([path])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert inventory.complete
    assert peak < 50_000_000


@pytest.mark.parametrize(
    "element", [None, 1, "x", [], {}, {"resourceType": 1, "resourceId": {}}, {"resourceType": "AWS::S3::Bucket"}]
)
def test_an_element_that_is_no_item_is_a_fault_and_the_rest_is_read(read: Read, element: Any) -> None:
    inventory = read(json.dumps({"configurationItems": [element, *system.items()[:1]]}).encode())
    assert [each.message for each in inventory.faults] == ["this is no configuration item"]
    assert len(inventory.resources) == 1


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_item_with_any_value_in_any_place_is_one_resource(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    item = dict(data.draw(st.sampled_from(system.items())))
    part = data.draw(st.sampled_from(["configuration", "supplementaryConfiguration", "tags", "relationships"]))
    if part in ("configuration", "supplementaryConfiguration") and item[part]:
        item[part] = {**item[part], data.draw(st.sampled_from(sorted(item[part]))): data.draw(_json)}
    else:
        item[part] = data.draw(_json)
    path = tmp_path_factory.mktemp("item") / "config.json"
    path.write_text(json.dumps(system.snapshot([item])))
    inventory = aws_config.read([path])
    assert inventory.complete
    assert item["resourceId"] in {each.id.split("/", 3)[3] for each in inventory.resources}
    for each in inventory.resources:
        configuration_digest(each)


_KINDS = sorted({kind for kind, _, _ in system.SYSTEM.values()})


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(_KINDS), st.dictionaries(st.text(max_size=8), _json, max_size=4), _json)
def test_any_description_is_one_resource(
    tmp_path_factory: pytest.TempPathFactory, kind: str, properties: dict[str, Any], value: Any
) -> None:
    name = next(iter(next(stated for each, _, stated in system.SYSTEM.values() if each == kind)))
    description = {"Identifier": "a", "Properties": json.dumps({**properties, name: value})}
    path = tmp_path_factory.mktemp("described") / "control.json"
    path.write_text(json.dumps({"TypeName": kind, "ResourceDescription": description}))
    inventory = cloud_control.read([path], cloud_control.Context())
    assert kind in {each.type for each in inventory.resources}


def test_names_within_a_template_do_not_make_it_a_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "template.json"
    text = '{"configurationItems": [], "TypeName": "x", "ResourceDescription": {}}'
    resources = {"Note": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": text}}}
    path.write_text(json.dumps({"Resources": resources}))
    assert [each.type for each in reading.read([path], Context()).resources] == ["AWS::SSM::Parameter"]


def test_one_resource_in_two_forms_is_refused_and_not_judged_twice(tmp_path: Path) -> None:
    recorded, described = tmp_path / "config.json", tmp_path / "control.json"
    recorded.write_text(json.dumps(system.snapshot()))
    described.write_text(json.dumps(system.descriptions()))
    with pytest.raises(UsageError, match="each in a form of its own"):
        reading.read([tmp_path], Context(account=system.ACCOUNT, region=system.REGION))


def test_a_folder_of_templates_and_snapshots_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "template.json").write_text(system.template())
    (tmp_path / "config.json.gz").write_bytes(gzip.compress(WHOLE))
    sources = {each.origin.source for each in reading.read([tmp_path], Context()).resources}
    assert sources == {"cloudformation", "aws_config"}


def test_parameters_are_for_templates(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(WHOLE)
    with pytest.raises(UsageError, match="only templates take parameters"):
        reading.read([tmp_path / "config.json"], Context(parameters={"Stage": "prod"}))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside.json", tmp_path / "inside"
    outside.write_bytes(WHOLE)
    inside.mkdir()
    (inside / "config.json").symlink_to(outside)
    (inside / "template.json").write_text(system.template())
    assert {each.origin.source for each in reading.read([inside], Context()).resources} == {"cloudformation"}

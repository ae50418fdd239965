"""Every entry is right by botocore's models and CloudFormation's schemas, and a wrong one is noticed."""

from dataclasses import replace
from typing import Any

import pytest

from assay.sources.aws.entry import Call, Entry, List, Scope, nothing
from assay.sources.aws.services import ENTRIES
from assay.sources.aws.verification import coverage, problems


@pytest.mark.parametrize("kind", sorted(ENTRIES))
def test_the_entry_is_right(kind: str) -> None:
    assert problems(ENTRIES[kind]) == ()


@pytest.mark.parametrize("kind", sorted(ENTRIES))
def test_what_an_entry_gives_and_leaves_out_is_all_that_the_schema_has(kind: str) -> None:
    found = coverage(ENTRIES[kind])
    assert found.given
    assert not set(found.given) & set(found.missing)


GOOD = Entry(
    "AWS::KMS::Key",
    "kms",
    (List("ListKeys", "Keys"),),
    "KeyId",
    describe=Call("DescribeKey", {"KeyId": "KeyId"}, answer="KeyMetadata"),
    keep="KeyManager == 'CUSTOMER'",
    same=("Arn", "Description"),
    calls=(
        Call("GetKeyRotationStatus", {"KeyId": "KeyId"}, rows={"EnableKeyRotation": "KeyRotationEnabled"}),
        Call("GetKeyPolicy", {"KeyId": "KeyId"}, rows={"KeyPolicy": "Policy"}, absent=nothing("NotFoundException")),
    ),
)


def _call(**changes: Any) -> dict[str, Any]:
    return {"calls": (replace(GOOD.calls[0], **changes),)}


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "type": ({"type": "AWS::KMS::Kay"}, "did you mean AWS::KMS::Key?"),
    "service": ({"service": "kmz"}, "no service 'kmz'; did you mean kms?"),
    "operation of a list": ({"listing": (List("ListKey", "Keys"),)}, "did you mean ListKeys?"),
    "operation of a call": (_call(operation="GetKeyRotationState"), "did you mean GetKeyRotationStatus?"),
    "items": ({"listing": (List("ListKeys", "Kyes"),)}, "there is no 'Kyes'; did you mean Keys?"),
    "identifier": ({"identifier": "KeyID"}, "there is no 'KeyID'; did you mean KeyId?"),
    "member by name": ({"same": ("Arn", "Tags")}, "Tags: the answer has no member of that name"),
    "member of a row": (_call(rows={"EnableKeyRotation": "KeyRotationEnable"}), "did you mean KeyRotationEnabled?"),
    "member in a branch": (_call(rows={"EnableKeyRotation": "KeyRotationEnabled || Enabeld"}), "no 'Enabeld'"),
    "member of an argument": (_call(arguments={"KeyId": "Id"}), "there is no 'Id'"),
    "property by name": ({"same": ("Arn", "Descriptoin")}, "did you mean Description?"),
    "property of a row": (_call(rows={"EnabledKeyRotation": "KeyRotationEnabled"}), "did you mean EnableKeyRotation?"),
    "type of a value": (_call(rows={"EnableKeyRotation": "KeyId"}), "'text' is no boolean"),
    "text where a policy belongs": (_call(rows={"KeyPolicy": "KeyRotationEnabled"}), "is no policy document"),
    "argument": (_call(arguments={"Key": "KeyId"}), 'Unknown parameter in input: "Key"'),
    "argument missing": (_call(arguments={}), 'Missing required parameter in input: "KeyId"'),
    "word of an enumeration": ({"keep": "KeyManager == 'CUSTOMR'"}, "'CUSTOMR' is none of"),
    "error code": (_call(absent=nothing("NotFoundExeption")), "did you mean NotFoundException?"),
    "code of what is gone": ({"gone": ("NoSuchKey",)}, "kms has no error 'NoSuchKey'"),
    "derived and not given": (_call(derive=lambda _: {}, derived=("Tags",)), "Tags: nothing comes of it"),
    "given and not claimed": (_call(derive=lambda _: {"MultiRegion": True}), "add it to `derived`"),
    "optional and not given": ({"optional": ("EnableKeyRotatoin",)}, "did you mean EnableKeyRotation?"),
    "scope": ({"scope": Scope.GLOBAL}, "nobody knows that resources of AWS::KMS::Key are of no region"),
    "syntax": ({"identifier": "KeyId["}, "KeyId["),
    "part that does not exist": ({"holds": frozenset({"AWS::KMS::Kee"})}, "no resource type 'AWS::KMS::Kee'"),
}


def test_the_entry_without_a_mistake_is_right() -> None:
    assert problems(GOOD) == ()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_caught(mistake: str) -> None:
    changes, said = MISTAKES[mistake]
    found = problems(replace(GOOD, **changes))
    assert any(said in each for each in found), found


def test_a_list_that_answers_in_pages_which_nobody_would_read_is_caught() -> None:
    entry = Entry(
        "AWS::WAFv2::WebACL", "wafv2", (List("ListWebACLs", "WebACLs", {"Scope": "'REGIONAL'"}),), "Id", same=("Name",)
    )
    (found,) = problems(entry)
    assert found == "ListWebACLs answers in pages (NextMarker), and botocore has no paginator: state `tokens`"
    stated = replace(entry.listing[0], tokens=("NextMarker", "NextMarker"))
    assert problems(replace(entry, listing=(stated,))) == ()
    wrong = replace(entry.listing[0], tokens=("NextMaker", "NextMarker"))
    assert problems(replace(entry, listing=(wrong,))) == ("ListWebACLs takes no 'NextMaker'; did you mean NextMarker?",)


def test_a_type_without_a_region_is_not_asked_for_in_each() -> None:
    assert problems(replace(ENTRIES["AWS::IAM::Role"], scope=Scope.REGIONAL)) == (
        "resources of AWS::IAM::Role are of no region: its scope is GLOBAL",
    )


def test_a_call_that_goes_on_in_pages_is_caught_unless_its_first_page_says_all() -> None:
    tags = Call("ListTags", {"ResourceArn": "BackupVaultArn"}, rows={"BackupVaultTags": "Tags"})
    vaults = (List("ListBackupVaults", "BackupVaultList"),)
    entry = Entry(
        "AWS::Backup::BackupVault", "backup", vaults, "BackupVaultName", same=("BackupVaultName",), calls=(tags,)
    )
    (found,) = problems(entry)
    assert found == "ListTags answers in pages (NextToken), and botocore has no paginator: state `tokens`"
    assert problems(replace(entry, calls=(replace(tags, once=True),))) == ()


def test_a_member_of_a_text_or_of_a_map_may_have_any_name() -> None:
    topics = (List("ListTopics", "Topics"),)
    described = Call("GetTopicAttributes", {"TopicArn": "TopicArn"}, answer="Attributes")
    rows = {"KmsMasterKeyId": "KmsMasterKeyId", "Policy": "Policy", "DisplayName": "parsed(Policy).Id"}
    entry = Entry("AWS::SNS::Topic", "sns", topics, "TopicArn", describe=described, rows=rows)
    assert problems(entry) == ()

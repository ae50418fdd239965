"""What is not answered is unknown, with the reason, and nothing else is; absent is what the service calls absent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.sources.aws.stand_in import Answer, StandIn, denied, expired, refused, throttled

from assay.inventory.schema import fields_of
from assay.inventory.values import Cause, Unknown
from assay.sources.aws.calls import NOT_OFFERED, Insistence, Kind, Patient, Refused, Request
from assay.sources.aws.collecting import Asking, Collected
from assay.sources.aws.entry import Call, Entry, List, Together
from assay.sources.aws.paths import Place
from assay.sources.aws.services import ENTRIES

ACCOUNT, REGION = "111122223333", "eu-west-1"
NOW = "2026-11-25T08:00:00Z"
BUCKET = {"Name": "orders", "BucketRegion": REGION}
NOTHING = {
    "GetBucketPolicy": "NoSuchBucketPolicy",
    "GetBucketEncryption": "ServerSideEncryptionConfigurationNotFoundError",
    "GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
    "GetBucketOwnershipControls": "OwnershipControlsNotFoundError",
    "GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
    "GetBucketReplication": "ReplicationConfigurationNotFoundError",
    "GetBucketWebsite": "NoSuchWebsiteConfiguration",
    "GetBucketCors": "NoSuchCORSConfiguration",
    "GetBucketTagging": "NoSuchTagSet",
}
SAID: Mapping[str, Mapping[str, Any]] = {
    "GetBucketVersioning": {"Status": "Enabled"},
    "GetBucketLogging": {},
    "GetBucketNotificationConfiguration": {},
    "GetBucketAcl": {"Grants": []},
    "GetBucketAccelerateConfiguration": {},
}


def _s3(**changes: Answer) -> dict[str, Answer]:
    answers: dict[str, Answer] = {"s3:ListBuckets": {"Buckets": [BUCKET]}}
    answers |= {f"s3:{name}": refused(code) for name, code in NOTHING.items()}
    answers |= {f"s3:{name}": answer for name, answer in SAID.items()}
    return answers | {f"s3:{name}": answer for name, answer in changes.items()}


def _collect(kind: str | Entry, answers: Mapping[str, Answer], region: str = REGION) -> Collected:
    entry = ENTRIES[kind] if isinstance(kind, str) else kind
    return Asking(entry, StandIn(answers), Place(ACCOUNT, region), lambda: NOW).collect()


def _properties(found: Collected) -> Mapping[str, Any]:
    (only,) = found.resources
    return only.properties


def _unknown(found: Collected) -> dict[str, Cause]:
    return {name: each.reason.cause for name, each in _properties(found).items() if isinstance(each, Unknown)}


def test_a_bucket_without_settings_is_known_to_have_none() -> None:
    found = _collect("AWS::S3::Bucket", _s3())
    properties = _properties(found)
    assert found.whole
    assert not found.gaps
    assert properties["PublicAccessBlockConfiguration"] == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), False
    )
    assert "Policy" not in properties
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["AccessControl"] == "Private"


def test_a_resource_says_where_when_and_by_whom_it_was_seen() -> None:
    (bucket,) = _collect("AWS::S3::Bucket", _s3(), "us-east-1").resources
    assert bucket.id == f"{ACCOUNT}/{REGION}/AWS::S3::Bucket/orders"
    assert (bucket.origin.source, bucket.origin.account, bucket.origin.region) == ("aws", ACCOUNT, REGION)
    assert bucket.origin.observed == NOW


@pytest.mark.parametrize("call", ENTRIES["AWS::S3::Bucket"].calls, ids=lambda call: str(call.operation))
def test_denied_on_one_call_makes_exactly_unknown_what_it_would_have_given(call: Call) -> None:
    whole, less = _collect("AWS::S3::Bucket", _s3()), _collect("AWS::S3::Bucket", _s3(**{call.operation: denied("it")}))
    gives = {path.partition(".")[0] for path in call.gives}
    assert set(_unknown(less).items()) - set(_unknown(whole).items()) == {(name, Cause.DENIED) for name in gives}
    kept = {name: value for name, value in _properties(less).items() if name not in gives}
    assert kept == {name: value for name, value in _properties(whole).items() if name not in gives}
    reason = _properties(less)[min(gives)].reason
    assert reason.subject == f"s3:{call.operation}"
    assert f"is denied to the collector (account {ACCOUNT}, {REGION})" in str(reason)


def test_an_error_that_nobody_listed_is_not_taken_for_absent() -> None:
    found = _collect("AWS::S3::Bucket", _s3(GetBucketPolicy=refused("NoSuchKey")))
    assert _unknown(found)["Policy"] is Cause.NOT_COLLECTED


def test_a_denied_list_is_a_gap_and_no_empty_list() -> None:
    found = _collect("AWS::S3::Bucket", _s3(ListBuckets=denied("s3:ListAllMyBuckets")))
    (gap,) = found.gaps
    assert not found.whole
    assert not found.resources
    assert gap.subject == f"{ACCOUNT}/global/AWS::S3::Bucket"
    assert gap.reason.cause is Cause.DENIED
    assert gap.types == ("AWS::S3::Bucket", "AWS::S3::BucketPolicy")


def test_an_empty_list_is_known_to_be_empty() -> None:
    found = _collect("AWS::S3::Bucket", _s3(ListBuckets={"Buckets": []}))
    assert (found.resources, found.gaps, found.whole) == ((), (), True)


def test_of_a_service_that_is_not_offered_in_a_region_there_is_nothing() -> None:
    nowhere = Refused(Kind.REFUSED, NOT_OFFERED, "kms has no endpoint in mars-north-1")
    found = _collect("AWS::KMS::Key", {"kms:ListKeys": nowhere}, "mars-north-1")
    assert (found.resources, found.gaps, found.whole) == ((), (), True)


def test_what_ceased_to_exist_since_it_was_listed_is_left_out() -> None:
    found = _collect("AWS::S3::Bucket", _s3(GetBucketVersioning=refused("NoSuchBucket")))
    assert (found.resources, found.gaps, found.whole) == ((), (), True)


KEY = {"KeyId": "k-1", "KeyManager": "CUSTOMER", "KeySpec": "SYMMETRIC_DEFAULT", "Origin": "AWS_KMS", "Enabled": True}
KMS: Mapping[str, Answer] = {
    "kms:ListKeys": {"Keys": [{"KeyId": "k-1", "KeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k-1"}]},
    "kms:DescribeKey": {"KeyMetadata": KEY},
    "kms:GetKeyRotationStatus": {"KeyRotationEnabled": True},
    "kms:GetKeyPolicy": {"Policy": '{"Statement": []}'},
    "kms:ListResourceTags": {"Tags": []},
}


def test_a_resource_that_may_not_be_described_is_there_and_unknown() -> None:
    found = _collect("AWS::KMS::Key", {**KMS, "kms:DescribeKey": denied("kms:DescribeKey")})
    unknown = _unknown(found)
    assert _properties(found)["KeyId"] == "k-1"
    # Whether it is a key of ours is not known, so that nothing that is said of it must be judged.
    assert {unknown[name] for name in ("Enabled", "KeyUsage", "EnableKeyRotation", "KeyPolicy")} == {Cause.DENIED}
    assert found.whole


def test_what_only_the_description_says_how_to_ask_for_is_as_unknown_as_the_description() -> None:
    entry = replace(
        ENTRIES["AWS::KMS::Key"], calls=(Call("ListResourceTags", {"KeyId": "CustomKeyStoreId"}, rows=_TAGS),)
    )
    found = _collect(entry, {**KMS, "kms:DescribeKey": denied("kms:DescribeKey")})
    assert _properties(found)["Tags"].reason.subject == "kms:DescribeKey"


_TAGS = {"Tags": "Tags[].{Key: TagKey, Value: TagValue}"}


def test_a_volume_says_what_it_is_attached_to() -> None:
    attached = [{"VolumeId": "vol-1", "InstanceId": "i-1", "Device": "/dev/sda1"}]
    volumes = {"Volumes": [{"VolumeId": "vol-1", "Attachments": attached}, {"VolumeId": "vol-2"}]}
    found = _collect("AWS::EC2::Volume", {"ec2:DescribeVolumes": volumes})
    assert [each.type for each in found.resources].count("AWS::EC2::VolumeAttachment") == 1
    (part,) = (each for each in found.resources if each.type == "AWS::EC2::VolumeAttachment")
    assert (part.name, part.properties["InstanceId"]) == ("vol-1|i-1", "i-1")


def test_a_key_that_aws_manages_is_none_of_ours() -> None:
    found = _collect("AWS::KMS::Key", {**KMS, "kms:DescribeKey": {"KeyMetadata": {**KEY, "KeyManager": "AWS"}}})
    assert found.resources == ()
    assert found.whole


FUNCTION = {"FunctionName": "f", "PackageType": "Image", "Timeout": 3}


def test_a_number_that_is_left_out_is_none_where_the_entry_says_so_and_unknown_elsewhere() -> None:
    listed = {"Functions": [FUNCTION]}
    found = _collect("AWS::Lambda::Function", {"lambda:ListFunctions": listed, "lambda:GetFunction": {}})
    assert "ReservedConcurrentExecutions" not in _properties(found)
    assert _unknown(found)["MemorySize"] is Cause.NOT_COLLECTED
    less = _collect("AWS::Lambda::Function", {"lambda:ListFunctions": listed, "lambda:GetFunction": denied("it")})
    assert _unknown(less)["ReservedConcurrentExecutions"] is Cause.DENIED


def test_nothing_is_asked_where_the_answer_is_known() -> None:
    asymmetric = {"KeyMetadata": {**KEY, "KeySpec": "RSA_2048"}}
    found = _collect("AWS::KMS::Key", {**KMS, "kms:DescribeKey": asymmetric, "kms:GetKeyRotationStatus": throttled()})
    assert _properties(found)["EnableKeyRotation"] is False


def _pages(*pages: Mapping[str, Any] | Refused) -> Answer:
    left = list(pages)
    return lambda _: left.pop(0)


def _named(name: str, **more: Any) -> dict[str, Any]:
    return {"Buckets": [{"Name": name, "BucketRegion": REGION}], **more}


def test_pages_are_read_to_their_end() -> None:
    listed = _pages(_named("a", ContinuationToken="1"), _named("b", ContinuationToken="2"), _named("c"))
    found = _collect("AWS::S3::Bucket", _s3(ListBuckets=listed))
    assert [each.name for each in found.resources] == ["a", "b", "c"]
    assert found.whole


@pytest.mark.parametrize(
    ("last", "cause"),
    [
        (throttled(), Cause.THROTTLED),
        (denied("it"), Cause.DENIED),
        (_named("a", ContinuationToken="1"), Cause.MALFORMED),
    ],
    ids=["throttled", "denied", "repeating itself"],
)
def test_what_stands_before_a_page_that_is_missing_counts(last: Any, cause: Cause) -> None:
    listed = _pages(_named("a", ContinuationToken="1"), last, last, last)
    found = _collect("AWS::S3::Bucket", _s3(ListBuckets=listed))
    assert [each.name for each in found.resources] == ["a"]
    assert [gap.reason.cause for gap in found.gaps] == [cause]
    assert not found.whole


def test_a_resource_on_two_pages_is_one() -> None:
    found = _collect("AWS::S3::Bucket", _s3(ListBuckets=_pages(_named("a", ContinuationToken="1"), _named("a"))))
    assert [each.name for each in found.resources] == ["a"]


@pytest.mark.parametrize("kind", ["AWS::S3::Bucket", "AWS::KMS::Key"])
def test_expired_credentials_end_the_collection_and_make_nothing_unknown(kind: str) -> None:
    with pytest.raises(Refused) as ended:
        _collect(kind, {**_s3(GetBucketAcl=expired()), **KMS, "kms:GetKeyPolicy": expired()})
    assert ended.value.kind is Kind.EXPIRED


def test_an_answer_of_another_shape_is_unknown_where_it_is_and_nowhere_else() -> None:
    class Loose(StandIn):
        def __call__(self, request: Request) -> Mapping[str, Any]:
            if request.operation == "GetBucketAcl":
                return {"Grants": [{"Grantee": "everybody"}]}
            if request.operation == "GetBucketCors":
                return {"CORSRules": [{"MaxAgeSeconds": "soon"}]}
            return super().__call__(request)

    entry = ENTRIES["AWS::S3::Bucket"]
    found = Asking(entry, Loose(_s3()), Place(ACCOUNT, REGION), lambda: NOW).collect()
    assert _unknown(found)["AccessControl"] is Cause.MALFORMED
    assert _properties(found)["VersioningConfiguration"] == {"Status": "Enabled"}


def test_a_list_that_is_none_is_a_gap() -> None:
    class Loose(StandIn):
        def __call__(self, request: Request) -> Mapping[str, Any]:
            return {"Keys": "k-1"} if request.operation == "ListKeys" else super().__call__(request)

    found = Asking(ENTRIES["AWS::KMS::Key"], Loose(KMS), Place(ACCOUNT, REGION), lambda: NOW).collect()
    assert [gap.reason.cause for gap in found.gaps] == [Cause.MALFORMED]


CLUSTERS = Entry(
    "AWS::ECS::Cluster",
    "ecs",
    (List("ListClusters", "clusterArns[].{clusterArn: @}"),),
    "after(clusterArn, '/')",
    describe=Call("DescribeClusters", together=Together("clusters", ("clusterArn", "clusterArn"), "clusters", 2)),
    same=("ClusterName",),
    rows={"Arn": "clusterArn"},
)


def _described(request: Request) -> Any:
    arns = request.arguments["clusters"]
    if "arn:c" in arns:
        return denied("ecs:DescribeClusters")
    return {"clusters": [{"clusterArn": each, "clusterName": each[4:]} for each in arns if each != "arn:b"]}


def test_several_are_described_in_one_call_and_each_knows_what_was_not_said_of_it() -> None:
    listed = {"clusterArns": ["arn:a", "arn:b", "arn:c"]}
    port = StandIn({"ecs:ListClusters": listed, "ecs:DescribeClusters": _described})
    found = Asking(CLUSTERS, port, Place(ACCOUNT, REGION), lambda: NOW).collect()
    names: dict[str, Any] = {each.name: each.properties["ClusterName"] for each in found.resources}
    assert port.count("DescribeClusters") == 2
    assert names["arn:a"] == "a"
    assert names["arn:b"].reason.cause is Cause.NOT_COLLECTED
    assert names["arn:c"].reason.cause is Cause.DENIED


def test_lists_within_lists_keep_what_they_are_within() -> None:
    listed = {"Users": [_user("ann"), _user("bob"), _user("cat")]}

    def keys(request: Request) -> Any:
        if request.arguments["UserName"] == "bob":
            return denied("iam:ListAccessKeys")
        name = request.arguments["UserName"]
        return {"AccessKeyMetadata": [{"UserName": name, "AccessKeyId": f"AKIA{name}", "Status": "Active"}]}

    found = _collect("AWS::IAM::AccessKey", {"iam:ListUsers": listed, "iam:ListAccessKeys": keys})
    assert [each.properties["UserName"] for each in found.resources] == ["ann", "cat"]
    assert [gap.reason.cause for gap in found.gaps] == [Cause.DENIED]
    assert not found.whole


def _user(name: str) -> dict[str, Any]:
    return {"UserName": name, "Path": "/", "UserId": name, "Arn": f"arn:aws:iam::1:user/{name}", "CreateDate": NOW}


def test_a_setting_of_the_account_that_is_not_made_has_the_platforms_values() -> None:
    found = _collect("Assay::PasswordPolicy", {"iam:GetAccountPasswordPolicy": refused("NoSuchEntity")})
    assert _properties(found)["Exists"] is False
    assert _properties(found)["MinimumPasswordLength"] == 8


def test_a_setting_of_the_account_that_is_denied_is_there_and_unknown() -> None:
    found = _collect("Assay::PasswordPolicy", {"iam:GetAccountPasswordPolicy": denied("it")})
    assert set(_unknown(found)) == fields_of("Assay::PasswordPolicy").keys() - {"AccountId"}


# How a service is asked


def _patient(port: StandIn, limit: int = 3) -> tuple[Patient, list[float]]:
    slept: list[float] = []
    at = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        at[0] += seconds

    return Patient(port, Insistence(limit, limit), lambda: at[0], sleep, lambda: 1.0), slept


REQUEST = Request(ACCOUNT, REGION, "kms", "ListKeys", {})


def test_a_throttled_request_is_sent_again_later_and_later() -> None:
    port = StandIn({"kms:ListKeys": _pages(throttled(), throttled(), {"Keys": []})})
    patient, slept = _patient(port)
    assert patient(REQUEST) == {"Keys": []}
    assert slept == [0.5, 1.0]
    assert patient.requests == {("kms", "ListKeys"): 3}


def test_one_that_is_throttled_for_good_is_given_up() -> None:
    patient, slept = _patient(StandIn({"kms:ListKeys": throttled()}))
    with pytest.raises(Refused) as given_up:
        patient(REQUEST)
    assert given_up.value.kind is Kind.THROTTLED
    assert len(slept) == 3


def test_a_denied_request_is_not_sent_again() -> None:
    patient, slept = _patient(StandIn({"kms:ListKeys": denied("it")}))
    with pytest.raises(Refused):
        patient(REQUEST)
    assert slept == []


def test_throttling_slows_down_one_service_of_one_account_and_no_other() -> None:
    port = StandIn({"kms:ListKeys": _pages(*[throttled()] * 3, *[{"Keys": []}] * 200), "s3:ListBuckets": {}})
    patient, slept = _patient(port)
    for _ in range(60):
        patient(REQUEST)
    slowed = sum(slept)
    slept.clear()
    for _ in range(60):
        patient(Request("444455556666", REGION, "s3", "ListBuckets", {}))
    assert slowed > 2 * sum(slept) > 0

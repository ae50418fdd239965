"""The values of controls' parameters, and which of them are loosenings."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assay.governance.repository import Repository, read_repository

TRUST = """\
id: bucket-trusts-known-accounts
title: Bucket policies open to no account but those agreed
objective: data-can-be-recovered
why: Nobody else reads.
resource: AWS::S3::Bucket
require: "!resource.Policy.Statement.exists(s, trustsOutside(s, params.accounts))"
severity: high
behavior: [proactive]
remedy: Remove the account.
params:
  accounts: {default: [], tighter: subset}
examples:
  met: [{}]
  not_met:
    - properties: {}
      with:
        Policy:
          Type: AWS::S3::BucketPolicy
          Properties:
            Bucket: {Ref: This}
            PolicyDocument:
              Statement: [{Effect: Allow, Principal: {AWS: "999999999999"}, Action: "s3:GetObject", Resource: "*"}]
  unknown:
    - properties: {}
      with:
        Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: {Ref: This}, PolicyDocument: {Ref: Policy}}}
"""
NAME, OWN = "bucket-trusts-known-accounts", ["111111111111", "222222222222"]


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[[str], Repository]:
    def reading(given: str) -> Repository:
        stated = f"parameters: {{{NAME}: {{accounts: {given}}}}}" if given else ""
        usual = "parameters:\n  queue-keeps-messages: {seconds: 172800}\n"
        changes = {f"controls/{NAME}.yaml": TRUST, "organisation.yaml": (usual, stated + "\n")}
        return read_repository(write(changes), catalogue=False)

    return reading


def test_the_organisation_s_accounts_are_known_to_its_controls(read: Callable[[str], Repository]) -> None:
    repository = read("")
    assert repository.params[NAME]["accounts"] == OWN
    assert repository.loosenings == ()
    assert repository.controls[NAME].control.params["accounts"].default == ()  # the control itself knows none


def test_a_stated_list_replaces_the_organisation_s_and_a_stranger_in_it_is_a_loosening(
    read: Callable[[str], Repository],
) -> None:
    partner = read('["111111111111", "999999999999"]')
    assert partner.params[NAME]["accounts"] == ["111111111111", "999999999999"]
    (loosening,) = partner.loosenings
    assert (loosening.control, loosening.parameter, loosening.default) == (NAME, "accounts", OWN)
    assert read('["111111111111"]').loosenings == ()
    assert read("[]").params[NAME]["accounts"] == []

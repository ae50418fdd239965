"""Secrets in the scripts that instances run when they start."""

import base64

import pytest

from assay.expressions.functions.scripts import reveals_secret
from assay.inventory.values import Cause, Reason, Unknown


def partly(*parts: str, cause: Cause = Cause.PARAMETER) -> Unknown:
    return Unknown(Reason(cause, "Part"), present=True, parts=parts)


@pytest.mark.parametrize(
    "script",
    [
        "#!/bin/bash\nexport DB_PASSWORD=hunter2\n",
        'MYSQL_ROOT_PASSWORD="hunter2"',
        "cat > app.json <<EOF\n{'apiKey': 'a1b2c3d4'}\nEOF",
        "password: hunter2",
        "login --user ci --token 8c7d6e5f",
        "login --token=8c7d6e5f",
        "aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE",
        "cat > key <<EOF\n-----BEGIN RSA PRIVATE KEY-----\nEOF",
        "psql postgres://app:hunter2@db/orders",
        base64.b64encode(b"#!/bin/bash\nexport DB_PASSWORD=hunter2\n").decode(),
    ],
)
def test_scripts_that_reveal_a_secret(script: str) -> None:
    assert reveals_secret(script) is True


@pytest.mark.parametrize(
    "script",
    [
        "",
        None,
        "#!/bin/bash\nyum update -y\n",
        "DB_PASSWORD=$(aws ssm get-parameter --name /db --with-decryption)",
        'DB_PASSWORD="$1"',
        'TOKEN=$(curl -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 60")',
        'curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/',
        "aws secretsmanager get-secret-value --secret-id orders/db",
        "PASSWORD_FILE=/run/secrets/db",
        "SECRET_ARN=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db",
        "echo the password is asked for later",
        "PASSWORD=",
        "c3Vic2NyaXB0aW9u",
        base64.b64encode(b"#!/bin/bash\nyum update -y\n").decode(),
    ],
)
def test_scripts_that_reveal_none(script: str | None) -> None:
    assert reveals_secret(script) is False


def test_a_secret_beside_a_hole_decides() -> None:
    assert reveals_secret(partly("DB_PASSWORD=hunter2\necho ", "\n")) is True
    assert reveals_secret(partly("echo ", "\nDB_PASSWORD=hunter2\n")) is True


def test_a_hole_may_hold_a_secret() -> None:
    assert isinstance(reveals_secret(partly("DB_PASSWORD=", "\n")), Unknown)
    assert isinstance(reveals_secret(partly("DB_PASSWORD=hunter", "\n")), Unknown)
    assert isinstance(reveals_secret(partly("DB_PASSWORD=", "2")), Unknown)
    assert isinstance(reveals_secret(partly("echo AKIAIOSFODNN7EXAMPLE", "\n")), Unknown)
    assert isinstance(reveals_secret(Unknown(Reason(Cause.PARAMETER, "Script"))), Unknown)


def test_what_the_platform_fills_in_is_no_secret() -> None:
    assert reveals_secret(partly("cfn-init --stack ", " --region x\n", cause=Cause.ENVIRONMENT)) is False
    assert reveals_secret(partly("DB_PASSWORD=hunter2 ", "\n", cause=Cause.ENVIRONMENT)) is True


def test_a_secret_attribute_of_a_resource_is_one_in_a_script() -> None:
    def script(*attributes: str) -> Unknown:
        return Unknown(Reason(Cause.ATTRIBUTE, ", ".join(attributes)), present=True, parts=("echo ", " > ", ".pem"))

    assert reveals_secret(script("Thing.certificateId", "Thing.privateKey")) is True
    assert reveals_secret(script("User.SecretAccessKey")) is True
    assert isinstance(reveals_secret(script("Server.PrivateIp", "Secret.SecretArn")), Unknown)

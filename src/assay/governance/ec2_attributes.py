"""What an organisation can declare of EC2 for all accounts: settings that AWS then holds, whatever API is new.

Source: AWS Organizations user guide, "EC2 policy syntax and examples" (read 2026-11-25). Left out: VPC block public
access and allowed images, which no organisation can switch on without a list of what it needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ec2Attribute:
    """One attribute with the values that serve an objective. `enforcement` in organisation.yaml may name its id."""

    id: str
    objective: str
    title: str
    name: str
    values: Mapping[str, str]


EC2_ATTRIBUTES: Final = (
    Ec2Attribute(
        "ec2-snapshots-are-not-public",
        "stored-data-is-not-public",
        "Snapshots of volumes are shared with nobody in public, older ones included",
        "snapshot_block_public_access",
        {"state": "block_all_sharing"},
    ),
    Ec2Attribute(
        "ec2-images-are-not-public",
        "stored-data-is-not-public",
        "Machine images are not made public",
        "image_block_public_access",
        {"state": "block_new_sharing"},
    ),
    Ec2Attribute(
        "ec2-serial-console-is-off",
        "compute-is-not-directly-exposed",
        "The serial console of instances is switched off",
        "serial_console_access",
        {"status": "disabled"},
    ),
    Ec2Attribute(
        "ec2-instances-demand-session-tokens",
        "instance-credentials-are-protected",
        "New instances demand session tokens of whoever reads their metadata",
        "instance_metadata_defaults",
        {
            "http_tokens": "required",
            "http_put_response_hop_limit": "2",  # a container on the instance is one hop further
            "http_endpoint": "no_preference",
            "instance_metadata_tags": "no_preference",
        },
    ),
)

"""Resource descriptions of the Cloud Control API: live resources in CloudFormation's own properties."""

from assay.sources.cloud_control.read import Context, Described, Listed, is_outlined, read, stream

__all__ = ["Context", "Described", "Listed", "is_outlined", "read", "stream"]

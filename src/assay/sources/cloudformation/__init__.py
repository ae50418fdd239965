"""CloudFormation templates, YAML and JSON: what would exist if they were deployed."""

from assay.sources.cloudformation.context import Context
from assay.sources.cloudformation.read import find, read, read_text

__all__ = ["Context", "find", "read", "read_text"]

"""Terraform and OpenTofu plans, as `show -json` writes them: what will exist after they are applied."""

from assay.sources.terraform.read import Context, find, is_plan, read, read_text

__all__ = ["Context", "find", "is_plan", "read", "read_text"]

"""OSCAL 1.2 (NIST): the documents that assessors and their tools exchange."""

from assay.reports.oscal.results import document, render

__all__ = ["document", "render"]

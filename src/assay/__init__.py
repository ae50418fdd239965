"""Assay: are this workload's security control objectives met, are they the right ones, and how do we know?"""

__version__ = "0.1.0"

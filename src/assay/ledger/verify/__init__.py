"""Verification by numbered steps, with a public key and nothing else.

Each step is passed, failed (something is wrong, and the first wrong thing is named) or not checked (nothing can be
said, and why). A later step trusts nothing that an earlier one did not establish: 1 says which log it is, 2 which
states of it were signed, 3 that the entries and tiles are those states, and the rest reads only entries.
"""

from assay.ledger.verify.sequence import verify
from assay.ledger.verify.steps import State, Step, Unverifiable, Verification, Wrong

__all__ = ["State", "Step", "Unverifiable", "Verification", "Wrong", "verify"]

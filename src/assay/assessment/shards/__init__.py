"""Judging inventories that are larger than memory: account by account, verdicts only, by a pure function.

`Rules` are what is asked, `Account` is what is known of one account, and a `Judge` gives one character for each control
and resource. Why something is not met is found out later, for what a report shows (`explain`).
"""

from assay.assessment.shards.account import Account, Case, Source, described
from assay.assessment.shards.judge import VERDICTS, Judge, Judged
from assay.assessment.shards.rules import Rules

__all__ = ["VERDICTS", "Account", "Case", "Judge", "Judged", "Rules", "Source", "described"]

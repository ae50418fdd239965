"""Four readers, one answer: executives, customers, auditors and engineers read the same report context.

`figures` counts, once for everybody. A file per reader chooses and words; `page` is what it leaves behind, and HTML,
PDF, spreadsheets and CSV are made from the page alone.
"""

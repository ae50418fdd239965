"""What can be shown later: records, log, signatures, verification. Knows nothing of controls."""

"""What a person can ask for: one file per use case. Returns values; prints nothing."""

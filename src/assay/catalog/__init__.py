"""What we ship, as files only: controls, objectives and frameworks in YAML."""

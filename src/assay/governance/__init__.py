"""What must hold: organisation, workloads, objectives, controls, frameworks and exceptions, read from YAML."""

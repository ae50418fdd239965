"""What exists: resources, relations, unknowns with reasons. Judges nothing and reads no source."""

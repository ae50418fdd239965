"""Where facts come from. Sources do not know one another, and judge nothing."""

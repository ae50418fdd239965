"""Does it hold: verdicts, objectives, appropriateness, the chain. Pure; the clock is an argument."""

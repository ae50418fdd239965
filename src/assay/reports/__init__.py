"""How an answer is shown: every format is a pure function of one report context."""

"""Regular expressions as CEL has them: RE2, whose matching is linear in the text, whatever the pattern.

Governance files are written by many; a pattern with nested quantifiers must not be able to stop an assessment.
"""

from collections.abc import Callable

MEMORY = 1 << 20  # bytes that one compiled pattern may take; larger ones are refused


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return whether a text has a match anywhere, as a function. Raises ValueError, saying what is wrong."""
    import re2  # six milliseconds that a run without patterns does not need

    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise ValueError(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from None
    return lambda text: compiled.search(text) is not None

"""The command line: one file per command. Only this layer prints and exits.

Exit codes: 0 all met, 1 something is not met, 2 the command or the files are wrong, 3 undetermined (unknown decides),
4 we failed. Interrupted: 130, as shells say it.
"""

import signal
import sys
import traceback
from types import FrameType


def main() -> None:
    """Run the command line and exit with its code."""
    from assay.cli.application import application
    from assay.errors import AssayError, FaultyFiles, InternalError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without "…" is no reason to fail
    before = signal.signal(signal.SIGINT, _interrupted)
    try:
        application()
    except FaultyFiles as error:
        for fault in error.faults:
            _complain(f"error: {fault}".replace("\n", "\u240a"))  # a name must not make a line of its own
        count = len(error.faults)
        _complain(f"assay: {count} fault{'s' if count != 1 else ''}; nothing was judged")
        sys.exit(2)
    except InternalError as error:
        _complain(f"assay: internal error, please report: {error}")
        sys.exit(4)
    except AssayError as error:
        _complain(f"assay: {error}")
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - what nobody expected must not look like the answer "not met"
        _complain(f"assay: internal error, please report: {type(error).__name__}: {error} ({_where(error)})")
        sys.exit(4)
    finally:
        signal.signal(signal.SIGINT, before)


def _complain(text: str) -> None:
    from assay.reports.terminal import harmless  # names in messages come from strangers' files

    if sys.stderr is not None:
        print(harmless(text), file=sys.stderr)


def _where(error: Exception) -> str:
    """Return the innermost places that were reached, outermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " > ".join(f"{each.filename.rpartition('/assay/')[2]}:{each.lineno}" for each in frames)


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(130)

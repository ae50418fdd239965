"""The command line: one file per command. Only this layer prints and exits.

Exit codes: 0 all met, 1 something is not met, 2 the command or the files are wrong, 3 undetermined (unknown decides),
4 we failed.
"""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from assay.cli.application import application
    from assay.errors import AssayError, FaultyFiles, InternalError

    try:
        application()
    except FaultyFiles as error:
        for fault in error.faults:
            print(f"error: {fault}", file=sys.stderr)
        count = len(error.faults)
        print(f"assay: {count} fault{'s' if count != 1 else ''}; nothing was judged", file=sys.stderr)
        sys.exit(2)
    except InternalError as error:
        print(f"assay: internal error, please report: {error}", file=sys.stderr)
        sys.exit(4)
    except AssayError as error:
        print(f"assay: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:  # the reader of our output has seen enough (`assay … | head`)
        sys.stderr.close()
        sys.exit(141)

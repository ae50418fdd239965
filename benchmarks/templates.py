"""A folder of templates, once and ten times over, checked by one whole process each; beside peers that are installed.

    python benchmarks/templates.py [folder] [--repeat 3] [--guard-rules folder]

Peak memory must not grow with the number of templates. Peers are run when they are on the PATH: `checkov`, and
`cfn-guard` when its rules are given.
"""

import argparse
import os
import platform
import shutil
import tempfile
from pathlib import Path

from processes import Run, shown, typical

DEFAULT = Path(__file__).parents[1] / "examples" / "acme" / "templates"


def repeated(folder: Path, times: int, into: Path) -> Path:
    """Return a folder with several copies of everything in another."""
    for number in range(times):
        shutil.copytree(folder, into / f"copy{number}")
    return into


def commands(folder: Path, guard_rules: str) -> dict[str, list[str]]:
    found = {"assay": ["assay", "check", str(folder)]}
    if shutil.which("checkov"):
        found["checkov"] = [
            "checkov",
            "--directory",
            str(folder),
            "--framework",
            "cloudformation",
            "--compact",
            "--quiet",
        ]
    if shutil.which("cfn-guard") and guard_rules:
        found["cfn-guard"] = ["cfn-guard", "validate", "--data", str(folder), "--rules", guard_rules]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--guard-rules", default="")
    asked = parser.parse_args()
    count = sum(1 for each in asked.folder.rglob("*") if each.is_file())
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()};"
        f" {count} files in {asked.folder}"
    )
    with tempfile.TemporaryDirectory() as scratch:
        runs: dict[tuple[str, int], Run] = {}
        for times in (1, 10):
            folder = repeated(asked.folder, times, Path(scratch) / f"x{times}")
            for name, command in commands(folder, asked.guard_rules).items():
                runs[name, times] = typical(command, asked.repeat)
                print(shown(f"{name}, × {times}", runs[name, times]))
    one, ten = runs["assay", 1], runs["assay", 10]
    print(
        f"ten times the templates: {ten.cpu / one.cpu:.1f} times the CPU seconds,"
        f" {ten.peak / one.peak:.2f} times the memory"
    )
    for (name, times), run in runs.items():
        if name != "assay":
            ours = runs["assay", times]
            print(
                f"{name}, × {times}: {run.cpu / ours.cpu:.1f} times our CPU seconds,"
                f" {run.peak / ours.peak:.1f} times our memory"
            )


if __name__ == "__main__":
    main()

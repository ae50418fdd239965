"""What a user waits for before anything is judged: `assay --help`, and one small template.

python benchmarks/start_up.py [--repeat 5]
"""

import argparse
import os
import platform
import tempfile
from pathlib import Path

from processes import measure, shown, typical

SMALL = """\
Resources:
  Orders:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.yaml"
        template.write_text(SMALL)
        for command in (["assay", "--version"], ["assay", "--help"], ["assay", "check", str(template)]):
            print(shown(" ".join(command).replace(folder, "…"), typical(command, repeat)))
        cold = ["env", f"XDG_CACHE_HOME={folder}/{{}}", "assay", "check", str(template)]
        runs = [measure([each.format(number) for each in cold]) for number in range(2)]
        print(shown("the same with a cold cache", min(runs, key=lambda run: run.cpu)))


if __name__ == "__main__":
    main()

#!/bin/sh
# A journey for an account of your own, with its credentials in the environment. It reads, and changes nothing in AWS.
#
#   scripts/real-account.sh OUT [REGION]
#
# OUT is a folder that does not exist yet. It ends with 0 when the collector was denied nothing.
set -eu

out=${1:?usage: scripts/real-account.sh OUT [REGION]}
region=${2:-eu-west-1}
mkdir "$out"

echo "== the permissions that it needs: $out/policies"
assay collect --policy --out "$out/policies"
assay policy check "$out/policies" || true

echo "== $region, read twice"
for name in first second; do
    assay collect --out "$out/$name" --region "$region" --format json > "$out/$name.json" || test $? -eq 3
    assay snapshot show "$out/$name" --verify
done

echo "== what changed between the two; nothing should, unless somebody else was at work"
assay snapshot diff "$out/first" "$out/second" || true

echo "== judged"
assay check "$out/second" --format json --output "$out/report.json" || true
assay check "$out/second" | tail -n 20 || true

echo "== what was denied or could not be read"
python3 - "$out/second.json" <<'PYTHON'
import json
import sys

found = json.load(open(sys.argv[1]))
for gap in found["gaps"]:
    print(f"{gap['subject']}: {gap['reason']}")
print(f"{len(found['gaps'])} gaps, {found['resources']} resources, {sum(found['requests'].values())} requests")
sys.exit(1 if found["gaps"] else 0)
PYTHON

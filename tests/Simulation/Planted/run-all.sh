#!/usr/bin/env bash
# Builds every planted bug, runs the simulation until it finds it, and prints the table of docs/simulation.md.
# Usage: run-all.sh [SEEDS] [NAME…]; fails where a bug is not found within SEEDS (default 10,000).
# A patch that says "Shown by: NAME" is of calls that are held back longer than chance holds them: those tests of Grains.Tests must fail.
set -euo pipefail
cd "$(dirname "$0")/../../.."
seeds=${1:-10000}
shift || true
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for patch in tests/Simulation/Planted/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
status=0
printf '| planted bug | seeds to find | broken promise | seconds |\n|---|---|---|---|\n'
for name in "${names[@]}"; do
  shown=$(sed -n 's/^Shown by: //p' "tests/Simulation/Planted/$name.patch")
  if [ -n "$shown" ]; then
    start=$SECONDS
    output=$(dotnet test tests/Grains.Tests -c Release --nologo -p:RunAnalyzers=false "-p:PlantedBug=$name" --filter "$shown" 2>&1) || true
    failed=$(grep -oE 'Failed: +[0-9]+' <<<"$output" | grep -oE '[0-9]+' || true)
    if [ "${failed:-0}" -gt 0 ]; then
      printf '| `%s` | by `%s` | %s tests failed | %s |\n' "$name" "$shown" "$failed" $((SECONDS - start))
    else
      printf '| `%s` | **not by `%s`** | | %s |\n' "$name" "$shown" $((SECONDS - start))
      status=1
    fi
    continue
  fi
  dotnet build tests/Simulation -c Release -v q -m:2 -nologo -p:RunAnalyzers=false "-p:PlantedBug=$name" >/dev/null
  start=$SECONDS
  output=$(dotnet "tests/Simulation/bin/planted/$name/Release/net10.0/Customer360.Simulation.dll" \
    --seeds "$seeds" --no-shrink --no-marks) || true
  found=$(grep -m1 -E '^seed [0-9]+ broke a promise' <<<"$output" || true)
  if [ -z "$found" ]; then
    printf '| `%s` | **not within %s** | | %s |\n' "$name" "$seeds" $((SECONDS - start))
    status=1
  else
    seed=$(sed -E 's/^seed ([0-9]+) .*/\1/' <<<"$found")
    promise=$(sed -E 's/^seed [0-9]+ broke a promise[^:]*: ([^:]*):.*/\1/' <<<"$found")
    printf '| `%s` | %s | %s | %s |\n' "$name" "$seed" "$promise" $((SECONDS - start))
  fi
done
exit $status

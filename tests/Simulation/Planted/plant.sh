#!/usr/bin/env bash
# Applies a planted bug to copies of the sources that it names. Usage: plant.sh REPOSITORY NAME PROJECT_FOLDER OUTPUT_FOLDER
# Writes the project's own files among them, relative to its folder, to OUTPUT_FOLDER/files. Fails where the patch no
# longer applies exactly.
set -euo pipefail
repository=$1 name=$2 project=$(realpath --relative-to="$1" "$3") output=$4
patch="$repository/tests/Simulation/Planted/$name.patch"
[ -f "$patch" ] || { echo "There is no planted bug '$name'." >&2; exit 1; }
rm -rf "$output"
mkdir -p "$output"
sed -n 's|^+++ b/||p' "$patch" | while read -r file; do
  mkdir -p "$output/$(dirname "$file")"
  cp "$repository/$file" "$output/$file"
done
patch --silent --strip=1 --fuzz=0 --directory="$output" <"$patch"
sed -n "s|^+++ b/$project/||p" "$patch" >"$output/files"

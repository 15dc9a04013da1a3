#!/bin/bash
# Formats all C++ of the repository with the version of clang-format that .clang-format names.
#
#   cmake/format.sh            rewrites what is not formatted
#   cmake/format.sh --check    only names it; exit status 1 if there is any, 77 without that version
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

wanted=$(sed -n '1s/.*clang-format //p' .clang-format)
for program in "clang-format-$wanted" clang-format; do
  [ "$("$program" --version 2>/dev/null | sed 's/.*version \([0-9]*\).*/\1/')" = "$wanted" ] && found=$program && break
done
if [ -z "${found:-}" ]; then
  echo "clang-format $wanted is not here (Debian: clang-format-$wanted)" >&2
  exit 77
fi

mapfile -t files < <(find app engine resources tests -name '*.cpp' -o -name '*.h')
if [ "${1:-}" = --check ]; then
  wrong=$(printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 40 "$found" --dry-run 2>&1 | sed -n 's/^\([^ :]*\):[0-9:]* .*-Wclang-format.*/\1/p' | sort -u)
  [ -z "$wrong" ] && exit 0
  echo "not formatted (cmake/format.sh does it):" >&2
  echo "$wrong" >&2
  exit 1
fi
printf '%s\0' "${files[@]}" | xargs -0 -P "$(nproc)" -n 40 "$found" -i

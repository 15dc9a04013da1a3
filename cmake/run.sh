#!/bin/bash
# From a bare Debian machine to the window: installs what is missing with apt (asking sudo when not root; says what and how much
# first), builds Release, opens build/release/spritekiln.
#
#   cmake/run.sh                  the window; with no display, sixteen sprites into out/
#   cmake/run.sh sample --help    arguments are the program's own
set -u
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

install_missing engine window
build release

program=$root/build/release/spritekiln
if [ $# -gt 0 ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  exec "$program" "$@"
fi

say "no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the same without a window: sixteen sprites into out/"
cd "$root" || exit 1
"$program" sample --model models/dawnlike16.safetensors --count 16 --preview-every 2 --preview-dir out/previews \
  --gif out/fade.gif --out out/sheet.png --force || exit
echo "$root/out/sheet.png"
echo "$root/out/fade.gif"

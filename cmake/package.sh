#!/bin/bash
# Makes the Debian package and tries it: builds it in a bare system of that release (its LibTorch is the release's), installs it in another bare
# one, and runs command line and window there. Needs root; takes half an hour on two cores and 2 GB of disk while it runs. Everything comes
# from this machine's own Debian mirror.
#
#   cmake/package.sh                      for the Debian release that this machine runs
#   cmake/package.sh trixie               for another one
#   cmake/package.sh bookworm FILE.deb    only tries that package
#
# The package is left in out/packages, with what it drew there. SPRITEKILN_ROOTS=DIR keeps the bare systems there, for the next time.
set -eu
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

release=${1:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
package=${2:-}
out=$root/out/packages
roots=${SPRITEKILN_ROOTS:-}

[ "$(id -u)" = 0 ] || { say "only root may make and enter other systems: sudo cmake/package.sh"; exit 1; }
install_missing package
mkdir -p "$out"
if [ -z "$roots" ]; then
  roots=$(mktemp -d /var/tmp/spritekiln-roots.XXXXXX)
  trap 'rm -rf "$roots"' EXIT
fi

# Where this machine's apt gets Debian from, and through what.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
  awk -v release="$(. /etc/os-release && echo "$VERSION_CODENAME")" '$2 == release { print $1; exit }')
[ -n "$mirror" ] || { say "apt knows no Debian mirror; apt-get update first"; exit 1; }
proxy=
eval "$(apt-config shell proxy Acquire::http::Proxy)"
[ -z "$proxy" ] || export http_proxy=$proxy

# bare NAME: the folder of a fresh minimal system.
bare() {
  local system=$roots/$release-$1 seed=$roots/$release.tar
  if [ ! -f "$seed" ]; then
    say "a bare $release"
    rm -rf "$roots/$release-seed"
    debootstrap --variant=minbase "$release" "$roots/$release-seed" "$mirror" >"$out/debootstrap.log" 2>&1 ||
      { tail -n 5 "$out/debootstrap.log" >&2; return 1; }
    tar -C "$roots/$release-seed" -cf "$seed.tmp" . && mv "$seed.tmp" "$seed"
    rm -rf "$roots/$release-seed"
  fi
  rm -rf "$system"
  mkdir -p "$system"
  tar -C "$system" -xf "$seed"
  cp /etc/resolv.conf "$system/etc/resolv.conf"
  [ -z "$proxy" ] || echo "Acquire::http::Proxy \"$proxy\";" >"$system/etc/apt/apt.conf.d/80proxy"
  echo "$system"
}

# inside SYSTEM COMMAND…: runs there, with mounts and processes that end with it.
inside() {
  local system=$1
  shift
  unshare --mount --pid --fork --kill-child sh -c '
    mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/dev/shm" || exit
    exec chroot "$0" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
  ' "$system" "$@" </dev/null
}

install_inside() {
  local system=$1
  shift
  inside "$system" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' sh "$@" >"$out/apt.log" 2>&1 ||
    { tail -n 20 "$out/apt.log" >&2; return 1; }
}

if [ -z "$package" ]; then
  system=$(bare build)
  say "the build's packages in it"
  install_inside "$system" dpkg-dev file $(sed 's/#.*//' "$root"/cmake/packages/{engine,window}.txt)
  mkdir "$system/source"
  (cd "$root" && git ls-files -z | tar --null -T - -cf -) | tar -C "$system/source" -xf -
  say "building"
  inside "$system" sh -c "cd /source && cmake --preset release -Wno-dev && ninja -C build/release -j $(jobs) && cpack -B build/release/packages --config build/release/CPackConfig.cmake" \
    >"$out/build.log" 2>&1 || { tail -n 20 "$out/build.log" >&2; exit 1; }
  package=$(echo "$system"/source/build/release/packages/*.deb)
  cp "$package" "$out/"
  package=$out/$(basename "$package")
fi
say "$package"
dpkg-deb --info "$package" | sed -n 's/^ \(Depends\|Recommends\|Installed-Size\)/\1/p' >&2

system=$(bare try)
cp "$package" "$system/spritekiln.deb"
say "installing it in a bare $release, without what it recommends"
install_inside "$system" /spritekiln.deb
inside "$system" spritekiln --version >&2
inside "$system" spritekiln sample --model /usr/share/spritekiln/models/dawnlike16.safetensors --count 16 --seed 7 --scale 4 --out /sheet.png >&2
cp "$system/sheet.png" "$out/$release.png"

say "the window, with what it recommends, on a display that is not there"
install_inside "$system" xvfb $(inside "$system" dpkg-query -W -f '${Recommends}' spritekiln | tr -d ,)
inside "$system" sh -c '
  Xvfb :7 -screen 0 1280x800x24 -nolisten tcp >/dev/null 2>&1 &
  until [ -S /tmp/.X11-unix/X7 ]; do sleep 0.1; done
  DISPLAY=:7 SPRITEKILN_UI_MAP=/map.json spritekiln >/window.log 2>&1 &
  window=$!
  while kill -0 $window 2>/dev/null; do
    grep -q "\"engine\": *\"ready\"" /map.json 2>/dev/null && exit 0
    sleep 0.2
  done
  cat /window.log
  exit 1
' >&2
say "removing it"
inside "$system" apt-get purge -y -qq spritekiln >"$out/apt.log" 2>&1
left=$(inside "$system" sh -c 'find /usr /etc /var/lib -path "*spritekiln*" -not -path "/var/lib/dpkg/*"')
[ -z "$left" ] || { say "it left behind: $left"; exit 1; }
say "it works on a bare $release"

# Functions that run.sh and test.sh share; sourced by them, from any folder. What they say goes to stderr: stdout is the program's.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export CCACHE_BASEDIR=${CCACHE_BASEDIR-$root} CCACHE_NOHASHDIR=1 # so that another clone finds what this one compiled

say() { echo "spritekiln: $*" >&2; }

# missing LIST…: the packages of cmake/packages/LIST.txt that are not installed, on one line.
missing() {
  local list wanted
  wanted=$(for list in "$@"; do sed 's/#.*//; s/ //g; /^$/d' "$root/cmake/packages/$list.txt"; done)
  {
    echo "$wanted"
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p'
  } | sort | uniq -u | paste -sd ' '
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
  else
    sudo env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"
  fi
}

# plan PACKAGE…: what apt would do, in one line; fails when its lists do not know a package or were never verified.
plan() {
  local report
  report=$(LC_ALL=C apt-get -o Debug::NoLocking=1 --assume-no --no-install-recommends install "$@" 2>&1)
  case $report in *"cannot be authenticated"* | "E: "* | *$'\n'"E: "*) return 1 ;; esac
  sed -n 's/.*, \([0-9]*\) newly installed,.*/\1 packages with what they depend on/p
          s/^Need to get \(.*\) of archives.*/\1 to download/p
          s/^After this operation, \(.*\) of additional disk space.*/\1 on disk/p' <<<"$report" | paste -sd, | sed 's/,/, /g'
}

# install_missing LIST…: installs what is missing with apt, and says what and how much first.
install_missing() {
  local packages
  if ! command -v dpkg-query >/dev/null; then
    say "this is no Debian; taking it that the libraries named in cmake/packages are there"
    return
  fi
  packages=$(missing "$@")
  [ -z "$packages" ] || install_packages $packages
}

# install_packages PACKAGE…: with apt, saying what and how much first.
install_packages() {
  local packages=$* cost log=$root/build/apt.log
  say "to install: $packages"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "only root may install; as root: apt-get install --no-install-recommends $packages"
    exit 1
  fi
  mkdir -p "$root/build"
  if ! cost=$(plan $packages); then
    say "asking for apt's package lists"
    as_root apt-get update -qq >&2 || exit 1
    cost=$(plan $packages) || { say "apt cannot install them:" && LC_ALL=C apt-get -s install $packages >&2; exit 1; }
  fi
  say "that is $cost; apt's words go to build/apt.log"
  fetch_and_install() { as_root apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 $packages </dev/null >"$log" 2>&1; }
  # A list may name files that the archive has replaced since: once more with fresh ones.
  if ! fetch_and_install && ! { as_root apt-get update -qq >&2 && fetch_and_install; }; then
    tail -n 20 "$log" >&2
    say "apt failed; the whole of what it said is in build/apt.log"
    exit 1
  fi
}

# install_peers: what the tests can do without, as far as this Debian has it.
install_peers() {
  local package known=
  command -v dpkg-query >/dev/null || return 0
  for package in $(missing peers); do
    apt-cache show "$package" >/dev/null 2>&1 && known="$known $package"
  done
  [ -z "$known" ] || (install_packages $known) || say "the tests that need them leave that out"
}

# Compilers at once: a file that includes LibTorch takes over a gigabyte.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo 2>/dev/null)
  [ "${memory:-$cores}" -lt "$cores" ] && cores=$((memory > 1 ? memory : 1))
  echo "$cores"
}

# build PRESET [TARGET…]: configures build/PRESET the first time (ninja does it again when it must) and builds.
build() {
  local preset=$1
  shift
  (
    cd "$root" || exit 1
    [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" -Wno-dev --log-level=NOTICE >&2 || exit 1
    ninja -C "build/$preset" -j "$(jobs)" "$@" >&2
  ) || { say "the $preset build failed"; exit 1; }
}

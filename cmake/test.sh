#!/bin/bash
# Builds and runs every test, after the same set-up as run.sh: `runtime` under TSan, a minute of libFuzzer for each reader of
# strangers' files, the whole engine under ASan and UBSan, then the `ci` build with warnings as errors, GUI tests on a virtual display
# included. Ends with ctest's own summary of the latter.
#
#   cmake/test.sh             everything
#   cmake/test.sh --quick     without ASan and UBSan, which take half of the time
#   cmake/test.sh --quick -R gui --verbose    further arguments are ctest's
set -u
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

quick=
[ "${1:-}" = --quick ] && quick=yes && shift

install_missing engine window test
install_peers

# tests PRESET [CTEST ARGUMENT…]
tests() {
  (cd "$root" && ctest --preset "$@")
}

# The same with addresses that are not moved about, where the system lets us: some kernels move them further than sanitizers can follow.
steady_tests() {
  local machine
  machine=$(uname -m)
  if setarch "$machine" -R true 2>/dev/null; then
    (cd "$root" && setarch "$machine" -R ctest --preset "$@")
  else
    tests "$@"
  fi
}

failed=
build tsan test_runtime
steady_tests tsan -R '^engine/runtime$' || failed=" tsan"
build fuzz fuzz
steady_tests fuzz -j "$(nproc)" || failed="$failed fuzz"
if [ -z "$quick" ]; then
  build asan
  steady_tests asan -LE gui || failed="$failed asan"
fi
build ci
tests ci "$@" || failed="$failed ci"
[ -z "$failed" ] || { say "tests failed in:$failed"; exit 1; }

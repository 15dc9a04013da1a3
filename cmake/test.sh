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

# tests PRESET [CTEST ARGUMENT…]
tests() {
  (cd "$root" && ctest --preset "$@")
}

failed=
build tsan test_runtime
tests tsan -R '^engine/runtime$' || failed=" tsan"
build fuzz fuzz
tests fuzz -j "$(nproc)" || failed="$failed fuzz"
if [ -z "$quick" ]; then
  build asan
  tests asan -LE gui || failed="$failed asan"
fi
build ci
tests ci "$@" || failed="$failed ci"
[ -z "$failed" ] || { say "tests failed in:$failed"; exit 1; }

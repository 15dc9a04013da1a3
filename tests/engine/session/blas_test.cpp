#include <dlfcn.h>

#include <algorithm>
#include <variant>

#include "tests/engine/session/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

// Otherwise the BLAS's helpers spin beside the threads that sample and train: two of those trained at 0.7 of their speed.
TEST_CASE("an engine multiplies matrices on the thread that wants the product") {
  const auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
  const auto count = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  if (set == nullptr || count == nullptr) {
    MESSAGE("LibTorch multiplies with another BLAS here, so this was not tested");
    return;
  }
  set(2);
  REQUIRE(count() == 2);
  Listener engine;
  const auto is_ready = [](const Event& event) { return std::holds_alternative<EngineReady>(event); };
  REQUIRE(engine.wait([&] { return std::any_of(engine.events.begin(), engine.events.end(), is_ready); }));
  CHECK(count() == 1);
}

#include "app/state/newest.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace kiln {
namespace {

// The first one ends only when it is let go, which is after the second was asked for: a beginning that waited would never return.
TEST_CASE("What is asked for last comes, and asking does not wait for what is under way") {
  std::promise<void> let_go;
  std::future<int> newest;
  begin_newest(newest, [go = let_go.get_future()]() mutable {
    go.wait();
    return 1;
  });
  begin_newest(newest, [] { return 2; });
  CHECK(newest.get() == 2);
  let_go.set_value();
}

TEST_CASE("What goes wrong beside the window is told when the result is taken") {
  std::future<int> newest;
  begin_newest(newest, []() -> int { throw std::runtime_error("no"); });
  CHECK_THROWS_AS(newest.get(), std::runtime_error);
}

}  // namespace
}  // namespace kiln

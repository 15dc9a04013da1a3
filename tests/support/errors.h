#pragma once

#include <doctest/doctest.h>

#include "engine/base/error.h"

namespace kiln::test {

// The error that `action` fails with; kInternal and no message if it does not fail.
template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Failure& failure) {
    CHECK_FALSE(failure.error().message.empty());
    CHECK_FALSE(failure.error().hint.empty());
    return failure.error();
  }
  return {};
}

}  // namespace kiln::test

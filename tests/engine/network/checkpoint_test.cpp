#include "engine/network/import/checkpoint.h"

#include <ATen/ATen.h>

#include <algorithm>

#include <doctest/doctest.h>  // after torch

#include "tests/support/errors.h"
#include "tests/support/source_folder.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("tensors in nested dicts are named with dots, and taken by what their names begin with") {
  Checkpoint checkpoint(source_folder() / "tests/golden/formats/nested.pth");
  const auto prefixes = checkpoint.prefixes();
  REQUIRE(prefixes.size() > 2);
  CHECK(prefixes[0] == "ema.");  // averaged ones first, then shorter ones
  CHECK(prefixes[1] == "ema.ema_model.");
  CHECK(prefixes[3] == "");
  CHECK(std::find(prefixes.begin(), prefixes.end(), "opt.state.0.") != prefixes.end());

  checkpoint.take("");
  CHECK(checkpoint.names() == std::vector<std::string>{"a.weight"});  // not what is nested
  CHECK((at::equal(checkpoint.tensor("a.weight"), at::tensor({0.0f, 1.0f}))));
  checkpoint.take("ema.");
  CHECK(checkpoint.names() == std::vector<std::string>{"ema_model.a.weight"});  // not the step
  checkpoint.take("ema.ema_model.");
  CHECK(checkpoint.names() == std::vector<std::string>{"a.weight"});
  CHECK((at::equal(checkpoint.tensor("a.weight"), at::tensor({4.0f, 5.0f}))));
  CHECK(checkpoint.elements() == 2);
}

#include "engine/network/transfer.h"

#include "tests/engine/network/support.h"

#include "tests/engine/formats/support.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a known class keeps its embedding, a new one starts from the mean, all else is taken over") {
  const Model from = small_model({16, 16, 4, 0}, {"axe", "bow", "cup"});
  Model to = make_model("kiln_unet", small_params(), {16, 16, 4, 0}, {"bow", "dagger"});
  std::vector<std::string> notes;
  copy_matching_weights(from, to, notes);

  const auto sources = from.network->named_parameters(), targets = to.network->named_parameters();
  const at::Tensor source = sources["class_table"].detach(), target = targets["class_table"].detach();
  REQUIRE(target.size(0) == 3);
  CHECK(at::equal(target[0], source[1]));
  CHECK(relative(target[1], (source[0] + source[1] + source[2]) / 3) < 1e-6);
  CHECK(at::equal(target[2], source[3]));  // the null condition
  for (const auto& entry : targets) {
    if (entry.key() != "class_table") CHECK_MESSAGE(at::equal(entry.value(), sources[entry.key()]), entry.key());
  }
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("1 of 2 classes") != std::string::npos);
}

TEST_CASE("the copy is a copy") {
  const Model from = small_model({16, 16, 4, 0}, {"a"});
  Model to = make_model("kiln_unet", small_params(), {16, 16, 4, 0}, {"a"});
  std::vector<std::string> notes;
  copy_matching_weights(from, to, notes);
  const at::NoGradGuard no_grad;
  to.network->named_parameters()["stem.weight"].zero_();
  CHECK(at::count_nonzero(from.network->named_parameters()["stem.weight"]).item<std::int64_t>() > 0);
}

TEST_CASE("another number of channels leaves the rest to be taken") {
  const Model from = small_model({16, 16, 4, 0}, {"a"});
  Model to = make_model("kiln_unet", small_params(), {32, 32, 3, 0}, {"a"});
  std::vector<std::string> notes;
  copy_matching_weights(from, to, notes);
  const auto sources = from.network->named_parameters(), targets = to.network->named_parameters();
  CHECK(at::equal(targets["middle.conv1.weight"], sources["middle.conv1.weight"]));
  CHECK(at::equal(targets["head.weight"], at::zeros_like(targets["head.weight"])));
}

TEST_CASE("a network that nothing fits is refused") {
  const Model from = small_model({16, 16, 4, 0}, {"a"});
  Model to = make_model("kiln_unet", small_params({{"width", std::int64_t{48}}, {"embedding", std::int64_t{40}}, {"multipliers", std::string("1")}}), {16, 16, 3, 0}, {"a"});
  std::vector<std::string> notes;
  CHECK(error_of([&] { copy_matching_weights(from, to, notes); }).code == ErrorCode::kInvalidArgument);
}

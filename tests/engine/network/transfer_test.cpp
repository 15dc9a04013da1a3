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
  Model to = make_model(
      "kiln_unet", small_params({{"width", std::int64_t{48}}, {"embedding", std::int64_t{40}}, {"multipliers", std::string("1")}}),
      {16, 16, 3, 0}, {"a"});
  std::vector<std::string> notes;
  CHECK(error_of([&] { copy_matching_weights(from, to, notes); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("the classes of the other networks are known by their names too, and running statistics come along") {
  struct Kind {
    const char* id;
    const char* table;
    ParamMap params;
    std::int64_t dimension;
    bool null_last;
  };
  const std::vector<Kind> kinds = {{"context_unet",
                                    "label_emb.weight",
                                    {{"stem", std::int64_t{8}},
                                     {"level_channels", std::string("8,16")},
                                     {"attention", std::string("0,0")},
                                     {"embedding", std::int64_t{16}},
                                     {"blocks", std::int64_t{1}}},
                                    0,
                                    true},
                                   {"sprite_unet", "contextembed1.model.0.weight", {{"features", std::int64_t{8}}}, 1, false}};
  for (const auto& kind : kinds) {
    CAPTURE(kind.id);
    const Model from = make_model(kind.id, kind.params, {16, 16, 4, 0}, {"axe", "bow", "cup"});
    const at::NoGradGuard no_grad;
    for (auto& buffer : from.network->buffers()) buffer.uniform_(1, 2);
    Model to = make_model(kind.id, kind.params, {16, 16, 4, 0}, {"cup", "dagger"});
    std::vector<std::string> notes;
    copy_matching_weights(from, to, notes);
    const at::Tensor source = from.network->named_parameters()[kind.table], target = to.network->named_parameters()[kind.table];
    CHECK(at::equal(target.select(kind.dimension, 0), source.select(kind.dimension, 2)));
    CHECK(relative(target.select(kind.dimension, 1), source.narrow(kind.dimension, 0, 3).mean(kind.dimension)) < 1e-5);
    if (kind.null_last) CHECK(at::equal(target[2], source[3]));
    const auto buffers = from.network->named_buffers();
    for (const auto& entry : to.network->named_buffers())
      CHECK_MESSAGE(at::equal(entry.value(), buffers[entry.key()]), entry.key());
    CHECK(notes[0].find("1 of 2 classes") != std::string::npos);
  }
}

TEST_CASE("a palette head's colours begin as the nearest ones before; one does not come from a head of channels") {
  const auto with = [](std::vector<Rgb8> colours) {
    Model model = small_model(
        {.width = 16, .height = 16, .channels = 4, .outputs = static_cast<int>(colours.size()) + (colours.empty() ? 4 : 1)}, {"a"});
    if (!colours.empty()) model.palette_head = opaque_entries({"", std::move(colours)}, 4);
    return model;
  };
  const Model from = with({{0, 0, 0}, {200, 30, 30}, {250, 250, 250}});
  Model to = with({{240, 230, 235}, {10, 5, 0}, {180, 20, 40}, {220, 40, 30}});
  std::vector<std::string> notes;
  copy_matching_weights(from, to, notes);
  const at::Tensor before = from.network->named_parameters()["head.weight"], after = to.network->named_parameters()["head.weight"];
  const std::vector<std::int64_t> expected = {0, 3, 1, 2, 2};
  REQUIRE(after.size(0) == 5);
  for (std::int64_t i = 0; i < 5; ++i) CHECK(at::equal(after[i], before[expected[static_cast<std::size_t>(i)]]));
  CHECK(at::equal(to.network->named_parameters()["head.bias"][1], from.network->named_parameters()["head.bias"][3]));

  const Model channels = with({});
  Model three = with({{0, 0, 0}, {200, 30, 30}, {250, 250, 250}});  // as many outputs
  const at::Tensor kept = three.network->named_parameters()["head.weight"].clone();
  copy_matching_weights(channels, three, notes);
  CHECK(at::equal(three.network->named_parameters()["head.weight"], kept));
}

TEST_CASE("a palette head without “transparent” lends nothing to one with it, though both have as many outputs") {
  Model from = small_model({.width = 16, .height = 16, .channels = 3, .outputs = 5}, {"a"});
  from.palette_head = opaque_entries({"", {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {3, 3, 3}, {4, 4, 4}}}, 3);
  Model to = small_model({.width = 16, .height = 16, .channels = 4, .outputs = 5}, {"a"});
  to.palette_head = opaque_entries({"", {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {3, 3, 3}}}, 4);
  to.network->named_parameters()["head.bias"].detach().fill_(7);
  std::vector<std::string> notes;
  copy_matching_weights(from, to, notes);
  CHECK(at::equal(to.network->named_parameters()["head.bias"], at::full({5}, 7.0F)));
}

TEST_CASE("frames that both have are taken over, more begin as in a new network") {
  Model from = make_model("kiln_unet", small_params(), {16, 16, 4, 0}, {"a"}, {2});
  {
    const at::NoGradGuard no_grad;
    from.network->named_parameters()["frame_table"].normal_();
  }
  Model to = make_model("kiln_unet", small_params(), {16, 16, 4, 0}, {"a", "b"}, {3, 4});
  std::vector<std::string> notes;
  copy_matching_weights(from, to, notes);
  const at::Tensor source = from.network->named_parameters()["frame_table"].detach(),
                   target = to.network->named_parameters()["frame_table"].detach();
  CHECK(at::equal(target.narrow(0, 0, 2), source));
  CHECK(target.narrow(0, 2, 2).abs().max().item<float>() > 0);
}

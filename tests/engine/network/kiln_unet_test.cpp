#include "tests/engine/network/support.h"

#include "engine/network/networks/kiln_unet.h"
#include "engine/network/transfer.h"
#include "tests/engine/formats/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

at::Tensor noise(const NetworkShape& shape, int batch) {
  torch::manual_seed(5);
  return at::randn({batch, shape.channels, shape.height, shape.width});
}

// What `network` answers to one x at one t under each row of `condition`.
at::Tensor answers(Network& network, const at::Tensor& x, const at::Tensor& condition) {
  const at::NoGradGuard no_grad;
  return network.forward(x.expand({condition.size(0), -1, -1, -1}), at::full({condition.size(0)}, 0.4), condition);
}

bool is_sentence(const std::string& text) { return text.size() > 10 && !text.ends_with("."); }

Error refusal_of(const ParamMap& changes, NetworkShape shape = {16, 16, 4, 0}) {
  const Error error = error_of([&] { make_model("kiln_unet", small_params(changes), shape, {"a"}); });
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(is_sentence(error.message));
  CHECK(is_sentence(error.hint));
  return error;
}

}  // namespace

TEST_CASE("the answer has the picture's shape, and is zero before training") {
  for (const auto& [width, height] : {std::pair{16, 16}, {32, 32}, {24, 16}, {16, 24}}) {
    for (const int channels : {3, 4}) {
      CAPTURE(width);
      CAPTURE(height);
      CAPTURE(channels);
      const NetworkShape shape{width, height, channels, 0};
      Model fresh = make_model("kiln_unet", small_params({{"multipliers", std::string("1,1.5,2")}}), shape, {"a", "b"});
      CHECK(fresh.shape.classes == 2);
      const at::Tensor x = noise(shape, 2), condition = at::eye(2);
      const at::Tensor output = fresh.network->forward(x, at::full({2}, 0.5), condition);
      REQUIRE(output.sizes() == x.sizes());
      CHECK((output.scalar_type() == at::kFloat));
      CHECK(at::equal(output, at::zeros_like(x)));

      Model awake = small_model(shape, {"a", "b"}, {{"multipliers", std::string("1,1.5,2")}});
      const at::Tensor later = answers(*awake.network, x.narrow(0, 0, 1), condition);
      CHECK(at::isfinite(later).all().item<bool>());
      CHECK(relative(later[0], later[1]) > 1e-3);  // it sees the class
    }
  }
}

TEST_CASE("it sees the time") {
  Model model = small_model({16, 16, 4, 0}, {"a"});
  const at::Tensor x = noise(model.shape, 1).expand({2, -1, -1, -1});
  const at::NoGradGuard no_grad;
  const at::Tensor output = model.network->forward(x, at::tensor({0.1F, 0.9F}), at::ones({2, 1}));
  CHECK(relative(output[0], output[1]) > 1e-3);
}

TEST_CASE("weights above one in all are scaled down") {
  Model model = small_model({16, 16, 4, 0}, {"a", "b"});
  const at::Tensor rows = at::tensor({1.F, 0.F, 2.F, 0.F, 0.5F, 0.5F, 3.F, 3.F}).view({4, 2});
  const at::Tensor output = answers(*model.network, noise(model.shape, 1), rows);
  CHECK(relative(output[1], output[0]) < 1e-5);
  CHECK(relative(output[3], output[2]) < 1e-5);
  CHECK(relative(output[2], output[0]) > 1e-3);
}

TEST_CASE("what weights lack to one is the learned null condition") {
  Model model = small_model({16, 16, 4, 0}, {"a", "b"});
  const at::Tensor x = noise(model.shape, 1);
  const at::Tensor mixed = answers(*model.network, x, at::tensor({0.4F, 0.F, 0.F, 0.F}).view({2, 2}));
  at::Tensor table = model.network->named_parameters()["class_table"];
  REQUIRE(table.size(0) == 3);
  CHECK(relative(table[0], table[2]) > 1e-2);
  const at::NoGradGuard no_grad;
  table[0].copy_(0.4 * table[0] + 0.6 * table[2]);  // a class that is what the mixture should be
  table[1].copy_(table[2]);
  const at::Tensor expected = answers(*model.network, x, at::eye(2));
  CHECK(relative(mixed[0], expected[0]) < 1e-5);
  CHECK(relative(mixed[1], expected[1]) < 1e-5);
  CHECK(relative(mixed[0], mixed[1]) > 1e-3);
}

TEST_CASE("augmentation labels count in training alone") {
  NetworkShape shape{16, 16, 4, 0};
  shape.labels = 3;
  Model model = small_model(shape, {"a", "b"});
  const at::Tensor x = noise(model.shape, 1);
  const at::Tensor plain = answers(*model.network, x, at::eye(2));
  const at::Tensor none = at::cat({at::eye(2), at::zeros({2, 3})}, 1);
  at::Tensor mirrored = none.clone();
  mirrored.select(1, 2).fill_(1);
  CHECK(at::equal(answers(*model.network, x, none), plain));
  CHECK(relative(answers(*model.network, x, mirrored)[0], plain[0]) > 1e-3);
  CHECK(at::equal(make_model("kiln_unet", small_params(), shape, {"a"}).network->named_parameters()["label_table"],
                  at::zeros({3, 32})));
  CHECK(error_of([&] { make_model("sprite_unet", defaults_of(find_network("sprite_unet").params), shape, {"a"}); }).code ==
        ErrorCode::kInvalidArgument);
}

TEST_CASE("a network that is told guidance and steps begins as one that is not, and takes 1 where nothing is said") {
  NetworkShape shape{16, 16, 4, 0};
  const std::vector<std::string> classes{"a", "b"};
  torch::manual_seed(1);
  const Model plain = make_model("kiln_unet", small_params(), shape, classes);
  shape.distilled = true;
  torch::manual_seed(1);
  Model fresh = make_model("kiln_unet", small_params(), shape, classes);
  std::vector<std::string> notes;
  copy_matching_weights(plain, fresh, notes);
  const at::Tensor x = noise(plain.shape, 1);
  const auto with = [](double scale, double steps) {
    return at::cat({at::eye(2), at::full({2, 1}, scale), at::full({2, 1}, steps)}, 1);
  };
  CHECK(at::equal(answers(*fresh.network, x, with(3, 2)), answers(*plain.network, x, at::eye(2))));

  Model model = small_model(shape, classes);
  CHECK(at::equal(answers(*model.network, x, at::eye(2)), answers(*model.network, x, with(1, 1))));
  const at::Tensor one = answers(*model.network, x, with(1, 1))[0];
  CHECK(relative(answers(*model.network, x, with(3, 1))[0], one) > 1e-3);
  CHECK(relative(answers(*model.network, x, with(1, 4))[0], one) > 1e-3);
  CHECK(error_of([&] { make_model("sprite_unet", defaults_of(find_network("sprite_unet").params), shape, {"a"}); }).code ==
        ErrorCode::kInvalidArgument);
}

TEST_CASE("bf16 stays close to fp32") {
  Model model = small_model({16, 16, 4, 0}, {"a", "b"});
  const at::Tensor x = noise(model.shape, 1);
  const at::Tensor exact = answers(*model.network, x, at::eye(2));
  model.network->set_compute_type(at::kBFloat16);
  const at::Tensor rough = answers(*model.network, x, at::eye(2));
  CHECK((rough.scalar_type() == at::kFloat));
  const double error = ((rough - exact).norm() / exact.norm()).item<double>();
  CHECK(error < 0.02);
  CHECK(error > 1e-5);  // it is bf16
}

TEST_CASE("a sprite does not depend on those beside it") {
  Model model = small_model({16, 16, 4, 0}, {"a", "b"});
  const at::NoGradGuard no_grad;
  const at::Tensor x = noise(model.shape, 5), t = at::tensor({0.1F, 0.3F, 0.5F, 0.7F, 0.9F});
  const at::Tensor condition = at::tensor({1.F, 0.F, 0.F, 1.F, 1.F, 0.F, 0.F, 1.F, 0.F, 1.F}).view({5, 2});
  const at::Tensor together = model.network->forward(x, t, condition);
  for (int i = 0; i < 5; ++i) {
    const at::Tensor alone = model.network->forward(x.narrow(0, i, 1), t.narrow(0, i, 1), condition.narrow(0, i, 1));
    CHECK(relative(together[i], alone[0]) < 1e-5);
  }
}

TEST_CASE("dropout acts in training alone") {
  Model model = small_model({16, 16, 4, 0}, {"a"}, {{"dropout", 0.5}});
  const at::Tensor x = noise(model.shape, 1);
  const at::Tensor quiet = answers(*model.network, x, at::ones({1, 1}));
  CHECK(at::equal(answers(*model.network, x, at::ones({1, 1})), quiet));
  model.network->train();
  CHECK(relative(answers(*model.network, x, at::ones({1, 1})), quiet) > 1e-3);
}

TEST_CASE("parameters that make no network are refused in a sentence") {
  for (const char* multipliers : {"x", "", "1,,2", "1,-1", "0", "nan", "1;2", "1,1000"}) {
    CAPTURE(multipliers);
    const Error error = refusal_of({{"multipliers", std::string(multipliers)}});
    CHECK(error.message.find(multipliers) != std::string::npos);
  }
  CHECK(refusal_of({{"multipliers", std::string("1,1,1")}}, {18, 16, 4, 0}).message.find("18×16") != std::string::npos);
  CHECK(refusal_of({{"multipliers", std::string("1,1,1")}}, {16, 18, 4, 0}).hint.find("--pad 16x20") != std::string::npos);
  std::string many = "1";
  for (int levels = 2; levels <= 70; ++levels) {
    many += ",1";
    if (levels > 5) refusal_of({{"multipliers", many}});
  }
  refusal_of({{"group_channels", std::int64_t{12}}, {"head_channels", std::int64_t{16}}});
  CHECK(refusal_of({{"widht", std::int64_t{16}}}).hint.find("width") != std::string::npos);
  refusal_of({{"width", std::int64_t{8}}});
  refusal_of({{"width", std::string("wide")}});
  CHECK(error_of([] { make_model("kiln_net", {}, {16, 16, 4, 0}, {"a"}); }).hint.find("kiln_unet") != std::string::npos);
}

TEST_CASE("sprites that no model file could hold are refused before training") {
  for (const NetworkShape& shape : {NetworkShape{0, 16, 4, 0}, {16, -16, 4, 0}, {512, 16, 4, 0}}) {
    CHECK(error_of([&] { make_model("kiln_unet", small_params(), shape, {"a"}); }).code == ErrorCode::kUnsupported);
  }
}

TEST_CASE("the bound on a network's size is below it, and near") {
  for (const char* multipliers : {"1", "1,2", "1,1.5,2", "2,1", "1,4", "4,1,1"}) {
    for (const int blocks : {1, 3}) {
      for (const int embedding : {32, 512}) {
        CAPTURE(multipliers);
        CAPTURE(blocks);
        const Model model = small_model(
            {16, 16, 4, 0}, {"a", "b", "c"},
            {{"multipliers", std::string(multipliers)}, {"blocks", std::int64_t{blocks}}, {"embedding", std::int64_t{embedding}}});
        const double bound = find_network("kiln_unet").fewest_parameters(model.shape, model.network_params);
        const auto count = static_cast<double>(parameter_count(*model.network));
        CHECK(bound <= count);
        CHECK(3 * bound >= count);
      }
    }
  }
}

TEST_CASE("frames count beside the classes, and are none of another network's") {
  torch::manual_seed(3);
  Model model = make_model("kiln_unet", small_params(), {16, 16, 4, 0}, {"a", "b"}, {0, 3});
  const at::NoGradGuard no_grad;
  for (at::Tensor& parameter : model.network->parameters()) {
    if (at::count_nonzero(parameter).item<std::int64_t>() == 0) parameter.normal_(0.0, 0.05);
  }
  model.network->eval();
  CHECK(model.shape.frames == 3);
  CHECK(model.shape.condition_width() == 5);
  const at::Tensor x = noise(model.shape, 1), none = at::cat({at::eye(2), at::zeros({2, 3})}, 1);
  at::Tensor second = none.clone(), third = none.clone();
  second.select(1, 3).fill_(1);
  third.select(1, 4).fill_(1);
  const at::Tensor plain = answers(*model.network, x, none);
  CHECK(relative(answers(*model.network, x, second), plain) > 1e-3);
  CHECK(relative(answers(*model.network, x, third), answers(*model.network, x, second)) > 1e-3);
  for (const std::vector<int>& frames : {std::vector<int>{1}, {0, 17}, {0, -1}})
    CHECK(error_of([&] {
            make_model("kiln_unet", small_params(), {16, 16, 4, 0}, {"a", "b"}, frames);
          }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([&] {
          make_model("sprite_unet", defaults_of(find_network("sprite_unet").params), {16, 16, 4, 0}, {"a"}, {2});
        }).code == ErrorCode::kInvalidArgument);
}

#include "engine/inference/recorded_loop.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/utils.h>

#include <string>
#include <thread>
#include <vector>

#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/diffusion/seeds.h"
#include "engine/inference/device_network.h"
#include "tests/support/gpu.h"
#include "tests/support/host_stream.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

const c10::Device kCuda(c10::kCUDA, 0);

// Small, and random everywhere; with `colours`, a palette head of that many.
Model small_network(const std::string& id = "kiln_unet", int colours = 0) {
  torch::manual_seed(3);
  ParamMap params = defaults_of(find_network(id).params);
  const ParamMap smaller = {{"width", std::int64_t{16}},     {"multipliers", std::string("1,2")},
                            {"blocks", std::int64_t{1}},     {"head_channels", std::int64_t{16}},
                            {"embedding", std::int64_t{32}}, {"group_channels", std::int64_t{8}},
                            {"stem", std::int64_t{16}},      {"features", std::int64_t{16}},
                            {"groups", std::int64_t{8}},     {"level_channels", std::string("16,32,32")}};
  for (const auto& [key, value] : smaller) {
    if (params.contains(key)) params[key] = value;
  }
  NetworkShape shape{16, 16, 4, 0};
  shape.outputs = colours;
  Model model = make_model(id, params, shape, {"axe", "potion"});
  for (int i = 0; i < colours; ++i) model.palette_head.push_back({static_cast<std::uint8_t>(20 * i), 90, 200, 255});
  if (colours > 0) model.diffusion.prediction = Prediction::kX0;
  const at::NoGradGuard no_grad;
  for (at::Tensor& parameter : model.network->parameters()) {
    if (at::count_nonzero(parameter).item<std::int64_t>() == 0) parameter.uniform_(-0.05, 0.05);
  }
  model.network->eval();
  return model;
}

at::Tensor conditions(int sprites) {
  at::Tensor condition = at::zeros({sprites, 2});
  for (int i = 0; i < sprites; ++i) condition[i][i % 2] = i % 3 == 2 ? 0.4f : 1.0f;
  return condition;
}

RunConfig run_of(const std::string& sampler, int steps = 6) {
  RunConfig config;
  config.sampler = sampler;
  config.steps = steps;
  return config;
}

std::unique_ptr<SamplingLoop> on_host(const Model& model, const RunConfig& config, const Conditioning& conditioning,
                                      std::uint64_t seed) {
  return make_recorded_loop(model, {}, config, conditioning, sprite_seeds(seed, static_cast<int>(conditioning.condition.size(0))),
                            [](c10::Device) { return std::make_unique<HostStream>(); });
}
std::unique_ptr<SamplingLoop> on_host(const Model& model, const RunConfig& config, int sprites, std::uint64_t seed) {
  return on_host(model, config, conditions(sprites), seed);
}

// From an image, half of it kept, away from the other class.
Conditioning repair(int sprites) {
  Conditioning conditioning = conditions(sprites);
  conditioning.negative = conditioning.condition.flip({1});
  conditioning.init = 0.9 * at::sin(0.11 * at::arange(4 * 16 * 16).to(at::kFloat)).view({1, 4, 16, 16});
  conditioning.mask = at::arange(16).view({1, 1, 16, 1}).expand({1, 1, 16, 16}) < 8;
  return conditioning;
}

std::unique_ptr<SamplingLoop> plain(const Model& model, const RunConfig& config, int sprites, std::uint64_t seed) {
  return make_sampling_loop(model, {}, config, conditions(sprites), sprite_seeds(seed, sprites));
}

at::Tensor finish(SamplingLoop& loop) {
  while (!loop.done()) loop.step();
  return loop.picture().sprites.cpu();
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }
double mean_difference(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().mean().item<double>(); }

// Nothing arrives before somebody waits for it.
class SlowStream : public DeviceStream {
 public:
  struct Log {
    int marks = 0, waited = 0, most_ahead = 0;
  };
  explicit SlowStream(std::shared_ptr<Log> log) : log_(std::move(log)), stream_(std::make_unique<HostStream>()) {}

  c10::Device device() const override { return c10::kCPU; }
  void run(const std::function<void()>& work) override { stream_->run(work); }
  std::function<void()> record(const std::function<void()>& work, const std::function<void()>& reset) override {
    return stream_->record(work, reset);
  }
  void wait_for_caller() override {}
  void caller_waits() override {}
  void upload(const at::Tensor& from, const at::Tensor& to) override { stream_->upload(from, to); }
  std::unique_ptr<Download> download(const at::Tensor& from) override { return std::make_unique<Late>(from.clone()); }
  std::unique_ptr<StreamEvent> mark() override {
    ++log_->marks;
    log_->most_ahead = std::max(log_->most_ahead, log_->marks - log_->waited);
    return std::make_unique<Counted>(log_);
  }
  void wait_for_device() override {}

 private:
  struct Late : Download {
    explicit Late(at::Tensor copy) : tensor_(std::move(copy)) {}
    bool here() const override { return false; }
    void wait() const override {}
    at::Tensor tensor() const override { return tensor_; }
    at::Tensor tensor_;
  };
  struct Counted : StreamEvent {
    explicit Counted(std::shared_ptr<Log> log) : log_(std::move(log)) {}
    bool here() const override { return false; }
    void wait() const override { ++log_->waited; }
    std::shared_ptr<Log> log_;
  };

  std::shared_ptr<Log> log_;
  std::unique_ptr<DeviceStream> stream_;
};

class NonRecordingStream : public SlowStream {
 public:
  using SlowStream::SlowStream;
  std::function<void()> record(const std::function<void()>&, const std::function<void()>&) override {
    TORCH_CHECK(false, "this cannot be recorded");
  }
};

}  // namespace

TEST_CASE("a recorded run makes the sprites of a plain one") {
  for (const auto& kind : network_kinds()) {
    CAPTURE(kind.id);
    const Model model = small_network(kind.id);
    for (const char* sampler : {"ddim", "ddpm", "dpmpp_2m"}) {
      CAPTURE(sampler);
      RunConfig config = run_of(sampler);
      config.guidance.to = 0.7;
      const at::Tensor recorded = finish(*on_host(model, config, 3, 40));
      CHECK(largest_difference(recorded, finish(*plain(model, config, 3, 40))) < 2e-3);
      CHECK(recorded.std().item<double>() > 0.05);
    }
  }
}

TEST_CASE("a recorded run from an image, within a mask and away from a condition makes the sprites of a plain one") {
  const Model model = small_network();
  for (const char* sampler : {"ddim", "ddpm", "dpmpp_2m", "dpmpp_2m_sde"}) {
    for (const bool masked : {false, true}) {
      CAPTURE(sampler);
      CAPTURE(masked);
      RunConfig config = run_of(sampler);
      config.strength = 0.7;
      config.resample = 2;
      Conditioning conditioning = repair(3);
      if (!masked) conditioning.mask = at::Tensor();
      const auto recorded = on_host(model, config, conditioning, 40);
      const auto expected = make_sampling_loop(model, {}, config, conditioning, sprite_seeds(40, 3));
      CHECK(recorded->total() == expected->total());
      CHECK(recorded->total() == (masked ? 7 : 4));
      const at::Tensor sprites = finish(*recorded), init = conditioning.init;
      CHECK(largest_difference(sprites, finish(*expected)) < 2e-3);
      for (int i = 0; i < 3; ++i) CHECK(at::equal(sprites[i].slice(1, 8), init[0].slice(1, 8)) == masked);
    }
  }
}

TEST_CASE("a run after one with mask and negative condition, on the same recordings, knows nothing of them") {
  const Model model = small_network();
  const RunConfig config = run_of("ddpm");
  const at::Tensor expected = finish(*on_host(model, config, 2, 7));
  RunConfig many = config;
  many.resample = static_cast<int>(kMostResample);
  many.steps = model.diffusion.schedule.length;  // the longest run that there is
  const auto longest = on_host(model, many, repair(2), 8);
  CHECK(longest->total() == (many.steps - 1) * many.resample + 1);
  for (int i = 0; i < 3; ++i) longest->step();
  CHECK(finish(*on_host(model, config, repair(2), 8)).isfinite().all().item<bool>());
  CHECK(at::equal(finish(*on_host(model, config, 2, 7)), expected));
}

TEST_CASE("a run on kept recordings knows nothing of the run before it, nor of one beside it") {
  const Model model = small_network();
  const RunConfig config = run_of("dpmpp_2m"), other = run_of("ddpm", 9);
  const at::Tensor first = finish(*on_host(model, config, 2, 7));
  const at::Tensor second = finish(*on_host(model, other, 2, 8));
  CHECK(at::equal(finish(*on_host(model, config, 2, 7)), first));
  const auto a = on_host(model, config, 2, 7), b = on_host(model, other, 2, 8);
  while (!a->done()) {
    b->step();
    a->step();
  }
  CHECK(at::equal(finish(*a), first));
  CHECK(at::equal(finish(*b), second));
}

TEST_CASE("both loops give the picture of every step, the last one the result") {
  const Model model = small_network();
  for (const auto& loop : {on_host(model, run_of("ddim"), 2, 5), plain(model, run_of("ddim"), 2, 5)}) {
    std::vector<at::Tensor> seen;
    CHECK_FALSE(loop->next_picture(true).has_value());
    while (!loop->done()) {
      loop->step();
      seen.push_back(loop->picture().sprites.clone());
      loop->ask_for_picture();
    }
    for (int step = 1; step <= 6; ++step) {
      const auto picture = loop->next_picture(false);
      REQUIRE(picture.has_value());
      CHECK(picture->step == step);
      CHECK(at::equal(picture->sprites, seen[static_cast<std::size_t>(step) - 1]));
    }
    CHECK_FALSE(loop->next_picture(true).has_value());
    CHECK(largest_difference(seen.front(), seen.back()) > 0.05);
  }
}

TEST_CASE("steps are begun a few ahead of a slow device, and pictures waited for only when asked") {
  const Model model = small_network();
  const auto log = std::make_shared<SlowStream::Log>();
  const auto loop = make_recorded_loop(model, {}, run_of("ddim", 20), conditions(1), sprite_seeds(1, 1),
                                       [log](c10::Device) { return std::make_unique<SlowStream>(log); });
  for (int i = 0; i < 20; ++i) {
    loop->step();
    loop->ask_for_picture();
    CHECK_FALSE(loop->next_picture(false).has_value());
  }
  CHECK(log->marks == 20);
  CHECK(log->most_ahead >= 2);
  CHECK(log->most_ahead <= 8);
  for (int step = 1; step <= 20; ++step) CHECK(loop->next_picture(true)->step == step);
  CHECK(largest_difference(loop->picture().sprites, finish(*plain(model, run_of("ddim", 20), 1, 1))) < 2e-3);
}

TEST_CASE("a sampler's second run is what it would be alone, and outlives the sampler") {
  const Model model = small_network();
  std::unique_ptr<SamplingLoop> second;
  {
    ModelSampler sampler(model, {});
    finish(*sampler.begin(run_of("ddpm", 9), conditions(3), sprite_seeds(8, 3)));
    second = sampler.begin(run_of("ddim"), conditions(2), sprite_seeds(7, 2));
  }
  CHECK(at::equal(finish(*second), finish(*plain(model, run_of("ddim"), 2, 7))));
}

TEST_CASE("outputs that are no prediction of the sprites' channels are refused") {
  Model model = small_network();
  CHECK((output_head(model).prediction == model.diffusion.prediction));
  model.shape.outputs = 9;
  CHECK_THROWS_AS(output_head(model), Failure);
}

TEST_CASE("there is no recorded run without a stream, nor where the device cannot record") {
  const Model model = small_network();
  CHECK(make_recorded_loop(model, {}, run_of("ddim"), conditions(1), sprite_seeds(1, 1), make_cuda_stream) == nullptr);  // the CPU
  std::jthread([&] {  // what cannot be recorded is remembered by the thread
    const auto log = std::make_shared<SlowStream::Log>();
    int streams = 0;
    for (int i = 0; i < 2; ++i) {
      CHECK(make_recorded_loop(model, {}, run_of("ddim"), conditions(1), sprite_seeds(1, 1), [&](c10::Device) {
              ++streams;
              return std::make_unique<NonRecordingStream>(log);
            }) == nullptr);
    }
    CHECK(streams == 1);
  });
}

TEST_CASE("a device's copy of a network is shared, and leaves the model as it is") {
  Model model = small_network();
  const at::NoGradGuard no_grad;
  const at::Tensor x = at::randn({2, 4, 16, 16}), t = at::full({2}, 0.5), condition = conditions(2);
  const at::Tensor expected = model.network->forward(x, t, condition);
  model.network->train();
  const auto copy = device_network(model, c10::kCPU, false), half = device_network(model, c10::kCPU, true);
  CHECK(device_network(model, c10::kCPU, false) == copy);
  CHECK(half != copy);
  CHECK(copy != model.network);
  CHECK(model.network->is_training());
  CHECK((model.network->compute_type() == at::kFloat));
  CHECK_FALSE(copy->is_training());
  for (const at::Tensor& parameter : model.network->parameters()) {
    CHECK((parameter.scalar_type() == at::kFloat));
    parameter.zero_();
  }
  CHECK(largest_difference(copy->forward(x, t, condition), expected) < 1e-6);
  const double scale = expected.abs().max().item<double>();
  CHECK(largest_difference(half->forward(x, t, condition), expected) < 0.05 * scale);
  CHECK((half->forward(x, t, condition).scalar_type() == at::kFloat));
}

GPU_TEST_CASE("sprites made on a GPU are those made on the CPU") {
  for (const auto& kind : network_kinds()) {
    CAPTURE(kind.id);
    const Model model = small_network(kind.id);
    for (const char* sampler : {"ddim", "ddpm", "dpmpp_2m"}) {
      for (const bool bf16 : {false, true}) {
        CAPTURE(sampler);
        CAPTURE(bf16);
        const RunConfig config = run_of(sampler);
        const auto expected = finish(*plain(model, config, 5, 40));
        for (int time = 0; time < 2; ++time) {  // recorded, then from the cache
          const auto loop = make_recorded_loop(model, {kCuda, bf16, 1}, config, conditions(5), sprite_seeds(40, 5));
          REQUIRE(loop != nullptr);
          CHECK(mean_difference(finish(*loop), expected) < (bf16 ? 0.05 : 0.02));
        }
      }
    }
    for (const at::Tensor& parameter : model.network->parameters()) CHECK(parameter.is_cpu());
  }
}

TEST_CASE("a palette head's runs are recorded") {
  const Model model = small_network("kiln_unet", 9);
  const auto expected = finish(*plain(model, run_of("ddim"), 3, 40));
  CHECK(mean_difference(finish(*on_host(model, run_of("ddim"), 3, 40)), expected) < 2e-3);
}

GPU_TEST_CASE("a palette head's runs are recorded on a GPU") {
  const Model model = small_network("kiln_unet", 9);
  const auto expected = finish(*plain(model, run_of("ddim"), 3, 40));
  for (const bool bf16 : {false, true}) {
    const auto loop = make_recorded_loop(model, {kCuda, bf16, 1}, run_of("ddim"), conditions(3), sprite_seeds(40, 3));
    REQUIRE(loop != nullptr);
    CHECK(mean_difference(finish(*loop), expected) < 0.2);  // where two colours are as likely, either may win
  }
}

GPU_TEST_CASE("pictures of a run on a GPU arrive, each that of its step") {
  const Model model = small_network();
  const auto asked = make_recorded_loop(model, {kCuda, true, 1}, run_of("ddim", 12), conditions(4), sprite_seeds(9, 4));
  const auto waited = make_recorded_loop(model, {kCuda, true, 1}, run_of("ddim", 12), conditions(4), sprite_seeds(9, 4));
  REQUIRE(asked != nullptr);
  REQUIRE(waited != nullptr);
  while (!asked->done()) {
    asked->step();
    asked->ask_for_picture();
  }
  for (int step = 1; step <= 12; ++step) {
    waited->step();
    const auto picture = asked->next_picture(true);
    REQUIRE(picture.has_value());
    CHECK(picture->step == step);
    CHECK(picture->sprites.is_cpu());
    CHECK(largest_difference(picture->sprites, waited->picture().sprites) < 1e-3);
  }
}

TEST_CASE("symmetric, tiling and varied runs that are recorded make the sprites of plain ones, for every network") {
  for (const NetworkKind& kind : network_kinds()) {
    CAPTURE(kind.id);
    const Model model = small_network(kind.id);
    RunConfig config = run_of("dpmpp_2m_sde");
    config.symmetric = true;
    SpriteSeeds seeds(sprite_seeds(40, 3));
    seeds.variation = 0.5;
    seeds.of = 8;
    at::Tensor untiled;
    for (const Tiling tiling : {Tiling{}, Tiling{true, true}, Tiling{false, true}}) {
      const DenoiserOptions options{c10::kCPU, false, 1, tiling};
      const auto recorded = make_recorded_loop(model, options, config, conditions(3), seeds,
                                               [](c10::Device) { return std::make_unique<HostStream>(); });
      const at::Tensor sprites = finish(*recorded);
      CHECK(at::equal(sprites, sprites.flip({3})));
      CHECK(largest_difference(sprites, finish(*make_sampling_loop(model, options, config, conditions(3), seeds))) < 2e-3);
      if (!untiled.defined()) untiled = sprites;
      CHECK((largest_difference(sprites, untiled) > 1e-4) == tiling.any());
    }
  }
}

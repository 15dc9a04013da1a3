#include "tests/engine/session/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "engine/session/device_check.h"
#include "engine/session/devices.h"
#include "tests/support/errors.h"
#include "tests/support/gpu.h"

using namespace kiln;
using namespace kiln::test;

namespace {

SampleRequest request_on(const std::string& device, const std::string& model) {
  SampleRequest request;
  request.model_path = model;
  request.settings.shared_params = {{"count", 6}, {"seed", 30}, {"steps", 8}, {"device", device}};
  request.record_previews = true;
  return request;
}

TrainRequest training_on(const std::string& device, const TemporaryFolder& folder) {
  TrainRequest request;
  request.source.path = make_data_folder(folder);
  request.out = folder / (device + ".safetensors");
  request.device = device;
  request.overrides = {
      {"width", std::int64_t{16}},          {"multipliers", std::string("1,2")}, {"blocks", std::int64_t{1}},
      {"embedding", std::int64_t{32}},      {"head_channels", std::int64_t{16}}, {"group_channels", std::int64_t{8}},
      {"steps", std::int64_t{40}},          {"batch", std::int64_t{8}},          {"warmup", std::int64_t{2}},
      {"evaluate_every", std::int64_t{20}}, {"sample_every", std::int64_t{20}},  {"sample_columns", std::int64_t{2}}};
  return request;
}

const JobEnded& end_of(Listener& engine, JobId job) {
  REQUIRE(engine.wait_for_end(job));
  INFO(engine.ended(job)->error.message, " ", engine.ended(job)->error.detail);
  return *engine.ended(job);
}

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i) sum += std::abs(int{a.rgba[i]} - int{b.rgba[i]});
  return sum / static_cast<double>(a.rgba.size());
}

}  // namespace

TEST_CASE("a device that is not there is refused before anything is read or written") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  std::uint64_t id = 0;
  for (const std::string device : {"gpu", "cuda"}) {
    if (device == "cuda" && cuda_available()) continue;
    CAPTURE(device);
    const JobId sampling{++id}, training{++id};
    engine.send(StartSampling{sampling, request_on(device, model)});
    engine.send(StartTraining{training, training_on(device, folder)});
    for (const JobId job : {sampling, training}) {
      const JobEnded& end = end_of(engine, job);
      CHECK(end.outcome == Outcome::kFailed);
      CHECK(end.error.code == (device == "gpu" ? ErrorCode::kInvalidArgument : ErrorCode::kUnsupported));
      CHECK(end.error.hint.find("cpu") != std::string::npos);
    }
    CHECK_FALSE(fs::exists(folder / (device + ".run")));
  }
}

TEST_CASE("a GPU has to compute what the CPU computes, within what its precision explains") {
  const at::Tensor cpu = at::arange(1, 101).to(at::kFloat);
  const auto on_cpu = [&] { return cpu; };
  const auto off_by = [&](double share) {
    return device_fault([&] { return cpu * (1 + share); }, on_cpu, device_tolerance(false));
  };
  CHECK_FALSE(off_by(0).has_value());
  CHECK_FALSE(off_by(0.015).has_value());
  REQUIRE(off_by(0.05).has_value());
  CHECK(off_by(0.05)->message.find("5%") != std::string::npos);
  CHECK_FALSE(off_by(0.05)->hint.empty());
  CHECK_FALSE(device_fault([&] { return cpu * 1.05; }, on_cpu, device_tolerance(true)).has_value());
  CHECK(device_fault([&] { return cpu * NAN; }, on_cpu, device_tolerance(true)).has_value());
  CHECK(device_fault([&] { return cpu.narrow(0, 0, 50); }, on_cpu, device_tolerance(true)).has_value());
  CHECK(device_fault([&]() -> at::Tensor { throw std::runtime_error("no kernel image"); }, on_cpu, 1).has_value());
}

TEST_CASE("a GPU with a fault is replaced by the CPU, unless it was asked for by name") {
  DenoiserOptions gpu, cpu;
  gpu.device = c10::Device(c10::kCUDA, 0);
  cpu.threads = 3;
  int looked = 0;
  const auto faulty = [&]() -> std::optional<DeviceFault> {
    ++looked;
    return DeviceFault{"the GPU is wrong", "update it"};
  };
  const CheckedDevice replaced = checked_device("auto", gpu, cpu, faulty);
  CHECK(replaced.options.device.is_cpu());
  CHECK(replaced.options.threads == 3);
  REQUIRE(replaced.fault.has_value());
  CHECK(replaced.fault->message == "the GPU is wrong, so the CPU is used");
  CHECK(replaced.fault->hint == "update it");
  const Error error = error_of([&] { checked_device("cuda", gpu, cpu, faulty); });
  CHECK(error.code == ErrorCode::kUnsupported);
  CHECK(error.message == "the GPU is wrong");
  CHECK(looked == 2);

  const CheckedDevice sound = checked_device("auto", gpu, cpu, [] { return std::nullopt; });
  CHECK(sound.options.device.is_cuda());
  CHECK_FALSE(sound.fault.has_value());
  CHECK_FALSE(checked_device("auto", cpu, cpu, faulty).fault.has_value());  // there is nothing to look at
  CHECK(looked == 2);
}

GPU_TEST_CASE("a GPU makes the CPU's sprites, shows every step, and trains") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  std::uint64_t id = 0;
  std::vector<std::vector<Sprite>> made;
  for (const char* device : {"cpu", "cuda", "cpu"}) {  // the CPU again, with the same model in the cache
    const JobId job{++id};
    engine.send(StartSampling{job, request_on(device, model)});
    REQUIRE(end_of(engine, job).outcome == Outcome::kDone);
    made.push_back(engine.find<SpritesReady>(job)->sprites);
    std::vector<int> steps;
    Frame last;
    for (const auto& event : engine.events) {
      const auto* preview = std::get_if<PreviewRecorded>(&event);
      if (preview == nullptr || !(preview->job == job)) continue;
      steps.push_back(preview->frame.step);
      last = preview->frame;
    }
    CHECK(steps == std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8});
    for (int i = 0; i < 6; ++i) CHECK(last.sprite(i) == made.back()[static_cast<std::size_t>(i)].image);
  }
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(mean_difference(made[1][i].image, made[0][i].image) < 4);
    CHECK(made[2][i].image == made[0][i].image);
  }

  const JobId training{++id};
  engine.send(StartTraining{training, training_on("cuda", folder)});
  REQUIRE(end_of(engine, training).outcome == Outcome::kDone);
  double first = 0, newest = 0;
  for (const auto& event : engine.events) {
    const auto* line = std::get_if<TrainingMetrics>(&event);
    if (line == nullptr || !std::isfinite(line->metrics.train_eval_loss)) continue;
    newest = line->metrics.train_eval_loss;
    if (first == 0) first = newest;
  }
  CHECK(newest < first);
  const JobId sampling{++id};
  engine.send(StartSampling{sampling, request_on("cpu", folder / "cuda.safetensors")});
  CHECK(end_of(engine, sampling).outcome == Outcome::kDone);
}

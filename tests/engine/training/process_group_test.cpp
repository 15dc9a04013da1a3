#include "engine/training/process_group.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <thread>
#include <vector>

#include "engine/base/file.h"
#include "engine/training/gradient_sum.h"
#include "tests/engine/training/support.h"
#include "tests/support/errors.h"
#include "tests/support/gpu.h"
#include "tests/support/text.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

using Variables = std::map<std::string, std::string>;

const Variables kTorchrun = {{"RANK", "3"},
                             {"WORLD_SIZE", "8"},
                             {"LOCAL_RANK", "1"},
                             {"MASTER_PORT", "29500"},
                             {"MASTER_ADDR", "node7"},
                             {"LOCAL_WORLD_SIZE", "2"}};

std::optional<ProcessPlace> place_in(const Variables& variables) {
  return process_place([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

int free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(listener, reinterpret_cast<const sockaddr*>(&address), size);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(listener);
  return ntohs(address.sin_port);
}

// Calls f as each of `size` processes would, on threads of their own.
void together(int size, const std::function<void(const std::shared_ptr<ProcessGroup>&)>& f,
              std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
  const int port = free_port();
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&, rank] {
      f(join_process_group({rank, size, rank, size, "127.0.0.1", port, false, 0}, {.timeout = timeout}));
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("a process finds its place as PyTorch's launchers tell it") {
  CHECK_FALSE(place_in({}));
  CHECK_FALSE(place_in({{"RANK", "1"}}));
  const auto place = place_in(kTorchrun);
  REQUIRE(place);
  CHECK(place->rank == 3);
  CHECK(place->size == 8);
  CHECK(place->local_rank == 1);
  CHECK(place->local_size == 2);
  CHECK(place->address == "node7");
  CHECK(place->port == 29500);
  CHECK_FALSE(place->launcher_serves);
  CHECK(place->attempt == 0);
  Variables elastic = kTorchrun;
  elastic["TORCHELASTIC_USE_AGENT_STORE"] = "True";
  elastic["TORCHELASTIC_RESTART_COUNT"] = "2";
  CHECK(place_in(elastic)->launcher_serves);
  CHECK(place_in(elastic)->attempt == 2);
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"RANK", "8"}, {"RANK", "-1"}, {"WORLD_SIZE", "two"}, {"MASTER_PORT", "0"}}) {
    Variables wrong = kTorchrun;
    wrong[name] = value;
    const Error error = error_of([&] { place_in(wrong); });
    CHECK(mentions(error.message, name));
    CHECK(mentions(error.message, "“" + value + "”"));
  }
  Variables lost = kTorchrun;
  lost.erase("MASTER_ADDR");
  CHECK(mentions(error_of([&] { place_in(lost); }).message, "MASTER_ADDR"));
}

TEST_CASE("a sum over processes is the same in all of them") {
  if (!has_process_groups()) return;
  std::vector<at::Tensor> results(3);
  together(3, [&](const std::shared_ptr<ProcessGroup>& group) {
    at::Tensor values = at::arange(1000, at::kFloat) * 0.1 * (group->rank() + 1);
    group->sum(values);
    results[static_cast<std::size_t>(group->rank())] = values;
  });
  CHECK((results[0] - at::arange(1000, at::kFloat) * 0.6).abs().max().item<double>() < 1e-4);
  CHECK(at::equal(results[0], results[1]));
  CHECK(at::equal(results[0], results[2]));
}

TEST_CASE("a gradient is summed bucket by bucket, as bf16 within its rounding, the same in all processes and every time") {
  if (!has_process_groups()) return;
  const std::vector<std::int64_t> sizes = {1000, 7, 1, 300};
  at::Tensor values = at::zeros({3, 1308});  // by process
  for (std::int64_t rank = 0; rank < 3; ++rank)
    values[rank] = (at::arange(1308, at::kFloat) * (0.37 * static_cast<double>(rank + 1))).sin();
  const at::Tensor exact = values.sum(0), size = values.abs().sum(0);
  for (const bool as_bf16 : {false, true}) {
    CAPTURE(as_bf16);
    std::vector<at::Tensor> sums(3);
    for (int time = 0; time < 2; ++time) {
      const at::Tensor before = sums[0];
      together(3, [&](const std::shared_ptr<ProcessGroup>& group) {
        const at::Tensor gradient = values[group->rank()].clone();
        GradientSum sum(group, as_bf16);
        std::int64_t first = 0;
        for (const std::int64_t count : sizes) {
          sum.add(gradient.narrow(0, first, count));
          first += count;
        }
        sum.wait();
        sums[static_cast<std::size_t>(group->rank())] = gradient;
      });
      CHECK(((sums[0] - exact).abs() - size * (as_bf16 ? 1.0 / 128 : 1e-6)).max().item<double>() <= 0);
      CHECK(at::equal(sums[0].to(at::kBFloat16).to(at::kFloat), sums[0]) == as_bf16);
      CHECK(at::equal(sums[0], sums[1]));
      CHECK(at::equal(sums[0], sums[2]));
      if (before.defined()) CHECK(at::equal(sums[0], before));
    }
  }
}

TEST_CASE("a backend that this training cannot have is refused with what to take instead") {
  CHECK(backend_for("auto", c10::kCPU) == "gloo");
  CHECK(backend_for("gloo", c10::Device(c10::kCUDA, 0)) == "gloo");
  CHECK(backend_for("auto", c10::Device(c10::kCUDA, 0)) == (has_nccl() ? "nccl" : "gloo"));
  CHECK(mentions(error_of([] { backend_for("mpi", c10::kCPU); }).message, "“mpi”"));
  const Error error = error_of([] { backend_for("nccl", c10::kCPU); });
  CHECK(mentions(error.message, "NCCL"));
  CHECK(mentions(error.hint, "--backend gloo"));
  if (!has_nccl()) CHECK_THROWS_AS(backend_for("nccl", c10::Device(c10::kCUDA, 0)), Failure);
}

GPU_TEST_CASE("NCCL sums what lies on a GPU") {
  if (!has_nccl()) return;
  const auto group = join_process_group({0, 1, 0, 1, "127.0.0.1", free_port(), false, 0},
                                        {.timeout = std::chrono::seconds(60), .backend = "nccl", .device = {c10::kCUDA, 0}});
  const at::Tensor expected = at::arange(1000, at::kFloat);
  for (const bool as_bf16 : {false, true}) {
    at::Tensor values = expected.to(c10::Device(c10::kCUDA, 0), false, true);
    GradientSum sum(group, as_bf16);
    sum.add(values);
    sum.wait();
    CHECK(at::equal(values.cpu(), as_bf16 ? expected.to(at::kBFloat16).to(at::kFloat) : expected));
  }
  at::Tensor number = at::ones({}, at::kDouble);
  group->sum(number);
  CHECK(number.item<double>() == 1);
}

TEST_CASE("a process that does not come is named") {
  if (!has_process_groups()) return;
  std::promise<Error> answered;
  const std::shared_future<Error> answer = answered.get_future().share();
  together(
      2,
      [&](const std::shared_ptr<ProcessGroup>& group) {
        if (group->rank() == 1) return answer.wait();  // and never sums
        at::Tensor values = at::zeros({10});
        answered.set_value(error_of([&] { group->sum(values); }));
      },
      std::chrono::seconds(10));  // to meet in, too
  CHECK(mentions(answer.get().message, "process 1 on"));
  CHECK(mentions(answer.get().hint, "--resume"));
}

TEST_CASE("processes that share every batch train what one would") {
  if (!has_process_groups()) return;
  TemporaryFolder scratch;
  write_sprites(scratch / "data");
  // Of networks that normalise by the batch, the statistics of one step: BatchNorm takes away what some of their weights add, and
  // the optimiser moves those by rounding alone.
  for (const bool by_batch : {false, true}) {
    CAPTURE(by_batch);
    const ParamMap recipe = small_recipe({{"network", std::string(by_batch ? "sprite_unet" : "kiln_unet")},
                                          {"features", std::int64_t{8}},
                                          {"batch", std::int64_t{70}},
                                          {"dropout", 0.2},
                                          {"steps", std::int64_t{by_batch ? 1 : 12}},
                                          {"learning_rate", 1e-3}});
    const auto trained = [&](const std::shared_ptr<ProcessGroup>& group) {
      TrainerOptions options = options_for(scratch / "data", "", recipe);
      options.group = group;
      Trainer trainer(std::move(options));
      train(trainer);
      const auto network = trainer.model().network;
      std::vector<at::Tensor> values;
      for (const at::Tensor& value : by_batch ? network->buffers() : network->parameters())
        values.push_back(value.detach().flatten());
      return at::cat(values);
    };
    const at::Tensor expected = trained(nullptr);
    std::vector<at::Tensor> values(3);
    together(3,
             [&](const std::shared_ptr<ProcessGroup>& group) { values[static_cast<std::size_t>(group->rank())] = trained(group); });
    CHECK((values[0] - expected).abs().max().item<double>() < 1e-6);
    CHECK(at::equal(values[0], values[1]));
    CHECK(at::equal(values[0], values[2]));
  }
}

namespace {

struct Trained {
  at::Tensor weights;
  double loss = 0;  // of the training sprites, at the end
};

Trained trained(const std::filesystem::path& data, const ParamMap& recipe, int threads,
                const std::shared_ptr<ProcessGroup>& group) {
  TrainerOptions options = options_for(data, "", recipe, threads);
  options.group = group;
  Trainer trainer(std::move(options));
  const std::vector<TrainMetrics> lines = train(trainer);
  std::vector<at::Tensor> values;
  for (const at::Tensor& value : trainer.model().network->parameters()) values.push_back(value.detach().flatten());
  return {at::cat(values), lines.back().train_eval_loss};
}

// By two processes, which are to have the same.
Trained trained_by_two(const std::filesystem::path& data, const ParamMap& recipe, int threads = 1) {
  std::vector<Trained> results(2);
  together(2, [&](const std::shared_ptr<ProcessGroup>& group) {
    results[static_cast<std::size_t>(group->rank())] = trained(data, recipe, threads, group);
  });
  CHECK(at::equal(results[0].weights, results[1].weights));
  return results[0];
}

}  // namespace

TEST_CASE("gradients of several buckets, by several threads of each process, are those of one") {
  if (!has_process_groups()) return;
  TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const ParamMap recipe = small_recipe({{"width", std::int64_t{64}}, {"steps", std::int64_t{4}}, {"learning_rate", 1e-3}});
  const Trained one = trained(scratch / "data", recipe, 1, nullptr);
  REQUIRE(one.weights.nbytes() > static_cast<std::size_t>(3 * kBucketBytes));
  const Trained two = trained_by_two(scratch / "data", recipe, 2);
  CHECK((two.weights - one.weights).abs().mean().item<double>() < 1e-6);  // a few weights move by rounding alone
  CHECK(at::equal(trained_by_two(scratch / "data", recipe, 2).weights, two.weights));
}

TEST_CASE("with gradients that travel as bf16 a network learns about the same, and the same bytes every time") {
  if (!has_process_groups()) return;
  TemporaryFolder scratch;
  write_sprites(scratch / "data");
  ParamMap recipe = small_recipe({{"steps", std::int64_t{40}}, {"evaluate_every", std::int64_t{40}}, {"ema_decay", 0.5}});
  const Trained full = trained_by_two(scratch / "data", recipe);
  recipe["gradient_compression"] = std::string("bf16");
  const Trained compressed = trained_by_two(scratch / "data", recipe);
  CHECK(compressed.loss == doctest::Approx(full.loss).epsilon(0.05));
  CHECK_FALSE(at::equal(compressed.weights, full.weights));
  CHECK(at::equal(trained_by_two(scratch / "data", recipe).weights, compressed.weights));
  recipe["steps"] = std::int64_t{1};
  recipe["learning_rate"] = 1e-7;
  CHECK(trained_by_two(scratch / "data", recipe).loss > 1.2 * compressed.loss);  // so it has learned something
}

TEST_CASE("told to one process, all stop after the same step") {
  if (!has_process_groups()) return;
  TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const ParamMap recipe = small_recipe({{"steps", std::int64_t{100000}}});
  std::vector<std::int64_t> steps(2);
  together(2, [&](const std::shared_ptr<ProcessGroup>& group) {
    TrainerOptions options = options_for(scratch / "data", group->rank() == 0 ? scratch / "run" : std::filesystem::path(), recipe);
    options.group = group;
    Trainer trainer(std::move(options));
    train(trainer, group->rank() == 1 ? 5 : -1);
    if (group->rank() == 1) trainer.stop();
    steps[static_cast<std::size_t>(group->rank())] = trainer.step();
  });
  CHECK(steps[0] == 6);
  CHECK(steps[1] == 6);
  CHECK(std::filesystem::exists(scratch / "run" / "checkpoint-00000006.safetensors"));
}

TEST_CASE("asked of one process, all change steps and learning rate after the same step, as one alone would, and resume exactly") {
  if (!has_process_groups()) return;
  TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const ParamMap recipe = small_recipe({{"steps", std::int64_t{100000}}, {"checkpoints", std::int64_t{20}}, {"dropout", 0.2}});
  const ParamMap changes = {{"steps", std::int64_t{14}}, {"learning_rate", 2e-4}};
  const auto weights_of = [](const Trainer& trainer) {
    std::vector<at::Tensor> values;
    for (const at::Tensor& value : trainer.model().network->parameters()) values.push_back(value.detach().flatten());
    return at::cat(values);
  };
  const auto alone_changed_after = [&](std::int64_t step) {
    Trainer alone(options_for(scratch / "data", "", recipe));
    train(alone, step);
    alone.change(changes);
    train(alone);
    CHECK(alone.step() == 14);
    return weights_of(alone);
  };

  std::vector<at::Tensor> values(2);
  std::vector<TrainMetrics> lines;
  together(2, [&](const std::shared_ptr<ProcessGroup>& group) {
    const bool first = group->rank() == 0;
    TrainerOptions options = options_for(scratch / "data", first ? scratch / "run" : std::filesystem::path(), recipe);
    options.group = group;
    Trainer trainer(std::move(options));
    std::vector<TrainMetrics> own = train(trainer, 5);
    if (first) trainer.change(changes);
    const std::vector<TrainMetrics> later = train(trainer);
    values[static_cast<std::size_t>(group->rank())] = weights_of(trainer);
    if (!first) return;
    lines = std::move(own);
    lines.insert(lines.end(), later.begin(), later.end());
  });
  CHECK(at::equal(values[0], values[1]));
  // AdamW's first steps are as long for a gradient that is nearly nothing, and that depends on the order of sums.
  const auto mean_distance = [&](std::int64_t step) { return (values[0] - alone_changed_after(step)).abs().mean().item<double>(); };
  CHECK(mean_distance(6) < 1e-6);
  CHECK(mean_distance(5) > 1e-5);
  CHECK(mean_distance(7) > 1e-5);
  const auto last = scratch / "run" / "checkpoint-00000014.safetensors";
  REQUIRE(std::filesystem::exists(last));

  REQUIRE(lines.size() > 3);
  CHECK((lines.front().hosts == std::vector<std::string>{host_name(), host_name()}));
  CHECK(lines.front().world_size == 2);
  CHECK(lines.back().hosts.empty());
  REQUIRE(lines.back().rank_images_per_s.size() == 2);
  for (const double rate : lines.back().rank_images_per_s) CHECK(rate > 0);
  const auto changed = std::find_if(lines.begin(), lines.end(), [](const TrainMetrics& line) { return !line.changes.empty(); });
  REQUIRE(changed != lines.end());
  CHECK(changed->step == 6);
  CHECK(changed->total == 14);
  CHECK((changed->changes == changes));

  const Bytes expected = read_file(last);
  for (const auto& name : checkpoints_in(scratch / "run")) {
    if (name > "checkpoint-00000006.safetensors") std::filesystem::remove(scratch / "run" / name);
  }
  together(2, [&](const std::shared_ptr<ProcessGroup>& group) {
    TrainerOptions options = options_for(scratch / "data", group->rank() == 0 ? scratch / "run" : std::filesystem::path(), {});
    options.resume = checkpoint_to_resume(scratch / "run");
    options.group = group;
    Trainer trainer(std::move(options));
    train(trainer);
  });
  CHECK(read_file(last) == expected);
}

TEST_CASE("processes with other recipes or too small a batch are refused, all of them") {
  if (!has_process_groups()) return;
  TemporaryFolder scratch;
  write_sprites(scratch / "data");
  for (const bool small : {false, true}) {
    std::vector<Error> errors(2);
    together(2, [&](const std::shared_ptr<ProcessGroup>& group) {
      const std::int64_t seed = 5 + group->rank();
      const ParamMap recipe = small ? small_recipe({{"batch", std::int64_t{1}}}) : small_recipe({{"seed", seed}});
      TrainerOptions options = options_for(scratch / "data", "", recipe);
      options.group = group;
      errors[static_cast<std::size_t>(group->rank())] = error_of([&] { Trainer(std::move(options)); });
    });
    for (const Error& error : errors) CHECK(mentions(error.message, small ? "cannot be shared" : "do not train the same"));
  }
}

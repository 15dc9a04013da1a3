#include <ATen/ATen.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <thread>

#include "engine/api/sampling.h"
#include "engine/base/cpu.h"
#include "engine/benchmark/baseline.h"
#include "engine/benchmark/cases.h"
#include "engine/benchmark/gpu_load.h"
#include "engine/benchmark/parallel.h"
#include "engine/diffusion/denoising_loop.h"
#include "engine/diffusion/seeds.h"
#include "engine/inference/sampling_loop.h"
#include "engine/inference/step_parts.h"
#include "engine/session/blas.h"
#include "engine/session/sampling_run.h"

namespace kiln {
namespace {

constexpr int kSteps = 25;
constexpr int kUsualSprites = 16;

std::string multiplication(const Model& model) {
  std::string text = model.network_id;
  const auto width = model.network_params.find("width"), multipliers = model.network_params.find("multipliers");
  if (width != model.network_params.end() && multipliers != model.network_params.end()) {
    text.append(" ").append(std::to_string(std::get<std::int64_t>(width->second)));
    text.append("·(").append(std::get<std::string>(multipliers->second)).append(")");
  }
  return text + " " + std::to_string(model.shape.width) + "×" + std::to_string(model.shape.height);
}

RunConfig guided_run() { return make_run_config("ddim", {}, {{"steps", kSteps}, {"guidance", 3.0}}); }

at::Tensor classes_in_turn(const Model& model, int sprites) {
  at::Tensor condition = at::zeros({sprites, model.shape.classes + model.shape.frames});
  for (int i = 0; i < sprites && model.shape.classes > 0; ++i) condition[i][i % model.shape.classes] = 1;
  return condition;
}

// Guided steps of run after run.
class Steps {
 public:
  Steps(const SharedModel& model, std::unique_ptr<Denoiser> denoiser, int sprites, c10::Device device = c10::kCPU)
      : model_(model),
        denoiser_(std::move(denoiser)),
        sprites_(sprites),
        device_(device),
        condition_(classes_in_turn(*model, sprites)) {}

  void before() {
    if (loop_ && !loop_->done()) return;
    const auto& shape = model_->shape;
    auto noise = std::make_unique<SpriteNoise>(sprite_seeds(1, sprites_), shape.channels, shape.height, shape.width, device_);
    loop_.emplace(make_schedule(model_->diffusion.schedule), output_head(*model_), guided_run(), *denoiser_, condition_,
                  std::move(noise));
  }
  void run() { loop_->step(); }
  // All that are left, until the sprites are there.
  void finish() {
    while (!loop_->done()) loop_->step();
    loop_->x().cpu();
  }

 private:
  SharedModel model_;
  std::unique_ptr<Denoiser> denoiser_;
  int sprites_;
  c10::Device device_;
  at::Tensor condition_;
  std::optional<DenoisingLoop> loop_;
};

// Sets LibTorch's own threads, then gets the steps ready. Ours use one: pictures are what is split.
std::size_t add_steps(Comparison& comparison, const std::shared_ptr<Steps>& steps, int libtorch_threads, int calls = 1) {
  return comparison.add(
      [steps, calls] {
        for (int i = 0; i < calls; ++i) {
          if (i > 0) steps->before();
          steps->run();
        }
      },
      [steps, libtorch_threads] {
        set_libtorch_threads(libtorch_threads);
        steps->before();
      });
}

std::shared_ptr<Steps> our_steps(const SharedModel& model, int sprites, int threads) {
  return std::make_shared<Steps>(model, make_denoiser(*model, {c10::kCPU, cpu_has_fast_bf16(), threads}), sprites);
}

std::function<void()> convolutions_on(const Model& model, int pictures, int threads) {
  std::vector<std::function<void()>> parts;
  for (int i = 0; i < threads; ++i) {
    if (const int share = share_of(pictures, i, threads); share > 0)
      parts.push_back(convolutions_only(model, cpu_has_fast_bf16(), share, false));
  }
  return in_parallel(std::move(parts));
}

SampleRequest request_of(int sprites, int steps, const std::string& precision) {
  SampleRequest request;
  request.settings.shared_params = {{"count", sprites},       {"seed", 1},         {"steps", steps}, {"device", "cpu"},
                                    {"precision", precision}, {"preview_every", 1}};
  return request;
}

// A thread that wants a core all the time.
class BusyThread {
 public:
  void start() {
    if (thread_.joinable()) return;
    thread_ = std::jthread([](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
      }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
  }
  void stop() { thread_ = {}; }

 private:
  std::jthread thread_;
};

}  // namespace

BenchmarkCase sampling_case(const SharedModel& model, int sprites, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(sprites == 1 ? 40 : sprites <= 16 ? 12 : 5), {}};
  struct Variants {
    int threads;
    std::size_t ours, plain, convolutions;
  };
  std::vector<Variants> all;
  for (const int threads : scale.threads) {
    Variants e{threads, 0, 0, 0};
    e.ours = add_steps(result.comparison, our_steps(model, sprites, threads), 1);
    e.plain = add_steps(result.comparison, std::make_shared<Steps>(model, make_baseline_denoiser(*model), sprites), threads);
    e.convolutions = result.comparison.add(convolutions_on(*model, 2 * sprites, threads), [] { set_libtorch_threads(1); });
    all.push_back(e);
  }
  result.report = [all, sprites, name = multiplication(*model)](const Comparison& comparison, BenchmarkResults& results) {
    for (const auto& e : all) {
      results.sampling.push_back({name, sprites, e.threads, cpu_has_fast_bf16() ? "bf16" : "fp32", comparison.ms(e.ours),
                                  comparison.ms(e.plain), comparison.ms(e.convolutions)});
    }
  };
  return result;
}

BenchmarkCase family_case(const std::string& network, int sprites, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(sprites == 1 ? 40 : 12), {}};
  const auto model = std::make_shared<const Model>(make_benchmark_model(network, defaults_of(find_network(network).params)));
  const std::size_t ours = add_steps(result.comparison, our_steps(model, sprites, 1), 1);
  const std::size_t plain =
      add_steps(result.comparison, std::make_shared<Steps>(model, make_baseline_denoiser(*model), sprites), 1);
  result.report = [=, name = multiplication(*model)](const Comparison& comparison, BenchmarkResults& results) {
    results.families.push_back({name, sprites, cpu_has_fast_bf16() ? "bf16" : "fp32", comparison.ms(ours), comparison.ms(plain)});
  };
  return result;
}

BenchmarkCase parts_case(const SharedModel& model, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(12), {}};
  const auto parts = std::make_shared<StepParts>(*model, cpu_has_fast_bf16());
  result.comparison.add([model, parts] { parts->round(); }, [] { set_libtorch_threads(1); });
  result.report = [parts](const Comparison&, BenchmarkResults& results) { results.parts = parts->medians(); };
  return result;
}

BenchmarkCase few_steps_case(const SharedModel& model, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(8), {}};
  NetworkShape shape = model->shape;
  shape.labels = 0;
  shape.distilled = true;
  const bool is_default = model->network_id == "kiln_unet";  // others have no distilled models
  const ParamMap params = is_default ? model->network_params : defaults_of(find_network("kiln_unet").params);
  auto distilled = std::make_shared<Model>(make_model("kiln_unet", params, shape, model->classes, model->frames));
  distilled->network->eval();
  distilled->palette_head = model->palette_head;
  distilled->diffusion.prediction = model->palette_head.empty() ? Prediction::kV : Prediction::kX0;
  distilled->few_steps = static_cast<int>(kFewSteps);
  const auto add_runs = [&](const SharedModel& of, int threads, const RunConfig& config) {
    const auto sampler = std::make_shared<ModelSampler>(*of, DenoiserOptions{c10::kCPU, cpu_has_fast_bf16(), threads});
    return result.comparison.add([of, sampler, config] {
      const auto loop = sampler->begin(config, classes_in_turn(*of, kUsualSprites), sprite_seeds(1, kUsualSprites));
      while (!loop->done()) loop->step();
      loop->picture();
    });
  };
  std::vector<BenchmarkResults::FewSteps> rows;
  std::vector<std::pair<std::size_t, std::size_t>> variants;
  for (const int threads : scale.threads) {
    rows.push_back({kUsualSprites, threads, static_cast<int>(kFewSteps), kSteps, {}, {}});
    variants.emplace_back(
        add_runs(distilled, threads, make_run_config(kDefaultSampler, {}, {{"steps", kFewSteps}, {"guidance", 3.0}})),
        add_runs(model, threads, guided_run()));
  }
  result.report = [rows, variants](const Comparison& comparison, BenchmarkResults& results) {
    results.few_steps = rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      results.few_steps[i].few = comparison.ms(variants[i].first);
      results.few_steps[i].many = comparison.ms(variants[i].second);
    }
  };
  return result;
}

BenchmarkCase gpu_sampling_case(const SharedModel& model, int sprites, const BenchmarkScale& scale) {
  const c10::Device gpu(c10::kCUDA, 0);
  BenchmarkCase result{scale.comparison(8), {}};
  const auto loop = std::make_shared<std::unique_ptr<SamplingLoop>>();
  const std::size_t ours = result.comparison.add(
      [loop] {
        while (!(*loop)->done()) (*loop)->step();
        (*loop)->picture();
      },
      [loop, model, sprites, gpu] {
        loop->reset();  // its recordings are for the next one
        *loop =
            make_sampling_loop(*model, {gpu, true, 1}, guided_run(), classes_in_turn(*model, sprites), sprite_seeds(1, sprites));
      });
  const auto add_denoiser = [&](std::unique_ptr<Denoiser> denoiser) {
    const auto steps = std::make_shared<Steps>(model, std::move(denoiser), sprites, gpu);
    return result.comparison.add([steps] { steps->finish(); }, [steps] { steps->before(); });
  };
  const std::size_t eager = add_denoiser(make_eager_denoiser(*model, {gpu, true, 1}));
  const std::size_t plain = add_denoiser(make_baseline_denoiser(*model, gpu));
  result.report = [=, name = multiplication(*model)](const Comparison& comparison, BenchmarkResults& results) {
    const auto of_step = [&](std::size_t variant) {
      const Spread ms = comparison.ms(variant);
      return Spread{ms.median / kSteps, ms.low / kSteps, ms.high / kSteps};
    };
    results.on_gpu.push_back({name, sprites, of_step(ours), of_step(eager), of_step(plain), {}});
  };
  return result;
}

BenchmarkCase gpu_busy_case(const SharedModel& model, int sprites) {
  BenchmarkCase result{Comparison(0), {}};
  const auto busy = std::make_shared<std::optional<double>>();
  result.comparison.add([=] {
    *busy = gpu_busy_share([&] {
      const auto loop = make_sampling_loop(*model, {c10::Device(c10::kCUDA, 0), true, 1}, guided_run(),
                                           classes_in_turn(*model, sprites), sprite_seeds(1, sprites));
      while (!loop->done()) loop->step();
      loop->picture();
    });
  });
  result.report = [=](const Comparison&, BenchmarkResults& results) { results.on_gpu.back().busy = *busy; };
  return result;
}

BenchmarkCase sprite_growth_case(const SharedModel& model, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(8), {}};
  const std::vector<int> amounts = {16, 32, 64, 128};
  for (const int sprites : amounts) add_steps(result.comparison, our_steps(model, sprites, scale.threads.back()), 1);
  result.report = [amounts](const Comparison& comparison, BenchmarkResults& results) {
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      const Spread ms = comparison.ms(i);
      const double sprites = amounts[i];
      results.by_sprites.push_back({amounts[i], {ms.median / sprites, ms.low / sprites, ms.high / sprites}});
    }
  };
  return result;
}

BenchmarkCase step_growth_case(const SharedModel& model, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(3), {}};
  const std::vector<int> amounts = {16, 32, 64};
  for (const int steps : amounts) {
    result.comparison.add([model, steps] {
      SamplingRun run(model, request_of(kUsualSprites, steps, "auto"));
      while (!run.loop().done()) run.loop().step();
    });
  }
  result.report = [amounts](const Comparison& comparison, BenchmarkResults& results) {
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      const Spread ms = comparison.ms(i);
      const double all = amounts[i] * kUsualSprites;
      results.by_steps.push_back({amounts[i], {ms.median / all, ms.low / all, ms.high / all}});
    }
  };
  return result;
}

BenchmarkCase contended_case(const SharedModel& model, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(8), {}};
  constexpr int kCalls = 4;
  const int threads = scale.threads.back();
  const auto busy = std::make_shared<BusyThread>();
  const auto steps = our_steps(model, kUsualSprites, threads);
  const std::size_t alone = add_steps(result.comparison, our_steps(model, kUsualSprites, 1), 1, kCalls);
  const std::size_t beside = result.comparison.add(
      [steps, busy] {
        for (int i = 0; i < kCalls; ++i) {
          steps->before();
          steps->run();
        }
        busy->stop();
      },
      [busy, steps] {
        steps->before();
        busy->start();
      });
  result.report = [=](const Comparison& comparison, BenchmarkResults& results) {
    const auto per_call = [](const Spread& ms) { return Spread{ms.median / kCalls, ms.low / kCalls, ms.high / kCalls}; };
    results.contended = {kUsualSprites, threads, per_call(comparison.ms(beside)), per_call(comparison.ms(alone))};
  };
  return result;
}

BenchmarkCase first_preview_case(const SharedModel& model, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(8), {}};
  result.comparison.add([model] {
    SamplingRun run(model, request_of(kUsualSprites, kSteps, "auto"));
    run.loop().step();
    run.frame();
  });
  result.report = [](const Comparison& comparison, BenchmarkResults& results) { results.first_preview = comparison.ms(0); };
  return result;
}

BenchmarkCase difference_case(const SharedModel& model, std::string name, const BenchmarkScale& scale) {
  const int steps = scale.quick ? 10 : kSteps;
  BenchmarkCase result{Comparison(steps - 1), {}};
  std::vector<std::shared_ptr<SamplingRun>> runs;
  for (const char* precision : {"fp32", "bf16"}) {
    runs.push_back(std::make_shared<SamplingRun>(model, request_of(kUsualSprites, steps, precision)));
    result.comparison.add([run = runs.back()] { run->loop().step(); });
  }
  result.report = [runs, name = std::move(name)](const Comparison&, BenchmarkResults& results) {
    const Frame a = runs[0]->frame(), b = runs[1]->frame();
    double sum = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i) sum += std::abs(static_cast<int>(a.rgba[i]) - static_cast<int>(b.rgba[i]));
    results.difference_model = name;
    results.difference = sum / static_cast<double>(a.rgba.size());
  };
  return result;
}

void run_many_sprites(const SharedModel& model) {
  SamplingRun run(model, request_of(64, 3, "auto"));
  while (!run.loop().done()) {
    run.loop().step();
    run.frame();
  }
  run.sprites();
}

}  // namespace kiln

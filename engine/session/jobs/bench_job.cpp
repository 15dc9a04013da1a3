#include "engine/session/jobs/bench_job.h"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/base/cpu.h"
#include "engine/base/paths.h"
#include "engine/session/blas.h"
#include "engine/session/devices.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

// The most memory that this process ever had in use.
double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // from KiB
}

std::string load_now() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  file >> load;
  return load.empty() ? "unknown" : load;
}

// A trained model to compare precisions on: the given one, else the first that came with the program; "" if there is none.
std::string trained_model(const std::string& given) {
  if (!given.empty()) return given;
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(share_folder() / "models", error)) {
    if (entry.path().extension() == ".safetensors") found.push_back(entry.path().string());
  }
  return found.empty() ? "" : *std::min_element(found.begin(), found.end());
}

}  // namespace

BenchJob::BenchJob(MeasureSpeed command, ModelCache& models, Outbox& outbox)
    : command_(std::move(command)), models_(models), outbox_(outbox) {}

void BenchJob::open_model() {
  results_.cpu = cpu_name();
  results_.cores = usable_cores();
  results_.load = load_now();
  model_ = command_.model.empty() ? std::make_shared<const Model>(make_bench_model()) : models_.open(command_.model);
  run_many_sprites(model_);
  results_.peak_rss_mb = peak_rss_mb();  // now, before the entrants take theirs
}

void BenchJob::make_parts() {
  BenchScale scale;
  scale.quick = command_.quick;
  scale.threads = {1};
  if (usable_cores() > 1) scale.threads.push_back(usable_cores());
  parts_.push_back(first_preview_part(model_, scale));
  for (const int sprites : {1, 16, 64}) parts_.push_back(sampling_part(model_, sprites, scale));
  if (cuda_available()) {
    for (const int sprites : {1, 16, 64, 256}) {
      parts_.push_back(gpu_sampling_part(model_, sprites, scale));
      parts_.push_back(gpu_busy_part(model_, sprites));
    }
    for (const int batch : {64, 512}) parts_.push_back(gpu_training_part(model_, batch, scale));
  }
  parts_.push_back(sprite_growth_part(model_, scale));
  parts_.push_back(step_growth_part(model_, scale));
  if (usable_cores() > 1) parts_.push_back(contended_part(model_, scale));
  const std::string trained = trained_model(command_.model);
  if (!trained.empty() && cpu_has_fast_bf16())
    parts_.push_back(difference_part(models_.open(trained), fs::path(trained).stem().string(), scale));
  parts_.push_back(training_part(model_, scale));
  if (command_.loss_steps > 0) parts_.push_back(loss_curves_part(model_, command_.loss_steps, scale));
  for (const auto& part : parts_) all_turns_ += part.contest.turns();
}

bool BenchJob::step() {
  if (!model_) {
    open_model();
    return true;
  }
  if (parts_.empty()) make_parts();
  BenchPart& part = parts_[part_];
  const bool more = part.contest.take(turn_++);
  turns_ += more ? 1 : part.contest.turns() - turn_ + 1;
  outbox_.show(Progress{command_.job, turns_, all_turns_, 0, -1});
  if (more) return true;
  part.report(part.contest, results_);
  set_libtorch_threads(1);
  part = {Contest(0), {}};  // its networks go
  turn_ = 0;
  if (++part_ < parts_.size()) return true;
  outbox_.send(Report{command_.job, bench_text(results_), bench_json(results_)});
  return false;
}

}  // namespace kiln

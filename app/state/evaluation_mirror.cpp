#include "app/state/evaluation_mirror.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace kiln {

void EvaluationMirror::apply(Event& event) {
  if (!job_) return;
  if (auto* evaluated = std::get_if<ModelEvaluated>(&event); evaluated && evaluated->job == *job_) {
    result_ = std::move(evaluated->overview);
    ++version_;
  } else if (const auto* ended = std::get_if<JobEnded>(&event); ended && ended->job == *job_) {
    if (ended->outcome == Outcome::kFailed) problem_ = ended->error;
    job_.reset();
    progress_.reset();
  }
}

void EvaluationMirror::apply(const Progress& progress) {
  if (is_evaluation(progress.job)) progress_ = progress;
}

void EvaluationMirror::start(const std::string& run, const std::string& model, std::int64_t draws, const std::string& cache) {
  if (job_) return;
  job_ = outgoing_.next_job();
  run_ = run;
  problem_.reset();
  result_.reset();
  ++version_;
  EvaluateModel command{*job_, {}};
  command.request.model = model;
  command.request.run = run;
  command.request.settings.sampler.clear();
  command.request.settings.shared_params = {{"draws", draws}};
  command.request.picture = (std::filesystem::path(run) / "evaluation.png").string();
  command.request.cache = cache;
  outgoing_.send(std::move(command));
}

void EvaluationMirror::stop() {
  if (job_) outgoing_.send(CancelJob{*job_, CancelMode::kDiscard});
}

float EvaluationMirror::part() const {
  if (!progress_ || progress_->total <= 0) return 0;
  return std::clamp(static_cast<float>(progress_->step) / static_cast<float>(progress_->total), 0.0f, 1.0f);
}

}  // namespace kiln

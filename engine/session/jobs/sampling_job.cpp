#include "engine/session/jobs/sampling_job.h"

namespace kiln {

SamplingJob::SamplingJob(StartSampling command, ModelCache& models, Outbox& outbox)
    : command_(std::move(command)), models_(models), outbox_(outbox) {}

bool SamplingJob::step() {
  if (!run_) {
    run_ = std::make_unique<SamplingRun>(models_.open(command_.request.model_path), command_.request);
    outbox_.show(rate_.progress(command_.job, 0, run_->loop().total()));
    return true;
  }
  auto& loop = run_->loop();
  loop.step();
  const int every = command_.request.preview_every;
  if (every > 0 && (loop.steps_done() % every == 0 || loop.done())) show_frame();
  outbox_.show(rate_.progress(command_.job, loop.steps_done(), loop.total()));
  if (!loop.done()) return true;
  outbox_.send(SpritesReady{command_.job, run_->sprites()});
  return false;
}

void SamplingJob::show_frame() {
  const auto& loop = run_->loop();
  Frame frame = run_->frame();
  frame.job = command_.job;
  frame.step = loop.steps_done();
  frame.total = loop.total();
  if (command_.request.record_previews) outbox_.send(PreviewRecorded{command_.job, frame});
  outbox_.show(std::move(frame));
}

Outcome SamplingJob::cancel(CancelMode mode) {
  if (mode != CancelMode::kKeep || !run_ || run_->loop().steps_done() == 0) return Outcome::kCancelled;
  outbox_.send(SpritesReady{command_.job, run_->sprites()});
  return Outcome::kKept;
}

}  // namespace kiln

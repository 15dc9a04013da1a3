#include "engine/session/jobs/sampling_job.h"

namespace kiln {

SamplingJob::SamplingJob(StartSampling command, ModelCache& models, Outbox& outbox)
    : command_(std::move(command)), models_(models), outbox_(outbox) {}

bool SamplingJob::step() {
  if (!run_) {
    run_ = std::make_unique<SamplingRun>(models_.open(command_.request.model_path), command_.request);
    if (const auto& fault = run_->device_fault()) outbox_.send(Note{command_.job, fault->message, fault->hint});
    if (!run_->init_image_fit().empty()) outbox_.send(InitImageFitted{command_.job, run_->init_image_fit()});
    outbox_.show(rate_.progress(command_.job, 0, run_->loop().total()));
    return true;
  }
  auto& loop = run_->loop();
  loop.step();
  const auto every = run_->preview_every();
  if (every > 0 && (loop.steps_done() % every == 0 || loop.done())) loop.ask_for_picture();
  show_frames(loop.done());
  outbox_.show(rate_.progress(command_.job, loop.steps_done(), loop.total()));
  if (!loop.done()) return true;
  outbox_.send(SpritesReady{command_.job, run_->sprites()});
  return false;
}

void SamplingJob::show_frames(bool wait) {
  std::optional<Picture> newest;
  const auto show = [&](const Picture& picture, bool recorded) {
    Frame frame = run_->frame_of(picture);
    frame.job = command_.job;
    if (recorded) outbox_.send(PreviewRecorded{command_.job, frame});
    outbox_.show(std::move(frame));
  };
  while (auto picture = run_->loop().next_picture(wait)) {
    if (command_.request.record_previews)
      show(*picture, true);
    else
      newest = std::move(picture);
  }
  if (newest) show(*newest, false);
}

Outcome SamplingJob::cancel(CancelMode mode) {
  if (mode != CancelMode::kKeep || !run_ || run_->loop().steps_done() == 0) return Outcome::kCancelled;
  outbox_.send(SpritesReady{command_.job, run_->sprites()});
  return Outcome::kKept;
}

}  // namespace kiln

#pragma once

#include <memory>
#include <vector>

#include "engine/api/command.h"
#include "engine/diffusion/denoising_loop.h"
#include "engine/inference/make_denoiser.h"
#include "engine/inference/step_parts.h"
#include "engine/session/job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"

namespace kiln {

// First the pictures of one noise level, then the run from there on, a step at a time; then how long the parts of a step take, and
// the picture of it all, where they are asked for.
class LabJob : public Job {
 public:
  LabJob(StudySprite command, ModelCache& models, Outbox& outbox)
      : command_(std::move(command)), models_(models), outbox_(outbox) {}
  bool step() override;
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }

 private:
  enum class Stage { kStudy, kPath, kTimes, kPicture };

  void study_sprite();
  void begin_path();
  bool step_path();  // false after the last step
  bool time_step();  // false after the last round

  StudySprite command_;
  ModelCache& models_;
  Outbox& outbox_;
  Stage stage_ = Stage::kStudy;
  std::shared_ptr<const Model> model_;
  RunConfig config_;
  at::Tensor x0_, condition_, negative_;
  std::unique_ptr<Denoiser> denoiser_;
  std::unique_ptr<DenoisingLoop> loop_;
  LabResult result_;
  std::vector<LabStep> path_;
  std::unique_ptr<StepParts> parts_;
  int rounds_ = 0;
  std::vector<PartTime> times_;
};

}  // namespace kiln

#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "engine/session/job.h"
#include "engine/session/model_cache.h"
#include "engine/session/outbox.h"

namespace kiln {

// A job that is done in one step.
class OneStepJob : public Job {
 public:
  explicit OneStepJob(std::function<void()> work) : work_(std::move(work)) {}
  bool step() override {
    work_();
    return false;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }

 private:
  std::function<void()> work_;
};

std::unique_ptr<Job> make_open_model_job(OpenModel command, ModelCache& models, Outbox& outbox);
std::unique_ptr<Job> make_export_job(ExportSheet command, Outbox& outbox);
std::unique_ptr<Job> make_export_job(ExportPng command, Outbox& outbox);
std::unique_ptr<Job> make_export_job(ExportGif command, Outbox& outbox);
std::unique_ptr<Job> make_palette_job(FitPalette command, Outbox& outbox);
std::unique_ptr<Job> make_inspect_job(Inspect command, ModelCache& models, Outbox& outbox);
std::unique_ptr<Job> make_export_job(ExportNpy command, Outbox& outbox);
std::unique_ptr<Job> make_import_job(ImportCheckpoint command, Outbox& outbox);
std::unique_ptr<Job> make_verify_job(VerifyModel command, ModelCache& models, Outbox& outbox);
std::unique_ptr<Job> make_export_weights_job(ExportWeights command, ModelCache& models, Outbox& outbox);

}  // namespace kiln

#include <limits>

#include "engine/base/error.h"
#include "engine/diffusion/sampler.h"
#include "engine/session/devices.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/strip_drawer.h"

namespace kiln {
namespace {

ParamMap checked(const ParamMap& values) {
  const ParamMap whole = validated(model_sampling_specs(), values, "sampling");
  find_sampler(get_text(whole, "sampler"));
  ParamMap given;
  for (const auto& [id, value] : values) given[id] = whole.at(id);
  return given;
}

// Draws the thumbnails anew, as the model samples from now on, and writes the file.
class SetSamplingJob final : public Job {
 public:
  SetSamplingJob(SetModelSampling command, const JobContext& context)
      : command_(std::move(command)), models_(context.models), outbox_(context.outbox) {}

  bool step() override {
    if (!drawer_) {
      begin();
      return true;
    }
    if (drawer_->step()) return true;
    save_with_sampling(command_.model, command_.out, command_.values, thumbnails_of(drawer_->take()));
    outbox_.send(Exported{command_.job, command_.out});
    return false;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  Priority priority() const override { return Priority::kUtility; }

 private:
  void begin() {
    command_.values = checked(command_.values);
    auto model = std::make_shared<Model>(*models_.open(command_.model));
    for (const auto& [id, value] : command_.values) model->facts.sampling[id] = value;
    drawer_ = std::make_unique<StripDrawer>(std::move(model), 1, true, nullptr, choose_device("cpu", "auto", 0),
                                            std::numeric_limits<std::int64_t>::max());
  }

  SetModelSampling command_;
  ModelCache& models_;
  Outbox& outbox_;
  std::unique_ptr<StripDrawer> drawer_;
};

}  // namespace

std::shared_ptr<Job> make_job(SetModelSampling command, const JobContext& context) {
  return std::make_shared<SetSamplingJob>(std::move(command), context);
}

}  // namespace kiln

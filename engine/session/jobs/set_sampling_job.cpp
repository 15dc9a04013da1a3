#include <algorithm>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/diffusion/sampler.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"

namespace kiln {
namespace {

ParamMap checked(const ParamMap& values) {
  const ParamMap whole = validated(model_sampling_specs(), values, "sampling");
  find_sampler(get_text(whole, "sampler"));
  ParamMap given;
  for (const auto& [id, value] : values) given[id] = whole.at(id);
  return given;
}

}  // namespace

std::shared_ptr<Job> make_job(SetModelSampling command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return [&outbox, command, values = checked(command.values)] {
      save_with_sampling(command.model, command.out, values);
      outbox.send(Exported{command.job, command.out});
    };
  });
}

}  // namespace kiln

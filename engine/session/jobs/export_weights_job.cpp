#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/network/import/diffusers_export.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"

namespace kiln {

std::shared_ptr<Job> make_job(ExportWeights command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &models = context.models, &outbox = context.outbox] {
    if (command.to != "diffusers")
      throw Failure(ErrorCode::kInvalidArgument, "weights cannot be exported to “" + command.to + "”",
                    name_hint(command.to, {"diffusers"}));
    return [&outbox, model = models.open(command.model), command] {
      export_to_diffusers(*model, command.folder);
      outbox.send(Exported{command.job, command.folder});
    };
  });
}

}  // namespace kiln

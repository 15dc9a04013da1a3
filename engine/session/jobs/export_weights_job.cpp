#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/network/import/diffusers_export.h"
#include "engine/session/jobs/one_step_jobs.h"

namespace kiln {

std::unique_ptr<Job> make_export_weights_job(ExportWeights command, ModelCache& models, Outbox& outbox) {
  return std::make_unique<OneStepJob>([command = std::move(command), &models, &outbox] {
    if (command.to != "diffusers")
      throw Failure(ErrorCode::kInvalidArgument, "weights cannot be exported to “" + command.to + "”",
                    name_hint(command.to, {"diffusers"}));
    export_to_diffusers(*models.open(command.model), command.folder);
    outbox.send(Exported{command.job, command.folder});
  });
}

}  // namespace kiln

#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/network/import/import.h"
#include "engine/session/golden_check.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"

namespace kiln {

std::shared_ptr<Job> make_job(VerifyModel command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    if (!(command.tolerance > 0))
      throw Failure(ErrorCode::kInvalidArgument, "the tolerance is no positive number", "give one like 1e-4");
    const GoldenErrors found = check_golden(std::make_shared<const Model>(open_model(command.model)),
                                            command.golden);  // a network of its own: it computes with it
    std::string text = "  largest error     relative\n";
    std::size_t beyond = 0;
    nlohmann::json errors = nlohmann::json::object(), relative = errors, scale = errors;
    for (const auto& [key, found_error] : found) {
      const bool fits = found_error.within(command.tolerance);
      beyond += !fits;
      char line[64];
      std::snprintf(line, sizeof line, "%15.3g %12.3g %s ", found_error.error, found_error.relative(), fits ? " " : "!");
      text += line + key + "\n";
      errors[key] = found_error.error;
      relative[key] = found_error.relative();
      scale[key] = found_error.scale();
    }
    const nlohmann::json document = {
        {"errors", errors}, {"relative", relative}, {"scale", scale}, {"tolerance", command.tolerance}, {"ok", beyond == 0}};
    return [&outbox, report = Report{command.job, text, document.dump()}, beyond, all = found.size()] {
      outbox.send(report);
      if (beyond == 0) return;
      throw Failure(ErrorCode::kInvalidArgument,
                    std::to_string(beyond) + " of " + std::to_string(all) + " golden tensors differ by more than they may",
                    "check that the model is the one the golden file was made for");
    };
  });
}

}  // namespace kiln

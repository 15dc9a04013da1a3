#include <nlohmann/json.hpp>

#include "engine/base/param_json.h"
#include "engine/network/import/import.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/jobs/one_step_job.h"

namespace kiln {
namespace {

using nlohmann::json;

Report report(JobId job, const Model& model, const std::string& out) {
  const ModelInfo info = describe(model, out);
  std::string text = info.network + ", " + std::to_string(info.parameters) + " parameters, sprites of " +
                     std::to_string(info.width) + "×" + std::to_string(info.height) + (info.channels == 4 ? " RGBA" : " RGB") +
                     ", " + std::to_string(info.classes.size()) + " classes, " + info.schedule + ", predicts " + info.prediction +
                     "\n";
  for (const auto& note : info.notes) text += "note: " + note + "\n";
  text += "what was assumed can be said otherwise: --schedule, --timesteps, --prediction, --time, --noise, --size, --classes\n";
  text += out + "\n";
  const json document = {{"out", out},
                         {"hash", info.hash},
                         {"network", info.network},
                         {"network_parameters", model.network_params},
                         {"parameters", info.parameters},
                         {"width", info.width},
                         {"height", info.height},
                         {"channels", info.channels},
                         {"classes", info.classes},
                         {"schedule", to_string(model.diffusion.schedule.kind)},
                         {"timesteps", model.diffusion.schedule.length},
                         {"prediction", info.prediction},
                         {"legacy_noise", model.diffusion.legacy_noise},
                         {"notes", info.notes}};
  return {job, text, document.dump()};
}

}  // namespace

std::shared_ptr<Job> make_job(ImportCheckpoint command, const JobContext& context) {
  return std::make_shared<OneStepJob>([command = std::move(command), &outbox = context.outbox] {
    return [&outbox, job = command.job, out = command.out,
            model = import_checkpoint(command.checkpoint, {command.like, command.classes, command.values})]() mutable {
      model.hash = save_model(model, out, WeightType::kFloat32);
      outbox.send(report(job, model, out));
      outbox.send(Exported{job, out});
    };
  });
}

}  // namespace kiln

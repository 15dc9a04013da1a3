#include "engine/session/jobs/training_job.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/session/devices.h"
#include "engine/session/sampling_run.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

nlohmann::json number_or_null(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr); }

std::string metrics_line(const TrainMetrics& m) {
  return nlohmann::json{{"step", m.step},
                        {"loss", number_or_null(m.loss)},
                        {"smoothed_loss", number_or_null(m.smoothed_loss)},
                        {"validation_loss", number_or_null(m.validation_loss)},
                        {"train_eval_loss", number_or_null(m.train_eval_loss)},
                        {"learning_rate", m.learning_rate},
                        {"gradient_norm", number_or_null(m.gradient_norm)},
                        {"images_per_s", m.images_per_s}}
      .dump();
}

// What a run that starts from `model` has to share with it.
ParamMap recipe_of(const Model& model) {
  ParamMap values;
  const NetworkKind& kind = find_network(model.network_id);
  for (const auto& spec : kind.params) values[recipe_key(kind, spec)] = model.network_params.at(spec.id);
  const auto& d = model.diffusion;
  values["network"] = model.network_id;
  values["channels"] = std::string(model.shape.channels == 4 ? "rgba" : "rgb");
  values["schedule"] = d.schedule;
  values["timesteps"] = std::int64_t{d.timesteps};
  values["beta_start"] = d.beta_start;
  values["beta_end"] = d.beta_end;
  values["zero_terminal_snr"] = d.zero_terminal_snr;
  values["prediction"] = d.prediction;
  return values;
}

// One sprite of each class, as the finished model draws it.
std::vector<Image> draw_thumbnails(std::shared_ptr<const Model> model) {
  if (model->classes.empty()) return {};
  SampleRequest request;
  request.count = static_cast<int>(model->classes.size());
  request.seed = 1;
  SamplingRun run(std::move(model), request);
  while (!run.loop().done()) run.loop().step();
  std::vector<Image> images;
  for (auto& sprite : run.sprites()) images.push_back(std::move(sprite.image));
  return images;
}

}  // namespace

TrainingJob::TrainingJob(StartTraining command, Outbox& outbox) : command_(std::move(command)), outbox_(outbox) {}

void TrainingJob::begin() {
  const TrainRequest& request = command_.request;
  if (request.out.empty() && request.run.empty()) throw Failure(ErrorCode::kInvalidArgument, "there is no name for the model", "give one with --out");
  run_ = request.run.empty() ? fs::path(request.out).replace_extension(".run") : fs::path(request.run);
  if (!request.out.empty()) check_writable(request.out);
  check_writable(run_ / "metrics.jsonl");
  TrainerOptions options;
  ParamMap overrides = request.init.empty() ? ParamMap{} : recipe_of(load_model(request.init));
  for (const auto& [key, value] : request.overrides) overrides[key] = value;
  options.recipe = make_recipe(request.recipe, overrides);
  options.data = request.source.path;
  options.run = run_;
  options.init = request.init;
  options.resume = request.resume;
  if (request.resume) options.changes = request.overrides;
  options.credits = request.credits;
  options.licence = request.licence;
  options.threads = choose_device("cpu", "auto", request.threads).threads;
  trainer_ = std::make_unique<Trainer>(std::move(options));
  for (const auto& note : trainer_->notes()) outbox_.send(Note{command_.job, note, ""});
  const auto& split = trainer_->split();
  outbox_.send(Note{command_.job,
                    std::to_string(split.train.size()) + " sprites in " + std::to_string(trainer_->set().classes.size()) + " classes, " + std::to_string(split.validation.size()) + " more held back",
                    ""});
  newest_ = rate_.progress(command_.job, trainer_->step(), trainer_->total());
  outbox_.show(newest_);
}

bool TrainingJob::step() {
  if (!trainer_) {
    begin();
    return true;
  }
  const auto before = trainer_->step();
  const bool more = trainer_->advance();
  if (trainer_->step() != before) {
    newest_ = rate_.progress(command_.job, trainer_->step(), trainer_->total());
    outbox_.show(newest_);
  }
  report();
  if (more) return true;
  write_model();
  return false;
}

void TrainingJob::report() {
  for (const auto& m : trainer_->take_measurements()) {
    const TrainMetrics metrics{m.step, trainer_->total(), m.loss, m.smoothed_loss, m.validation_loss, m.training_loss, {}, m.learning_rate, m.gradient_norm, newest_.steps_per_s * trainer_->batch_size(), newest_.left_s, 0};
    append_line(run_ / "metrics.jsonl", metrics_line(metrics));
    outbox_.send(TrainingMetrics{command_.job, metrics});
  }
}

void TrainingJob::write_model() {
  if (command_.request.out.empty()) return;
  auto model = std::make_shared<Model>(trainer_->model());
  model->thumbnails = draw_thumbnails(model);
  save_model(*model, command_.request.out, trainer_->weight_type());
  outbox_.send(Exported{command_.job, command_.request.out});
}

Outcome TrainingJob::cancel(CancelMode mode) {
  if (!trainer_ || trainer_->step() == 0) return Outcome::kCancelled;
  trainer_->checkpoint();
  if (mode != CancelMode::kKeep) return Outcome::kCancelled;
  write_model();
  return Outcome::kKept;
}

}  // namespace kiln

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/spec_options.h"
#include "app/cli/terminal.h"

namespace kiln {
namespace {

struct TrainOptions {
  TrainRequest request;
  std::vector<std::string> settings;  // key=value
  long long steps = 0;
  bool progress = false, quiet = false;
};

ParamMap overrides_of(const TrainOptions& options, const Catalog& catalog) {
  ParamMap overrides;
  const auto set = [&](const std::string& key, const std::string& text) { overrides[key] = parse_param(find_spec(catalog.recipe, key, "recipe"), text, "recipe"); };
  for (const auto& setting : options.settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos) throw Failure(ErrorCode::kInvalidArgument, "“" + setting + "” is not key=value", "write --set learning_rate=0.001");
    set(setting.substr(0, equals), setting.substr(equals + 1));
  }
  if (options.steps != 0) set("steps", std::to_string(options.steps));
  return overrides;
}

void print_metrics(const TrainMetrics& m) {
  if (std::isnan(m.train_eval_loss)) return;
  std::printf("step %lld/%lld  loss %.4f  smoothed %.4f  training %.4f", static_cast<long long>(m.step), static_cast<long long>(m.total), m.loss, m.smoothed_loss, m.train_eval_loss);
  if (!std::isnan(m.validation_loss)) std::printf("  validation %.4f", m.validation_loss);
  std::printf("  %.1f sprites/s", m.images_per_s);
  if (m.left_s >= 0) std::printf("  %s left", duration_text(m.left_s).c_str());
  std::printf("\n");
  std::fflush(stdout);
}

void run_train(TrainOptions& options, EngineRunner& engine) {
  options.request.overrides = overrides_of(options, engine.catalog());
  ProgressBar bar("steps/s", options.progress);
  const JobId job = engine.next_id();
  std::string written;
  const Outcome outcome = engine.run(job, StartTraining{job, options.request},
                                     {[&](const Event& event) {
                                        bar.clear();
                                        if (const auto* metrics = std::get_if<TrainingMetrics>(&event)) print_metrics(metrics->metrics);
                                        if (const auto* note = std::get_if<Note>(&event)) std::printf("%s\n", note->message.c_str());
                                        if (const auto* exported = std::get_if<Exported>(&event)) written = exported->path;
                                      },
                                      [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (outcome == Outcome::kKept) std::printf("stopped; --resume goes on from here\n");
  if (!written.empty()) std::printf("%s\n", written.c_str());
}

}  // namespace

void add_train_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<TrainOptions>();
  auto& request = options->request;
  command.add_option("--data", request.source.path, "A folder with one folder of images per class")->required();
  command.add_option("--out", request.out, "The model file to write")->required();
  std::string presets;
  for (const auto& preset : engine.catalog().recipes) presets += (presets.empty() ? "" : ", ") + preset.id;
  command.add_option("--recipe", request.recipe, presets + ", or a JSON file (standard)");
  command.add_option("--set", options->settings, "A recipe value as key=value; may be given often")->allow_extra_args(false);
  command.add_option("--steps", options->steps, "The same as --set steps=N");
  command.add_option("--init", request.init, "A model to start from; known classes keep what they learned");
  command.add_flag("--resume", request.resume, "Go on from the newest good checkpoint; --set and --steps change the rest of the run");
  command.add_option("--run", request.run, "Folder for checkpoints and metrics (beside the model file, ending in .run)");
  command.add_option("--credits", request.credits, "Whom to credit for the sprites, kept in the model file");
  command.add_option("--licence", request.licence, "The sprites' licence, kept in the model file");
  command.add_option("--threads", request.threads, "Compute threads; 0: all cores (0)");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.footer("Recipe values:\n" + spec_table(engine.catalog().recipe));
  command.callback([options, &engine] { run_train(*options, engine); });
}

}  // namespace kiln

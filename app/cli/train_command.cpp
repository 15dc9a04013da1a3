#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/cli/commands.h"
#include "app/cli/output_options.h"
#include "app/cli/recipe_options.h"
#include "app/cli/source_options.h"
#include "app/cli/spec_options.h"
#include "app/cli/terminal.h"
#include "app/cli/train_processes.h"
#include "engine/api/model_info.h"
#include "engine/base/param_json.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

struct TrainOptions {
  TrainRequest request;
  SourceTexts source;
  PreprocessingTexts preprocessing;
  RecipeTexts recipe;
  int processes = 1;
  bool progress = false, plan = false, json = false, force = false;
};

void print_changes(const TrainMetrics& m) {
  if (m.changes.empty()) return;
  std::printf("from step %lld on:", static_cast<long long>(m.step));
  for (const auto& [id, value] : m.changes) std::printf(" %s=%s", id.c_str(), to_string(value).c_str());
  std::printf("\n");
  std::fflush(stdout);
}

void print_metrics(const TrainMetrics& m) {
  print_changes(m);
  if (std::isnan(m.train_eval_loss) && std::isnan(m.frechet)) return;
  std::printf("step %lld/%lld", static_cast<long long>(m.step), static_cast<long long>(m.total));
  for (const MetricInfo& info : train_metrics()) {
    const double value = m.*info.value;
    if (info.decimals >= 0 && !std::isnan(value)) std::printf("  %s", metric_text(info, value).c_str());
  }
  if (m.left_s >= 0) std::printf("  %s left", duration_text(m.left_s).c_str());
  std::printf("\n");
  std::fflush(stdout);
}

void print_started(const TrainPlan& plan) {
  std::printf("%d sprites of %d×%d in %zu classes, %d more for validation; %.2f million parameters; %s\n", plan.sprites, plan.width,
              plan.height, plan.classes.size(), plan.validation, static_cast<double>(plan.parameters) / 1e6, plan.run.c_str());
  std::fflush(stdout);
}

void print_plan(const TrainPlan& plan, bool json) {
  if (json) {
    const nlohmann::json document = {
        {"parameters", plan.parameters},     {"width", plan.width},           {"height", plan.height}, {"classes", plan.classes},
        {"sprites", plan.sprites},           {"validation", plan.validation}, {"step", plan.step},     {"total", plan.total},
        {"images_per_s", plan.images_per_s}, {"left_s", plan.left_s},         {"recipe", plan.recipe}};
    std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return;
  }
  std::printf("%d sprites of %d×%d in %zu classes, %d more for validation\n", plan.sprites, plan.width, plan.height,
              plan.classes.size(), plan.validation);
  std::printf("%.2f million parameters\n", static_cast<double>(plan.parameters) / 1e6);
  std::printf("%.1f sprites/s here: %lld steps take about %s\n", plan.images_per_s, static_cast<long long>(plan.total - plan.step),
              duration_text(plan.left_s).c_str());
}

// Nothing that a run has learned is replaced unasked.
void check_new(const TrainRequest& request) {
  namespace fs = std::filesystem;
  const fs::path run = request.run.empty() ? fs::path(request.out).replace_extension(".run") : fs::path(request.run);
  check_no_run({request.out, run / "metrics.jsonl"});
}

void run_train(TrainOptions& options, EngineRunner& engine) {
  TrainRequest& request = options.request;
  if (!request.resume && options.source.path.empty() && request.data_of.empty())
    throw Failure(ErrorCode::kInvalidArgument, "there are no sprites to train on",
                  "name a folder of sprites with --data, or go on with --resume");
  if (options.json && !options.plan)
    throw Failure(ErrorCode::kInvalidArgument, "--json belongs to --plan", "a run's numbers are in its folder, in metrics.jsonl");
  if (!request.out.empty()) check_model_ending(request.out);
  if (!request.resume && !options.plan && !options.force && is_rank_zero() && !is_started_again()) check_new(request);
  if (options.processes > 1 && !options.plan && !is_launched()) return run_processes(options.processes);
  request.source = options.source.source();
  request.preprocessing = options.preprocessing.all();
  request.cache = (home_folder() / "cache").string();
  request.overrides = options.recipe.overrides(engine.catalog());
  ProgressBar bar("steps/s", options.progress);
  const JobId job = engine.next_id();
  std::string written;
  bool begun = false;
  const auto on_event = [&](const Event& event) {
    bar.clear();
    if (const auto* planned = std::get_if<TrainingPlanned>(&event)) print_plan(planned->plan, options.json);
    if (const auto* started = std::get_if<TrainingStarted>(&event); started && !std::exchange(begun, true))
      print_started(started->plan);  // it comes again when the run is changed
    if (const auto* metrics = std::get_if<TrainingMetrics>(&event)) print_metrics(metrics->metrics);
    if (const auto* note = std::get_if<Note>(&event); note && !options.json) std::printf("%s\n", note->message.c_str());
    if (const auto* exported = std::get_if<Exported>(&event)) written = exported->path;
  };
  const Command command = options.plan ? Command(PlanTraining{job, request}) : Command(StartTraining{job, request});
  const Outcome outcome = engine.run(job, command, {on_event, [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (outcome == Outcome::kKept && is_rank_zero()) std::printf("stopped; --resume goes on from here\n");
  if (!written.empty()) std::printf("%s\n", written.c_str());
}

}  // namespace

namespace {

// What a new run and one that distils have in common.
void add_run_options(CLI::App& command, TrainOptions& options) {
  TrainRequest& request = options.request;
  command
      .add_option("--data-of", request.data_of,
                  "Another training run's folder, in place of --data: its sprites, preprocessed as it did")
      ->type_name("DIR");
  command.add_option("--steps", options.recipe.steps, "The same as --set steps=N");
  command.add_flag("--resume", request.resume,
                   "Go on from the newest good checkpoint, with the run's own sprites and recipe; --steps N goes past its end, "
                   "--set changes the rest of it");
  command.add_flag("--force", options.force, "Replace a model or a run of this name");
  command.add_option("--run", request.run, "Folder for checkpoints and metrics (beside the model file, ending in .run)")
      ->type_name("DIR");
  command.add_option("--credits", request.credits, "Whom to credit for the sprites, kept in the model file");
  command.add_option("--licence", request.licence, "The sprites' licence, kept in the model file");
  command.add_option("--device", request.device, "Where it computes (auto)")->type_name("auto | cpu | cuda");
  command.add_option("--threads", request.threads, "Compute threads on the CPU; 0: all cores, or those that a resumed run had (0)");
  command
      .add_option("--processes", options.processes,
                  "Processes on this machine that share every batch, each with its part of the cores or its own GPU (1); those of "
                  "torchrun and other launchers are taken as they are")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  command
      .add_option(
          "--backend", request.backend,
          "What carries gradients from process to process: auto takes NCCL on GPUs where this build has it, else Gloo (auto)")
      ->check(CLI::IsMember({"auto", "gloo", "nccl"}))
      ->type_name("auto | gloo | nccl");
  command
      .add_option(
          "--process-timeout", request.process_timeout_s,
          "How long processes wait for one that does not answer; more than the first needs alone for samples and quality (600)")
      ->check(CLI::Range(1, 86400))
      ->type_name("SECONDS");
  command.add_flag("--plan", options.plan, "Only tell what the run would be and how long it would take here; writes nothing");
  command.add_flag("--json", options.json, "With --plan: as one JSON document");
  command.add_flag("--progress", options.progress, "Progress even if stderr is not a terminal");
  add_preprocessing_options(command, options.preprocessing);
}

}  // namespace

void add_train_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<TrainOptions>();
  auto& request = options->request;
  add_source_options(command, options->source, "--data", false);
  command.add_option("--out", request.out, "The model file to write")->type_name("FILE.safetensors");
  add_recipe_options(command, request.recipe, options->recipe, engine.catalog());
  command.add_option("--init", request.init, "A model to start from; known classes keep what they learned")->type_name("MODEL");
  add_run_options(command, *options);
  command.footer("Recipe values:\n" + spec_table(engine.catalog().recipe));
  command.callback([options, &engine] { run_train(*options, engine); });
}

void add_distill_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<TrainOptions>();
  auto& request = options->request;
  command.add_option("--model", request.init, "The model to teach from; with --resume the run knows it")->type_name("MODEL");
  add_source_options(command, options->source, "--data", false);
  command.add_option("--out", request.out, "The model file to write (the model's own name and “-live”)")
      ->type_name("FILE.safetensors");
  add_set_option(command, options->recipe);
  add_run_options(command, *options);
  command.footer(
      "Teaches a model to draw in 1 to 4 steps what the one given draws in many, for every guidance scale at once. The sprites\n"
      "tell where it starts from; what it learns is the other model's. Best those that the other was trained on.\n"
      "A run as with `train`, with its recipe `distill`.");
  command.callback([options, &engine] {
    TrainRequest& asked = options->request;
    asked.recipe = "distill";
    if (asked.init.empty() && !asked.resume)
      throw Failure(ErrorCode::kInvalidArgument, "there is no model to distil", "name it with --model");
    if (asked.out.empty() && !asked.init.empty()) asked.out = live_model_of(asked.init).string();
    run_train(*options, engine);
  });
}

}  // namespace kiln

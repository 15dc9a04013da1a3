#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/output_options.h"
#include "app/cli/recipe_options.h"
#include "app/cli/source_options.h"
#include "app/cli/spec_options.h"
#include "app/cli/terminal.h"

namespace kiln {
namespace {

struct SweepOptions {
  SweepRequest request;
  SourceTexts source;
  PreprocessingTexts preprocessing;
  RecipeTexts recipe;
  bool json = false, progress = false, force = false;
};

void run_sweep(SweepOptions& options, EngineRunner& engine) {
  SweepRequest& request = options.request;
  check_model_ending(request.train.out);
  if (!request.train.resume && !options.force) check_no_run({request.train.out});
  request.train.source = options.source.source();
  request.train.preprocessing = options.preprocessing.all();
  request.train.overrides = options.recipe.overrides(engine.catalog());
  ProgressBar bar("steps/s", options.progress);
  const JobId job = engine.next_id();
  const Outcome outcome = engine.run(job, StartSweep{job, request},
                                     {[&](const Event& event) {
                                        bar.clear();
                                        if (const auto* note = std::get_if<Note>(&event))
                                          std::fprintf(stderr, "%s\n", note->message.c_str());
                                        if (const auto* report = std::get_if<Report>(&event))
                                          std::printf("%s", options.json ? (report->json + "\n").c_str() : report->text.c_str());
                                        if (const auto* exported = std::get_if<Exported>(&event); exported && !options.json)
                                          std::printf("%s\n", exported->path.c_str());
                                        std::fflush(stdout);
                                      },
                                      [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (outcome == Outcome::kKept) std::fprintf(stderr, "stopped; --resume goes on from here\n");
}

}  // namespace

void add_sweep_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<SweepOptions>();
  auto& request = options->request;
  add_source_options(command, options->source, "--data", true);
  command.add_option("--out", request.train.out, "The model file to write, of the best trial")
      ->required()
      ->type_name("FILE.safetensors");
  command.add_option("--vary", request.vary, "What to vary, as learning_rate=1e-4..1e-3 or width=32,48,64; may be given often")
      ->required()
      ->allow_extra_args(false);
  command.add_option("--trials", request.trials, "How many different recipes are tried (8)");
  command.add_option("--budget", request.budget,
                     "Training steps of all trials together (10000); the worse half is given up again and again");
  add_seed_option(
      command, "--seed", [options](std::uint64_t seed) { options->request.seed = seed; }, "The same seed tries the same (0)");
  add_recipe_options(command, request.train.recipe, options->recipe, engine.catalog());
  command.add_option("--init", request.train.init, "A model to start from")->type_name("MODEL");
  command.add_flag("--resume", request.train.resume, "Go on with the sweep in its folder");
  command.add_flag("--force", options->force, "Replace a model of this name");
  command.add_option("--run", request.train.run, "Folder of the trials (beside the model file, ending in .sweep)")
      ->type_name("DIR");
  command.add_option("--credits", request.train.credits, "Whom to credit for the sprites, kept in the model file");
  command.add_option("--licence", request.train.licence, "The sprites' licence, kept in the model file");
  command.add_option("--device", request.train.device, "Where it computes (auto)")->type_name("auto | cpu | cuda");
  command.add_option("--threads", request.train.threads, "Compute threads on the CPU; 0: all cores (0)");
  command.add_flag("--json", options->json, "The table as one JSON document");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  add_preprocessing_options(command, options->preprocessing);
  command.footer("Recipe values:\n" + spec_table(engine.catalog().recipe));
  command.callback([options, &engine] { run_sweep(*options, engine); });
}

}  // namespace kiln

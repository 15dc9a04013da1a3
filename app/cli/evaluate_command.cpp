#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/output_options.h"
#include "app/cli/sampling_options.h"
#include "app/cli/source_options.h"
#include "app/cli/terminal.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

struct EvaluateOptions {
  EvaluateRequest request;
  SourceTexts data;
  std::string heldout, heldout_labels;
  SamplingOptions sampling;
  bool json = false, progress = false, force = false;
};

void check_shards(const EvaluateOptions& options) {
  const EvaluateRequest& request = options.request;
  if ((request.shards > 1) != !request.shard_file.empty())
    throw Failure(ErrorCode::kInvalidArgument, "--shards and --out belong together",
                  "--shards K --shard I --out FILE.safetensors makes the sprites of one shard, and --merge FILE … judges all");
  if (request.shard_file.empty()) return;
  if (!request.merge.empty() || !request.picture.empty() || options.json || !options.heldout.empty())
    throw Failure(ErrorCode::kInvalidArgument, "a shard is not judged: --merge, --report, --json and --heldout are not for it",
                  "give them where all shards are merged");
  check_model_ending(request.shard_file);
  check_new_file(request.shard_file, options.force);
}

void run_evaluate(const EvaluateOptions& options, EngineRunner& engine) {
  EvaluateRequest request = options.request;
  check_shards(options);
  if (!request.picture.empty()) check_new_picture("--report", request.picture, options.force);
  if (request.run.empty() == options.data.path.empty())
    throw Failure(ErrorCode::kInvalidArgument, "what the sprites are compared with is to be told once",
                  "give --data DIR, or --run DIR for those of a training run");
  request.data = options.data.source();
  request.heldout = request.data;  // cut alike
  request.heldout.path = options.heldout;
  request.heldout.labels = options.heldout_labels;
  request.cache = (home_folder() / "cache").string();
  request.settings = options.sampling.settings(engine.catalog(), evaluation_specs());
  ProgressBar bar("", options.progress);
  Report report;
  const JobId job = engine.next_id();
  const Outcome outcome = engine.run(job, EvaluateModel{job, request},
                                     {[&](const Event& event) {
                                        if (const auto* done = std::get_if<Report>(&event)) report = *done;
                                        if (const auto* note = std::get_if<Note>(&event))
                                          bar.tell(note->message + "; " + note->hint);
                                      },
                                      [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (outcome != Outcome::kDone)
    throw Failure(ErrorCode::kInvalidArgument, "stopped before there was a result",
                  "run it again; --draws 1 takes a third of the time");
  if (!request.shard_file.empty()) {
    std::printf("%s\n", request.shard_file.c_str());
    return;
  }
  std::printf("%s%s", (options.json ? report.json : report.text).c_str(), options.json ? "\n" : "");
  if (!options.json && !request.picture.empty()) std::printf("\n%s\n", request.picture.c_str());
}

}  // namespace

void add_evaluate_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<EvaluateOptions>();
  command.add_option("--model", options->request.model, "The model file")->required()->type_name("MODEL");
  add_source_options(command, options->data, "--data", false);
  command
      .add_option("--run", options->request.run, "A training run's folder, in place of --data: its sprites, preprocessed as it did")
      ->type_name("DIR");
  command
      .add_option("--heldout", options->heldout,
                  "Sprites that the model was not trained on, in the same form: what good ones would score")
      ->type_name("DIR | FILE");
  command.add_option("--heldout-labels", options->heldout_labels, "Their labels, if they are a .npy array")
      ->group("Source")
      ->type_name("FILE.npy");
  options->sampling.add(command, engine.catalog(), evaluation_specs(), "Evaluation and sampling");
  command
      .add_option("--features", options->request.features,
                  "A TorchScript file to take distances by, as Inception for FID. It is given fp32 [N, 3, 299, 299], RGB from 0 to "
                  "255 over grey 128, enlarged bilinearly, and gives [N, D]; if it has a parameter return_features, that is true. "
                  "Without it: a small network trained to tell the data's classes apart")
      ->type_name("FILE");
  command
      .add_option("--report", options->request.picture,
                  "A picture: sprites of each class, suspected copies beside what they may be copied from, histograms")
      ->type_name("FILE.png");
  constexpr const char* kShards = "Many sprites";
  command
      .add_option("--shards", options->request.shards,
                  "Into how many parts the sprites are shared out, each made by a program of its own (1)")
      ->group(kShards)
      ->type_name("K");
  command.add_option("--shard", options->request.shard, "Which of them is made here, from 0 on (0)")
      ->group(kShards)
      ->type_name("I");
  command.add_option("--out", options->request.shard_file, "Where the sprites of the shard are kept")
      ->group(kShards)
      ->type_name("FILE.safetensors");
  command
      .add_option(
          "--merge", options->request.merge,
          "The files of all shards: their sprites are judged, none are made. The numbers are those of one program that makes all")
      ->group(kShards)
      ->type_name("FILE ...");
  command.add_flag("--json", options->json, "As one JSON document");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.footer(
      "Numbers are mean ± standard deviation over the draws (kernel distance: and subsets; told apart: and folds).\n"
      "Look at them side by side: equally many generated and drawn sprites beside the same half of the data, equally many\n"
      "generated and held-out ones beside all of it. A perfect model would score as drawn and held-out sprites do.");
  add_force(command, options->force);
  command.callback([options, &engine] { run_evaluate(*options, engine); });
}

}  // namespace kiln

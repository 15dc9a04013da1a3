#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/source_options.h"
#include "app/cli/terminal.h"

namespace kiln {
namespace {

struct PackOptions {
  SourceTexts source;
  PreprocessingTexts preprocessing;
  ExportOptions exporting;
  bool json = false, progress = false;
};

// As they lie in the set, each with its class and frame. What was left out is told on stderr.
std::vector<Sprite> read_sprites(const PackOptions& options, EngineRunner& engine) {
  std::vector<Sprite> sprites;
  ProgressBar bar("", options.progress);
  const JobId job = engine.next_id();
  const Outcome outcome = engine.run(job, CheckDataset{job, options.source.source(), options.preprocessing.all()},
                                     {[&](const Event& event) {
                                        bar.clear();
                                        const auto* checked = std::get_if<DatasetChecked>(&event);
                                        if (checked == nullptr) return;
                                        for (const DatasetSprite& sprite : checked->sprites) {
                                          sprites.push_back({sprite.image, {}});
                                          SpriteRecipe& recipe = sprites.back().recipe;
                                          if (!sprite.class_name.empty()) recipe.condition = {{sprite.class_name, 1}};
                                          if (sprite.frame >= 0)
                                            recipe.settings.shared_params["frame"] = std::int64_t{sprite.frame} + 1;
                                        }
                                        for (const LeftOut& left : checked->report.left_out)
                                          std::fprintf(stderr, "left out: %s: %s\n", left.file.c_str(), left.error.message.c_str());
                                      },
                                      [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (outcome == Outcome::kCancelled) throw Failure(ErrorCode::kInvalidArgument, "stopped; nothing was written", "run it again");
  if (sprites.empty())
    throw Failure(ErrorCode::kUnsupported, "there is no sprite in “" + options.source.path + "”",
                  "choose a folder with images in it");
  return sprites;
}

void run_pack(const PackOptions& options, EngineRunner& engine) {
  options.exporting.check();
  std::vector<Sprite> sprites = read_sprites(options, engine);
  const auto count = sprites.size();
  options.exporting.check_cells(count);
  const auto written = options.exporting.write(engine, std::move(sprites), {});
  if (options.json) {
    const nlohmann::json document = {{"files", written}, {"sprites", count}};
    std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return;
  }
  for (const auto& path : written) std::printf("%s\n", path.c_str());
}

}  // namespace

void add_pack_command(CLI::App& command, EngineRunner& engine) {
  const auto options = std::make_shared<PackOptions>();
  add_source_options(command, options->source, "in");
  options->exporting.add(command, "");
  add_preprocessing_options(command, options->preprocessing);
  command.add_flag("--json", options->json, "Print what was written as JSON");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.callback([options, &engine] { run_pack(*options, engine); });
}

}  // namespace kiln

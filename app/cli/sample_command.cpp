#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/sampling_options.h"
#include "app/cli/terminal.h"
#include "engine/base/error.h"
#include "engine/base/param_json.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

struct SampleOptions {
  std::string model, preview_dir, gif, apng, negative, init_image, mask;
  std::vector<std::string> classes;
  bool json = false, progress = false;
  ExportOptions exporting;
  SamplingOptions sampling;
  SpecOptions init_params;
};

// "potion=1,sword=0.5", "potion"
Condition parse_condition(const std::string& option, const std::string& text) {
  const std::string hint = "write " + option + " potion, or " + option + " potion=1,sword=0.5";
  Condition condition;
  for (const auto& part : split(text, ',')) {
    const auto equals = part.rfind('=');
    const std::string name(trimmed(std::string_view(part).substr(0, equals)));
    double weight = 1;
    if (equals != std::string::npos) {
      const auto number = parse_real(trimmed(std::string_view(part).substr(equals + 1)));
      if (!number) throw Failure(ErrorCode::kInvalidArgument, "“" + part + "” is no class with its weight", hint);
      weight = *number;
    }
    if (name.empty()) throw Failure(ErrorCode::kInvalidArgument, "a class has no name in “" + text + "”", hint);
    condition.push_back({name, weight});
  }
  return condition;
}

SampleRequest request_of(const SampleOptions& options, const Catalog& catalog) {
  SampleRequest request;
  request.model_path = options.model;
  for (const auto& text : options.classes) request.conditions.push_back(parse_condition("--class", text));
  request.settings = options.sampling.settings(catalog, catalog.sampling);
  if (!options.negative.empty()) request.settings.negative = parse_condition("--negative", options.negative);
  request.settings.init_image.path = options.init_image;
  request.settings.mask.path = options.mask;
  request.settings.init_params = options.init_params.values(init_image_specs(), "init image");
  ParamMap& shared = request.settings.shared_params;
  request.record_previews = !options.preview_dir.empty() || !options.gif.empty() || !options.apng.empty();
  if (!request.record_previews) {
    shared["preview_every"] = 0;
  } else if (!shared.contains("preview_every") || get_int(shared, "preview_every") == 0) {
    constexpr std::int64_t kFrames = 25;
    shared["preview_every"] =
        std::max<std::int64_t>(1, get_int(validated(catalog.sampling, shared, "sampling"), "steps") / kFrames);
  }
  return request;
}

nlohmann::json condition_json(const Condition& condition) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, weight] : condition) json[name] = weight;
  return json;
}

nlohmann::json recipe_json(const SpriteRecipe& recipe) {
  const SampleSettings& settings = recipe.settings;
  nlohmann::json params = settings.shared_params;
  params.update(settings.sampler_params);
  params.update(settings.init_params);
  nlohmann::json json = {{"model", recipe.model_name},
                         {"model_hash", recipe.model_hash},
                         {"class", condition_json(recipe.condition)},
                         {"seed", params.at("seed")},
                         {"sampler", settings.sampler},
                         {"steps", params.at("steps")},
                         {"steps_done", recipe.steps_done},
                         {"parameters", params}};
  if (!settings.negative.empty()) json["negative"] = condition_json(settings.negative);
  for (const auto& [key, file] : {std::pair{"init_image", settings.init_image}, {"mask", settings.mask}}) {
    if (!file.path.empty()) json[key] = {{"path", file.path}, {"sha256", file.sha256}};
  }
  return json;
}

std::string preview_name(const std::string& folder, const Frame& frame) {
  char name[32];
  std::snprintf(name, sizeof name, "step-%04d.png", frame.step);
  return (std::filesystem::path(folder) / name).string();
}

// A sheet of each frame. They are all refused before sampling if one is there that may not be replaced.
void check_previews(const SampleOptions& options) {
  std::error_code error;
  if (options.exporting.force() || !std::filesystem::is_directory(options.preview_dir, error)) return;
  for (const auto& entry : std::filesystem::directory_iterator(options.preview_dir, error)) {
    if (entry.path().filename().string().starts_with("step-")) options.exporting.check_file(entry.path().string());
  }
}

void write_previews(const SampleOptions& options, EngineRunner& engine, const std::vector<Frame>& frames) {
  ParamMap sheet;
  for (const char* id : {"columns", "padding", "scale"}) sheet[id] = std::int64_t{options.exporting.whole(id)};
  for (const auto& frame : frames) {
    std::vector<Sprite> sprites;
    for (int i = 0; i < frame.count; ++i) sprites.push_back({frame.sprite(i), {}});
    const JobId job = engine.next_id();
    engine.run(job, ExportSprites{
                        job, preview_name(options.preview_dir, frame), std::move(sprites), sheet, {}, options.exporting.force()});
  }
}

// Everything that a finished run leaves on disk; returns the paths.
std::vector<std::string> write_results(const SampleOptions& options, EngineRunner& engine, const std::vector<Sprite>& sprites,
                                       std::vector<Rgb8> palette, const std::vector<Frame>& frames) {
  std::vector<std::string> written = options.exporting.write(engine, sprites, std::move(palette));
  if (!options.preview_dir.empty()) {
    write_previews(options, engine, frames);
    written.push_back(options.preview_dir);
  }
  constexpr int kLeastScale = 4, kFrameMs = 80, kHoldMs = 1500;
  for (const auto& animation : {options.gif, options.apng}) {
    if (animation.empty()) continue;
    const JobId job = engine.next_id();
    engine.run(job, ExportAnimation{job, animation, frames, options.exporting.whole("columns"), options.exporting.whole("padding"),
                                    std::max(kLeastScale, options.exporting.whole("scale")), kFrameMs, kHoldMs,
                                    options.exporting.force()});
    written.push_back(animation);
  }
  return written;
}

// The model's own, for the order of an indexed PNG's colours.
std::vector<Rgb8> palette_of(const std::string& model, EngineRunner& engine) {
  std::vector<Rgb8> palette;
  const JobId job = engine.next_id();
  engine.run(job, OpenModel{job, model},
             {[&](const Event& event) {
                if (const auto* opened = std::get_if<ModelOpened>(&event)) palette = opened->info.palette.colours;
              },
              {}});
  return palette;
}

void check_outputs(const SampleOptions& options) {
  options.exporting.check();
  if (!options.gif.empty()) check_ending("--gif", options.gif, {".gif"});
  if (!options.apng.empty()) check_ending("--apng", options.apng, {".png", ".apng"});
  for (const auto& animation : {options.gif, options.apng}) {
    if (animation.empty()) continue;
    options.exporting.check_file(animation);
    if (animation == options.exporting.out())
      throw Failure(ErrorCode::kInvalidArgument, "“" + animation + "” would be both the sheet and the animation",
                    "give them names of their own");
  }
  check_previews(options);
}

void run_sample(const SampleOptions& options, EngineRunner& engine) {
  const SampleRequest request = request_of(options, engine.catalog());
  check_outputs(options);
  std::vector<Sprite> sprites;
  std::vector<Frame> frames;
  ProgressBar bar("steps/s", options.progress);
  const JobId job = engine.next_id();
  const Outcome outcome = engine.run(job, StartSampling{job, request},
                                     {[&](const Event& event) {
                                        if (const auto* ready = std::get_if<SpritesReady>(&event)) sprites = ready->sprites;
                                        if (const auto* preview = std::get_if<PreviewRecorded>(&event))
                                          frames.push_back(preview->frame);
                                      },
                                      [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (sprites.empty())
    throw Failure(ErrorCode::kInvalidArgument, "stopped before the first step: there is nothing to keep", "run it again");
  std::vector<Rgb8> palette;
  if (options.exporting.indexed()) palette = palette_of(options.model, engine);
  const auto written = write_results(options, engine, sprites, std::move(palette), frames);
  if (options.json) {
    nlohmann::json document = {{"out", options.exporting.out()},
                               {"stopped", outcome == Outcome::kKept},
                               {"files", written},
                               {"sprites", nlohmann::json::array()}};
    for (const auto& sprite : sprites) document["sprites"].push_back(recipe_json(sprite.recipe));
    std::printf("%s\n", document.dump(2).c_str());
    return;
  }
  for (const auto& path : written) std::printf("%s\n", path.c_str());
}

void add_init_options(CLI::App& command, SampleOptions& options) {
  constexpr const char* kGroup = "From an image";
  command
      .add_option("--init-image", options.init_image,
                  "Starts from this image with noise on it (SDEdit): of the sprites' size, a whole-number enlargement of that, or "
                  "smaller; how near the sprites stay to it, --strength says")
      ->type_name("FILE")
      ->group(kGroup);
  command
      .add_option(
          "--mask", options.mask,
          "Makes only a part of the init image anew, all else keeps its bytes: an image of the sprites' size, not transparent "
          "where that part is; without any transparency: not black")
      ->type_name("FILE")
      ->group(kGroup);
  options.init_params.add(command, init_image_specs(), kGroup);
}

}  // namespace

void add_sample_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<SampleOptions>();
  command.add_option("--model", options->model, "The model file")->required()->type_name("MODEL");
  command
      .add_option("--class", options->classes,
                  "A class, or a mix as potion=1,sword=0.5; several are used in turn; none: all of the model's")
      ->allow_extra_args(false)
      ->type_name("CLASS");
  command
      .add_option("--negative", options->negative, "What guidance leads away from, a class or a mix, in place of no class at all")
      ->type_name("CLASS");
  options->sampling.add(command, engine.catalog(), engine.catalog().sampling, "Sampling");
  add_init_options(command, *options);
  options->exporting.add(command, "sheet.png");
  command.add_option("--preview-dir", options->preview_dir, "Folder for a sheet of every preview")->type_name("DIR");
  command.add_option("--gif", options->gif, "Animation of the fade from noise to sprites")->type_name("FILE.gif");
  command.add_option("--apng", options->apng, "The same as an animated PNG, with every colour and half transparent ones")
      ->type_name("FILE.png | FILE.apng");
  command.add_flag("--json", options->json, "Print what was made, with every sprite's recipe, as JSON");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.callback([options, &engine] { run_sample(*options, engine); });
}

}  // namespace kiln

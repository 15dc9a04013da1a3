#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/cli/commands.h"
#include "app/cli/output_options.h"
#include "app/cli/sampling_options.h"
#include "app/cli/terminal.h"
#include "engine/api/recipe_json.h"
#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/paths.h"
#include "engine/base/text.h"
#include "engine/gallery/find_model.h"
#include "engine/gallery/recipe_batch.h"
#include "engine/gallery/recipe_png.h"

namespace kiln {
namespace {

struct SampleOptions {
  std::string model, out = "sheet.png", preview_dir, gif, negative, init_image, mask, from_png;
  std::vector<std::string> classes;
  std::optional<long long> columns, padding, scale;
  bool json = false, progress = false;
  SamplingOptions sampling;
  SpecOptions init_params;
};

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
  request.record_previews = !options.preview_dir.empty() || !options.gif.empty();
  if (!request.record_previews) {
    shared["preview_every"] = 0;
  } else if (!shared.contains("preview_every") || get_int(shared, "preview_every") == 0) {
    constexpr std::int64_t kFrames = 25;
    shared["preview_every"] =
        std::max<std::int64_t>(1, get_int(validated(catalog.sampling, shared, "sampling"), "steps") / kFrames);
  }
  return request;
}

std::vector<SpriteRecipe> recipes_of(const std::vector<Sprite>& sprites) {
  std::vector<SpriteRecipe> recipes;
  for (const auto& sprite : sprites) recipes.push_back(sprite.recipe);
  return recipes;
}

std::vector<Image> images_of(const std::vector<Sprite>& sprites) {
  std::vector<Image> images;
  for (const auto& sprite : sprites) images.push_back(sprite.image);
  return images;
}

std::string preview_name(const std::string& folder, const Frame& frame) {
  char name[32];
  std::snprintf(name, sizeof name, "step-%04d.png", frame.step);
  return (std::filesystem::path(folder) / name).string();
}

// Everything that a finished run leaves on disk; returns the paths.
std::vector<std::string> write_results(const SampleOptions& options, EngineRunner& engine, std::vector<Sprite>& sprites,
                                       const std::vector<Frame>& frames) {
  const int columns = in_range("--columns", options.columns.value_or(0), 0, 4096),
            padding = in_range("--padding", options.padding.value_or(0), 0, 256),
            scale = in_range("--scale", options.scale.value_or(1), 1, 64);
  const std::vector<Image> images = images_of(sprites);
  std::vector<std::string> written;
  const auto export_with = [&](auto command) {
    written.push_back(command.path);
    const JobId job = command.job;
    engine.run(job, std::move(command));
  };
  if (lower_ending(options.out) == ".npy")
    export_with(ExportNpy{engine.next_id(), options.out, images});
  else
    export_with(ExportSheet{engine.next_id(), options.out, images, columns, padding, scale, recipes_of(sprites)});
  if (!options.preview_dir.empty()) {
    for (const auto& frame : frames) {
      std::vector<Image> pictures;
      for (int i = 0; i < frame.count; ++i) pictures.push_back(frame.sprite(i));
      const JobId job = engine.next_id();
      engine.run(job, ExportSheet{job, preview_name(options.preview_dir, frame), std::move(pictures), columns, padding, scale, {}});
    }
    written.push_back(options.preview_dir);
  }
  if (!options.gif.empty())
    export_with(ExportGif{engine.next_id(), options.gif, frames, columns, padding, std::max(4, scale), 80, 1500});
  return written;
}

// What a run made, and whether it went to its end.
struct Made {
  std::vector<Sprite> sprites;
  std::vector<Frame> frames;  // of the previews
  bool stopped = false;
};

Made make(const SampleRequest& request, const SampleOptions& options, EngineRunner& engine) {
  Made made;
  ProgressBar bar("steps/s", options.progress);
  const JobId job = engine.next_id();
  const Outcome outcome = engine.run(job, StartSampling{job, request},
                                     {[&](const Event& event) {
                                        if (const auto* ready = std::get_if<SpritesReady>(&event)) made.sprites = ready->sprites;
                                        if (const auto* preview = std::get_if<PreviewRecorded>(&event))
                                          made.frames.push_back(preview->frame);
                                      },
                                      [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (made.sprites.empty())
    throw Failure(ErrorCode::kInvalidArgument, "stopped before the first step: there is nothing to keep", "run it again");
  made.stopped = outcome == Outcome::kKept;
  return made;
}

std::vector<std::string> model_candidates(const SampleOptions& options) {
  if (!options.model.empty()) return {options.model};
  return models_in({home_folder() / "models", share_folder() / "models", "."});
}

// The sprites of a PNG once more; where no layout is asked for, it becomes the PNG's own.
Made make_again(SampleOptions& options, EngineRunner& engine) {
  const auto picture = read_recipe(options.from_png);
  if (!picture) {
    throw Failure(ErrorCode::kNotFound, "“" + options.from_png + "” has no recipe in it",
                  "only PNGs that this program wrote of sprites it made have one; other programs drop it when they save");
  }
  for (const SpriteRecipe& recipe : picture->sprites) check_repeatable(recipe);
  if (!options.columns) options.columns = picture->columns;
  if (!options.padding) options.padding = picture->padding;
  if (!options.scale) options.scale = picture->scale;
  std::map<std::string, std::string> models;  // path, by hash
  for (const SpriteRecipe& recipe : picture->sprites) {
    if (!models.contains(recipe.model_hash)) models[recipe.model_hash] = find_model(recipe, model_candidates(options));
  }
  Made all;
  std::vector<SampleRequest> requests;
  if (auto batch = batch_of(*picture)) {
    requests.push_back(std::move(*batch));
    requests.back().model_path = models.at(picture->sprites.front().model_hash);
  } else {
    for (const SpriteRecipe& recipe : picture->sprites) {
      requests.push_back(request_of(recipe));
      requests.back().model_path = models.at(recipe.model_hash);
    }
  }
  for (const SampleRequest& request : requests) {
    Made made = make(request, options, engine);
    all.stopped |= made.stopped;
    std::move(made.sprites.begin(), made.sprites.end(), std::back_inserter(all.sprites));
    if (all.stopped) break;
  }
  return all;
}

// What an option says beside --from-png, the PNG says already.
void check_alone(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    const bool is_beside = name == "--from-png" || name == "--model" || name == "--out" || name == "--columns" ||
                           name == "--padding" || name == "--scale" || name == "--json" || name == "--progress";
    if (option->count() > 0 && !is_beside)
      throw Failure(ErrorCode::kInvalidArgument, name + " cannot be changed with --from-png, which makes the same sprites again",
                    "leave one of both out");
  }
}

void run_sample(SampleOptions& options, const CLI::App& command, EngineRunner& engine) {
  const bool again = !options.from_png.empty();
  if (again) check_alone(command);
  if (!again && options.model.empty())
    throw Failure(ErrorCode::kInvalidArgument, "no model is given", "say --model FILE, or --from-png FILE.png to repeat a recipe");
  SampleRequest request;
  if (!again) request = request_of(options, engine.catalog());
  check_ending("--out", options.out, {".png", ".npy"});
  check_ending("--gif", options.gif, {".gif"});
  check_writable(options.out);
  if (!options.gif.empty()) check_writable(options.gif);
  Made made = again ? make_again(options, engine) : make(request, options, engine);
  const auto written = write_results(options, engine, made.sprites, made.frames);
  if (options.json) {
    nlohmann::json document = {
        {"out", options.out}, {"stopped", made.stopped}, {"files", written}, {"sprites", nlohmann::json::array()}};
    for (const auto& sprite : made.sprites) document["sprites"].push_back(sprite.recipe);
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
  command.add_option("--model", options->model, "The model file")->type_name("MODEL");
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
  command
      .add_option("--out", options->out,
                  "The sheet, a PNG; or all sprites as one NumPy array of bytes [N, H, W, 4], if it ends in .npy (sheet.png)")
      ->type_name("FILE.png | FILE.npy");
  command
      .add_option("--from-png", options->from_png,
                  "Makes the sprites of a PNG again, by the recipe that is in it; the model is found by its SHA-256 unless --model "
                  "names it")
      ->type_name("FILE.png");
  command.add_option("--columns", options->columns, "Columns of the sheet; 0: as square as it gets (0)");
  command.add_option("--padding", options->padding, "Transparent pixels between sprites (0)");
  command.add_option("--scale", options->scale, "Enlarges by this whole number (1)");
  command.add_option("--preview-dir", options->preview_dir, "Folder for a sheet of every preview")->type_name("DIR");
  command.add_option("--gif", options->gif, "Animation of the fade from noise to sprites")->type_name("FILE.gif");
  command.add_flag("--json", options->json, "Print what was made, with every sprite's recipe, as JSON");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.callback([options, &command, &engine] { run_sample(*options, command, engine); });
}

}  // namespace kiln

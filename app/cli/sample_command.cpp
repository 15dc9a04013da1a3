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
#include <set>

#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/output_options.h"
#include "app/cli/played_files.h"
#include "app/cli/sample_sheets.h"
#include "app/cli/sampling_options.h"
#include "app/cli/terminal.h"
#include "engine/api/recipe_json.h"
#include "engine/api/strengths.h"
#include "engine/base/error.h"
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
  std::string model, preview_dir, gif, apng, played, negative, init_image, mask, from_png;
  std::vector<std::string> classes;
  std::optional<double> strength_to;
  bool json = false, progress = false;
  SheetSet sheets;
  ExportOptions exporting;
  SamplingOptions sampling;
  SpecOptions init_params;
};

constexpr double kMostInSet = 1e8;
constexpr int kFadeMs = 80, kHoldMs = 1500;  // a frame of the fade, and the last one

// Those of a request, but for a count that several sheets may hold.
std::vector<ParamSpec> sampling_specs(const Catalog& catalog) {
  std::vector<ParamSpec> specs = catalog.sampling;
  for (ParamSpec& spec : specs) {
    if (spec.id != "count") continue;
    spec.help = "How many sprites are made: more than " + std::to_string(static_cast<int>(spec.max)) + " as a set of sheets";
    spec.max = kMostInSet;
  }
  return specs;
}

SampleRequest request_of(const SampleOptions& options, EngineRunner& engine) {
  const Catalog& catalog = engine.catalog();
  SampleRequest request;
  request.model_path = options.model;
  for (const auto& text : options.classes) request.conditions.push_back(parse_condition("--class", text));
  request.settings = options.sampling.settings(catalog, sampling_specs(catalog));
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
    const SampleSettings whole = with_defaults(request.settings, model_info(options.model, engine).sampling);
    shared["preview_every"] = std::max<std::int64_t>(1, get_int(whole.shared_params, "steps") / kFrames);
  }
  return request;
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
    sprites.reserve(static_cast<std::size_t>(frame.count));
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
  for (const std::string& path : write_animations(options.exporting, engine, options.gif, options.apng, frames, kFadeMs, kHoldMs))
    written.push_back(path);
  for (const std::string& path : write_played(options.played, options.exporting, sprites)) written.push_back(path);
  return written;
}

void check_outputs(const SampleOptions& options) {
  options.exporting.check();
  check_animations(options.exporting, options.gif, options.apng);
  if (!options.played.empty() && (options.played == options.gif || options.played == options.apng))
    throw Failure(ErrorCode::kInvalidArgument, "“" + options.played + "” would be both the fade and the animation",
                  "give them names of their own");
  check_previews(options);
}

// What a run made, and whether it went to its end.
struct Made {
  std::vector<Sprite> sprites;
  std::vector<Frame> frames;  // of the previews
  bool stopped = false;
};

// `told`: what was printed of init images so far; requests that have one in common say the same of it.
Made make(const SampleRequest& request, const SampleOptions& options, EngineRunner& engine, std::set<std::string>& told) {
  Made made;
  ProgressBar bar("steps/s", options.progress);
  const auto tell = [&](const std::string& message) {
    if (!told.insert(message).second) return;
    bar.clear();
    std::fprintf(stderr, "note: %s\n", message.c_str());
  };
  const JobId job = engine.next_id();
  const Outcome outcome = engine.run(job, StartSampling{job, request},
                                     {[&](const Event& event) {
                                        if (const auto* ready = std::get_if<SpritesReady>(&event)) made.sprites = ready->sprites;
                                        if (const auto* preview = std::get_if<PreviewRecorded>(&event))
                                          made.frames.push_back(preview->frame);
                                        if (const auto* fit = std::get_if<InitImageFitted>(&event)) tell(fit->message);
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

// Of several requests in turn.
Made make_all(const std::vector<SampleRequest>& requests, const SampleOptions& options, EngineRunner& engine) {
  Made all;
  std::set<std::string> told;
  for (const SampleRequest& request : requests) {
    Made made = make(request, options, engine, told);
    all.stopped |= made.stopped;
    std::move(made.sprites.begin(), made.sprites.end(), std::back_inserter(all.sprites));
    std::move(made.frames.begin(), made.frames.end(), std::back_inserter(all.frames));
    if (all.stopped) break;
  }
  return all;
}

// The sprites of a PNG once more; where no layout is asked for, it becomes the PNG's own.
Made make_again(SampleOptions& options, EngineRunner& engine) {
  const auto picture = read_recipe(options.from_png);
  if (!picture) {
    throw Failure(ErrorCode::kNotFound, "“" + options.from_png + "” has no recipe in it",
                  "only PNGs that this program wrote of sprites it made have one; other programs drop it when they save");
  }
  for (const SpriteRecipe& recipe : picture->sprites) check_repeatable(recipe);
  ParamMap sheet = picture->sheet;
  sheet["columns"] = std::int64_t{picture->columns};
  sheet["padding"] = std::int64_t{picture->padding};
  sheet["scale"] = std::int64_t{picture->scale};
  options.exporting.propose(std::move(sheet), picture->cells);
  options.exporting.check_cells(picture->sprites.size());
  std::map<std::string, std::string> models;  // path, by hash
  for (const SpriteRecipe& recipe : picture->sprites) {
    if (!models.contains(recipe.model_hash)) models[recipe.model_hash] = find_model(recipe, model_candidates(options));
  }
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
  return make_all(requests, options, engine);
}

// From the strength that is given up to another.
Made make_of_several_strengths(SampleRequest request, const SampleOptions& options, EngineRunner& engine) {
  if (request.settings.init_image.path.empty())
    throw Failure(ErrorCode::kInvalidArgument, "--strength-to has no image to start from", "give --init-image FILE too");
  if (request.record_previews || !options.played.empty())
    throw Failure(ErrorCode::kInvalidArgument,
                  "sprites of several strengths are made one by one, and have no common fade or animation",
                  "leave out --strength-to, or --animation, --gif, --apng and --preview-dir");
  const ParamSpec& spec = find_spec(init_image_specs(), "strength", "init image");
  const double to = std::get<double>(parse_param(spec, to_string(ParamValue(*options.strength_to)), "init image"));
  const ModelInfo model = model_info(request.model_path, engine);
  request.settings = with_defaults(std::move(request.settings), model.sampling);
  const double from = get_real(validated(init_image_specs(), request.settings.init_params, "init image"), "strength");
  return make_all(spread_strengths(request, from, to, model.classes), options, engine);
}

// What an option says beside --from-png, the PNG says already.
void check_alone(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    const bool is_beside = name == "--from-png" || name == "--model" || name == "--out" || name == "--force" || name == "--json" ||
                           name == "--progress" || option->get_group() == ExportOptions::kGroup;
    if (option->count() > 0 && !is_beside)
      throw Failure(ErrorCode::kInvalidArgument, name + " cannot be changed with --from-png, which makes the same sprites again",
                    "leave one of both out");
  }
}

std::vector<Rgb8> palette_of(const SampleOptions& options, EngineRunner& engine) {
  if (!options.exporting.indexed() || options.model.empty()) return {};
  return model_info(options.model, engine).palette.colours;
}

// One sheet after the other; all are refused before the first if one is there that may not be replaced.
void run_sheets(const SampleOptions& options, const SampleRequest& whole, std::int64_t count, EngineRunner& engine) {
  if (options.strength_to || whole.record_previews || !options.played.empty())
    throw Failure(ErrorCode::kInvalidArgument,
                  "a set of sheets has no common fade or animation, and no strengths from one to another",
                  "leave out --strength-to, --animation, --gif, --apng and --preview-dir, or make one sheet");
  const std::vector<Sheet> sheets = sheets_of(options.sheets, count, options.exporting.out());
  for (const Sheet& sheet : sheets) options.exporting.to(sheet.out).check();
  nlohmann::json files = nlohmann::json::array();
  std::set<std::string> told;
  for (const Sheet& sheet : sheets) {
    Made made = make(request_of(sheet, whole), options, engine, told);
    if (made.stopped)
      throw Failure(ErrorCode::kInvalidArgument, "stopped before “" + sheet.out + "”",
                    "run it again for the sheets that are missing");
    for (const auto& path : options.exporting.to(sheet.out).write(engine, std::move(made.sprites), palette_of(options, engine))) {
      files.push_back(path);
      if (!options.json) std::printf("%s\n", path.c_str());
    }
    std::fflush(stdout);
  }
  if (options.json) std::printf("%s\n", nlohmann::json{{"files", files}}.dump(2).c_str());
}

void run_sample(SampleOptions& options, const CLI::App& command, EngineRunner& engine) {
  const bool again = !options.from_png.empty();
  if (again) check_alone(command);
  if (!again && options.model.empty())
    throw Failure(ErrorCode::kInvalidArgument, "no model is given", "say --model FILE, or --from-png FILE.png to repeat a recipe");
  SampleRequest request;
  if (!again) {
    request = request_of(options, engine);
    const ParamMap& values = request.settings.shared_params;
    const auto count = values.contains("count")
                           ? get_int(values, "count")
                           : std::get<std::int64_t>(find_spec(engine.catalog().sampling, "count", "sampling").fallback);
    const double most = find_spec(engine.catalog().sampling, "count", "sampling").max;
    if (options.sheets.is_asked_for() || static_cast<double>(count) > most) return run_sheets(options, request, count, engine);
    options.exporting.check_cells(static_cast<std::size_t>(count));
    check_played(options.played, options.exporting, request, engine);
  }
  check_outputs(options);
  Made made = again                 ? make_again(options, engine)
              : options.strength_to ? make_of_several_strengths(request, options, engine)
                                    : make_all({request}, options, engine);
  const auto written = write_results(options, engine, made.sprites, palette_of(options, engine), made.frames);
  if (options.json) {
    nlohmann::json document = {
        {"out", options.exporting.out()}, {"stopped", made.stopped}, {"files", written}, {"sprites", nlohmann::json::array()}};
    for (const auto& sprite : made.sprites) document["sprites"].push_back(sprite.recipe);
    std::printf("%s\n", document.dump(2).c_str());
    return;
  }
  for (const auto& path : written) std::printf("%s\n", path.c_str());
}

void add_init_options(CLI::App& command, SampleOptions& options) {
  constexpr const char* kGroup = "From an image";
  command
      .add_option(
          "--init-image", options.init_image,
          "Starts from this image with noise on it (SDEdit), of any size: what is enlarged is taken at its true pixels, what "
          "is larger than a sprite is reduced; how near the sprites stay to it, --strength says")
      ->type_name("FILE")
      ->group(kGroup);
  command
      .add_option("--mask", options.mask,
                  "Makes only a part of the init image anew, all else keeps its bytes: an image of the sprites' size or of that "
                  "image's, not "
                  "transparent where that part is; without any transparency: not black")
      ->type_name("FILE")
      ->group(kGroup);
  options.init_params.add(command, init_image_specs(), kGroup);
  command
      .add_option("--strength-to", options.strength_to,
                  "Several strengths at once: the first sprite has --strength, the last this one, the others between")
      ->type_name("STRENGTH")
      ->group(kGroup);
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
  options->sampling.add(command, engine.catalog(), sampling_specs(engine.catalog()), "Sampling");
  add_init_options(command, *options);
  options->exporting.add(command, "sheet.png");
  options->sheets.add_options(command);
  command
      .add_option("--from-png", options->from_png,
                  "Makes the sprites of a PNG again, by the recipe that is in it; the model is found by its SHA-256 unless --model "
                  "names it")
      ->type_name("FILE.png");
  command.add_option("--preview-dir", options->preview_dir, "Folder for a sheet of every preview")->type_name("DIR");
  command
      .add_option(
          "--animation", options->played,
          "What a model that draws animations has drawn, as it is played: a frame stands as --frame-ms says; with braces in "
          "the name, as in {class}_{n}.gif, a file for each animation")
      ->type_name("FILE.gif | FILE.apng");
  command
      .add_option("--gif", options->gif,
                  "Animation of the fade from noise to sprites, enlarged as --scale says, else 4 times, at " +
                      std::to_string(kFadeMs) + " ms a frame")
      ->type_name("FILE.gif");
  command.add_option("--apng", options->apng, "The same as an animated PNG, with every colour and half transparent ones")
      ->type_name("FILE.png | FILE.apng");
  command.add_flag("--json", options->json, "Print what was made, with every sprite's recipe, as JSON");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.callback([options, &command, &engine] { run_sample(*options, command, engine); });
}

}  // namespace kiln

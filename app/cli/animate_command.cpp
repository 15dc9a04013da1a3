#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/output_options.h"
#include "app/cli/spec_options.h"
#include "app/cli/terminal.h"
#include "engine/animation/animation.h"
#include "engine/animation/redraw.h"
#include "engine/api/export.h"
#include "engine/base/error.h"
#include "engine/base/sha256.h"
#include "engine/base/text.h"
#include "engine/base/work_folder.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/recipe_png.h"
#include "engine/pixelart/fit.h"
#include "engine/pixelart/motion.h"
#include "engine/pixelart/silhouette.h"

namespace kiln {
namespace {

struct AnimateOptions {
  std::string in, motion, frame_ms = std::to_string(kFrameMs), tag, model, from_class;
  std::vector<std::string> out;
  SpecOptions specs;
  bool force = false, progress = false;
};

std::string motion_ids() {
  std::vector<std::string> ids;
  for (const Motion& motion : motions()) ids.push_back(motion.id);
  ids.push_back(kSeedPath);
  return joined(ids, " | ");
}

std::vector<int> durations(const std::string& text, int frames) {
  std::vector<int> each;
  for (const std::string& part : split(text, ',')) {
    const auto ms = parse_int(trimmed(part));
    if (!ms)
      throw Failure(ErrorCode::kInvalidArgument, "--frame-ms “" + part + "” is no duration",
                    "give milliseconds: one number, or one for each frame, as in 400,80,80,80");
    each.push_back(in_range("--frame-ms", *ms, kLeastFrameMs, kMostFrameMs));
  }
  if (each.size() == 1) each.resize(static_cast<std::size_t>(frames), each.front());
  if (each.size() == static_cast<std::size_t>(frames)) return each;
  throw Failure(
      ErrorCode::kInvalidArgument,
      "--frame-ms names " + std::to_string(each.size()) + " durations, and there are " + std::to_string(frames) + " frames",
      "give one for all, or one for each");
}

// Throws for an option that was given and that nothing takes.
void check_given(const AnimateOptions& options, const std::vector<ParamSpec>& of_motion) {
  std::vector<std::vector<ParamSpec>> taken = {animation_specs(), animation_sheet_specs(), of_motion};
  if (!options.model.empty()) taken.push_back(redraw_specs());
  for (const std::string& id : options.specs.given()) {
    const bool known = std::any_of(taken.begin(), taken.end(), [&](const std::vector<ParamSpec>& specs) {
      return std::any_of(specs.begin(), specs.end(), [&](const ParamSpec& spec) { return spec.id == id; });
    });
    if (known) continue;
    const auto& redraws = redraw_specs();
    const bool of_model = std::any_of(redraws.begin(), redraws.end(), [&](const ParamSpec& spec) { return spec.id == id; });
    throw Failure(ErrorCode::kInvalidArgument,
                  of_model ? "“" + id + "” is for frames that a model draws" : options.motion + " has no parameter “" + id + "”",
                  of_model ? "give --model too, or leave it out" : "leave it out, or choose another motion");
  }
  if (!options.from_class.empty() && options.model.empty())
    throw Failure(ErrorCode::kInvalidArgument, "--class is for frames that a model draws", "give --model too, or leave it out");
}

std::vector<AnimationFile> files_of(const AnimateOptions& options) {
  const ParamMap sheet = validated(animation_sheet_specs(), options.specs.values(animation_sheet_specs(), "sheet"), "sheet");
  std::vector<AnimationFile> files;
  for (const std::string& path : options.out) {
    check_ending("--out", path, {".gif", ".apng", ".png"});
    files.push_back(animation_file(path, sheet));
    for (const std::string& each : animation_paths(files.back())) check_new_file(each, options.force);
  }
  const bool any_sheet =
      std::any_of(options.out.begin(), options.out.end(), [](const std::string& path) { return lower_ending(path) == ".png"; });
  for (std::string id : options.specs.given()) {
    const auto& specs = animation_sheet_specs();
    const bool of_sheet =
        id != "scale" && std::any_of(specs.begin(), specs.end(), [&](const ParamSpec& spec) { return spec.id == id; });
    if (any_sheet || !of_sheet) continue;
    std::replace(id.begin(), id.end(), '_', '-');
    throw Failure(ErrorCode::kInvalidArgument, "--" + id + " tells of a sheet, and none is written",
                  "give --out sheet.png as well");
  }
  return files;
}

// The class that was given, or that the sprite was made as, if the model knows it.
Condition condition_of(const AnimateOptions& options, const ModelInfo& model) {
  if (!options.from_class.empty()) return parse_condition("--class", options.from_class);
  if (lower_ending(options.in) != ".png") return {};
  const auto picture = read_recipe(options.in);
  if (!picture || picture->sprites.size() != 1) return {};
  const Condition& made_as = picture->sprites.front().condition;
  const bool known = std::all_of(made_as.begin(), made_as.end(), [&](const ClassWeight& c) {
    return std::find(model.classes.begin(), model.classes.end(), c.name) != model.classes.end();
  });
  return known ? made_as : Condition{};
}

ImageFile kept(const WorkFolder& folder, const std::string& name, const Image& image) {
  const std::filesystem::path path = folder.path() / name;
  write_png(path, image);
  return {path.string(), {}};
}

// Frames that are the sprite itself stay so.
std::vector<Image> redrawn(const AnimateOptions& options, EngineRunner& engine, const Redraw& redraw,
                           const std::vector<Image>& frames) {
  const WorkFolder folder;
  ProgressBar bar("frames/s", options.progress);
  std::vector<Image> made = frames;
  const std::vector<std::size_t> first = redraw.along_seeds ? std::vector<std::size_t>{} : first_alike(frames);
  const int count = static_cast<int>(frames.size());
  for (std::size_t i = 1; i < frames.size(); ++i) {
    if (!first.empty() && first[i] < i) {
      made[i] = made[first[i]];
      continue;
    }
    const SampleRequest request = redraw_request(redraw, static_cast<int>(i), count, kept(folder, "frame.png", frames[i]),
                                                 kept(folder, "mask.png", silhouette_mask(frames[i])), frames[0]);
    const JobId job = engine.next_id();
    const Outcome outcome = engine.run(job, StartSampling{job, request},
                                       {[&](const Event& event) {
                                          if (const auto* ready = std::get_if<SpritesReady>(&event))
                                            made[i] = with_silhouette_of(ready->sprites.front().image, frames[i], frames[0]);
                                        },
                                        {}});
    bar.show({job, static_cast<std::int64_t>(i) + 1, count, 0, -1});
    if (outcome != Outcome::kDone) throw Failure(ErrorCode::kInvalidArgument, "stopped before the last frame", "run it again");
  }
  return made;
}

std::vector<Image> make_frames(const AnimateOptions& options, EngineRunner& engine, const ParamMap& playing) {
  const bool along_seeds = options.motion == kSeedPath;
  if (along_seeds && options.model.empty())
    throw Failure(ErrorCode::kInvalidArgument, "--motion seeds is drawn by a model", "give --model, or choose another motion");
  const Motion* motion = along_seeds ? nullptr : &find_motion(options.motion);
  check_given(options, motion ? motion->params : std::vector<ParamSpec>{});
  if (!options.model.empty() && get_int(playing, "margin") > 0)
    throw Failure(ErrorCode::kInvalidArgument, "with a margin, frames are larger than a model's sprites",
                  "leave out --margin, or --model");
  Image sprite = with_margin(read_image(options.in), playing);
  ModelInfo model;
  Redraw redraw;
  if (!options.model.empty()) {
    model = model_info(options.model, engine);
    sprite = fitted_to_sprite(sprite, std::filesystem::path(options.in).filename().string(), model.width, model.height);
    redraw = {options.model, condition_of(options, model), options.specs.values(redraw_specs(), "redrawing"), along_seeds,
              get_bool(playing, "ping_pong")};
  }
  const auto count = static_cast<int>(get_int(playing, "frames"));
  std::vector<Image> frames(static_cast<std::size_t>(count), sprite);
  if (motion)
    frames =
        motion_frames(*motion, sprite, count, get_bool(playing, "ping_pong"), options.specs.values(motion->params, motion->id));
  return options.model.empty() ? frames : redrawn(options, engine, redraw, frames);
}

void run_animate(const AnimateOptions& options, EngineRunner& engine) {
  const ParamMap playing = validated(animation_specs(), options.specs.values(animation_specs(), "animation"), "animation");
  Animation animation;
  animation.name = options.tag.empty() ? options.motion : options.tag;
  animation.durations_ms = durations(options.frame_ms, static_cast<int>(get_int(playing, "frames")));
  animation.ping_pong = get_bool(playing, "ping_pong");
  const std::vector<AnimationFile> files = files_of(options);
  animation.frames = make_frames(options, engine, playing);
  std::vector<NewFile> made;
  for (const AnimationFile& file : files) {
    for (NewFile& each : animation_files(animation, file)) made.push_back(std::move(each));
  }
  write_files(made, options.force);
  for (const NewFile& file : made) std::printf("%s\n", file.path.c_str());
}

}  // namespace

void add_animate_command(CLI::App& command, EngineRunner& engine) {
  const auto options = std::make_shared<AnimateOptions>();
  command.add_option("in", options->in, "A sprite: PNG, Aseprite, GIF, WebP, BMP")->required()->type_name("FILE");
  command
      .add_option(
          "--motion", options->motion,
          "By rule, on the sprite's own pixels: squash, bob, sway, blink, shine; or, with --model, seeds: small changes that "
          "the model draws")
      ->required()
      ->type_name(motion_ids());
  command
      .add_option("--out", options->out,
                  "What its ending says: .gif, .apng, or a sheet, .png, with its data file (--atlas); may be given several times")
      ->required()
      ->type_name("FILE.gif | FILE.apng | FILE.png");
  add_force(command, options->force);
  options->specs.add(command, animation_specs(), "Frames", true);
  command
      .add_option("--frame-ms", options->frame_ms,
                  "How long each frame stands: one number, or one for each frame as drawn (" + options->frame_ms + ")")
      ->type_name("MS,MS,…")
      ->group("Frames");
  command.add_option("--tag", options->tag, "What the data file calls the animation (as the motion)")
      ->type_name("NAME")
      ->group("Frames");
  for (const Motion& motion : motions()) options->specs.add(command, motion.params, "Motion " + motion.id);
  const std::string drawn = "Drawn by a model";
  command
      .add_option("--model", options->model,
                  "A model file: it draws every frame anew, within its outline and in the sprite's colours")
      ->type_name("MODEL")
      ->group(drawn);
  command.add_option("--class", options->from_class, "The class, or a mix (what the sprite was made as, if its PNG says so)")
      ->type_name("CLASS")
      ->group(drawn);
  options->specs.add(command, redraw_specs(), drawn);
  options->specs.add(command, animation_sheet_specs(), ExportOptions::kGroup, true);
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.callback([options, &engine] { run_animate(*options, engine); });
}

}  // namespace kiln

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <cstdio>
#include <optional>

#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/output_options.h"
#include "app/cli/sampling_options.h"
#include "app/cli/spec_options.h"
#include "app/cli/terminal.h"
#include "engine/animation/morph.h"
#include "engine/base/file.h"

namespace kiln {
namespace {

constexpr int kFrameMs = 80, kHoldMs = 600;

struct MorphOptions {
  std::string model, gif, apng, from_class, to_class, tag = kMorph;
  std::optional<std::uint64_t> to_seed;
  long long frames = kMorphFrames;
  bool progress = false;
  ExportOptions exporting;
  SamplingOptions sampling;
};

// Each frame is a request of its own, so that it can be made again alone.
std::vector<ParamSpec> frame_specs(const Catalog& catalog) {
  std::vector<ParamSpec> specs = catalog.sampling;
  std::erase_if(specs, [](const ParamSpec& spec) {
    return spec.id == "count" || spec.id == "preview_every" || spec.id == "variation" || spec.id == "variation_of" ||
           spec.id == "share_seed";
  });
  return specs;
}

// From the settings' seed and class to the other ones.
Morph morph_of(const MorphOptions& options, const SampleSettings& settings) {
  Morph morph;
  morph.from.model_path = options.model;
  morph.from.settings = settings;
  if (!options.from_class.empty()) morph.from.conditions = {parse_condition("--class", options.from_class)};
  morph.to_seed = options.to_seed;
  if (!options.to_class.empty()) morph.to_condition = parse_condition("--to-class", options.to_class);
  return morph;
}

SampleSettings checked_settings(const MorphOptions& options, const Catalog& catalog) {
  if (!options.to_seed && options.to_class.empty())
    throw Failure(ErrorCode::kInvalidArgument, "a morph needs something to end at", "give --to-seed, --to-class, or both");
  if (!options.to_class.empty() && options.from_class.empty())
    throw Failure(ErrorCode::kInvalidArgument, "--to-class has no class to begin at", "give --class too");
  if (options.tag.empty()) throw Failure(ErrorCode::kInvalidArgument, "--tag is empty", "give a name, or leave it out");
  options.exporting.check();
  check_animations(options.exporting, options.gif, options.apng);
  SampleSettings settings = options.sampling.settings(catalog, frame_specs(catalog));
  settings.shared_params.insert({"seed", std::int64_t{0}});
  return settings;
}

std::vector<Sprite> make_frames(const MorphOptions& options, EngineRunner& engine) {
  const Morph morph = morph_of(options, checked_settings(options, engine.catalog()));
  const int count = in_range("--frames", options.frames, kLeastMorphFrames, kMostMorphFrames);
  options.exporting.check_cells(static_cast<std::size_t>(count));
  ProgressBar bar("frames/s", options.progress);
  std::vector<Sprite> sprites;
  for (int i = 0; i < count; ++i) {
    const JobId job = engine.next_id();
    const Outcome outcome = engine.run(job, StartSampling{job, morph_request(morph, i, count)},
                                       {[&](const Event& event) {
                                          if (const auto* ready = std::get_if<SpritesReady>(&event))
                                            sprites.push_back(ready->sprites.front());
                                        },
                                        {}});
    bar.show({job, i + 1, count, 0, -1});
    if (outcome != Outcome::kDone) throw Failure(ErrorCode::kInvalidArgument, "stopped before the last frame", "run it again");
  }
  return sprites;
}

void run_morph(MorphOptions& options, EngineRunner& engine) {
  const std::vector<Sprite> sprites = make_frames(options, engine);
  options.exporting.propose({{"columns", static_cast<std::int64_t>(sprites.size())}, {"frame_ms", std::int64_t{kFrameMs}}});
  std::vector<Frame> frames;
  for (const Sprite& sprite : sprites) {
    const int step = static_cast<int>(frames.size()) + 1;
    frames.push_back({{}, step, static_cast<int>(sprites.size()), sprite.image.width, sprite.image.height, 1, sprite.image.rgba});
  }
  std::vector<Rgb8> palette;
  if (options.exporting.indexed()) palette = model_info(options.model, engine).palette.colours;
  std::vector<std::string> written = options.exporting.write(engine, sprites, std::move(palette), options.tag);
  for (const std::string& path :
       write_animations(options.exporting, engine, options.gif, options.apng, frames, options.exporting.whole("frame_ms"), kHoldMs))
    written.push_back(path);
  for (const std::string& path : written) std::printf("%s\n", path.c_str());
}

}  // namespace

void add_morph_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<MorphOptions>();
  command.add_option("--model", options->model, "The model file")->required()->type_name("MODEL");
  command
      .add_option("--class", options->from_class, "A class, or a mix as potion=1,sword=0.5, of the first frame (the model's first)")
      ->type_name("CLASS");
  command.add_option("--to-class", options->to_class, "That of the last frame, if it is another")->type_name("CLASS");
  add_seed_option(
      command, "--to-seed", [options](std::uint64_t seed) { options->to_seed = seed; },
      "The seed of the last frame, if it is another than --seed");
  command.add_option("--frames", options->frames, morph_specs().front().help + " (" + std::to_string(kMorphFrames) + ")");
  options->sampling.add(command, engine.catalog(), frame_specs(engine.catalog()), "Sampling");
  options->exporting.add(command, "morph.png");
  command.add_option("--tag", options->tag, "What the data file calls the animation (" + options->tag + ")")->type_name("NAME");
  command
      .add_option("--gif", options->gif,
                  "The frames as an animation, enlarged as --scale says, else 4 times; the last one stands for " +
                      std::to_string(kHoldMs) + " ms, the others as --frame-ms says, else " + std::to_string(kFrameMs))
      ->type_name("FILE.gif");
  command.add_option("--apng", options->apng, "The same as an animated PNG, with every colour and half transparent ones")
      ->type_name("FILE.png | FILE.apng");
  command.add_flag("--progress", options->progress, "Progress even if stderr is not a terminal");
  command.callback([options, &engine] { run_morph(*options, engine); });
}

}  // namespace kiln

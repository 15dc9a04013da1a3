#include "app/cli/played_files.h"

#include "engine/animation/animation.h"
#include "engine/base/error.h"
#include "engine/base/file_pattern.h"
#include "engine/formats/class_folder_writer.h"
#include "engine/gallery/recipe_batch.h"

namespace kiln {
namespace {

// Sprites that are one animation: its first, and how many.
struct Run {
  std::size_t first = 0, count = 0;
};

// Those of more than one frame.
std::vector<Run> runs_of(const std::vector<SampledSprite>& sprites) {
  const std::vector<std::size_t> starts = animation_starts(sprites);
  std::vector<Run> runs;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (starts[i] == i) continue;
    if (runs.empty() || runs.back().first != starts[i]) runs.push_back({starts[i], 1});
    ++runs.back().count;
  }
  return runs;
}

std::string name_of(const Condition& condition) {
  const std::string name = class_text(condition);
  return name.empty() ? "sprite" : as_file_name(name);
}

// `first_seed`: that to which the sprites' are added.
std::vector<std::string> paths_of(const std::string& path, const std::vector<Run>& runs, const std::vector<SampledSprite>& sprites,
                                  std::uint64_t first_seed) {
  const FilePattern pattern(path);
  if (!pattern.has_fields() && runs.size() > 1)
    throw Failure(
        ErrorCode::kInvalidArgument, "these are " + std::to_string(runs.size()) + " animations, and “" + path + "” is one file",
        "let the name have braces, as in {class}_{n}.gif, or make one with --count " + std::to_string(runs.front().count));
  std::vector<FilePattern::Values> values;
  for (const Run& run : runs) values.push_back({name_of(sprites[run.first].condition), first_seed + sprites[run.first].seed});
  return pattern.has_fields() ? pattern.paths(values) : std::vector<std::string>(runs.size(), path);
}

std::vector<SampledSprite> sampled(const std::vector<Sprite>& sprites) {
  std::vector<SampledSprite> all;
  for (const Sprite& sprite : sprites)
    all.push_back({sprite.recipe.condition, frame_of(sprite.recipe), get_seed(sprite.recipe.settings.shared_params, "seed")});
  return all;
}

}  // namespace

void check_played(const std::string& path, const ExportOptions& exporting, const SampleRequest& request, EngineRunner& engine) {
  if (path.empty()) return;
  check_ending("--animation", path, {".gif", ".apng"});
  const ModelInfo model = model_info(request.model_path, engine);
  SampleRequest whole = request;
  whole.settings = with_defaults(std::move(whole.settings), model.sampling);
  const ParamMap& values = whole.settings.shared_params;
  const std::vector<SampledSprite> sprites = sampled_sprites(whole, model.classes, model.frames);
  const std::vector<Run> runs = runs_of(sprites);
  if (runs.empty())
    throw Failure(ErrorCode::kInvalidArgument, "none of these sprites is an animation",
                  "take a class that the model has seen move, without --frame; `spritekiln animate` moves a sprite by rule");
  for (const std::string& each : paths_of(path, runs, sprites, get_seed(values, "seed"))) exporting.check_file(each);
}

std::vector<std::string> write_played(const std::string& path, const ExportOptions& exporting, const std::vector<Sprite>& sprites) {
  if (path.empty()) return {};
  const std::vector<SampledSprite> all = sampled(sprites);
  const std::vector<Run> runs = runs_of(all);
  const std::vector<std::string> paths = paths_of(path, runs, all, 0);
  std::vector<NewFile> files;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Animation animation;
    for (std::size_t j = 0; j < runs[i].count; ++j) animation.frames.push_back(sprites[runs[i].first + j].image);
    animation.durations_ms.assign(runs[i].count, exporting.whole("frame_ms"));
    for (NewFile& file : animation_files(animation, {.path = paths[i], .scale = exporting.animation_scale()}))
      files.push_back(std::move(file));
  }
  write_files(files, exporting.force());
  return paths;
}

}  // namespace kiln

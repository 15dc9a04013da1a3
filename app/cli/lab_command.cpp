#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/output_options.h"
#include "app/cli/sampling_options.h"
#include "app/cli/terminal.h"
#include "engine/formats/image_file.h"

namespace kiln {
namespace {

using nlohmann::json;

struct LabOptions {
  LabRequest request;
  std::string sprite, condition, negative;
  SamplingOptions sampling;
  bool json = false, force = false;
};

struct LabFindings {
  LabResult result;
  std::vector<LabStep> path;
  std::vector<PartTime> times;
};

// One sprite, of which previews and their kin are of no use.
std::vector<ParamSpec> lab_specs(const Catalog& catalog) {
  std::vector<ParamSpec> specs = catalog.sampling;
  std::erase_if(specs, [](const ParamSpec& spec) {
    for (const char* other : {"count", "preview_every", "variation", "variation_of", "device", "precision", "threads", "palette",
                              "remove_strays", "tile", "share_seed"}) {
      if (spec.id == other) return true;
    }
    return false;
  });
  return specs;
}

json json_of(const ValueMap& map) {
  return {{"channels", map.channels}, {"height", map.height}, {"width", map.width}, {"values", map.values}};
}

json json_of(const LabFindings& found) {
  const LabResult& result = found.result;
  json document = {{"timestep", result.timestep},     {"timesteps", result.timesteps}, {"alpha_bar", result.alpha_bar},
                   {"alphas_bar", result.alphas_bar}, {"visited", result.visited},     {"explained", result.explained}};
  if (!result.colours.entries.empty()) {
    json& entries = document["colours"]["entries"] = json::array();
    for (const Rgba8& entry : result.colours.entries) entries.push_back({entry.r, entry.g, entry.b, entry.a});
    document["colours"]["probabilities"] = json_of(result.colours.values);
  }
  json &pictures = document["pictures"] = json::object(), &attention = document["attention"] = json::array(),
       &classes = document["classes"] = json::array(), &path = document["path"] = json::array(),
       &times = document["times"] = json::array();
  for (const LabPicture& picture : result.pictures) pictures[picture.id] = json_of(picture.values);
  for (const AttentionMap& map : result.attention)
    attention.push_back({{"layer", map.label}, {"height", map.height}, {"width", map.width}, {"weights", map.weights}});
  for (const PlacedClass& place : result.classes) classes.push_back({{"name", place.name}, {"x", place.x}, {"y", place.y}});
  for (const LabStep& step : found.path) path.push_back({{"timestep", step.timestep}, {"alpha_bar", step.alpha_bar}});
  for (const PartTime& part : found.times) times.push_back({{"part", part.name}, {"ms", part.ms}});
  return document;
}

void print(const LabFindings& found) {
  const LabResult& result = found.result;
  std::printf("t = %d of %d, ᾱ = %.6f, signal to noise %.4g\n", result.timestep, result.timesteps, result.alpha_bar,
              result.alpha_bar / (1 - result.alpha_bar));
  std::printf("%zu attention layers, %zu classes on the map (%.0f %% of the variance), %zu steps from there on\n",
              result.attention.size(), result.classes.size(), result.explained * 100, found.path.size());
  for (const PartTime& part : found.times) std::printf("%9.2f ms  %s\n", part.ms, part.name.c_str());
}

void run_lab(const LabOptions& options, EngineRunner& engine) {
  LabRequest request = options.request;
  if (!request.picture.empty()) check_new_picture("--out", request.picture, options.force);
  request.replace = options.force;
  request.sprite = read_image(options.sprite);
  request.sprite_name = std::filesystem::path(options.sprite).filename().string();
  request.settings = options.sampling.settings(engine.catalog(), lab_specs(engine.catalog()));
  if (!options.condition.empty()) request.condition = parse_condition("--class", options.condition);
  if (!options.negative.empty()) request.settings.negative = parse_condition("--negative", options.negative);
  LabFindings found;
  const JobId job = engine.next_id();
  engine.run(job, StudySprite{job, std::move(request)},
             {[&](const Event& event) {
                if (const auto* shown = std::get_if<LabShown>(&event)) found.result = shown->result;
                if (const auto* path = std::get_if<LabPathShown>(&event)) found.path = path->steps;
                if (const auto* timed = std::get_if<LabTimed>(&event)) found.times = timed->parts;
              },
              {}});
  if (options.json) {
    std::printf("%s\n", json_of(found).dump().c_str());
    return;
  }
  print(found);
  if (!options.request.picture.empty()) std::printf("%s\n", options.request.picture.c_str());
}

}  // namespace

void add_lab_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<LabOptions>();
  command.add_option("--model", options->request.model_path, "The model file")->required()->type_name("MODEL");
  command.add_option("--sprite", options->sprite, "A sprite, or an image that can be made to fit")->required()->type_name("FILE");
  command.add_option("--t", options->request.level, "The noise level, from 0 to 1 (0.4)")->type_name("0…1");
  command.add_option("--class", options->condition, "A class, or a mix as potion=1,sword=0.5; none: no class")->type_name("CLASS");
  command.add_option("--negative", options->negative, "A class to lead away from, in place of no class")->type_name("CLASS");
  options->sampling.add(command, engine.catalog(), lab_specs(engine.catalog()), "Sampling");
  command.add_flag("--times", options->request.times, "How long the parts of a step take, too");
  command.add_option("--out", options->request.picture, "All of it as a picture")->type_name("FILE.png");
  add_force(command, options->force);
  command.add_flag("--json", options->json, "All numbers as one JSON document");
  command.footer(
      "The sprite gets noise of that level, x_t = √ᾱ · x0 + √(1-ᾱ) · ε with ε from --seed, and the model is asked what it\n"
      "sees in it. The run from there on is that of sample --init-image with --strength at the same level.");
  command.callback([options, &engine] { run_lab(*options, engine); });
}

}  // namespace kiln

#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/collected_set.h"
#include "engine/formats/image_file.h"
#include "engine/pixelart/starter.h"
#include "engine/training/recipe.h"
#include "engine/training/trainer.h"
#include "tests/engine/formats/support.h"
#include "tests/support/temporary_folder.h"

namespace kiln::test {

// A recipe whose steps take milliseconds, in fp32.
inline ParamMap small_recipe(const ParamMap& changes = {}) {
  ParamMap values = {{"width", std::int64_t{16}},     {"multipliers", std::string("1,2")}, {"blocks", std::int64_t{1}},
                     {"embedding", std::int64_t{32}}, {"head_channels", std::int64_t{16}}, {"group_channels", std::int64_t{8}},
                     {"batch", std::int64_t{20}},     {"steps", std::int64_t{12}},         {"warmup", std::int64_t{3}},
                     {"learning_rate", 3e-3},         {"precision", std::string("fp32")},  {"weights", std::string("f32")},
                     {"validation_share", 0.2},       {"evaluate_every", std::int64_t{4}}, {"checkpoint_every", std::int64_t{4}},
                     {"seed", std::int64_t{5}},       {"sample_every", std::int64_t{0}}};
  for (const auto& [key, value] : changes) values[key] = value;
  return make_recipe("", values);
}

// Two classes of drawn sprites, 16×16.
inline void write_sprites(const std::filesystem::path& folder, int count = 16) {
  for (const std::size_t c : {0, 1}) {
    const std::string name = starter_classes()[c];
    StarterSeries series(name, 16, 7);
    for (int i = 0; i < count; ++i) write_png(folder / name / (std::to_string(i) + ".png"), series.next());
  }
}

inline TrainerOptions options_for(const std::filesystem::path& data, const std::filesystem::path& run, const ParamMap& recipe,
                                  int threads = 1) {
  TrainerOptions options;
  options.recipe = recipe;
  options.set = read_sprite_set(data.string());
  options.run = run;
  options.threads = threads;
  return options;
}

// Trains until `steps` are done, or to the end; returns what was measured.
inline std::vector<TrainMetrics> train(Trainer& trainer, std::int64_t steps = -1) {
  while (trainer.step() != steps && trainer.advance()) {
  }
  return trainer.take_measurements();
}

// Names of the run's checkpoints.
inline std::vector<std::string> checkpoints_in(const std::filesystem::path& run) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(run)) {
    if (const std::string name = entry.path().filename().string(); name.starts_with("checkpoint-")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline void cut_off(const std::filesystem::path& file) {
  std::filesystem::resize_file(file, std::filesystem::file_size(file) * 2 / 3);
}

}  // namespace kiln::test

#include "engine/training/metrics_file.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

double number_of(const json& value) { return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN(); }

double number_at(const json& line, const char* key) {
  const auto found = line.find(key);
  return found == line.end() ? std::numeric_limits<double>::quiet_NaN() : number_of(*found);
}

// Whether `text` is a line of metrics.
bool parse(const std::string& text, TrainMetrics& metrics) {
  const json line = json::parse(text, nullptr, false);
  if (!line.is_object() || !line.contains("step") || !line["step"].is_number_integer()) return false;
  metrics = {};
  metrics.step = line["step"].get<std::int64_t>();
  if (const auto total = line.find("total"); total != line.end() && total->is_number_integer())
    metrics.total = total->get<std::int64_t>();
  metrics.loss = number_at(line, "loss");
  metrics.smoothed_loss = number_at(line, "smoothed_loss");
  metrics.validation_loss = number_at(line, "validation_loss");
  metrics.train_eval_loss = number_at(line, "train_eval_loss");
  if (const auto bins = line.find("loss_by_noise"); bins != line.end() && bins->is_array()) {
    for (const auto& value : *bins) metrics.loss_by_noise.push_back(number_of(value));
  }
  metrics.learning_rate = number_at(line, "learning_rate");
  metrics.gradient_norm = number_at(line, "gradient_norm");
  metrics.images_per_s = number_at(line, "images_per_s");
  if (const double left = number_at(line, "left_s"); std::isfinite(left)) metrics.left_s = left;
  if (const double memory = number_at(line, "memory_mb"); std::isfinite(memory)) metrics.memory_mb = memory;
  return true;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::exists(file, error) ? split(read_text(file, std::size_t{1} << 30), '\n') : std::vector<std::string>{};
}

}  // namespace

std::string metrics_to_json(const TrainMetrics& m) {
  json line = {{"step", m.step},
               {"total", m.total},
               {"loss", number(m.loss)},
               {"smoothed_loss", number(m.smoothed_loss)},
               {"validation_loss", number(m.validation_loss)},
               {"train_eval_loss", number(m.train_eval_loss)},
               {"learning_rate", m.learning_rate},
               {"gradient_norm", number(m.gradient_norm)},
               {"images_per_s", m.images_per_s},
               {"left_s", m.left_s < 0 ? json(nullptr) : json(m.left_s)},
               {"memory_mb", m.memory_mb}};
  for (const double value : m.loss_by_noise) line["loss_by_noise"].push_back(number(value));
  return line.dump();
}

std::vector<TrainMetrics> read_metrics(const std::filesystem::path& file) {
  std::vector<TrainMetrics> all;
  TrainMetrics metrics;
  for (const auto& line : lines_of(file)) {
    if (parse(line, metrics)) all.push_back(metrics);
  }
  return all;
}

void trim_metrics(const std::filesystem::path& file, std::int64_t last_step) {
  std::string kept;
  bool changed = false;
  TrainMetrics metrics;
  for (const auto& line : lines_of(file)) {
    if (line.empty()) continue;
    if (parse(line, metrics) && metrics.step <= last_step)
      kept += line + "\n";
    else
      changed = true;
  }
  if (changed) write_file(file, kept);
}

}  // namespace kiln

#include "engine/training/metrics_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

double number_of(const json& value) { return value.is_number() ? value.get<double>() : TrainMetrics::kNotMeasured; }

// Whether `text` is a line of metrics.
bool parse(const std::string& text, TrainMetrics& metrics) {
  const json line = json::parse(text, nullptr, false);
  if (!line.is_object() || !line.contains("step") || !line["step"].is_number_integer()) return false;
  metrics = {};
  metrics.step = line["step"].get<std::int64_t>();
  if (const auto total = line.find("total"); total != line.end() && total->is_number_integer())
    metrics.total = total->get<std::int64_t>();
  for (const MetricInfo& info : train_metrics()) {
    if (const auto found = line.find(info.id); found != line.end()) metrics.*info.value = number_of(*found);
  }
  if (const auto bins = line.find("loss_by_noise"); bins != line.end() && bins->is_array()) {
    for (const auto& value : *bins) metrics.loss_by_noise.push_back(number_of(value));
  }
  return true;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::error_code error;
  return std::filesystem::exists(file, error) ? split(read_text(file, std::size_t{1} << 30), '\n') : std::vector<std::string>{};
}

}  // namespace

std::string metrics_to_json(const TrainMetrics& m) {
  json line = {{"step", m.step}, {"total", m.total}};
  for (const MetricInfo& info : train_metrics()) line[info.id] = number(m.*info.value);
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

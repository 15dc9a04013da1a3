#include "engine/training/metrics_file.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/text.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr int kMostProcesses = 1 << 20;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

// Long lists stay readable.
json rounded(double value) { return std::isfinite(value) ? json(std::round(value * 10) / 10) : json(nullptr); }

double number_of(const json& value) { return value.is_number() ? value.get<double>() : TrainMetrics::kNotMeasured; }

// Lists that do not tell of every process are left out.
void parse_processes(const json& line, TrainMetrics& metrics) {
  const auto size = line.find("world_size");
  if (size == line.end() || !size->is_number_integer() || *size < 2 || *size > kMostProcesses) return;
  metrics.world_size = size->get<int>();
  const auto list = [&](const char* key) {
    const auto found = line.find(key);
    const bool whole = found != line.end() && found->is_array() && found->size() == static_cast<std::size_t>(metrics.world_size);
    return whole ? *found : json::array();
  };
  for (const json& value : list("rank_images_per_s")) metrics.rank_images_per_s.push_back(number_of(value));
  for (const json& host : list("hosts")) metrics.hosts.push_back(host.is_string() ? host.get<std::string>() : "");
}

ParamMap values_of(const json& object) {
  ParamMap values;
  if (!object.is_object()) return values;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_null() && !value.is_structured()) values[key] = value.get<ParamValue>();
  }
  return values;
}

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
  parse_processes(line, metrics);
  if (const auto changes = line.find("changes"); changes != line.end())
    metrics.changes = known_params(recipe_specs(), values_of(*changes));
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
  if (m.world_size > 1) line["world_size"] = m.world_size;
  for (const double value : m.rank_images_per_s) line["rank_images_per_s"].push_back(rounded(value));
  if (!m.hosts.empty()) line["hosts"] = m.hosts;
  if (!m.changes.empty()) line["changes"] = m.changes;
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
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

#include "engine/training/live_changes.h"

#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/text.h"
#include "engine/training/recipe.h"
#include "engine/training/run_folder.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

const std::vector<ParamSpec>& live_specs() {
  static const std::vector<ParamSpec> specs = [] {
    std::vector<ParamSpec> live;
    for (const ParamSpec& spec : recipe_specs()) {
      if (spec.live) live.push_back(spec);
    }
    return live;
  }();
  return specs;
}

// "steps, learning_rate, sample_every can be"
std::string live_params_text() {
  std::vector<std::string> ids;
  for (const ParamSpec& spec : live_specs()) ids.push_back(spec.id);
  return joined(ids, ", ") + " can be";
}

// As their parameters hold them.
ParamMap checked(const ParamMap& changes) {
  for (const auto& [key, value] : changes) {
    if (!find_spec(recipe_specs(), key, "recipe").live)
      throw Failure(ErrorCode::kInvalidArgument, "“" + key + "” cannot be changed while a run goes on", live_params_text());
  }
  const ParamMap whole = validated(live_specs(), changes, "recipe");
  ParamMap values;
  for (const auto& [key, value] : changes) values[key] = whole.at(key);
  return values;
}

ParamMap read_changes(const fs::path& file) { return checked(recipe_from_json(read_text(file), "“" + file.string() + "”")); }

}  // namespace

void check_best_by(const ParamMap& recipe) {
  const std::string& best_by = get_text(recipe, "best_by");
  if (best_by != kBestByLoss && get_int(recipe, "quality_every") == 0)
    throw Failure(ErrorCode::kInvalidArgument, "best_by=" + best_by + " needs the quality, which is never measured",
                  "set quality_every to a number of steps, or leave best_by out");
}

ParamMap changed_recipe(const ParamMap& recipe, const ParamMap& changes) {
  ParamMap values = recipe;
  for (const auto& [key, value] : checked(changes)) values[key] = value;
  values = validated(recipe_specs(), values, "recipe");
  check_best_by(values);
  return values;
}

std::size_t change_numbers() { return 2 * live_specs().size(); }

std::vector<double> numbers_of_changes(const ParamMap& changes) {
  std::vector<double> numbers;
  for (const ParamSpec& spec : live_specs()) {
    const bool changed = changes.contains(spec.id);
    const bool whole = std::holds_alternative<std::int64_t>(spec.fallback);
    numbers.push_back(changed ? 1 : 0);
    numbers.push_back(!changed ? 0 : whole ? static_cast<double>(get_int(changes, spec.id)) : get_real(changes, spec.id));
  }
  return numbers;
}

ParamMap changes_of_numbers(const double* numbers) {
  ParamMap changes;
  for (const ParamSpec& spec : live_specs()) {
    const double changed = *numbers++, value = *numbers++;
    if (changed == 0) continue;
    const bool whole = std::holds_alternative<std::int64_t>(spec.fallback);
    changes[spec.id] = whole ? ParamValue(static_cast<std::int64_t>(value)) : ParamValue(value);
  }
  return changes;
}

void request_change(const fs::path& run, const ParamMap& changes) {
  ParamMap all;
  try {
    all = read_changes(change_file(run));
  } catch (const Failure&) {  // none is waiting, or none that could be done
  }
  for (const auto& [key, value] : checked(changes)) all[key] = value;
  write_file(change_file(run), recipe_to_json(all));
}

std::optional<ParamMap> take_requested_change(const fs::path& run) {
  const fs::path taken = taken_change_file(run);
  std::error_code error;
  if (!fs::exists(taken, error)) {
    if (!fs::exists(change_file(run), error)) return std::nullopt;
    fs::rename(change_file(run), taken, error);
    if (error) return std::nullopt;
  }
  try {
    return read_changes(taken);
  } catch (const Failure&) {
    forget_taken_change(run);
    throw;
  }
}

void forget_taken_change(const fs::path& run) {
  std::error_code error;
  fs::remove(taken_change_file(run), error);
}

bool drop_requested_changes(const fs::path& run) {
  std::error_code error;
  const bool asked = fs::remove(change_file(run), error);
  return fs::remove(taken_change_file(run), error) || asked;
}

}  // namespace kiln

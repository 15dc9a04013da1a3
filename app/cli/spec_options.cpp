#include "app/cli/spec_options.h"

#include <CLI/Option.hpp>
#include <algorithm>

#include "engine/base/text.h"

namespace kiln {
namespace {

// "--guidance-from", or "--step-spacing" after the label where the command has an option of the id's name already.
std::string flag_of(const CLI::App& command, const ParamSpec& spec) {
  const auto written = [](const std::string& words) {
    std::string flag = "--" + words;
    for (char& letter : flag) {
      if (letter == '_' || letter == ' ') letter = '-';
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return flag;
  };
  const std::string flag = written(spec.id);
  return command.get_option_no_throw(flag) == nullptr ? flag : written(spec.label);
}

std::string range_text(const ParamSpec& spec) {
  if (!spec.choices.empty()) return joined(spec.choices, " | ");
  if (std::holds_alternative<bool>(spec.fallback)) return "true | false";
  if (std::holds_alternative<std::string>(spec.fallback)) return spec.form.empty() ? "text" : spec.form;
  const auto [low, high] = range_texts(spec);
  return low + " … " + high + (spec.unit.empty() ? "" : " " + spec.unit);
}

}  // namespace

void SpecOptions::add(CLI::App& command, const std::vector<ParamSpec>& specs, const std::string& group, bool flags) {
  for (const auto& spec : specs) {
    if (options_.contains(spec.id)) continue;  // shared by several samplers
    if (flags && spec.fallback == ParamValue(false)) {
      options_[spec.id] = command.add_flag(flag_of(command, spec), texts_[spec.id], spec.help)->group(group);
      continue;
    }
    auto* option = command.add_option(flag_of(command, spec), texts_[spec.id], spec.help + " (" + to_string(spec.fallback) + ")");
    option->type_name(range_text(spec))->group(group);
    options_[spec.id] = option;
  }
}

ParamMap SpecOptions::values(const std::vector<ParamSpec>& specs, std::string_view owner) const {
  ParamMap values;
  for (const auto& spec : specs) {
    const auto option = options_.find(spec.id);
    if (option != options_.end() && option->second->count() > 0) values[spec.id] = parse_param(spec, texts_.at(spec.id), owner);
  }
  return values;
}

std::vector<std::string> SpecOptions::given() const {
  std::vector<std::string> ids;
  for (const auto& [id, option] : options_) {
    if (option->count() > 0) ids.push_back(id);
  }
  return ids;
}

void add_seed_option(CLI::App& command, const std::string& flag, std::function<void(std::uint64_t)> take, const std::string& help) {
  ParamSpec spec{.id = flag.substr(2), .label = "Seed", .fallback = 0, .largest_seed = kLargestSeed};
  const auto read = [spec = std::move(spec), owner = command.get_name(), take = std::move(take)](const std::string& text) {
    take(get_seed({{spec.id, parse_param(spec, text, owner)}}, spec.id));
  };
  command.add_option_function<std::string>(flag, read, help)->type_name("SEED");
}

std::string spec_table(const std::vector<ParamSpec>& specs) {
  std::string table;
  for (const auto& spec : specs) {
    table += "  " + spec.id + std::string(spec.id.size() < 20 ? 20 - spec.id.size() : 1, ' ') + spec.help + " (" +
             range_text(spec) + "; " + to_string(spec.fallback) + ")\n";
  }
  return table;
}

}  // namespace kiln

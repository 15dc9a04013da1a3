#include "app/state/command_line.h"

#include <algorithm>
#include <charconv>

#include "app/state/generate_settings.h"

namespace kiln {
namespace {

// The shortest text that reads as the same number.
std::string number_text(double value) {
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return {text, end};
}

std::string value_text(const ParamValue& value) {
  const auto* real = std::get_if<double>(&value);
  return real != nullptr ? number_text(*real) : to_string(value);
}

// As --class and --negative take it.
std::string condition_text(const Condition& condition) {
  std::string text;
  for (const ClassWeight& each : condition) {
    text += (text.empty() ? "" : ",") + each.name;
    if (each.weight != 1 || each.name.find('=') != std::string::npos) text += "=" + number_text(each.weight);
  }
  return text;
}

std::string flag_of(const std::string& id) {
  std::string flag = "--" + id;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

// Which no option may leave out: a model's file may have another default.
bool is_of_model(const std::string& id) {
  const auto& specs = model_sampling_specs();
  return std::any_of(specs.begin(), specs.end(), [&](const ParamSpec& spec) { return spec.id == id; });
}

// Options for what is not as `specs` have it. How many, and what is shown meanwhile, changes no sprite.
void add_params(std::vector<std::string>& words, const std::vector<ParamSpec>& specs, const ParamMap& values) {
  for (const ParamSpec& spec : specs) {
    const auto value = values.find(spec.id);
    if (value == values.end() || spec.id == "preview_every") continue;
    if (value->second == spec.fallback && spec.id != "count" && spec.id != "seed" && !is_of_model(spec.id)) continue;
    words.push_back(flag_of(spec.id));
    words.push_back(value_text(value->second));
  }
}

bool can_be_told(const Condition& condition) {
  return std::all_of(condition.begin(), condition.end(), [](const ClassWeight& each) {
    const std::string& name = each.name;
    return name.find(',') == std::string::npos && !name.empty() && name.front() != ' ' && name.back() != ' ' && name.front() != '-';
  });
}

}  // namespace

std::string shell_quoted(const std::string& argument) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+@%";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) return argument;
  std::string quoted = "'";
  for (const char c : argument) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string command_line(const SpriteRecipe& recipe, const std::string& model_path, const Catalog& catalog,
                         const std::string& out) {
  const SampleSettings& settings = recipe.settings;
  std::vector<std::string> words = {"spritekiln", "sample", "--model", model_path};
  if (!recipe.condition.empty()) words.insert(words.end(), {"--class", condition_text(recipe.condition)});
  if (!settings.negative.empty()) words.insert(words.end(), {"--negative", condition_text(settings.negative)});
  words.insert(words.end(), {"--sampler", settings.sampler});
  if (const SamplerInfo* sampler = find_sampler(catalog, settings.sampler))
    add_params(words, sampler->params, settings.sampler_params);
  add_params(words, sampling_specs(), settings.shared_params);
  if (!settings.init_image.path.empty()) words.insert(words.end(), {"--init-image", settings.init_image.path});
  if (!settings.mask.path.empty()) words.insert(words.end(), {"--mask", settings.mask.path});
  add_params(words, init_image_specs(), settings.init_params);
  words.insert(words.end(), {"--out", out});
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

std::string why_no_command(const SpriteRecipe& recipe, int total) {
  if (recipe.edited) return "It was edited by hand, which no command does again";
  if (recipe.steps_done < total) return "It was stopped early, and a command goes on to the end";
  if (!can_be_told(recipe.condition) || !can_be_told(recipe.settings.negative)) return "A class has a name that no option can tell";
  return {};
}

std::string recipe_lines(const SpriteRecipe& recipe, const Catalog& catalog) {
  const SampleSettings& settings = recipe.settings;
  std::string text;
  const auto add = [&](const std::string& what, const std::string& value) { text += what + " " + value + "\n"; };
  add("model", recipe.model_name + " (SHA-256 " + recipe.model_hash + ")");
  add("class", recipe.condition.empty() ? "none" : condition_text(recipe.condition));
  if (!settings.negative.empty()) add("negative", condition_text(settings.negative));
  if (settings.shared_params.contains("seed")) add("seed", value_text(settings.shared_params.at("seed")));
  const std::string total = recipe.steps_total > 0 ? " of " + std::to_string(recipe.steps_total) : "";
  add("steps done", std::to_string(recipe.steps_done) + total);
  if (recipe.edited) add("edited", "by hand since");
  add("sampler", settings.sampler);
  const auto add_all = [&](const std::vector<ParamSpec>& specs, const ParamMap& values) {
    for (const ParamSpec& spec : specs) {
      const auto value = values.find(spec.id);
      if (value != values.end() && spec.id != "seed" && spec.id != "count" && spec.id != "preview_every")
        add(spec.id, value_text(value->second));
    }
  };
  if (const SamplerInfo* sampler = find_sampler(catalog, settings.sampler)) add_all(sampler->params, settings.sampler_params);
  add_all(sampling_specs(), settings.shared_params);
  for (const auto& [what, file] : {std::pair{"init image", settings.init_image}, {"mask", settings.mask}}) {
    if (!file.path.empty()) add(what, file.path + " (SHA-256 " + file.sha256 + ")");
  }
  add_all(init_image_specs(), settings.init_params);
  return text;
}

}  // namespace kiln

#include "engine/training/recipe.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

using Specs = std::vector<ParamSpec>;

void add(Specs& specs, Specs more) { specs.insert(specs.end(), more.begin(), more.end()); }

ParamSpec whole(std::string id, std::string label, std::string unit, std::int64_t value, double min, double max, std::string help) {
  return {std::move(id), std::move(label), std::move(unit), value, min, max, false, {}, std::move(help)};
}
ParamSpec real(std::string id, std::string label, std::string unit, double value, double min, double max, std::string help) {
  return {std::move(id), std::move(label), std::move(unit), value, min, max, false, {}, std::move(help)};
}
ParamSpec rate(std::string id, std::string label, double value, double min, double max, std::string help) {
  return {std::move(id), std::move(label), "", value, min, max, true, {}, std::move(help)};
}
ParamSpec choice(std::string id, std::string label, std::string value, std::vector<std::string> choices, std::string help) {
  return {std::move(id), std::move(label), "", std::move(value), 0, 0, false, std::move(choices), std::move(help)};
}
ParamSpec text(std::string id, std::string label, std::string value, std::string help) {
  return {std::move(id), std::move(label), "", std::move(value), 0, 0, false, {}, std::move(help)};
}

Specs data_specs() {
  return {
      choice("channels", "Channels", "rgba", {"rgba", "rgb"}, "With or without transparency"),
      real("validation_share", "Validation split", "of sprites", 0.05, 0, 0.5, "Share of each class that is only used to measure"),
      real("balance", "Class balance", "", 1.0, 0, 1, "1 shows every class equally often, 0 every sprite"),
      text("flips", "Mirror", "", "Classes whose sprites may be mirrored, separated by commas; * for all"),
      whole("shift", "Shift", "pixels", 1, 0, 8, "Largest move of a sprite within its picture"),
  };
}

Specs diffusion_specs() {
  return {
      choice("schedule", "Schedule", "cosine", {"linear", "scaled_linear", "cosine", "sigmoid"}, "How noise grows over time"),
      whole("timesteps", "Noise levels", "", 1000, 10, 10000, "Length T of the schedule"),
      rate("beta_start", "First β", 1e-4, 1e-6, 0.1, "Linear schedules: noise of the first step"),
      rate("beta_end", "Last β", 0.02, 1e-5, 0.999, "Linear schedules: noise of the last step"),
      {"zero_terminal_snr", "Zero terminal SNR", "", false, 0, 0, false, {}, "Make the last step pure noise"},
      choice("prediction", "Prediction", "v", {"eps", "v", "x0"}, "Prediction target of the network"),
      {"legacy_noise",
       "Older noise",
       "",
       false,
       0,
       0,
       false,
       {},
       "Noise scaled by 1-ᾱ in place of √(1-ᾱ), for going on with a model that was trained so"},
      real("p_uncond", "Unconditional share", "", 0.1, 0, 0.9, "Share of sprites shown without their class, for guidance"),
      real("min_snr_gamma", "Min-SNR γ", "", 5.0, 0, 100,
           "Loss weight min(SNR, γ); 0 weighs all noise levels as the prediction does"),
  };
}

Specs optimiser_specs() {
  return {
      whole("steps", "Steps", "", 20000, 1, 10000000, "Length of the run"),
      whole("batch", "Batch", "sprites", 64, 1, 4096, "Sprites per step"),
      rate("learning_rate", "Learning rate", 6e-4, 1e-7, 0.1, "At its highest"),
      whole("warmup", "Warm-up", "steps", 500, 0, 100000, "Steps until the learning rate is at its highest"),
      real("final_rate", "Final rate", "of highest", 0.02, 0, 1, "Where the cosine decay ends"),
      real("weight_decay", "Weight decay", "", 0.01, 0, 1, "Decoupled, on weights of two dimensions and more"),
      real("beta1", "β₁", "", 0.9, 0, 0.9999, "Decay rate of the running mean of the gradient"),
      real("beta2", "β₂", "", 0.99, 0, 0.99999, "Decay rate of the running mean of its square"),
      real("gradient_clip", "Gradient clip", "", 1.0, 0, 1000, "Largest norm of the gradient; 0 for none"),
      real("ema_decay", "EMA decay", "", 0.9995, 0, 0.999999, "Decay rate of the averaged weights that are kept"),
      whole("seed", "Seed", "", 0, 0, 4294967295.0, "Of the weights, the order of the data and the noise"),
  };
}

Specs watching_specs() {
  return {
      whole("evaluate_every", "Measure every", "steps", 500, 1, 1000000, "Steps between measurements of the losses on fixed noise"),
      whole("checkpoint_every", "Checkpoint every", "steps", 500, 1, 1000000, "Steps between checkpoints"),
      whole("checkpoints", "Checkpoints kept", "", 2, 1, 100, "How many of the newest are kept, beside the best model"),
      whole("sample_every", "Samples every", "steps", 500, 0, 1000000,
            "Steps between rows of samples that show what was learned; 0 for none"),
      whole("sample_columns", "Samples", "per class", 4, 1, 16, "Sprites of each class in them, always from the same seeds"),
      choice("precision", "Precision", "auto", {"auto", "fp32", "bf16"}, "Floating-point type of the large operations"),
      choice("weights", "Weights in the file", "f16", {"f16", "f32"}, "Floating-point type of the model file"),
  };
}

// Whether the recipe has a parameter of that id beside those of the networks.
bool is_own_key(const std::string& id) {
  if (id == "network") return true;
  for (const Specs& specs : {data_specs(), diffusion_specs(), optimiser_specs(), watching_specs()}) {
    if (std::any_of(specs.begin(), specs.end(), [&](const ParamSpec& spec) { return spec.id == id; })) return true;
  }
  return false;
}

Specs network_specs() {
  std::vector<std::string> ids;
  for (const auto& kind : network_kinds()) ids.push_back(kind.id);
  Specs specs = {choice("network", "Network", ids.front(), ids, "Which network is trained")};
  for (const auto& kind : network_kinds()) {
    for (ParamSpec param : kind.params) {
      param.id = recipe_key(kind, param);
      specs.push_back(std::move(param));
    }
  }
  return specs;
}

ParamValue value_from_json(const nlohmann::json& value, const std::string& key, const std::string& name) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  throw Failure(ErrorCode::kCorrupt, "“" + key + "” in " + name + " is neither a number, a text nor true or false",
                "see `spritekiln train --help` for the keys of a recipe");
}

}  // namespace

std::string recipe_key(const NetworkKind& kind, const ParamSpec& param) {
  if (is_own_key(param.id)) return kind.id + "." + param.id;
  for (const auto& earlier : network_kinds()) {
    if (earlier.id == kind.id) break;
    for (const auto& other : earlier.params) {
      if (other.id == param.id) return kind.id + "." + param.id;
    }
  }
  return param.id;
}

const Specs& recipe_specs() {
  static const Specs specs = [] {
    Specs all = data_specs();
    add(all, network_specs());
    add(all, diffusion_specs());
    add(all, optimiser_specs());
    add(all, watching_specs());
    return all;
  }();
  return specs;
}

ParamMap make_recipe(const std::string& name, const ParamMap& overrides) {
  ParamMap values;
  std::vector<std::string> known;
  bool found = false;
  for (const auto& preset : recipe_presets()) {
    known.push_back(preset.id);
    if (preset.id == (name.empty() ? "standard" : name)) {
      values = preset.values;
      found = true;
    }
  }
  if (!found) {
    const bool is_file = name.find('/') != std::string::npos || name.ends_with(".json");
    if (!is_file)
      throw Failure(ErrorCode::kNotFound, "there is no recipe “" + name + "”",
                    name_hint(name, known) + "; a file's name ends in .json");
    values = recipe_from_json(read_text(name), name);
  }
  for (const auto& [key, value] : overrides) values[key] = value;
  return validated(recipe_specs(), values, "recipe");
}

std::string recipe_to_json(const ParamMap& recipe) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [key, value] : recipe) std::visit([&, &id = key](const auto& v) { json[id] = v; }, value);
  return json.dump(2);
}

ParamMap recipe_from_json(const std::string& json, const std::string& name) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object())
    throw Failure(ErrorCode::kCorrupt, name + " is not a JSON object", "a recipe looks like {\"steps\": 20000, \"width\": 64}");
  ParamMap values;
  for (const auto& [key, value] : document.items()) values[key] = value_from_json(value, key, name);
  return values;
}

ParamMap recipe_of(const Model& model) {
  ParamMap values;
  const NetworkKind& kind = find_network(model.network_id);
  for (const auto& spec : kind.params) values[recipe_key(kind, spec)] = model.network_params.at(spec.id);
  const auto& d = model.diffusion;
  values["network"] = model.network_id;
  values["channels"] = std::string(model.shape.channels == 4 ? "rgba" : "rgb");
  values["schedule"] = d.schedule;
  values["timesteps"] = std::int64_t{d.timesteps};
  values["beta_start"] = d.beta_start;
  values["beta_end"] = d.beta_end;
  values["zero_terminal_snr"] = d.zero_terminal_snr;
  values["prediction"] = d.prediction;
  values["legacy_noise"] = d.legacy_noise;
  return values;
}

}  // namespace kiln

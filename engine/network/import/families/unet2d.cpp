#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/network/import/families/families.h"

namespace kiln {
namespace {

using nlohmann::json;

Failure cannot(const std::string& what) {
  return Failure(ErrorCode::kUnsupported, "this U-Net uses " + what + ", which cannot be run here",
                 "import one made with the defaults of diffusers' UNet2DModel");
}

bool matches(const Checkpoint& checkpoint) {
  return checkpoint.has("conv_in.weight") && checkpoint.has("time_embedding.linear_1.weight") &&
         checkpoint.has_any("down_blocks.0.resnets.0.conv1.") && checkpoint.has_any("mid_block.resnets.0.") &&
         checkpoint.has("conv_norm_out.weight");
}

json document(const std::string& text, const std::string& file) {
  if (text.empty()) return json::object();
  const json read = json::parse(text, nullptr, false);
  if (!read.is_object()) throw Failure(ErrorCode::kCorrupt, file + " is not a JSON object", "get the folder again");
  return read;
}

// The key's value; `fallback` if it is absent or null. Throws for another type.
template <class T>
T value_of(const json& config, const char* key, T fallback) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return fallback;
  try {
    return found->get<T>();
  } catch (const json::exception& error) {
    throw Failure(ErrorCode::kCorrupt, "config.json has something wrong under “" + std::string(key) + "”", "get the folder again",
                  error.what());
  }
}

void require(const json& config, const char* key, const std::vector<std::string>& possible) {
  const auto given = value_of<std::string>(config, key, possible.front());
  if (std::find(possible.begin(), possible.end(), given) == possible.end()) throw cannot(std::string(key) + " “" + given + "”");
}

void check_config(const json& config) {
  require(config, "_class_name", {"UNet2DModel"});
  require(config, "act_fn", {"silu", "swish"});
  require(config, "resnet_time_scale_shift", {"default"});
  require(config, "time_embedding_type", {"positional"});
  require(config, "downsample_type", {"conv"});
  require(config, "upsample_type", {"conv"});
  require(config, "mid_block_type", {"UNetMidBlock2D"});
  require(config, "class_embed_type", {""});
  if (value_of(config, "mid_block_scale_factor", 1.0) != 1.0) throw cannot("a scaled middle");
  if (value_of(config, "attn_norm_num_groups", 0) != 0) throw cannot("other groups for attention");
  for (const char* key : {"down_block_types", "up_block_types"}) {
    for (const auto& type : value_of(config, key, std::vector<std::string>{})) {
      if (type != "DownBlock2D" && type != "AttnDownBlock2D" && type != "UpBlock2D" && type != "AttnUpBlock2D")
        throw cannot("the block “" + type + "”");
    }
  }
}

void describe_layout(const Checkpoint& checkpoint, const json& config, FoundModel& found) {
  std::vector<std::string> channels, down, up;
  const int levels = checkpoint.count("down_blocks.", ".resnets.0.conv1.weight");
  for (int l = 0; l < levels; ++l) {
    const std::string number = std::to_string(l);
    channels.push_back(std::to_string(checkpoint.size("down_blocks." + number + ".resnets.0.conv1.weight", 0)));
    down.push_back(checkpoint.has_any("down_blocks." + number + ".attentions.") ? "1" : "0");
    up.push_back(checkpoint.has_any("up_blocks." + number + ".attentions.") ? "1" : "0");
  }
  found.params["level_channels"] = joined(channels, ",");
  found.params["down_attention"] = joined(down, ",");
  found.params["up_attention"] = joined(up, ",");
  found.params["middle_attention"] = checkpoint.has_any("mid_block.attentions.");
  found.params["blocks"] = std::int64_t{checkpoint.count("down_blocks.0.resnets.", ".conv1.weight")};
  found.params["groups"] = value_of(config, "norm_num_groups", std::int64_t{32});
  found.params["eps"] = value_of(config, "norm_eps", 1e-5);
  const bool one_head = config.contains("attention_head_dim") && config["attention_head_dim"].is_null();
  found.params["head_channels"] = one_head ? std::int64_t{0} : value_of(config, "attention_head_dim", std::int64_t{8});
  found.params["cosine_first"] = value_of(config, "flip_sin_to_cos", true);
  found.params["frequency_shift"] = value_of(config, "freq_shift", 0.0);
  found.params["pad_end_only"] = value_of(config, "downsample_padding", 1) == 0;
  found.params["centre_input"] = value_of(config, "center_input_sample", false);
}

void describe_size(const json& config, const ImportOptions& options, FoundModel& found) {
  constexpr int kUsual = 32;
  int width = kUsual, height = kUsual;
  const auto sample = config.find("sample_size");
  if (options.size > 0) {
    width = height = options.size;
  } else if (sample != config.end() && sample->is_array() && sample->size() == 2) {
    const auto sizes = value_of(config, "sample_size", std::vector<int>{});
    height = sizes[0];
    width = sizes[1];
  } else if (sample != config.end() && sample->is_number()) {
    width = height = value_of(config, "sample_size", kUsual);
  } else {
    found.notes.emplace_back("sprites of 32×32 were assumed; the file does not say");
  }
  found.shape.width = width;
  found.shape.height = height;
}

void describe_schedule(const json& scheduler, const ImportOptions& options, FoundModel& found) {
  auto& d = found.diffusion;
  const auto schedule = value_of<std::string>(scheduler, "beta_schedule", "linear");
  if (schedule != "linear" && schedule != "scaled_linear" && schedule != "squaredcos_cap_v2")
    throw cannot("the noise schedule “" + schedule + "”");
  if (scheduler.contains("trained_betas") && !scheduler["trained_betas"].is_null()) throw cannot("a noise schedule of its own");
  d.schedule = schedule == "squaredcos_cap_v2" ? "cosine" : schedule;
  d.beta_start = value_of(scheduler, "beta_start", 1e-4);
  d.beta_end = value_of(scheduler, "beta_end", 0.02);
  d.zero_terminal_snr = value_of(scheduler, "rescale_betas_zero_snr", false);
  d.timesteps = options.timesteps > 0 ? options.timesteps : value_of(scheduler, "num_train_timesteps", 1000);
  const auto prediction = value_of<std::string>(scheduler, "prediction_type", "epsilon");
  if (prediction != "epsilon" && prediction != "v_prediction" && prediction != "sample")
    throw cannot("the prediction “" + prediction + "”");
  d.prediction = prediction == "epsilon" ? "eps" : prediction == "sample" ? "x0" : "v";
  found.params["time_scale"] = static_cast<double>(d.timesteps);
  if (scheduler.empty()) found.notes.emplace_back("no scheduler_config.json was found beside the weights");
}

// Files written before diffusers 0.18 name the parts of attention differently.
void describe_old_names(const Checkpoint& checkpoint, FoundModel& found) {
  constexpr std::pair<const char*, const char*> kNames[] = {
      {".query.", ".to_q."}, {".key.", ".to_k."}, {".value.", ".to_v."}, {".proj_attn.", ".to_out.0."}};
  for (const auto& name : checkpoint.names()) {
    if (name.find(".attentions.") == std::string::npos) continue;
    for (const auto& [old_part, new_part] : kNames) {
      const auto at = name.find(old_part);
      if (at != std::string::npos)
        found.renamed.emplace_back(std::string(name).replace(at, std::string(old_part).size(), new_part), name);
    }
  }
}

FoundModel describe(const Checkpoint& checkpoint, const ImportOptions& options) {
  if (options.time == "fraction") throw cannot("time as a share of the steps");
  FoundModel found;
  const json config = document(checkpoint.config(), "config.json");
  check_config(config);
  describe_layout(checkpoint, config, found);
  found.shape.channels = checkpoint.size("conv_in.weight", 1);
  found.shape.classes = checkpoint.has("class_embedding.weight") ? checkpoint.size("class_embedding.weight", 0) : 0;
  describe_size(config, options, found);
  describe_schedule(document(checkpoint.scheduler(), "scheduler_config.json"), options, found);
  describe_old_names(checkpoint, found);
  if (checkpoint.config().empty())
    found.notes.emplace_back("no config.json was found beside the weights; groups, heads and ε have diffusers' defaults");
  if (found.shape.classes == 0) found.notes.emplace_back("the model knows no classes, so guidance has no effect");
  return found;
}

}  // namespace

Family unet2d_family() {
  return {"unet2d",
          "diffusers' UNet2DModel",
          matches,
          {"attentions",    "bias",          "class_embedding", "conv",        "conv1",        "conv2",      "conv_in",
           "conv_norm_out", "conv_out",      "conv_shortcut",   "down_blocks", "downsamplers", "group_norm", "key",
           "linear_1",      "linear_2",      "mid_block",       "norm1",       "norm2",        "proj_attn",  "query",
           "resnets",       "time_emb_proj", "time_embedding",  "to_k",        "to_out",       "to_q",       "to_v",
           "up_blocks",     "upsamplers",    "value",           "weight"},
          describe};
}

}  // namespace kiln

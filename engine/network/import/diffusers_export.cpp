#include "engine/network/import/diffusers_export.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/network/networks/param_lists.h"
#include "engine/network/tensor_io.h"

namespace kiln {
namespace {

using nlohmann::json;

std::vector<std::string> block_types(const std::vector<int>& attention, const std::string& plain) {
  std::vector<std::string> types;
  types.reserve(attention.size());
  for (const int with : attention) types.push_back(with != 0 ? "Attn" + plain : plain);
  return types;
}

json config_of(const Model& model) {
  const auto& p = model.network_params;
  const auto head_channels = get_int(p, "head_channels");
  json config = {{"_class_name", "UNet2DModel"},
                 {"act_fn", "silu"},
                 {"add_attention", get_bool(p, "middle_attention")},
                 {"block_out_channels", int_list(p, "level_channels", 4, 4096)},
                 {"center_input_sample", get_bool(p, "centre_input")},
                 {"down_block_types", block_types(int_list(p, "down_attention", 0, 1), "DownBlock2D")},
                 {"up_block_types", block_types(int_list(p, "up_attention", 0, 1), "UpBlock2D")},
                 {"downsample_padding", get_bool(p, "pad_end_only") ? 0 : 1},
                 {"downsample_type", "conv"},
                 {"upsample_type", "conv"},
                 {"dropout", 0.0},
                 {"flip_sin_to_cos", get_bool(p, "cosine_first")},
                 {"freq_shift", get_real(p, "frequency_shift")},
                 {"in_channels", model.shape.channels},
                 {"out_channels", model.shape.output_channels()},
                 {"layers_per_block", get_int(p, "blocks")},
                 {"mid_block_scale_factor", 1},
                 {"norm_eps", get_real(p, "eps")},
                 {"norm_num_groups", get_int(p, "groups")},
                 {"resnet_time_scale_shift", "default"},
                 {"time_embedding_type", "positional"}};
  config["attention_head_dim"] = head_channels == 0 ? json(nullptr) : json(head_channels);
  config["num_class_embeds"] = model.classes.empty() ? json(nullptr) : json(model.classes.size());
  config["sample_size"] =
      model.shape.width == model.shape.height ? json(model.shape.width) : json({model.shape.height, model.shape.width});
  return config;
}

json scheduler_of(const Model& model) {
  const ScheduleConfig& s = model.diffusion.schedule;
  const Prediction prediction = model.diffusion.prediction;
  if (s.kind == ScheduleKind::kSigmoid)
    throw Failure(ErrorCode::kUnsupported, "diffusers has no noise schedule like this model's “sigmoid”",
                  "only linear, scaled_linear and cosine schedules can be exported");
  return {{"_class_name", "DDPMScheduler"},
          {"beta_schedule", s.kind == ScheduleKind::kCosine ? "squaredcos_cap_v2" : to_string(s.kind)},
          {"beta_start", s.beta_start},
          {"beta_end", s.beta_end},
          {"clip_sample", true},
          {"num_train_timesteps", s.length},
          {"prediction_type", prediction == Prediction::kEpsilon ? "epsilon"
                              : prediction == Prediction::kX0    ? "sample"
                                                                 : "v_prediction"},
          {"rescale_betas_zero_snr", s.zero_terminal_snr},
          {"timestep_spacing", s.zero_terminal_snr ? "trailing" : "leading"},
          {"variance_type", "fixed_small"}};
}

}  // namespace

void export_to_diffusers(const Model& model, const std::filesystem::path& folder) {
  if (model.network_id != "unet2d") {
    throw Failure(ErrorCode::kUnsupported, "diffusers has no network like this model's “" + model.network_id + "”",
                  "only models of the network unet2d can be exported to it");
  }
  if (!model.palette_head.empty()) {
    throw Failure(ErrorCode::kUnsupported, "diffusers does not know palette heads, as this model has one",
                  "train the model with palette=off to export it");
  }
  const std::string config = config_of(model).dump(2), scheduler = scheduler_of(model).dump(2);
  TensorsToWrite tensors;
  for (const auto& entry : model.network->named_parameters()) tensors.add(entry.key(), entry.value());
  write_file(folder / "diffusion_pytorch_model.safetensors", tensors.encode({{"format", "pt"}}));
  write_file(folder / "config.json", config + "\n");
  write_file(folder / "scheduler_config.json", scheduler + "\n");
}

}  // namespace kiln

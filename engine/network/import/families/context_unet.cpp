#include "engine/base/text.h"
#include "engine/network/import/families/families.h"

namespace kiln {
namespace {

bool matches(const Checkpoint& checkpoint) {
  return checkpoint.has("label_emb.weight") && checkpoint.has("time_mlp.0.weight") && checkpoint.has("init_conv.weight") &&
         checkpoint.has_any("downs.0.blocks.0.conv1.") && checkpoint.has_any("out_conv.2.");
}

FoundModel describe(const Checkpoint& checkpoint, const ImportOptions& options) {
  FoundModel found;
  std::vector<std::string> channels, attention;
  const int levels = checkpoint.count("downs.", ".blocks.0.conv1.weight");
  for (int l = 0; l < levels; ++l) {
    const std::string level = "downs." + std::to_string(l);
    channels.push_back(std::to_string(checkpoint.size(level + ".blocks.0.conv1.weight", 0)));
    attention.push_back(checkpoint.has(level + ".attn.norm.weight") ? "1" : "0");
  }
  found.params["stem"] = std::int64_t{checkpoint.size("init_conv.weight", 0)};
  found.params["level_channels"] = joined(channels, ",");
  found.params["attention"] = joined(attention, ",");
  found.params["blocks"] = std::int64_t{checkpoint.count("downs.0.blocks.", ".conv1.weight")};
  found.params["embedding"] = std::int64_t{checkpoint.size("label_emb.weight", 1)};

  constexpr int kUsualSize = 16;
  const int size = options.size > 0 ? options.size : kUsualSize;
  found.shape = {size, size, checkpoint.size("init_conv.weight", 1), checkpoint.size("label_emb.weight", 0) - 1};
  if (options.size == 0) found.notes.emplace_back("sprites of 16×16 were assumed; the file does not say");
  found.diffusion.schedule = "cosine";
  found.diffusion.timesteps = options.timesteps > 0 ? options.timesteps : 1000;
  found.diffusion.prediction = "eps";
  found.notes.emplace_back("this family is usually sampled with guidance 7.5");
  return found;
}

}  // namespace

Family context_unet_family() {
  return {"context_unet",
          "Pixel-Diffusion-Model",
          matches,
          {"attn", "bias",  "block1", "block2",   "blocks",   "conv1", "conv2", "downs",    "init_conv", "k", "label_emb", "mid",
           "norm", "norm1", "norm2",  "out_conv", "proj_out", "q",     "skip",  "time_mlp", "ups",       "v", "weight"},
          describe};
}

}  // namespace kiln
